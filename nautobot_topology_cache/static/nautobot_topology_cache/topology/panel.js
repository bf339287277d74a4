/** What is known of the chosen device or link, and what can be done about it. */

import { ageText } from "./age.js";
import { badge, button, element, facts, icon } from "./dom.js";
import { kindName } from "./evidence.js";
import { NODE_TYPES } from "./palette.js";
import { COMPARED } from "./shape.js";
import { RestError } from "./fetch.js";

const LABEL_KINDS = { high: "success", medium: "info", low: "warning", conflict: "danger" };
const COMPARED_KINDS = { agrees: "success", undocumented: "info", unseen: "warning", conflict: "danger" };
const OUTCOME_KINDS = { ok: "success", empty: "info", unsupported: "secondary", failed: "danger" };

export function confidenceBadge(link) {
  return badge(`${link.confidence_label} ${link.confidence.toFixed(2)}`, LABEL_KINDS[link.confidence_label] ?? "secondary");
}

export function comparedBadge(link) {
  return link.compared && badge(COMPARED[link.compared], COMPARED_KINDS[link.compared]);
}

/** A device's name, as the way to its page if it is one of Nautobot's. */
export function deviceLink(urls, id, name) {
  return id ? element("a", { href: urls.device.replace(urls.placeholder, id) }, name) : element("span", {}, name);
}

export class DetailPanel {
  /** `actions` are {choose(id), focus(node), collapse(node)}. */
  constructor(container, rest, config, actions) {
    Object.assign(this, { container, rest, config, actions });
  }

  clear() {
    this.container.replaceChildren(element("p", { class: "text-secondary mb-0" }, "Choose a device or a link on the map or in the list."));
  }

