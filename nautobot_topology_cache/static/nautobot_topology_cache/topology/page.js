/** The map page: from the address to a question, from the answer to map and lists, from clicks back to the address. */

import { element } from "./dom.js";
import { saveText, save } from "./download.js";
import { Drawing } from "./drawing.js";
import { Rest, RestError } from "./fetch.js";
import { groupSwitches, legend } from "./legend.js";
import { linkTable, unresolvedTable } from "./lists.js";
import { nodeColours } from "./palette.js";
import { DetailPanel } from "./panel.js";
import { Positions } from "./positions.js";
import { Search } from "./search.js";
import { enrich, shape } from "./shape.js";
import { State } from "./state.js";

const part = (name) => document.getElementById(`topology-${name}`);

class Page {
  constructor(config) {
    this.config = { ...config, nameOf: (id) => this.names?.get(id) ?? "", rules: () => this.answer.metadata.rules ?? {} };
    this.state = new State();
    this.listed = {};
    this.rest = new Rest(config.urls);
    this.panel = new DetailPanel(part("detail"), this.rest, this.config, {
      choose: (id) => this.choose(id, true),
      focus: (node) => this.ask({ focus: node.device_id, depth: this.state.get("depth") || "1" }),
      groupOf: (node) => this.state.get("group") && node[this.state.get("group")],
      collapse: (node) => this.toggle(node.group ?? node[this.state.get("group")]),
    });
    this.search = new Search(part("search"), part("found"), () => this.answer, (id) => this.choose(id, true));
    this.#controls();
    this.#buttons();
    this.#filters();
  }

  /** Ask REST, after a change of filters if any, and show its answer. */
  async ask(changes = {}) {
    this.state.set({ ...changes, selected: "" });
    this.#say("Loading …");
    part("main").setAttribute("aria-busy", "true");
    try {
      this.answer = enrich(await this.rest.topology(this.state.restQuery()));
    } catch (error) {
      if (error.name === "AbortError") return;
      if (!(error instanceof RestError)) throw error;
      this.#say(error.message, true);
      return;
    } finally {
      part("main").setAttribute("aria-busy", "false");
    }
    this.names = new Map(this.answer.nodes.map((node) => [node.device_id, node.title]));
    this.positions = new Positions(this.state.placesQuery());
    this.draw(true);
    this.choose(this.selectedFirst ?? "", Boolean(this.selectedFirst));
    this.selectedFirst = undefined;
  }

  draw(whole = false) {
    if (!this.answer) return;
    const [colour, group] = [this.state.get("colour"), this.state.get("group")];
    this.shape = shape(this.answer, { group, collapsed: this.state.collapsed, moved: this.positions.moved });
    this.look = {
      colour,
      colours: nodeColours(this.answer.nodes, colour),
      ports: this.state.get("ports"),
      compare: this.state.get("compare") === "true",
    };
    this.#view();
    this.drawing ??= new Drawing(part("canvas"), {
      onChoose: (id) => this.choose(id),
      onMove: (id, x, y) => this.positions.keep(id, x, y),
    });
    this.drawing.draw(this.shape, this.look, whole);
    part("legend").replaceChildren(...legend(this.answer.nodes, this.look));
    part("groups").replaceChildren(...(group ? groupSwitches(this.answer.nodes, group, this.state.collapsed, (name) => this.toggle(name)) : []));
    this.#summary();
  }

  /** Choose a node, a link or a line between groups by its id; `""` chooses nothing. */
  choose(id, jump = false) {
    const inside = this.answer.nodes.find((one) => one.id === id)?.[this.state.get("group")];
    if (inside && this.state.collapsed.has(inside)) this.toggle(inside);
    const link = this.answer.links.find((one) => one.id === id);
    const line = this.shape.links.find((one) => one.id === id || (link && one.members.includes(link)));
    const node = this.shape.nodes.find((one) => one.id === id) ?? this.answer.nodes.find((one) => one.id === id);
    this.state.set({ selected: link || line || node ? id : "" });
    this.drawing.mark(link || (line && !node) ? line?.id : (node?.id ?? ""));
    if (link) this.panel.showLink(link);
    else if (node) this.panel.showNode(node, this.#linksOf(node));
    else if (line) this.panel.showLine(line, (one) => this.answer.nodes.find((other) => other.id === one));
    else this.panel.clear();
    if (jump && (node || link)) this.drawing.jump(node ? node.id : line?.from);
  }

  toggle(name) {
    const collapsed = this.state.collapsed;
    if (!collapsed.delete(name)) collapsed.add(name);
    this.state.set({ collapsed: [...collapsed], selected: "" });
    this.draw();
    this.choose("");
  }

  #linksOf(node) {
    const inside = new Set(node.members ? node.members.map((one) => one.id) : [node.id]);
    return this.answer.links.filter((link) => inside.has(link.source) !== inside.has(link.target));
  }

