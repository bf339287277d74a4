/** What colours, symbols and strokes mean, and the groups that can be collapsed. */

import { element } from "./dom.js";
import { comparedColours, NODE_TYPES, STROKES, theme } from "./palette.js";
import { COMPARED } from "./shape.js";

const STROKE_STYLES = { high: "solid", medium: "dashed", low: "dotted", conflict: "solid" };

/** `look` is that of the drawing; `types` are the kinds of nodes that there are. */
export function legend(nodes, look) {
  const counts = (value) => nodes.filter((node) => node.device_id && (node[look.colour] || "none") === value).length;
  const colours = [...look.colours].map(([value, colour]) => item(dot(colour), look.colour === "age" ? value : `${value} (${counts(value)})`));
  const types = [...new Set(nodes.map((node) => node.node_type))].filter((type) => type !== "device" && type !== "group");
  const kinds = types.map((type) => item(element("span", { class: `topology-shape topology-shape-${type}` }), NODE_TYPES[type].label));
  return [list(colours), list(kinds), list(look.compare ? comparisons() : confidences())].filter(Boolean);
}

function comparisons() {
  return Object.entries(comparedColours()).map(([key, colour]) => item(line(colour, key === "unseen" ? "dotted" : "solid"), COMPARED[key]));
}

function confidences() {
  const now = theme();
  return Object.entries(STROKES).map(([key, { label }]) => item(line(key === "conflict" ? now.danger : now.line, STROKE_STYLES[key]), label));
}

function list(items) {
  return items.length ? element("ul", { class: "list-inline mb-4" }, items) : null;
}

function item(sample, text) {
  return element("li", { class: "list-inline-item text-nowrap" }, sample, " ", text);
}

function dot(colour) {
  const made = element("span", { class: "topology-dot" });
  made.style.backgroundColor = colour;
  return made;
}

function line(colour, style) {
  const made = element("span", { class: "topology-line" });
  made.style.borderTopColor = colour;
  made.style.borderTopStyle = style;
  return made;
}

/** One switch per value of the grouping, pressed while it is collapsed. */
export function groupSwitches(nodes, group, collapsed, toggle) {
  const counts = new Map();
  for (const node of nodes) if (node[group]) counts.set(node[group], (counts.get(node[group]) ?? 0) + 1);
  return [...counts].sort().map(([name, count]) =>
    element(
      "button",
      { type: "button", class: `btn btn-sm ${collapsed.has(name) ? "btn-primary" : "btn-secondary"}`, "aria-pressed": String(collapsed.has(name)), title: collapsed.has(name) ? "Expand" : "Collapse", onclick: () => toggle(name) },
      `${name} (${count})`,
    ),
  );
}
