/** The same links as on the map, and what could not be matched, as tables for keyboards, screen readers and searches. */

import { ageText, newest } from "./age.js";
import { badge, button, element } from "./dom.js";
import { kindName } from "./evidence.js";
import { comparedBadge, confidenceBadge, deviceLink } from "./panel.js";

const LINKS = ["Device", "Port", "Neighbor", "Port", "Evidence", "Confidence", "Documentation", "Seen"];
const MOST = 500;
const UNRESOLVED = ["Device", "Port", "Protocol", "Announced name", "Announced port", "Why it is no device", "Candidates"];

/** Evidence kinds of a link, the contrary ones marked. */
function kinds(link) {
  const found = new Map();
  for (const one of link.evidence) found.set(one.kind, (found.get(one.kind) ?? true) && one.supports);
  return [...found].map(([kind, supports]) => (supports ? kindName(kind) : `against: ${kindName(kind)}`)).join(", ");
}

export function linkTable(links, urls, choose) {
  const rowOf = (link) =>
    element(
      "tr",
      { "data-link": link.id },
      cell(deviceLink(urls, link.source_device_id, link.source_device_name)),
      element("td", { class: "text-nowrap" }, element("button", { type: "button", class: "btn btn-link p-0", "aria-label": `Show the link at ${link.source_device_name} ${link.source_interface}`, onclick: () => choose(link.id) }, link.source_interface || "—")),
      cell(deviceLink(urls, link.target_device_id, link.target_device_name || link.target)),
      element("td", { class: "text-nowrap" }, link.target_interface || "—"),
      cell(kinds(link)),
      cell(confidenceBadge(link)),
      cell(comparedBadge(link)),
      element("td", { class: "text-nowrap" }, ageText(newest(link.evidence.map((one) => one.collected_at))), link.stale ? [" ", badge("stale", "warning")] : ""),
    );
  return table("Links", LINKS, [...links].sort(byPort), rowOf, "No links.");
}

/** The links seen from one device: it is always on the left. */
export function from(deviceId, links) {
  return links
    .filter((link) => link.source_device_id === deviceId || link.target_device_id === deviceId)
    .map((link) => (link.source_device_id === deviceId ? link : turned(link)));
}

function turned(link) {
  return {
    ...link,
    source: link.target,
    target: link.source,
    source_device_id: link.target_device_id,
    target_device_id: link.source_device_id,
    source_device_name: link.target_device_name,
    target_device_name: link.source_device_name,
    source_interface: link.target_interface,
    target_interface: link.source_interface,
    lag: link.lag && { source: link.lag.target, target: link.lag.source },
  };
}

export function unresolvedTable(unresolved, urls, nameOf) {
  const rowOf = (one) =>
    element(
      "tr",
      {},
      cell(deviceLink(urls, one.device_id, one.device_name || nameOf(one.device_id) || one.device_id)),
      ...[one.local_interface, one.protocol, one.neighbor_name, one.neighbor_interface, one.reason].map(cell),
      cell(one.candidates.map((id) => nameOf(id) || id).join(", ")),
    );
  return table("Unresolved neighbors", UNRESOLVED, unresolved, rowOf, "Every neighbor was matched to a device.");
}

function cell(content) {
  return element("td", { class: "topology-words" }, content);
}

function byPort(one, other) {
  const key = (link) => `${link.source_device_name} ${link.source_interface}`;
  return key(one).localeCompare(key(other), undefined, { numeric: true });
}

/** `rowOf` makes the row of one item; more than MOST of them come when they are asked for. */
function table(caption, headings, items, rowOf, otherwise) {
  if (items.length === 0) return element("p", { class: "text-secondary p-12 mb-0" }, otherwise);
  const body = element("tbody", {}, items.slice(0, MOST).map(rowOf));
  const more = button(`Show all ${items.length}`, "", () => {
    body.append(...items.slice(MOST).map(rowOf));
    more.remove();
  });
  return element(
    "div",
    { class: "table-responsive" },
    element(
      "table",
      { class: "table table-hover table-sm small mb-0 topology-list" },
      element("caption", { class: "visually-hidden" }, caption),
      element("thead", {}, element("tr", {}, headings.map((heading) => element("th", { scope: "col" }, heading)))),
      body,
    ),
    items.length > MOST ? more : "",
  );
}
