"""The platform files hold together: columns exist, commands are sampled, tables are answered."""

from __future__ import annotations

from collections import Counter

import pytest

from development.fidelity.report import FIRST_CLASS
from nautobot_topology_cache.collect.commands import Const, Feed
from nautobot_topology_cache.collect.errors import PlatformError
from nautobot_topology_cache.collect.platforms import DRIVERS, platforms
from nautobot_topology_cache.collect.records import RECORDS
from tests.unit.collect.samples import commands

EVERY_COMMAND = [(driver, command) for driver, platform in platforms().items() for command in commands(platform)]


def test_every_mapped_column_is_printed_by_the_parser() -> None:
    unknown = [
        f"{driver}: {command.text}: {feed.table}: {column}"
        for driver, command in EVERY_COMMAND
        for feed in command.feeds
        for column in used(feed) - command.parser.columns - set(feed.makes)
    ]
    assert unknown == []


def used(feed: Feed) -> set[str]:
    return {name for source in feed.sources.values() for name in source.uses} | set(feed.each)


def test_every_needed_column_is_printed_by_the_parser() -> None:
    needing = [(driver, command) for driver, command in EVERY_COMMAND if command.needs]
    assert needing
    assert [one for one in needing if one[1].needs not in one[1].parser.columns] == []


@pytest.mark.parametrize("driver", FIRST_CLASS)
def test_every_first_class_platform_answers_every_table(driver: str) -> None:
    platform = platforms()[driver]
    assert platform.tables() == set(RECORDS)
    assert any(item.lists_vrfs for item in platform.entries)


def test_no_command_is_asked_twice() -> None:
    asked = Counter((driver, command.text) for driver, command in EVERY_COMMAND)
    assert [one for one, times in asked.items() if times > 1] == []


def test_drivers_are_named_like_their_platforms() -> None:
    assert tuple(platforms()) == DRIVERS


def test_a_column_that_the_table_lacks_is_an_error() -> None:
    with pytest.raises(PlatformError, match="colour"):
        Feed("routes", {"colour": Const("red")})


def test_a_filling_feed_must_name_its_rows() -> None:
    with pytest.raises(PlatformError, match="name"):
        Feed("interfaces", {"lag": Const("Port-channel1")}, fills=True)


def test_a_site_may_replace_a_platform(monkeypatch: pytest.MonkeyPatch, tmp_path: pytest.TempPathFactory) -> None:
    (tmp_path / "site_ios.py").write_text(
        "import attrs\n"
        "from nautobot_topology_cache.collect.platforms.cisco_ios import PLATFORM as IOS\n"
        "PLATFORM = attrs.evolve(IOS, enable=False)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert platforms()["cisco_ios"].enable
    assert not platforms(("site_ios",))["cisco_ios"].enable


def test_a_module_without_a_platform_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pytest.TempPathFactory
) -> None:
    (tmp_path / "site_empty.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(PlatformError, match="site_empty"):
        platforms(("site_empty",))
