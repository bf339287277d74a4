/** Finding a node by its name or address, or a link by a port, and going there. */

import { element } from "./dom.js";

const MOST = 12;

/** Nodes first, those that begin with the words before those that contain them. */
export function find(answer, words) {
  const wanted = words.trim().toLowerCase();
  if (!wanted) return [];
  const nodes = answer.nodes
    .map((node) => ({ id: node.id, text: node.title, more: node.primary_ip ?? "", rank: rank([node.title, node.primary_ip], wanted) }))
    .filter((one) => one.rank < 2);
  const links = answer.links
    .flatMap((link) => [[link.source_device_name, link.source_interface, link.id], [link.target_device_name, link.target_interface, link.id]])
    .map(([name, port, id]) => ({ id, text: `${name} ${port}`, more: "port", rank: 2 + rank([port, `${name} ${port}`], wanted) }))
    .filter((one) => one.rank < 4);
  return [...nodes, ...links].sort((one, other) => one.rank - other.rank || (one.text < other.text ? -1 : 1)).slice(0, MOST);
}

function rank(texts, wanted) {
  const places = texts.filter(Boolean).map((text) => text.toLowerCase().indexOf(wanted)).filter((at) => at >= 0);
  return places.length === 0 ? 2 : Math.min(...places) === 0 ? 0 : 1;
}

/** A combobox: arrow keys go through what was found, Enter goes there. */
export class Search {
  constructor(input, list, answer, go) {
    Object.assign(this, { input, list, answer, go, found: [], at: -1 });
    input.addEventListener("input", () => this.#look());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => setTimeout(() => this.#show([]), 200));
  }

  #look() {
    const answer = this.answer();
    this.#show(answer ? find(answer, this.input.value) : []);
  }

  #show(found) {
    this.found = found;
    this.at = found.length ? 0 : -1;
    this.list.replaceChildren(
      ...found.map((one, at) =>
        element("li", { id: `topology-found-${at}`, role: "option", class: "dropdown-item text-truncate", onclick: () => this.#take(at) }, one.text, " ", element("small", { class: "text-secondary" }, one.more)),
      ),
    );
    this.list.classList.toggle("show", found.length > 0);
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    this.#mark();
  }

  #mark() {
    [...this.list.children].forEach((child, at) => {
      child.classList.toggle("active", at === this.at);
      child.setAttribute("aria-selected", String(at === this.at));
    });
    if (this.at >= 0) this.input.setAttribute("aria-activedescendant", `topology-found-${this.at}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #take(at) {
    const chosen = this.found[at];
    if (!chosen) return;
    this.input.value = chosen.text;
    this.#show([]);
    this.go(chosen.id);
  }

  #key(event) {
    if (event.key === "Escape") this.#show([]);
    if (event.key === "Enter") {
      event.preventDefault();
      this.#take(this.at);
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || this.found.length === 0) return;
    event.preventDefault();
    this.at = (this.at + step + this.found.length) % this.found.length;
    this.#mark();
  }
}
