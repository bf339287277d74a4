/** Small maps on the pages of devices and locations, with the list of the same links where there is a place for it. */

import { Drawing } from "./drawing.js";
import { Rest, RestError } from "./fetch.js";
import { from, linkTable, unresolvedTable } from "./lists.js";
import { nodeColours } from "./palette.js";
import { Positions } from "./positions.js";
import { enrich, shape } from "./shape.js";

/** A small map has room for the port labels of so many. */
const FEW_LINKS = 10;

async function show(place) {
  const config = JSON.parse(place.querySelector("script").textContent);
  const part = (name) => place.querySelector(`[data-topology-part=${name}]`);
  const query = new URLSearchParams(config.query).toString();
  let answer;
  try {
    answer = enrich(await new Rest(config.urls).topology(query));
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    part("status").textContent = error.message;
    return;
  }
  const fullMap = (id) => window.location.assign(`${config.urls.map}?${query}${id ? `&selected=${encodeURIComponent(id)}` : ""}`);
  const isAlone = answer.links.length === 0;
  part("status").textContent = isAlone ? "No links are known." : "";
  part("canvas").hidden = isAlone;
  part("canvas").setAttribute("aria-label", `Map of ${answer.nodes.length} nodes and ${answer.links.length} links`);
  if (!isAlone) draw(part("canvas"), answer, `${place.dataset.topologyMap}:${query}`, fullMap, config.device);
  const links = config.device ? from(config.device, answer.links) : answer.links;
  part("links")?.replaceChildren(linkTable(links, config.urls, fullMap));
  const names = new Map(answer.nodes.map((node) => [node.device_id, node.title]));
  const unresolved = answer.unresolved.filter((one) => !config.device || one.device_id === config.device);
  part("unresolved")?.replaceChildren(unresolvedTable(unresolved, config.urls, (id) => names.get(id) ?? ""));
  Object.assign(place.dataset, { nodes: answer.nodes.length, links: answer.links.length });
}

/** `device` is the one whose map it is, if it is one's. */
function draw(canvas, answer, view, choose, device) {
  const positions = new Positions(view);
  const drawing = new Drawing(canvas, { onChoose: (id) => id && choose(id), onMove: (id, x, y) => positions.keep(id, x, y) });
  const shown = shape(answer, { group: "", collapsed: new Set(), moved: positions.moved });
  drawing.draw(shown, { colour: "role", colours: nodeColours(answer.nodes, "role"), ports: "auto", fewLinks: FEW_LINKS, compare: false }, true);
  drawing.mark(device);
}

document.querySelectorAll("[data-topology-map]").forEach(show);
