"""What developers and the demo need and the app does not: servers, configuration, inventory, lab."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".state"
"""Everything the demo writes; git-ignored, removable at any time after `invoke stop`."""
TEST_STATE = STATE / "test"
"""The same for the tests, so that they never touch a running demo."""
