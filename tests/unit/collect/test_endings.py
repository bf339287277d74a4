"""Marks of ends: what is missing is said, and what is whole is left alone."""

from __future__ import annotations

from nautobot_topology_cache.collect.parse.endings import any_of, closed, counted, footed

TABLES = "fruit: 2\n- apple\n- pear\nnuts: 1\n- hazel\n"
BLOCKS = "one is up\n  name a\n  end\ntwo is down\n  end\nthree is up\n  name c\n  end\n"

count = counted(r"^\w+: (\d+)", r"^- ")
foot = footed(r"^\w+:", r"^in all")
block = closed(r"^\w+ is ", r"^  name", r"^  end")


def test_counts_of_all_tables_are_added_up() -> None:
    assert count(TABLES) is None
    assert count(TABLES.replace("- hazel\n", "")) == "3 entries are announced, 2 are there"
    assert count("no table at all") is None


def test_more_than_is_announced_is_no_loss() -> None:
    assert count(TABLES + "- walnut\n") is None


def test_a_footer_stands_below_the_last_heading() -> None:
    assert foot(TABLES + "in all 3\n") is None
    assert foot("in all 0\n" + TABLES) == "the count at the end is missing"
    assert foot("") is None


def test_the_last_block_goes_on_to_its_end() -> None:
    assert block(BLOCKS) is None
    assert block(BLOCKS.removesuffix("  end\n")) == "the last part ends early: three is up"


def test_a_block_without_entry_needs_no_end() -> None:
    assert block("one is up\n  name a\n  end\ntwo is down\n") is None


def test_the_first_check_that_misses_something_speaks() -> None:
    both = any_of(count, foot)
    assert both("fruit: 2\n- apple\n") == "2 entries are announced, 1 are there"
    assert both(TABLES) == "the count at the end is missing"
    assert both(TABLES + "in all 3\n") is None
