"""One device's discovery as a conversation: a generator that yields Asks, is sent Replies, and returns a DeviceResult.

It neither knows nor cares whether a Reply came over the wire, from layer 1 or from a file; that is the whole point.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator

import attrs

from nautobot_topology_cache.collect.assemble import assemble
from nautobot_topology_cache.collect.commands import Command, Entry, Facts, Platform
from nautobot_topology_cache.collect.judge import Draft, Judged, judge
from nautobot_topology_cache.collect.normalize import text, vrf
from nautobot_topology_cache.collect.results import (
    ABSENT,
    Ask,
    CommandResult,
    DeviceResult,
    Failure,
    Reply,
    SliceResult,
)
from nautobot_topology_cache.collect.sessions import Session
from nautobot_topology_cache.collect.shrinking import ShrinkGuard

_ASKABLE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:/@+#=~-]{0,127}")
"""VRF names that may become part of a command. A device could name one `x | redirect tftp:` or end a line in it.

On Linux the commands are a shell's, to which `&` ends a command too and `*` stands for names of files.
"""
Conversation = Generator[Ask, Reply, DeviceResult]


@attrs.define
class _Notes:
    """What the conversation has learned so far."""

    guard: ShrinkGuard
    facts: Facts = attrs.field(factory=Facts)
    drafts: list[Draft] = attrs.field(factory=list)
    commands: list[CommandResult] = attrs.field(factory=list)
    unlisted: dict[str, str] = attrs.field(factory=dict)
    unlisted_vrfs: str = ""
    absent: list[Entry] = attrs.field(factory=list)
    """Entries to which a session without a device has no answer."""


def plan(platform: Platform, tables: Iterable[str]) -> Iterator[Entry]:
    """The entries to ask for these tables, the list of VRFs first when one of the others depends on it."""
    wanted = frozenset(tables)
    chosen = [item for item in platform.entries if item.tables & wanted]
    if any(item.per_vrf or uses_vrf_list(item) for item in chosen):
        yield from (item for item in platform.entries if item.lists_vrfs)
    yield from (item for item in chosen if not item.lists_vrfs)


def uses_vrf_list(item: Entry) -> bool:
    """Whether a column of this entry is looked up in the list of VRFs."""
    return any(feed.looked_up for command in item.alternatives for feed in command.feeds)


def device_flow(
    platform: Platform, tables: Iterable[str], unparsed_share: float, guard: ShrinkGuard | None = None
) -> Conversation:
    """Ask everything that `tables` need; `unparsed_share` is the share of lines that may stay not understood."""
    notes = _Notes(guard or ShrinkGuard())
    asked = list(plan(platform, tables))
    for item in asked:
        for context in _contexts(item, notes):
            yield from _ask(item, context, platform, unparsed_share, notes)
    slices = assemble(notes.drafts, _unfilled(platform, [item for item in asked if item not in notes.absent]))
    for result in slices:
        if result.outcome == "failed":
            notes.unlisted.setdefault(result.table, result.reason)
    return DeviceResult(
        driver=platform.driver,
        slices=(*slices, *_not_asked(asked, slices, notes)),
        commands=tuple(notes.commands),
        unlisted=notes.unlisted,
        unlisted_vrfs=notes.unlisted_vrfs,
        failure=_failure(notes),
    )


def _not_asked(asked: list[Entry], slices: Iterable[SliceResult], notes: _Notes) -> Iterator[SliceResult]:
    """For each table that would be whole but for VRFs of which nobody knows the names, a slice that says so."""
    if not notes.facts.doubt or any(item.lists_vrfs for item in notes.absent):
        return
    told = {result.table for result in slices if result.outcome == "failed"}
    for item in asked:
        for table in sorted(item.tables - told) if item.per_vrf else ():
            told.add(table)
            yield SliceResult(table, item.alternatives[0].text.format(vrf="VRF"), "", "failed", notes.facts.doubt)


def _unfilled(platform: Platform, asked: list[Entry]) -> dict[str, frozenset[str]]:
    """By table, the columns that this conversation does not ask for: it may ask for the rows without them."""
    unfilled: dict[str, frozenset[str]] = defaultdict(frozenset)
    for item in platform.entries:
        for feed in (feed for command in item.alternatives for feed in command.feeds if item not in asked):
            unfilled[feed.table] |= feed.filled
    return unfilled


def _contexts(item: Entry, notes: _Notes) -> tuple[str, ...]:
    if not item.per_vrf:
        return ("",)
    if notes.facts.doubt:
        for table in item.tables:
            notes.unlisted.setdefault(table, notes.facts.doubt)
    return notes.facts.vrfs


def _ask(
    item: Entry, context: str, platform: Platform, unparsed_share: float, notes: _Notes
) -> Generator[Ask, Reply, None]:
    """One entry in one context: alternatives until one exists on this device and prints what is needed."""
    judged: Judged | None = None
    standing: Judged | None = None
    refused: list[Judged] = []
    for command in item.alternatives:
        ask = Ask(command.text.format(vrf=context), context, command.timeout, command.ttl)
        reply = yield ask
        if reply.failure == ABSENT:
            continue
        told = command
        judged = judge(command, ask, reply, platform, notes.facts, unparsed_share)
        if reply.source == "device" and notes.guard.doubts(judged):
            reply = yield ask
            judged = judge(command, ask, reply, platform, notes.facts, unparsed_share)
        judged = notes.guard.marked(judged)
        notes.commands.append(judged.command)
        if judged.command.outcome == "ok" and not judged.serves:
            standing = standing or judged
        elif judged.command.outcome == "unsupported":
            refused.append(judged)
        else:
            break
    if judged is None:
        _leave_out(item, notes)
        return
    if standing and judged.command.outcome != "ok":
        judged = standing
    # Where none exists any more, each of them keeps the rows that it gave when it did.
    for one in refused if refused and judged is refused[-1] else [judged]:
        notes.drafts.extend(one.drafts)
    if item.lists_vrfs:
        _learn_vrfs(told, judged, platform, notes)


def _leave_out(item: Entry, notes: _Notes) -> None:
    """An entry that counts as not asked; without the list of VRFs, what is looked up in it keeps its stored value."""
    notes.absent.append(item)
    if item.lists_vrfs:
        notes.facts = Facts(doubt=str(ABSENT))


def _learn_vrfs(command: Command, judged: Judged, platform: Platform, notes: _Notes) -> None:
    """The VRFs and their interfaces; a line that was not understood may have named another one."""
    doubt = judged.command.reason if judged.command.outcome == "failed" else ""
    if judged.command.outcome == "unsupported":
        notes.unlisted_vrfs = f"the device does not list its VRFs: `{judged.command.command}` is not supported"
    if judged.unparsed:
        doubt = (
            f"unparsed: {len(judged.unparsed)} lines of the list of VRFs, the first is: {judged.unparsed[0].strip()}"
        )
    members: dict[str, list[str]] = defaultdict(list)
    for name, ports in map(command.lists_vrfs, judged.rows) if command.lists_vrfs else ():
        members[text(name)].extend(platform.spell(port) for port in ports if port)
    named = [name for name in members if vrf(name)]
    if odd := [name for name in named if not _ASKABLE.fullmatch(name)]:
        doubt = doubt or f"denied: no command is made of the VRF name {odd[0]!r}"
    notes.facts = Facts(
        vrfs=tuple(sorted(set(named) - set(odd))),
        vrf_of={port: name for name, ports in members.items() for port in ports},
        doubt=doubt,
    )


def _failure(notes: _Notes) -> Failure | None:
    """The device's failure: set when no command at all was answered."""
    reasons = [command.reason for command in notes.commands]
    if not reasons or any(command.collected_at is not None for command in notes.commands):
        return None
    word, _, detail = reasons[0].partition(": ")
    return Failure(word, detail)


def converse(conversation: Conversation, session: Session) -> DeviceResult:
    """Drive a conversation with blocking answers from one session."""
    reply: Reply | None = None
    while True:
        try:
            ask = conversation.send(reply)  # type: ignore[arg-type]  # the first send of a generator is None
        except StopIteration as ended:
            result: DeviceResult = ended.value
            return result
        reply = session.answer(ask)
