/** Which nodes' names there is room for: the best connected first, none over another. */

const HEIGHT = 16;
const BELOW = 18;
const LETTER = 6;
export const LONGEST = 160;

/** Ids of the nodes whose names fit, on a screen where one unit of the positions is `scale` pixels. */
export function namesThatFit(nodes, links, scale) {
  const degree = new Map();
  for (const line of links) for (const end of [line.from, line.to]) degree.set(end, (degree.get(end) ?? 0) + 1);
  const ranked = [...nodes].sort((one, other) => (degree.get(other.id) ?? 0) - (degree.get(one.id) ?? 0) || (one.id < other.id ? -1 : 1));
  const rows = new Map();
  return new Set(ranked.filter((node) => takesPlace(node, scale, rows)).map((node) => node.id));
}

/** Whether a name fits; if so its place is taken in `rows`, row number -> the stretches that are taken. */
function takesPlace(node, scale, rows) {
  const half = Math.min(node.title.length * LETTER, LONGEST) / 2 + 3;
  const [from, to] = [node.x * scale - half, node.x * scale + half];
  const top = (node.y * scale + BELOW) / HEIGHT;
  const touched = [Math.floor(top), Math.floor(top) + 1];
  const isTaken = touched.some((row) => rows.get(row)?.some(([left, right]) => from < right && left < to));
  if (!isTaken) touched.forEach((row) => rows.set(row, [...(rows.get(row) ?? []), [from, to]]));
  return !isTaken;
}

/** Pixels per unit when all nodes are in view. */
export function wholeScale(nodes, width, height) {
  const spread = (values) => Math.max(...values) - Math.min(...values) || 1;
  return Math.min(width / spread(nodes.map((node) => node.x)), height / spread(nodes.map((node) => node.y)));
}
