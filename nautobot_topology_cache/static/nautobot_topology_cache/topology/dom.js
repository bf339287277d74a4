/** Elements of the page. Children that are strings become text nodes: what devices print is never read as HTML. */

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

export function badge(text, kind, title = "") {
  return element("span", { class: `badge bg-${kind}`, title }, text);
}

export function icon(name) {
  return element("span", { class: `mdi mdi-${name}`, "aria-hidden": "true" });
}

/** A button that says what it does; `kind` is Bootstrap's word for its look. */
export function button(text, mdi, onclick, kind = "secondary") {
  const shown = [mdi ? icon(mdi) : "", mdi ? " " : "", text];
  return element("button", { type: "button", class: `btn btn-sm btn-${kind}`, onclick }, ...shown);
}

/** A table of two columns, leaving out what has no value. */
export function facts(pairs) {
  const rows = pairs
    .filter(([, value]) => value !== "" && value !== null && value !== undefined)
    .map(([name, value]) => element("tr", {}, element("th", { scope: "row", class: "fw-normal text-secondary pe-12" }, name), element("td", {}, value)));
  return element("table", { class: "topology-facts mb-12" }, element("tbody", {}, rows));
}
