/** Colours, symbols and strokes, and what they stand for. */

import { ageStep, STEP_NAMES } from "./age.js";

/** Told apart by people with any colour vision, on light and on dark ground; what comes after them repeats. */
const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8f7ee7", "#9c8a00", "#7f5539", "#00a5a5"];
const AGE_COLOURS = ["#009e73", "#56b4e9", "#e69f00", "#d55e00", "#8a8f98"];
const NONE = "#8a8f98";

export const NODE_TYPES = {
  device: { label: "Device", symbol: "circle", size: 22 },
  boundary: { label: "Outside the selection", symbol: "circle", size: 18, hollow: true },
  external: { label: "Not in Nautobot", symbol: "diamond", size: 20, hollow: true },
  segment: { label: "Shared segment", symbol: "roundRect", size: [34, 8] },
  hidden: { label: "Hidden from you", symbol: "rect", size: 14, hollow: true },
  group: { label: "Collapsed group", symbol: "roundRect", size: 34 },
};

export const STROKES = {
  high: { label: "High confidence", type: "solid" },
  medium: { label: "Medium", type: [8, 4] },
  low: { label: "Low", type: [2, 4] },
  conflict: { label: "Conflict", type: "solid" },
};

const COMPARED_COLOURS = { agrees: "#009e73", undocumented: "#0072b2", unseen: "#e69f00", conflict: "#d62728" };

/** The page's own colours, light or dark as it stands. */
export function theme() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  return {
    text: colour("--bs-body-color"),
    faint: colour("--bs-secondary-color"),
    ground: colour("--bs-body-bg"),
    border: colour("--bs-border-color"),
    line: document.documentElement.dataset.bsTheme === "dark" ? "#8b93a1" : "#6b7280",
    danger: "#d62728",
    font: getComputedStyle(document.body).fontFamily,
  };
}

function keyOf(node, by) {
  return by === "age" ? ageStep(node.heard) : node[by] || "none";
}

/** Value -> colour of the nodes' `by` (role, location, platform, age), in the order of the legend. */
export function nodeColours(nodes, by) {
  const devices = nodes.filter((node) => node.device_id);
  if (by === "age") return new Map(STEP_NAMES.map((name, at) => [name, AGE_COLOURS[at]]));
  const values = [...new Set(devices.map((node) => keyOf(node, by)))].sort();
  return new Map(values.map((value, at) => [value, value === "none" ? NONE : COLOURS[at % COLOURS.length]]));
}

export function nodeColour(node, by, colours) {
  if (node.node_type === "group") return colours.get(by === "age" ? "" : keyOf(node.members[0], by)) ?? NONE;
  return node.device_id ? (colours.get(keyOf(node, by)) ?? NONE) : NONE;
}

/** The line of a link, or of the links between two collapsed groups. */
export function stroke(line, compare, now) {
  const links = line.members;
  const [worst] = [...links].sort((one, other) => one.confidence - other.confidence);
  const label = links.some((link) => link.confidence_label === "conflict") ? "conflict" : worst.confidence_label;
  const unseen = compare && links.every((link) => link.compared === "unseen");
  return {
    color: (compare && COMPARED_COLOURS[together(links)]) || (label === "conflict" ? now.danger : now.line),
    type: unseen ? [2, 4] : (STROKES[label]?.type ?? "solid"),
    width: line.merged ? Math.min(8, 1.5 + links.length) : worst.lag ? 2.6 : 1.6,
    opacity: links.every((link) => link.stale) ? 0.35 : 0.95,
    curveness: line.bend,
  };
}

function together(links) {
  const found = new Set(links.map((link) => link.compared));
  return ["conflict", "undocumented", "unseen", "agrees"].find((one) => found.has(one));
}

export function comparedColours() {
  return COMPARED_COLOURS;
}
