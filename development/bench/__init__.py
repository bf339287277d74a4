"""`invoke bench`: what the app costs, beside what a plain script costs on the same input."""
