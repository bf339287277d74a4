"""The rows about parsing: text to normalised records, beside `parse_output` on the same text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from typing import Any

import attrs

from development.bench import house, rivals
from development.bench.answers import ARP, BGP, KINDS, MACS, ROUTES, Answer, Kind, typical
from development.bench.by_hand import BY_HAND
from development.bench.measuring import CORES, TIMES, Series, apart
from development.bench.report import Row, compared, growth, smaller
from nautobot_topology_cache.collect.judge import Judged

MEGABYTE = 1e6
PATIENCE = 20_000
"""Rows up to which the rival is given everything; of more it gets a tenth, and its figures are multiplied."""
LEAST_RATIO = {ROUTES.name: 15, MACS.name: 15, ARP.name: 15, BGP.name: 25}
PATHS_MEGABYTES = 600
"""What all of `--full`'s paths may take."""
TYPICAL_RATIO = 12
Keys = set[tuple[str, ...]]


def rows(full: bool, times: int = TIMES) -> Iterator[Row]:
    """All rows about parsing; call this before anything starts threads."""
    yield twenty(times)
    for kind in KINDS:
        yield from large_table(kind, kind.full if full else kind.full // 10, times)


def twenty(times: int) -> Row:
    answers = typical()

    def theirs() -> list[list[dict[str, Any]]]:
        return [rivals.parse(one.driver, one.command, one.text) for one in answers]

    def numbers(found: Sequence[Any]) -> list[int]:
        return [len(one.rows if isinstance(one, Judged) else one) for one in found]

    house.read_all(answers), theirs()
    ours = apart(lambda: house.read_all(answers), numbers, times, settled=True, at_once=CORES)
    rival = apart(theirs, numbers, times, settled=True, at_once=CORES)
    void = "; ".join(
        f"{answer.driver} `{answer.command}`: {mine} rows, the rival has {other}"
        for answer, mine, other in zip(answers, ours.outcome, rival.outcome, strict=True)
        if mine != other or not mine
    )
    name = "parse: 20 typical outputs, six platforms"
    return compared(name, 20, "cpu", ours, rival, unit=1e-3, called="CPU ms", target=TYPICAL_RATIO, void=void)


def large_table(kind: Kind, count: int, times: int = TIMES) -> Iterator[Row]:
    """CPU, memory and growth of one table with `count` rows."""
    for_rival = count if count <= PATIENCE else count // 10
    mine, sample = kind.answer(count), kind.answer(for_rival)
    tiny = kind.answer(10)
    house.read(tiny), _theirs(tiny)
    ours = apart(lambda: house.read(mine), _seen(_our_keys), times, settled=True, at_once=CORES)
    rival = apart(lambda: _theirs(sample), _seen(_rival_keys(kind)), times, settled=True, at_once=CORES)
    limit = apart(lambda: BY_HAND[kind.name](mine.text), len, times, settled=True, at_once=CORES)
    like = ours if for_rival == count else apart(lambda: house.read(sample), _seen(_our_keys), 1)
    void = _differences(count, for_rival, ours, like, rival, limit)
    scale = count / for_rival
    details = {"the rival's sample": for_rival, "its figures times": scale} if scale != 1 else {}
    yield compared(
        f"parse: {kind.name}",
        count,
        "cpu",
        ours,
        rival,
        scale=scale,
        target=LEAST_RATIO[kind.name],
        limit=limit.median("cpu"),
        void=void,
        details=details,
    )
    more = {"scale": scale, "unit": MEGABYTE, "called": "MB", "void": void}
    memory = compared(f"parse: {kind.name}, peak memory", count, "peak", ours, rival, **more)
    yield _with_memory_bar(memory, kind, count)
    yield _growth(kind, count, ours, times)


def _with_memory_bar(row: Row, kind: Kind, count: int) -> Row:
    """The bar for memory: a third of the rival's, for all of BGP's paths a figure."""
    if kind is not BGP:
        return attrs.evolve(row, target=3)
    return attrs.evolve(row, target=PATHS_MEGABYTES, bar="most") if count == BGP.full else row


def _theirs(answer: Answer) -> list[dict[str, Any]]:
    return rivals.parse(answer.driver, answer.command, answer.text)


def _growth(kind: Kind, count: int, largest: Series, times: int) -> Row:
    """How our CPU grows up to this size."""
    costs = {
        size: apart(_reading(kind.answer(size)), _nothing, times, settled=True, at_once=CORES).median("cpu")
        for size in smaller(count, kind.full)
    }
    return growth(f"parse: {kind.name}", {**costs, count: largest.median("cpu")})


def _reading(answer: Answer) -> Callable[[], Judged]:
    return lambda: house.read(answer)


def _nothing(_result: Any) -> None:
    """Nothing is to be told of it."""


def _differences(count: int, for_rival: int, ours: Series, like: Series, rival: Series, limit: Series) -> str:
    """What makes the row void: too few rows anywhere, or other objects than the rival found."""
    if (ours.outcome[0], like.outcome[0], limit.outcome) != (count, for_rival, count):
        return f"{count} rows were told; ours has {ours.outcome[0]}, the expression by hand {limit.outcome}"
    if like.outcome != rival.outcome:
        return f"of {for_rival} rows ours has {like.outcome}, the rival {rival.outcome}"
    return ""


def _seen(keys: Callable[[Any], Iterator[tuple[Any, ...]]]) -> Callable[[Any], tuple[int, str]]:
    """How many objects there are, and a digest of what they are, in any order."""

    def seen(result: Any) -> tuple[int, str]:
        lines = sorted("|".join(map(str, key)) for key in keys(result))
        return len(lines), blake2b("\n".join(lines).encode(), digest_size=8).hexdigest()

    return seen


def _our_keys(judged: Judged) -> Iterator[tuple[Any, ...]]:
    """What tells the objects apart, in one spelling for both sides."""
    for draft in judged.drafts:
        for record in draft.fed.records:
            yield _KEYS[draft.result.table][0](record)


def _rival_keys(kind: Kind) -> Callable[[list[dict[str, Any]]], Iterator[tuple[Any, ...]]]:
    key = _KEYS[_TABLES[kind.name]][1]
    return lambda found: (key(row) for row in found)


def _hexadecimal(mac: str) -> str:
    return "".join(digit for digit in mac.lower() if digit.isalnum())


_TABLES = {ROUTES.name: "routes", MACS.name: "mac_addresses", ARP.name: "arp_entries", BGP.name: "bgp_routes"}
_KEYS: dict[str, tuple[Callable[[Any], tuple[Any, ...]], Callable[[dict[str, Any]], tuple[Any, ...]]]] = {
    "routes": (
        lambda one: (one.prefix, one.next_hop, one.distance, one.metric),
        lambda row: (f"{row['network']}/{row['prefix_length']}", row["nexthop_ip"], row["distance"], row["metric"]),
    ),
    "mac_addresses": (
        lambda one: (one.vlan, _hexadecimal(one.mac_address)),
        lambda row: (row["vlan_id"], _hexadecimal(row["destination_address"])),
    ),
    "arp_entries": (
        lambda one: (one.ip_address, _hexadecimal(one.mac_address), one.interface),
        lambda row: (row["ip_address"], _hexadecimal(row["mac_address"]), row["interface"]),
    ),
    "bgp_routes": (
        lambda one: (one.prefix, one.next_hop, one.metric, one.weight, one.as_path, one.origin),
        lambda row: tuple(row[name] for name in ("network", "next_hop", "metric", "weight", "as_path", "origin")),
    ),
}
