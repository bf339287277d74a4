"""The picture in the formats of other tools. What devices say is escaped in each of them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import attrs

Shown = Mapping[str, Any]
"""What `shown.shown` makes."""

FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")
"""What a cell begins with that spreadsheets evaluate (CWE-1236), also in the full width of East Asian keyboards."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
COLOURS = {
    "device": "#2f6fab",
    "boundary": "#9db7d1",
    "external": "#8a8f98",
    "segment": "#c9a227",
    "hidden": "#555555",
}
LONGEST_LABEL = 40


@attrs.frozen
class Format:
    """How a format is made, and what its file is called."""

    media_type: str
    filename: str
    make: Callable[[Shown], str]


def as_json(picture: Shown) -> str:
    """All of it, with sorted keys."""
    return json.dumps(picture, sort_keys=True, ensure_ascii=False)


NODE_COLUMNS = ("node_type", "device_id", "device_name", "primary_ip", "platform", "role", "location")
ROUTING_COLUMNS = ("protocol", "vrf", "direction", "prefix_count")
"""Of links of layer 3."""
LINK_COLUMNS = ("source_interface", "target_interface", "layer", "link_type", "confidence", "confidence_label", "stale")


def as_graphml(picture: Shown) -> str:
    """GraphML, which yEd, Gephi and networkx read."""
    return "\n".join(_graphml(picture))


def _graphml(picture: Shown) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    for kind, columns in (("node", NODE_COLUMNS), ("edge", (*LINK_COLUMNS, *ROUTING_COLUMNS))):
        for name in columns:
            form = {"confidence": "double", "stale": "boolean", "prefix_count": "int"}.get(name, "string")
            yield f'<key id="{kind}_{name}" for="{kind}" attr.name="{name}" attr.type="{form}"/>'
    yield '<graph id="topology" edgedefault="undirected">'
    for node in picture["nodes"]:
        yield f"<node id={_quoted(node['id'])}>{_data('node', NODE_COLUMNS, node)}</node>"
    for link in picture["links"]:
        ends = f"source={_quoted(link['source'])} target={_quoted(link['target'])}"
        about = _data("edge", LINK_COLUMNS, link) + _data("edge", ROUTING_COLUMNS, link["routing"] or {})
        yield f"<edge id={_quoted(link['id'])} {ends}>{about}</edge>"
    yield "</graph>\n</graphml>"


def _data(kind: str, columns: tuple[str, ...], one: Shown) -> str:
    known = [(name, one[name]) for name in columns if one.get(name) is not None]
    return "".join(f'<data key="{kind}_{name}">{_xml(_word(value))}</data>' for name, value in known)


def as_dot(picture: Shown) -> str:
    """Graphviz; positions are in points, to be kept with `neato -n`."""
    lines = ["graph topology {", "  node [shape=box];"]
    for node in picture["nodes"]:
        place = f"{node['position_x']},{-node['position_y']}"
        lines.append(f"  {_dot(node['id'])} [label={_dot(_label(node))}, pos={_dot(place)}];")
    for link in picture["links"]:
        labels = f"taillabel={_dot(link['source_interface'])}, headlabel={_dot(link['target_interface'])}"
        style = "dashed" if link["confidence_label"] in ("low", "conflict") else "solid"
        lines.append(f"  {_dot(link['source'])} -- {_dot(link['target'])} [{labels}, style={style}];")
    return "\n".join([*lines, "}"])


def as_drawio(picture: Shown) -> str:
    """An uncompressed diagram of draw.io (diagrams.net)."""
    ids = {node["id"]: f"n{number}" for number, node in enumerate(picture["nodes"])}
    cells = ['<mxCell id="0"/>', '<mxCell id="1" parent="0"/>']
    for node in picture["nodes"]:
        # Labels are plain text: with html=1 draw.io would run what a device calls itself.
        style = f"rounded=1;html=0;whiteSpace=wrap;fillColor={COLOURS[node['node_type']]};fontColor=#ffffff;"
        place = f'x="{node["position_x"]}" y="{node["position_y"]}" width="120" height="40"'
        cells.append(
            f'<mxCell id="{ids[node["id"]]}" value={_quoted(_label(node))} style="{style}" vertex="1" parent="1">'
            f'<mxGeometry {place} as="geometry"/></mxCell>'
        )
    for number, link in enumerate(picture["links"]):
        label = _quoted(f"{link['source_interface']} - {link['target_interface']}".strip(" -"))
        ends = f'source="{ids[link["source"]]}" target="{ids[link["target"]]}"'
        cells.append(
            f'<mxCell id="l{number}" value={label} style="endArrow=none;html=0;fontSize=9;" edge="1" parent="1" {ends}>'
            '<mxGeometry relative="1" as="geometry"/></mxCell>'
        )
    inner = "\n".join(cells)
    return f'<mxfile><diagram name="Topology"><mxGraphModel><root>\n{inner}\n</root></mxGraphModel></diagram></mxfile>'


