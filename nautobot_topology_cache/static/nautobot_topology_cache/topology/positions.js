/** Where somebody dragged nodes to, kept in this browser, for each view of its own. */

const PREFIX = "topology-cache:positions:";

export class Positions {
  constructor(view) {
    this.key = PREFIX + view;
    this.moved = this.#read();
  }

  #read() {
    try {
      return JSON.parse(window.localStorage.getItem(this.key)) ?? {};
    } catch (error) {
      console.warn("Positions that were kept cannot be read.", error);
      return {};
    }
  }

  keep(id, x, y) {
    this.moved[id] = [Math.round(x * 100) / 100, Math.round(y * 100) / 100];
    try {
      window.localStorage.setItem(this.key, JSON.stringify(this.moved));
    } catch (error) {
      // Full, or not allowed here: the positions last as long as the page.
      console.warn("Positions cannot be kept.", error);
    }
  }

  forget() {
    this.moved = {};
    window.localStorage.removeItem(this.key);
  }
}
