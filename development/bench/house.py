"""Our side: an answer the way it goes through the app, from text to normalised records and to slices for the store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from development.bench.answers import Answer
from nautobot_topology_cache.collect.assemble import assemble
from nautobot_topology_cache.collect.commands import Command, Facts
from nautobot_topology_cache.collect.judge import Judged, judge
from nautobot_topology_cache.collect.platforms import platforms
from nautobot_topology_cache.collect.results import Ask, DeviceResult, Reply

UNPARSED_SHARE = 0.1
"""The share of lines that may stay not understood; no answer of the bench has any."""
NOWHERE = Facts()


def command_of(answer: Answer) -> Command:
    """The command of the answer's platform that reads it."""
    entries = platforms()[answer.driver].entries
    return next(one for item in entries for one in item.alternatives if one.text == answer.command)


def read(answer: Answer, collected_at: datetime | None = None) -> Judged:
    """Judge, parse and normalise: outcome, printed rows, records."""
    platform = platforms()[answer.driver]
    reply = Reply(answer.text, collected_at)
    return judge(command_of(answer), Ask(answer.command), reply, platform, NOWHERE, UNPARSED_SHARE)


def read_all(answers: Iterable[Answer]) -> list[Judged]:
    return [read(answer) for answer in answers]


def device_result(answers: Iterable[Answer], collected_at: datetime) -> DeviceResult:
    """What the store is given when a device has answered all of this."""
    judged = [read(answer, collected_at) for answer in answers]
    slices = assemble(draft for one in judged for draft in one.drafts)
    return DeviceResult("cisco_ios", slices, tuple(one.command for one in judged))
