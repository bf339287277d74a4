"""The platform files hold together: columns exist, commands are sampled, tables are answered."""

from __future__ import annotations

import pytest

from development.fidelity.report import FIRST_CLASS
from nautobot_topology_cache.collect.commands import Command, Const, Feed, Platform
from nautobot_topology_cache.collect.errors import PlatformError
from nautobot_topology_cache.collect.platforms import DRIVERS, platforms
from nautobot_topology_cache.collect.records import RECORDS
from tests.unit.collect.samples import commands

FEEDS = [
    pytest.param(command, feed, id=f"{driver}: {command.text}: {feed.table}")
    for driver, platform in platforms().items()
    for command in commands(platform)
    for feed in command.feeds
]
EVERY_COMMAND = [
    pytest.param(driver, command, id=f"{driver}: {command.text}")
    for driver, platform in platforms().items()
    for command in commands(platform)
]


@pytest.mark.parametrize(("command", "feed"), FEEDS)
def test_every_mapped_column_is_printed_by_the_parser(command: Command, feed: Feed) -> None:
    used = {name for source in feed.sources.values() for name in source.uses} | set(feed.each)
    unknown = used - command.parser.columns - set(feed.makes)
    assert not unknown, f"{command.text}: the parser has no column {sorted(unknown)}"


@pytest.mark.parametrize(("driver", "command"), EVERY_COMMAND)
def test_every_needed_column_is_printed_by_the_parser(driver: str, command: Command) -> None:
    assert not command.needs or command.needs in command.parser.columns


@pytest.mark.parametrize("driver", FIRST_CLASS)
def test_every_first_class_platform_answers_every_table(driver: str) -> None:
    platform = platforms()[driver]
    assert platform.tables() == set(RECORDS)
    assert any(item.lists_vrfs for item in platform.entries)


@pytest.mark.parametrize("platform", platforms().values(), ids=lambda platform: platform.driver)
def test_no_command_is_asked_twice(platform: Platform) -> None:
    texts = [command.text for command in commands(platform)]
    assert len(texts) == len(set(texts))


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