def as_svg(picture: Shown) -> str:
    """A drawing, with what each thing is as its tooltip."""
    width, height = picture["metadata"]["width"], picture["metadata"]["height"]
    size = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="10">']
    at = {node["id"]: (node["position_x"], node["position_y"]) for node in picture["nodes"]}
    for number, link in enumerate(picture["links"]):
        lines.append(_svg_link(link, at, _bend(number, picture["links"])))
    for node in picture["nodes"]:
        x, y = at[node["id"]]
        lines.append(
            f'<g><circle cx="{x}" cy="{y}" r="7" fill="{COLOURS[node["node_type"]]}"/>'
            f'<text x="{x}" y="{y + 18}" text-anchor="middle">{_xml(_label(node))}</text>'
            f"<title>{_xml(node['device_name'] or node['node_type'])}</title></g>"
        )
    return "\n".join([*lines, "</svg>"])


def _bend(number: int, links: list[Shown]) -> int:
    """How many links of the same two nodes stand right before this one: parallel ones must not hide each other."""

    def nodes(link: Shown) -> set[str]:
        return {link["source"], link["target"]}

    before = number
    while before and nodes(links[before - 1]) == nodes(links[number]):
        before -= 1
    return number - before


def _svg_link(link: Shown, at: Mapping[str, tuple[float, float]], bend: int) -> str:
    (x1, y1), (x2, y2) = at[link["source"]], at[link["target"]]
    side = (bend + 1) // 2 * (1 if bend % 2 else -1) * 0.12
    mx, my = (x1 + x2) / 2 - (y2 - y1) * side, (y1 + y2) / 2 + (x2 - x1) * side
    dashes = ' stroke-dasharray="4 3"' if link["confidence_label"] in ("low", "conflict") else ""
    about = f"{link['source_device_name']} {link['source_interface']} - "
    about += f"{link['target_device_name']} {link['target_interface']} ({link['confidence_label']})"
    path = f'd="M {x1:.1f} {y1:.1f} Q {mx:.1f} {my:.1f} {x2:.1f} {y2:.1f}" fill="none" stroke="#888888"{dashes}'
    return f"<path {path}><title>{_xml(about)}</title></path>"


CSV_COLUMNS = (
    *("source_device_name", "source_interface", "target_device_name", "target_interface", "layer", "link_type"),
    *("confidence", "confidence_label", "stale"),
)


def as_csv(picture: Shown) -> str:
    """A line for each link."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow((*CSV_COLUMNS, *ROUTING_COLUMNS))
    for link in picture["links"]:
        routing = link["routing"] or dict.fromkeys(ROUTING_COLUMNS, "")
        cells = [*(link[name] for name in CSV_COLUMNS), *(routing[name] for name in ROUTING_COLUMNS)]
        lines.writerow([_inert(_word(cell)) for cell in cells])
    return out.getvalue()


def as_batfish(picture: Shown) -> str:
    """Batfish's `layer1_topology.json`: physical links of which both ports are known, host names in lower case."""
    known = {node["id"] for node in picture["nodes"] if node["node_type"] in ("device", "boundary", "external")}
    edges = []
    for link in picture["links"]:
        ends = [
            {"hostname": link[f"{end}_device_name"].lower(), "interfaceName": link[f"{end}_interface"]}
            for end in ("source", "target")
        ]
        complete = all(end["hostname"] and end["interfaceName"] for end in ends)
        if link["layer"] == "physical" and complete and {link["source"], link["target"]} <= known:
            edges.append({"node1": ends[0], "node2": ends[1]})
    return json.dumps({"edges": edges}, indent=1)


def _label(node: Shown) -> str:
    name = " ".join((node["device_name"] or node["node_type"]).split())
    return name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1]}\u2026"


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _inert(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) else value


def _xml(text: str) -> str:
    """Escaped, without the characters that XML cannot hold at all."""
    return escape(_NOT_XML.sub("\ufffd", text))


def _quoted(text: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", text))


def _dot(text: str) -> str:
    """A quoted string: a backslash begins an escape in labels, a quote ends the string."""
    cleaned = _NOT_XML.sub("\ufffd", text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + cleaned.replace("\n", " ").replace("\r", " ") + '"'


FORMATS: dict[str, Format] = {
    "json": Format("application/json", "topology.json", as_json),
    "graphml": Format("application/graphml+xml", "topology.graphml", as_graphml),
    "dot": Format("text/vnd.graphviz", "topology.dot", as_dot),
    "drawio": Format("application/vnd.jgraph.mxfile", "topology.drawio", as_drawio),
    "svg": Format("image/svg+xml", "topology.svg", as_svg),
    "csv": Format("text/csv", "topology_links.csv", as_csv),
    "batfish": Format("application/x-batfish+json", "layer1_topology.json", as_batfish),
}
"""`format=` -> how it is made."""