  showNode(node, links) {
    this.container.replaceChildren(
      element("h2", { class: "fs-5 text-break" }, deviceLink(this.config.urls, node.device_id, node.title)),
      element("p", {}, badge(NODE_TYPES[node.node_type].label, "secondary")),
      facts([
        ["Address", node.primary_ip],
        ["Platform", node.platform],
        ["Role", node.role],
        ["Location", node.location],
        ["Last heard", node.heard ? ageText(node.heard) : ""],
        ["Devices", node.members ? node.members.length : ""],
      ]),
      this.#nodeButtons(node),
      ...this.#freshness(node),
      this.#ports(node),
      element("h3", { class: "fs-6" }, `Links (${links.length})`),
      element("ul", { class: "list-unstyled topology-list" }, links.map((link) => this.#linkItem(node, link))),
    );
  }

  showLink(link) {
    const ends = [
      [link.source_device_id, link.source_device_name, link.source_interface, link.lag?.source],
      [link.target_device_id, link.target_device_name, link.target_interface, link.lag?.target],
    ];
    this.container.replaceChildren(
      element("h2", { class: "fs-5" }, "Link"),
      element("table", { class: "topology-facts mb-12" }, element("tbody", {}, ends.map((end) => this.#end(...end)))),
      element("p", { class: "d-flex flex-wrap gap-4" }, confidenceBadge(link), comparedBadge(link), link.stale ? badge("stale", "warning") : ""),
      facts([["Layer", link.layer], ["Strongest evidence", kindName(link.link_type)], ...routing(link)]),
      ...this.#evidence("For it", "check", link.evidence.filter((one) => one.supports)),
      ...this.#evidence("Against it", "alert-outline", link.evidence.filter((one) => !one.supports)),
      ruleTable(this.config.rules()),
    );
  }

  /** Several links between collapsed groups. */
  showLine(line, nodeOf) {
    const items = line.members.map((link) => this.#linkItem(nodeOf(link.source), link));
    this.container.replaceChildren(
      element("h2", { class: "fs-5" }, `${items.length} links`),
      element("ul", { class: "list-unstyled topology-list" }, items),
    );
  }

  #end(id, name, port, bundle) {
    return element(
      "tr",
      {},
      element("th", { scope: "row", class: "pe-12" }, deviceLink(this.config.urls, id, name)),
      element("td", { class: "text-break" }, port || "—", bundle ? element("div", { class: "text-secondary small" }, `in ${bundle}`) : ""),
    );
  }

  #evidence(heading, mdi, evidence) {
    if (evidence.length === 0) return [];
    const items = evidence.map((one) =>
      element(
        "li",
        { class: "mb-8 text-break" },
        icon(mdi),
        " ",
        element("strong", { title: this.config.rules()[one.kind]?.meaning }, kindName(one.kind)),
        ` ${weight(this.config.rules()[one.kind])} `,
        element("span", { class: "text-secondary" }, [this.config.nameOf(one.device_id), one.source, one.collected_at ? ageText(one.collected_at) : ""].filter(Boolean).join(" · ")),
        one.detail ? element("div", { class: "small" }, one.detail) : "",
      ),
    );
    return [element("h3", { class: "fs-6" }, `${heading} (${evidence.length})`), element("ul", { class: "list-unstyled" }, items)];
  }

  #linkItem(node, link) {
    const here = link.source === node.id || node.members?.some((one) => one.id === link.source);
    const [port, other, there] = here
      ? [link.source_interface, link.target_device_name, link.target_interface]
      : [link.target_interface, link.source_device_name, link.source_interface];
    const text = `${port || "—"} to ${other || "segment"} ${there}`;
    const choose = element("button", { type: "button", class: "btn btn-link p-0 text-start text-break", onclick: () => this.actions.choose(link.id) }, text);
    return element("li", {}, choose);
  }

  #nodeButtons(node) {
    const buttons = [];
    if (node.device_id && this.actions.focus) buttons.push(button("Focus here", "image-filter-center-focus", () => this.actions.focus(node)));
    if (node.device_id && this.config.may_discover) buttons.push(button("Discover now", "radar", ({ currentTarget }) => this.#discover(node, currentTarget), "primary"));
    if (this.actions.collapse && (node.group || this.actions.groupOf(node))) {
      const text = node.node_type === "group" ? "Expand" : "Collapse group";
      buttons.push(button(text, node.node_type === "group" ? "arrow-expand" : "arrow-collapse", () => this.actions.collapse(node)));
    }
    return element("div", { class: "d-flex flex-wrap gap-8 mb-12" }, buttons);
  }

  async #discover(node, pressed) {
    pressed.disabled = true;
    const said = element("p", { role: "status", class: "mb-12" }, "Starting …");
    pressed.parentElement.after(said);
    try {
      const run = await this.rest.discover(node.device_id, this.config.token);
      const where = this.config.urls.run.replace(this.config.urls.placeholder, run.id);
      said.replaceChildren("The discovery has begun: ", element("a", { href: where }, "watch it"), ".");
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      said.replaceChildren(error.message);
      said.classList.add("text-danger");
      pressed.disabled = false;
    }
  }

  /** The heading, and a body that is filled when REST answers. */
  #freshness(node) {
    if (!node.device_id) return [];
    const body = element("tbody", {}, element("tr", {}, element("td", { class: "text-secondary" }, "Loading …")));
    this.#fill(node.device_id, body);
    return [element("h3", { class: "fs-6" }, "Tables"), element("table", { class: "table table-sm mb-12 topology-tables" }, body)];
  }

  /** Uplinks with their reasons, and how many edge ports there are: asked for when somebody opens it. */
  #ports(node) {
    if (!node.device_id) return "";
    const list = element("ul", { class: "list-unstyled mb-0 topology-list" }, element("li", { class: "text-secondary" }, "Loading …"));
    const details = element("details", { class: "mb-12" }, element("summary", {}, "Uplinks and edge ports"), list);
    details.addEventListener("toggle", () => this.#fillPorts(node.device_id, list), { once: true });
    return details;
  }

  async #fillPorts(deviceId, list) {
    try {
      const ports = await this.rest.ports(deviceId);
      const uplinks = ports.filter((port) => port.verdict === "uplink");
      const items = uplinks.map((port) => element("li", { class: "text-break" }, `${port.interface} `, element("span", { class: "text-secondary" }, port.reason)));
      list.replaceChildren(...items, element("li", {}, `${ports.length - uplinks.length} edge ports`));
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      list.replaceChildren(element("li", { class: "text-danger" }, error.message));
    }
  }

  async #fill(deviceId, body) {
    try {
      const tables = await this.rest.freshness(deviceId);
      const rows = Object.entries(tables ?? {}).map(([name, state]) => tableRow(name, state));
      body.replaceChildren(...(rows.length ? rows : [element("tr", {}, element("td", { class: "text-secondary" }, "Not discovered yet."))]));
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      body.replaceChildren(element("tr", {}, element("td", { class: "text-danger" }, error.message)));
    }
  }
}

function weight(rule) {
  return rule ? `${rule.supports ? "+" : "−"}${rule.weight}` : "";
}

/** All kinds of evidence with what they weigh, for whoever asks why a link is so sure. */
function ruleTable(rules) {
  const rows = Object.entries(rules).map(([kind, rule]) =>
    element("tr", {}, element("td", {}, kindName(kind)), element("td", { class: "text-end text-nowrap" }, weight(rule)), element("td", {}, rule.meaning)),
  );
  if (rows.length === 0) return "";
  return element("details", { class: "small" }, element("summary", {}, "How links are scored"), element("table", { class: "table table-sm mb-0" }, element("tbody", {}, rows)));
}

/** What a relation of routing says; physical links have none. */
function routing({ routing: told }) {
  if (!told) return [];
  return [["Protocol", told.protocol], ["VRF", told.vrf], ["Direction", told.direction], ["Prefixes", `${told.prefix_count}: ${told.prefixes.join(", ")}`]];
}

function tableRow(name, state) {
  return element(
    "tr",
    {},
    element("td", {}, name.replaceAll("_", " ")),
    element("td", {}, badge(state.outcome, OUTCOME_KINDS[state.outcome] ?? "secondary", state.reason)),
    element("td", { class: "text-end" }, String(state.rows)),
    element("td", { class: "text-nowrap" }, ageText(state.collected_at), state.stale ? [" ", badge("stale", "warning")] : ""),
  );
}
