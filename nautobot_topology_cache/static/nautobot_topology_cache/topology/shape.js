/**
 * From REST's answer to what is drawn: groups collapsed, parallel links spread, each link compared with the cables
 * that are documented. Pure: the same answer and choices give the same shape.
 */

import { newest } from "./age.js";

/** How far apart parallel links bend; members of one bundle stay close together. */
const BEND = 0.18;
const BUNDLE_BEND = 0.07;
/** How high a line rises over nodes that stand between its ends, for one node and for each one more, as the nodes' places. */
const RISE = { first: 70, more: 25 };

export const COMPARED = {
  agrees: "Seen and documented",
  undocumented: "Seen, not documented",
  unseen: "Documented, not seen",
  conflict: "Conflict",
};

/** What documentation and network say about a link, a key of COMPARED; `""` for one that no cable could be. */
export function compared(link) {
  if (link.layer !== "physical") return "";
  const kinds = new Set(link.evidence.map((one) => one.kind));
  if (link.confidence_label === "conflict" || kinds.has("other_cable")) return "conflict";
  if (!kinds.has("cable")) return "undocumented";
  return link.evidence.some((one) => one.kind !== "cable" && one.supports) ? "agrees" : "unseen";
}

export function title(node) {
  return node.device_name || { segment: "segment", hidden: "hidden" }[node.node_type] || node.id;
}

/** The nodes with their newest evidence as `heard`, and the links with `compared`. */
export function enrich(answer) {
  const moments = new Map();
  for (const link of answer.links) {
    for (const one of link.evidence) {
      if (one.device_id) moments.set(one.device_id, newest([moments.get(one.device_id), one.collected_at]));
    }
  }
  return {
    ...answer,
    nodes: answer.nodes.map((node) => ({ ...node, title: title(node), heard: moments.get(node.device_id) ?? "" })),
    links: answer.links.map((link) => ({ ...link, compared: compared(link) })),
  };
}

/** {nodes, links} with the collapsed groups as nodes of their own; `moved` are positions chosen by hand. */
export function shape(answer, { group, collapsed, moved }) {
  const groupOf = (node) => (group && node[group] && collapsed.has(node[group]) ? node[group] : null);
  const shownAs = new Map(answer.nodes.map((node) => [node.id, groupOf(node) === null ? node.id : `group:${groupOf(node)}`]));
  const single = answer.nodes.filter((node) => groupOf(node) === null);
  const nodes = [...single.map(placed), ...groups(answer.nodes, groupOf)];
  for (const node of nodes) if (moved[node.id]) [node.x, node.y] = moved[node.id];
  const links = spread(visible(answer.links, shownAs));
  raise(links, nodes);
  return { nodes, links };
}

function placed(node) {
  return { ...node, x: node.position_x, y: node.position_y };
}

function groups(nodes, groupOf) {
  const members = Map.groupBy ? Map.groupBy(nodes, groupOf) : byGroup(nodes, groupOf);
  members.delete(null);
  return [...members].map(([name, inside]) => ({
    id: `group:${name}`,
    node_type: "group",
    title: `${name} (${inside.length})`,
    group: name,
    members: inside,
    x: inside.reduce((sum, node) => sum + node.position_x, 0) / inside.length,
    y: inside.reduce((sum, node) => sum + node.position_y, 0) / inside.length,
  }));
}

function byGroup(nodes, groupOf) {
  const members = new Map();
  for (const node of nodes) members.set(groupOf(node), [...(members.get(groupOf(node)) ?? []), node]);
  return members;
}

/** Links between what is shown; those that end in the same collapsed group are one line with `members`. */
function visible(links, shownAs) {
  const lines = new Map();
  for (const link of links) {
    const [from, to] = [shownAs.get(link.source), shownAs.get(link.target)];
    if (from === undefined || to === undefined || from === to) continue;
    const merged = from !== link.source || to !== link.target;
    const key = merged ? `between:${[from, to].sort().join(" ")}` : link.id;
    const line = lines.get(key) ?? { id: key, from, to, members: [], merged };
    line.members.push(link);
    lines.set(key, line);
  }
  return [...lines.values()];
}

/** A bend for each of several lines between the same two nodes. */
function spread(lines) {
  const pairs = new Map();
  for (const line of lines) {
    const key = JSON.stringify([line.from, line.to].sort());
    pairs.set(key, [...(pairs.get(key) ?? []), line]);
  }
  for (const parallel of pairs.values()) bend(parallel);
  return lines;
}

function bend(parallel) {
  const bundle = (line) => JSON.stringify(line.members[0].lag ?? line.id);
  parallel.sort((one, other) => (bundle(one) < bundle(other) ? -1 : bundle(one) > bundle(other) ? 1 : one.id < other.id ? -1 : 1));
  const offsets = [0];
  for (let at = 1; at < parallel.length; at++) {
    offsets.push(offsets[at - 1] + (bundle(parallel[at]) === bundle(parallel[at - 1]) ? BUNDLE_BEND : BEND));
  }
  const middle = offsets.at(-1) / 2;
  // A bend is to the left of its own direction: the same side for all of a pair only if that is taken into account.
  parallel.forEach((line, at) => {
    line.bend = (offsets[at] - middle) * (line.from < line.to ? 1 : -1);
  });
}

/** A line along a row of nodes passes over those between its ends, and not through them. */
function raise(lines, nodes) {
  const places = new Map(nodes.map((node) => [node.id, node]));
  const rows = new Map();
  for (const { x, y } of nodes) rows.get(y)?.push(x) ?? rows.set(y, [x]);
  for (const line of lines) {
    const [from, to] = [places.get(line.from), places.get(line.to)];
    if (from.y !== to.y) continue;
    const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
    const between = rows.get(from.y).filter((x) => left < x && x < right).length;
    if (between) line.bend += ((2 * (RISE.first + RISE.more * (between - 1))) / (right - left)) * (from.x < to.x ? 1 : -1);
  }
}
