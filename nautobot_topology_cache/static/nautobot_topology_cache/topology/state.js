/**
 * What is looked at, kept in the page's address, so that a view can be linked and saved.
 *
 * The parameters in VIEW say how it is shown; all others are REST's filters and go there as they are.
 */

const VIEW = { view: "map", colour: "role", ports: "auto", group: "", collapsed: "", compare: "", selected: "" };

/** What people draw themselves; REST's own default suits networks of any shape. */
const ASKED = { layout: "hierarchical" };
const DEFAULTS = { ...VIEW, ...ASKED };

export class State {
  /** `fixed` are REST parameters that belong to the page, not to its address. */
  constructor(fixed = {}, inAddress = true) {
    this.fixed = fixed;
    this.inAddress = inAddress;
    this.params = new URLSearchParams(inAddress ? window.location.search : "");
  }

  get(name) {
    return this.params.get(name) ?? DEFAULTS[name] ?? "";
  }

  /** The groups that are collapsed. */
  get collapsed() {
    return new Set(this.params.getAll("collapsed"));
  }

  /** Change parameters; lists are repeated, and what equals its default leaves the address. */
  set(changes) {
    const asked = this.restQuery();
    for (const [name, value] of Object.entries(changes)) {
      this.params.delete(name);
      const values = [value].flat().filter((one) => one !== "" && one !== null && String(one) !== DEFAULTS[name]);
      values.forEach((one) => this.params.append(name, one));
    }
    this.#write(asked !== this.restQuery());
  }

  /** Replace all filters, keeping how things are shown. */
  setFilters(pairs) {
    const kept = [...this.params].filter(([name]) => name in VIEW && name !== "selected");
    this.params = new URLSearchParams([...kept, ...pairs.filter(([name, value]) => value !== "" && value !== DEFAULTS[name])]);
    this.#write(true);
  }

  /** REST's part of the address, in one order whatever the order of the choices was. */
  restQuery() {
    const query = new URLSearchParams([...this.params].filter(([name]) => !(name in VIEW)));
    if (this.inAddress) Object.entries(ASKED).forEach(([name, value]) => query.has(name) || query.set(name, value));
    if (this.get("compare") === "true") query.set("include_cables", "true");
    Object.entries(this.fixed).forEach(([name, value]) => query.set(name, value));
    query.sort();
    return query.toString();
  }

  /** What decides where nodes stand: a comparison with cables leaves them there. */
  placesQuery() {
    const query = new URLSearchParams(this.restQuery());
    query.delete("include_cables");
    return query.toString();
  }

  filterCount() {
    return [...this.params].filter(([name]) => !(name in VIEW) && name !== "layout").length;
  }

  /** Take over the address after the browser went back or forth. */
  reread() {
    this.params = new URLSearchParams(window.location.search);
  }

  #write(otherData) {
    if (!this.inAddress) return;
    const query = this.params.toString();
    const address = query ? `?${query}` : window.location.pathname;
    if (otherData) window.history.pushState(null, "", address);
    else window.history.replaceState(null, "", address);
  }
}
