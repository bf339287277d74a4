"""The documentation says what the code says: made parts are up to date, links lead somewhere, failures are told."""

import re
from pathlib import Path

import pytest

from development import ROOT
from development.reference import PARTS, pages, renewed, settings
from nautobot_topology_cache.collect.failures import MEANINGS
from nautobot_topology_cache.collect.platforms import platforms

WORDS = (
    *(
        "unparsed",
        "blank",
        "truncated",
        "denied",
        "timeout",
        "disconnected",
        "deadline",
        "store",
        "unreachable",
        "auth",
    ),
    *("host_key", "not_enabled", "too_large", "older", "cancelled", "error", "killed"),
)
"""First words of the reasons that this version gives."""
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#]+)(?:#[^)]*)?\)")
ADDED_LATER = {ROOT / "docs" / "images" / "device.png"}


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_made_parts_are_up_to_date(page: Path) -> None:
    assert page.read_text("utf-8") == renewed(page.read_text("utf-8")), "`invoke docs` brings it up to date"


def test_an_outdated_part_is_noticed() -> None:
    page = f"before\n<!-- made from the code: settings -->\n\n{settings()}\n\n<!-- end -->\nafter\n"
    assert renewed(page) == page
    assert renewed(page.replace("`30`", "`31`")) == page


def test_an_unknown_part_is_an_error() -> None:
    with pytest.raises(KeyError):
        renewed("<!-- made from the code: nothing -->\n<!-- end -->")


@pytest.mark.parametrize("part", PARTS)
def test_every_made_part_is_on_some_page(part: str) -> None:
    assert any(f"<!-- made from the code: {part} -->" in page.read_text("utf-8") for page in pages())


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md", *pages()[1:]])
def test_links_lead_to_files(page: Path) -> None:
    targets = {(page.parent / target).resolve() for target in LINK.findall(page.read_text("utf-8"))}
    assert {target for target in targets - ADDED_LATER if not target.exists()} == set()


@pytest.mark.parametrize("word", sorted({*WORDS, *(known.word for known in MEANINGS.values())}))
def test_every_failure_word_is_explained(word: str) -> None:
    troubleshooting = (ROOT / "docs" / "admin" / "troubleshooting.md").read_text("utf-8")
    assert re.search(rf"^##+ `{word}`$", troubleshooting, re.MULTILINE)


@pytest.mark.parametrize("driver", platforms())
def test_every_command_of_a_platform_is_listed(driver: str) -> None:
    """What is typed on devices is a promise to those who own them, so it is counted here once more."""
    listed = (ROOT / "docs" / "reference" / "platforms.md").read_text("utf-8").partition(f"### `{driver}`\n")[2]
    listed = listed.partition("\n### ")[0].replace("\\|", "|")
    entries = platforms()[driver].entries
    sent = {command.text.format(vrf="VRF") for entry in entries for command in entry.alternatives}
    assert {command for command in sent if f"`{command}`" not in listed} == set()
