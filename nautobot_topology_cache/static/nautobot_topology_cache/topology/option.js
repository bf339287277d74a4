/**
 * The ECharts option of a shape. Labels are plain text: without a `rich` style ECharts reads no markup in them, and
 * formatters are functions, so that `{b}` in a device's name is not a placeholder.
 */

import { shortPort } from "./ports.js";
import { LONGEST } from "./names.js";
import { COMPARED } from "./shape.js";
import { NODE_TYPES, nodeColour, stroke, theme } from "./palette.js";

/** Above these, what costs time for each node or link is left away until fewer are in view. */
const MANY_NODES = 250;
export const MARGINS = { x: 60, y: 40 };
const MANY_LINKS = 400;
const CROWDED_LINKS = 400;
const PLAIN = { type: "solid" };
/** Port labels come by themselves for this many links on one screen. */
const FEW_LINKS = 40;

/** `look` is {colour, colours, ports, compare, fewLinks, small, zoom, named}, the last being the ids of the nodes with names. */
export function option(shape, look) {
  const now = theme();
  const light = shape.nodes.length > MANY_NODES;
  return {
    animation: false,
    textStyle: { fontFamily: now.font },
    tooltip: { trigger: "item", confine: true, appendTo: "body", backgroundColor: now.ground, borderColor: now.border, textStyle: { color: now.text, fontSize: 12 }, formatter: tooltip },
    series: [
      {
        type: "graph",
        layout: "none",
        left: MARGINS.x,
        right: MARGINS.x,
        top: MARGINS.y,
        bottom: MARGINS.y,
        preserveAspect: true,
        roam: true,
        roamTrigger: "global",
        draggable: true,
        scaleLimit: { min: 0.2, max: 40 },
        nodeScaleRatio: 0,
        selectedMode: "single",
        select: { itemStyle: { borderColor: now.text, borderWidth: 4 }, lineStyle: { color: now.text, width: 5, opacity: 1 } },
        emphasis: { disabled: light, focus: "none", scale: false, lineStyle: { width: 4 } },
        label: { show: false, position: "bottom", distance: 4, fontSize: 11, color: now.text, textBorderColor: now.ground, textBorderWidth: 2, width: LONGEST, overflow: "truncate", formatter: ({ data }) => data.title },
        edgeLabel: { show: false, fontSize: 10, color: now.faint, textBorderColor: now.ground, textBorderWidth: 2, formatter: ({ data }) => data.port ?? "" },
        data: shape.nodes.map((node) => nodeItem(node, look, now)),
        links: edges(shape, look, now),
      },
    ],
  };
}

/** Dashes cost most of the time that a large map takes, and cannot be told apart there. */
export function showsStrokes(shape, look) {
  return shape.links.length / (look.zoom * look.zoom) <= CROWDED_LINKS;
}

export function showsPorts(shape, look) {
  if (look.ports === "auto") return shape.links.length / (look.zoom * look.zoom) <= (look.fewLinks ?? FEW_LINKS);
  return look.ports === "on" && shape.links.length / (look.zoom * look.zoom) <= MANY_LINKS;
}

function nodeItem(node, look, now) {
  const kind = NODE_TYPES[node.node_type];
  const colour = nodeColour(node, look.colour, look.colours);
  const small = look.small && node.node_type === "device" ? 12 : kind.size;
  return {
    id: node.id,
    name: node.id,
    title: node.title,
    x: node.x,
    y: node.y,
    node,
    symbol: kind.symbol,
    symbolSize: small,
    label: { show: look.named.has(node.id) },
    itemStyle: kind.hollow ? { color: now.ground, borderColor: colour, borderWidth: 2, borderType: "dashed" } : { color: colour, borderColor: now.ground, borderWidth: look.small ? 0 : 1.5 },
  };
}

/** Each line once; where ports are shown, once more without ink, since ECharts gives a line a label at one end only. */
function edges(shape, look, now) {
  const plain = showsStrokes(shape, look) ? {} : PLAIN;
  const lines = shape.links.map((line) => ({
    id: line.id,
    source: line.from,
    target: line.to,
    line,
    lineStyle: { ...stroke(line, look.compare, now), ...plain },
  }));
  if (!showsPorts(shape, look)) return lines;
  const [start, end] = [labelAt("insideStartTop"), labelAt("insideEndTop")];
  const twins = lines.filter(({ line }) => !line.merged).map((edge) => ({
    ...edge,
    id: `${edge.id} end`,
    port: shortPort(edge.line.members[0].target_interface),
    label: end,
    lineStyle: { ...edge.lineStyle, opacity: 0 },
  }));
  return [...lines.map((edge) => (edge.line.merged ? edge : { ...edge, port: shortPort(edge.line.members[0].source_interface), label: start })), ...twins];
}

function labelAt(position) {
  return { show: true, position, distance: [16, 3], fontSize: 10, opacity: 1 };
}

/** Tooltips are elements made of text: ECharts would read a string as HTML. */
function tooltip({ data, dataType }) {
  const shown = document.createElement("div");
  shown.className = "topology-tooltip";
  const texts = dataType === "edge" ? lineTexts(data.line) : nodeTexts(data.node);
  texts.filter(Boolean).forEach((text, at) => {
    const part = document.createElement(at === 0 ? "strong" : "div");
    part.textContent = text;
    shown.append(part);
  });
  return shown;
}

function nodeTexts(node) {
  return [node.title, NODE_TYPES[node.node_type].label, node.primary_ip, node.platform, node.role, node.location];
}

function lineTexts(line) {
  if (line.merged) return [`${line.members.length} links`];
  const [link] = line.members;
  const ends = `${link.source_device_name} ${link.source_interface} — ${link.target_device_name} ${link.target_interface}`;
  const bundle = link.lag ? `${link.lag.source || "?"} — ${link.lag.target || "?"}` : "";
  return [ends, bundle, `${link.confidence_label} (${link.confidence.toFixed(2)})`, COMPARED[link.compared], link.stale ? "stale" : ""];
}
