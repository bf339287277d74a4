"""`python -m development.fidelity`: measure, print the report, and write it where `--json` says."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from development.fidelity import page
from development.fidelity.captures import CAPTURES
from development.fidelity.report import measure, shown


def main() -> None:
    """Measure; ends with 1 when an answer that says something became a silent empty."""
    parser = argparse.ArgumentParser(prog="python -m development.fidelity", description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the report here")
    parser.add_argument("--captures", type=Path, default=CAPTURES, help="a folder with networks/ and single/")
    parser.add_argument("--page", action="store_true", help="show the figures in the documentation")
    options = parser.parse_args()
    report = measure(options.captures)
    print(shown(report))
    if options.json:
        options.json.write_text(json.dumps(report.document(), indent=1) + "\n", "utf-8")
    if options.page:
        page.renew(report)
    sys.exit(1 if report.silent else 0)


if __name__ == "__main__":
    main()
