"""Rows that somebody made of a device's answers against the rows that are true.

The canonical forms are this module's own: a mistake that the product makes in its own must show here. A column that a
true row does not name is not compared; in a key it matches anything.
"""

from __future__ import annotations

import ipaddress
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import attrs

Row = dict[str, Any]

KEYS = {
    "interfaces": ("name",),
    "ip_addresses": ("vrf", "address", "interface"),
    "arp_entries": ("vrf", "ip_address", "interface"),
    "mac_addresses": ("vlan", "vlan_name", "mac_address", "interface"),
    "neighbors": ("protocol", "local_interface", "chassis_id", "neighbor_name", "port_id"),
    "routing_neighbors": ("protocol", "vrf", "neighbor_id", "address", "interface"),
    "routes": ("vrf", "prefix", "protocol", "next_hop", "interface", "next_hop_vrf", "encapsulation"),
    "bgp_routes": ("vrf", "prefix", "next_hop", "metric", "local_pref", "weight", "as_path", "origin"),
}
"""The key of each table's rows within a device."""


@attrs.frozen
class Difference:
    """What is true and was not found, was found and is not true, and was found with other values."""

    missing: list[Row]
    extra: list[Row]
    differing: list[tuple[Row, dict[str, tuple[Any, Any]]]]
    """(true row, {column: (true, found)})"""

    def __bool__(self) -> bool:
        """True when there is any difference."""
        return bool(self.missing or self.extra or self.differing)

    def __str__(self) -> str:
        """A line for each difference."""
        lines = [f"missing: {row}" for row in self.missing] + [f"extra: {row}" for row in self.extra]
        lines += [f"differing: {row}: {columns}" for row, columns in self.differing]
        return "\n".join(lines) or "no difference"


def compare(truth: Iterable[Row], got: Iterable[Row], table: str) -> Difference:
    """Match rows by key, each true row with one found row at most, then compare the columns that the truth names."""
    key = KEYS[table]
    true_rows = sorted(truth, key=lambda row: (sum(column not in row for column in key), str(row)))
    left = [(row, canonical(row, table)) for row in got]
    index: dict[Any, list[int]] = defaultdict(list)
    for position, (_row, form) in enumerate(left):
        index[form.get(key[0]), form.get(key[1]) if len(key) > 1 else None].append(position)
    used: set[int] = set()
    missing, differing = [], []
    for row in true_rows:
        form = canonical(row, table)
        found = _find(form, left, used, index, key)
        if found is None:
            missing.append(row)
            continue
        used.add(found)
        other = left[found][1]
        columns = {c: (row[c], left[found][0].get(c)) for c in form if c not in key and form[c] != other.get(c)}
        if columns:
            differing.append((row, columns))
    return Difference(missing, [row for position, (row, _form) in enumerate(left) if position not in used], differing)


def _find(
    form: Row, left: list[tuple[Row, Row]], used: set[int], index: dict[Any, list[int]], key: tuple[str, ...]
) -> int | None:
    """The found row with this key that agrees best in the other columns."""
    whole = len(key) < 2 or (key[0] in form and key[1] in form)
    near = index.get((form.get(key[0]), form.get(key[1]) if len(key) > 1 else None), []) if whole else range(len(left))
    same = [p for p in near if p not in used and all(left[p][1].get(c) == form[c] for c in key if c in form)]
    return min(same, key=lambda p: sum(left[p][1].get(c) != form[c] for c in form), default=None)


def canonical(row: Row, table: str) -> Row:
    """The row with every value in this module's own form."""
    form = {column: FORMS.get(column, plain)(value) for column, value in row.items()}
    if table == "routing_neighbors" and form.get("protocol") == "bgp":
        form.pop("neighbor_id", None)
        form.pop("interface", None)
    return form


def plain(value: Any) -> Any:
    """Text without blanks at its ends and with single ones inside; None and "" stay apart."""
    return " ".join(value.split()) if isinstance(value, str) else value


