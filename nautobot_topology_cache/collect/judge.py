"""One answer to its outcome, its rows, and what each table gets of them."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from nautobot_topology_cache.collect import commands
from nautobot_topology_cache.collect.commands import Command, Facts, Feed, Parsed, Platform, Scope
from nautobot_topology_cache.collect.errors import ParseError, ParseTimeoutError
from nautobot_topology_cache.collect.parse.clean import clean
from nautobot_topology_cache.collect.parse.feeding import Fed, apply
from nautobot_topology_cache.collect.pausing import collector_paused
from nautobot_topology_cache.collect.records import RECORDS
from nautobot_topology_cache.collect.results import (
    Ask,
    CommandResult,
    Failure,
    Outcome,
    Reply,
    Row,
    SliceResult,
)

SHORT_ANSWER_LINES = 8
"""Only answers this short are judged by their words: a longer one may quote the same words, in a description say."""
LARGE = 250_000
"""Characters from which on an answer is a large one."""


@attrs.frozen
class Verdict:
    """An outcome with its reason, and the rows if there are any."""

    outcome: Outcome
    reason: str = ""
    parsed: Parsed = attrs.field(factory=lambda: Parsed(()))
    unfinished: bool = False
    """Whether the end of the answer may be missing."""
    proven: bool = True
    """Whether an `empty` is more than a blank answer or a heading, which is what is left of one that was cut."""


@attrs.frozen
class Draft:
    """A slice before the rows of several commands are joined; see `assemble`."""

    result: SliceResult
    fed: Fed
    proven: bool = True
    """Whether an `empty` is known to be one."""


@attrs.frozen
class Judged:
    """A judged answer: what layer 1 keeps, what the tables get, and the rows for whoever learns from them."""

    command: CommandResult
    drafts: tuple[Draft, ...]
    rows: tuple[Row, ...]
    unparsed: tuple[str, ...] = ()
    serves: bool = True
    """False when a column is missing that another command may print."""


def judge(command: Command, ask: Ask, reply: Reply, platform: Platform, facts: Facts, unparsed_share: float) -> Judged:
    """The four outcomes: `ok` and proven `empty` may replace rows, the others never do."""
    with collector_paused(len(reply.text) >= LARGE):
        verdict = _verdict(command, ask, reply, platform, unparsed_share)
        return _judged(command, ask, reply, verdict, Scope(ask.context, platform.spell, facts))


def _judged(command: Command, ask: Ask, reply: Reply, verdict: Verdict, scope: Scope) -> Judged:
    """What layer 1 keeps and the tables get, by the verdict."""
    rows = tuple(verdict.parsed.rows)
    result = CommandResult(
        command=ask.command,
        context=ask.context,
        outcome=verdict.outcome,
        reason=verdict.reason,
        source=reply.source,
        duration=reply.duration,
        collected_at=reply.collected_at,
        raw=reply.text if reply.failure is None else None,
        parsed=rows,
    )
    drafts = tuple(_draft(feed, result, verdict, scope) for feed in command.feeds)
    serves = not (command.needs and rows) or any(row.get(command.needs) for row in rows)
    return Judged(result, drafts, rows, verdict.parsed.unparsed, serves)


def _verdict(command: Command, ask: Ask, reply: Reply, platform: Platform, unparsed_share: float) -> Verdict:
    """What the answer is worth, before anything is normalised."""
    if reply.failure is not None:
        return Verdict("failed", str(reply.failure))
    answer = clean(reply.text, ask.command)
    # Counted, not kept: a large answer would be in memory twice while it is parsed.
    lines = sum(1 for line in answer.splitlines() if line.strip())
    if not lines:
        return (
            Verdict("empty", proven=False) if command.blank_is_empty else _failed("blank", "the device printed nothing")
        )
    short = lines <= SHORT_ANSWER_LINES
    verdicts = (*command.verdicts, *platform.verdicts)
    for known in verdicts if short else ():
        if not known.no_rows and (found := known.pattern.search(answer)):
            said = answer[found.start() :].strip().partition("\n")[0]
            return Verdict(known.outcome, f"{known.reason}: {said}" if known.reason else "")
    missing = command.truncation(answer) if command.truncation else None
    if missing:
        return _failed("truncated", missing)
    try:
        parsed = command.parser.parse(answer)
    except ParseTimeoutError as error:
        return _failed("parse timeout", str(error))
    except ParseError as error:
        return _failed("unparsed", str(error))
    nothing = _nothing(parsed, answer, verdicts, short)
    if nothing:
        return Verdict("empty", proven=nothing.proven)
    verdict = _worth(parsed, lines, unparsed_share)
    doubt = command.unfinished(answer) if command.unfinished else None
    return attrs.evolve(verdict, unfinished=True, reason=verdict.reason or f"truncated: {doubt}") if doubt else verdict


def _nothing(parsed: Parsed, answer: str, verdicts: Iterable[commands.Verdict], short: bool) -> commands.Verdict | None:
    """The text by which the device says that there is nothing, if it says so; words of its own may stand beside it."""
    if parsed.rows or parsed.doubtful or (parsed.unparsed and not short):
        return None
    known = (one for one in verdicts if one.no_rows and (one.proven or not parsed.unparsed))
    return next((one for one in known if one.pattern.search(answer)), None)


def _worth(parsed: Parsed, lines: int, unparsed_share: float) -> Verdict:
    """What is known after parsing: whether enough was understood, and whether no rows means that there are none."""
    if parsed.fills_down:
        return _failed("unparsed", f"a line that others depend on was not understood: {parsed.unparsed[0].strip()}")
    if len(parsed.unparsed) > unparsed_share * lines:
        first = parsed.unparsed[0].strip()
        return _failed(
            "unparsed", f"{len(parsed.unparsed)} of {lines} lines were not understood, the first is: {first}"
        )
    if parsed.rows or parsed.doubtful:
        return Verdict("ok", "", parsed)
    if parsed.proves_empty or parsed.headed:
        return Verdict("empty", proven=parsed.proves_empty)
    return _failed("unparsed", "no row was found in a non-empty answer")


def _failed(word: str, detail: str) -> Verdict:
    return Verdict("failed", str(Failure(word, detail)))


def _draft(feed: Feed, command: CommandResult, verdict: Verdict, scope: Scope) -> Draft:
    """The part of an answer that belongs to one table."""
    fed = apply(feed, verdict.parsed.rows, scope)
    fed.rejected.extend(verdict.parsed.doubtful)
    outcome, reason = verdict.outcome, verdict.reason
    proven = verdict.proven
    if outcome == "ok" and not fed.parsed:
        outcome, proven = "empty", verdict.parsed.proves_empty
    elif outcome == "ok" and len(fed.rejected) == fed.parsed:
        outcome, reason = "failed", f"unparsed: no row fits its table; {fed.rejected[0].reason}"
    doubtful = feed.looked_up if scope.facts.doubt else frozenset()
    if outcome == "ok" and doubtful & set(RECORDS[feed.table].KEY):
        fed, outcome, reason = Fed(), "failed", scope.facts.doubt
    return Draft(
        SliceResult(
            table=feed.table,
            command=command.command,
            context=command.context,
            outcome=outcome,
            reason=reason,
            collected_at=command.collected_at if outcome in ("ok", "empty") else None,
            fills=feed.filled,
            kept_columns=doubtful,
            closes=not (verdict.parsed.unparsed or verdict.unfinished or fed.rejected),
            unparsed_lines=verdict.parsed.unparsed,
        ),
        fed,
        proven,
    )
