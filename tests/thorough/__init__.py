"""Pure tests that take their time: every cut of every answer, captured outputs, large pictures."""