def mac(value: Any) -> Any:
    """Twelve lower-case digits, if it is a MAC at all."""
    digits = re.sub(r"[^0-9a-f]", "", str(value or "").lower())
    looks = re.fullmatch(
        r"(?i)[0-9a-f]{4}([.:-])[0-9a-f]{4}\1[0-9a-f]{4}|[0-9a-f]{2}(([:-])[0-9a-f]{2}){5}|[0-9a-f]{12}", str(value)
    )
    return digits if looks else plain(value)


def address(value: Any) -> Any:
    """The shortest form of an address, without a zone."""
    return str(ipaddress.ip_address(str(value).split("%")[0].split("/")[0])) if value else None


def prefix(value: Any) -> str:
    """Host bits zero, CIDR."""
    return str(ipaddress.ip_network(str(value), strict=False))


def interface(value: Any) -> str:
    """A name as it is; a tunnel's far end, which NX-OS writes behind the name, is dropped."""
    return re.sub(r"^(nve\d+)\(.*\)$", r"\1", str(value or ""))


def vrf(value: Any) -> str:
    """The default VRF is ""."""
    return "" if value in (None, "", "default", "global", "master") else str(value)


def first_word(value: Any) -> str:
    """FULL/DR and full are the same state; so are Estab and Established."""
    word = re.split(r"[/ (]", str(value or "").strip().lower())[0]
    return "established" if word.startswith("estab") else word


def route_type(value: Any) -> str:
    """Three vocabularies for one thing."""
    word = re.sub(r"[^a-z0-9]", "", str(value or "").lower())
    return ROUTE_TYPES.get(word, word)


ROUTE_TYPES = {
    "intra": "",
    "ospfintraarea": "",
    "inter": "ia",
    "ospfinterarea": "ia",
    "type1": "e1",
    "ospfexternaltype1": "e1",
    "type2": "e2",
    "ospfexternaltype2": "e2",
    "i": "internal",
    "ibgp": "internal",
    "e": "external",
    "ebgp": "external",
}


def origin(value: Any) -> str:
    """The letter, whether printed as a letter or a word."""
    return {"igp": "i", "egp": "e", "incomplete": "?"}.get(str(value).lower(), str(value).lower())


def duplex(value: Any) -> str:
    """full, half or auto, however it is dressed."""
    return next((word for word in ("full", "half", "auto") if word in str(value or "").lower()), "")


def mode(value: Any) -> str:
    """Access or trunk; whatever else is no switchport."""
    return next((word for word in ("access", "trunk") if word in str(value or "").lower()), "")


def up_or_down(value: Any) -> str:
    """up, or not."""
    return "up" if str(value or "").lower() in ("up", "connected") else "down"


def encapsulation(value: Any) -> str:
    """Which kind of tunnel, not its parameters."""
    text = str(value or "").lower()
    return "vxlan" if re.search(r"vxlan|vni|vtep", text) else text


FORMS: dict[str, Callable[[Any], Any]] = {
    "mac_address": mac,
    "chassis_id": mac,
    "port_id": mac,
    "address": address,
    "ip_address": address,
    "next_hop": address,
    "neighbor_ip": address,
    "prefix": prefix,
    "interface": interface,
    "vrf": vrf,
    "next_hop_vrf": vrf,
    "state": first_word,
    "route_type": route_type,
    "origin": origin,
    "duplex": duplex,
    "mode": mode,
    "oper_status": up_or_down,
    "encapsulation": encapsulation,
}


def compare_links(
    truth: Iterable[Row], got: Iterable[tuple[tuple[str, str], tuple[str, str]]]
) -> tuple[list[Row], list[Any]]:
    """(missing, extra) cables; got are pairs of (device, interface), a cable's ends in either order."""
    expected = {frozenset((tuple(link["a"]), tuple(link["b"]))): link for link in truth if link["protocols"]}
    found = {frozenset((tuple(a), tuple(b))) for a, b in got}
    extra = [sorted(link) for link in found - expected.keys()]
    return [expected[link] for link in expected.keys() - found], sorted(extra)