  /** Map, links or unresolved neighbors: one of three tabs. The lists are made when somebody opens them. */
  #view() {
    const view = this.state.get("view");
    for (const tab of document.querySelectorAll("[data-topology-view]")) {
      const shown = tab.dataset.topologyView === view;
      tab.classList.toggle("active", shown);
      tab.setAttribute("aria-selected", String(shown));
      part(tab.dataset.topologyView).hidden = !shown;
    }
    if (this.answer && view !== "map" && this.listed[view] !== this.answer) part(view).replaceChildren(this.#list(view));
    this.listed[view] = this.answer;
  }

  #list(view) {
    const { urls, nameOf } = this.config;
    return view === "links" ? linkTable(this.answer.links, urls, (id) => this.choose(id)) : unresolvedTable(this.answer.unresolved, urls, nameOf);
  }

  #summary() {
    const { nodes, links, unresolved } = this.answer;
    const counted = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
    this.#say(`${counted(nodes.length, "node")}, ${counted(links.length, "link")}, ${unresolved.length} unresolved`);
    part("canvas").setAttribute("aria-label", `Map of ${counted(nodes.length, "node")} and ${counted(links.length, "link")}. The tab Links lists the same.`);
    part("main").dataset.nodes = this.shape.nodes.length;
    part("main").dataset.links = this.shape.links.length;
    part("link-count").textContent = links.length;
    part("unresolved-count").textContent = unresolved.length;
    part("empty").hidden = nodes.length > 0;
    const focus = this.state.get("focus");
    const focused = this.answer.nodes.find((node) => node.device_id === focus);
    part("focus").hidden = !focus;
    part("focus-name").textContent = focused?.title ?? focus;
    part("depth").value = this.state.get("depth") || "1";
    part("filter-count").textContent = this.state.filterCount() || "";
  }

  #say(text, wrong = false) {
    part("status").textContent = text;
    part("status").classList.toggle("text-danger", wrong);
  }

  /** Selects and switches whose value is a parameter of the address. */
  #controls() {
    for (const control of document.querySelectorAll("[data-topology-parameter]")) {
      const name = control.dataset.topologyParameter;
      const box = control.type === "checkbox";
      if (box) control.checked = this.state.get(name) === "true";
      else control.value = this.state.get(name);
      control.addEventListener("change", () => {
        const value = box ? (control.checked ? "true" : "") : control.value;
        if (control.dataset.topologyAsks) this.ask({ [name]: value });
        else {
          this.state.set({ [name]: value, ...(name === "group" ? { collapsed: "", selected: "" } : {}) });
          this.draw();
        }
      });
    }
    for (const tab of document.querySelectorAll("[data-topology-view]")) {
      tab.addEventListener("click", () => {
        this.state.set({ view: tab.dataset.topologyView });
        this.#view();
      });
    }
  }

  #buttons() {
    const acts = {
      fit: () => this.drawing.fit(),
      "zoom-in": () => this.drawing.zoomBy(1.25),
      "zoom-out": () => this.drawing.zoomBy(0.8),
      reset: () => {
        this.positions.forget();
        this.draw(true);
      },
      unfocus: () => this.ask({ focus: "", depth: "" }),
      "collapse-all": () => this.#collapse(new Set(this.answer.nodes.map((node) => node[this.state.get("group")]).filter(Boolean))),
      "expand-all": () => this.#collapse(new Set()),
      png: () => save("topology.png", this.drawing.png()),
      svg: () => saveText("topology.svg", "image/svg+xml", this.drawing.svg()),
    };
    for (const [name, act] of Object.entries(acts)) part(name)?.addEventListener("click", act);
    part("depth").addEventListener("change", () => this.ask({ depth: part("depth").value }));
    for (const link of document.querySelectorAll("[data-topology-export]")) {
      link.addEventListener("click", () => {
        link.href = `${this.config.urls.topology}?${this.state.restQuery()}&format=${link.dataset.topologyExport}`;
      });
    }
  }

  #collapse(names) {
    this.state.set({ collapsed: [...names], selected: "" });
    this.draw();
    this.choose("");
  }

  #filters() {
    const form = part("filters");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.state.setFilters([...new FormData(form), ["layout", this.state.get("layout")]]);
      document.querySelector("#TopologyFilters_drawer [data-nb-dismiss=drawer]").click();
      this.ask();
    });
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      this.state.setFilters([["layout", this.state.get("layout")]]);
      // The drawer's fields are Nautobot's; they are made anew by the page.
      window.location.reload();
    });
  }

  start() {
    this.selectedFirst = this.state.get("selected");
    this.ask();
    window.addEventListener("popstate", () => window.location.reload());
  }
}

new Page(JSON.parse(part("config").textContent)).start();
