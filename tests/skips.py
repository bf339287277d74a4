"""The only reasons for which a test may skip itself: what a machine may lack. Any other skip fails the run."""

CAPTURES_ABSENT = "captures absent"
NO_ROOT = "no root"
NO_CHROMIUM = "no Chromium"
NO_FRR = "no FRR"

ALLOWED = (CAPTURES_ABSENT, NO_ROOT, NO_CHROMIUM, NO_FRR)
