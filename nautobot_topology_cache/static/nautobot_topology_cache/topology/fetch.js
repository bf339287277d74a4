/** Questions to REST, as the user who is logged in. */

export class RestError extends Error {}

/** REST's answer as JSON; a RestError in words that can be shown otherwise. */
async function ask(url, options = {}) {
  let answer;
  try {
    answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new RestError("Nautobot does not answer.");
  }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new RestError(`${answer.status}: ${reasons(said) || answer.statusText}`);
  return said;
}

/** What REST complains about: a text, a list, or texts by parameter. */
function reasons(said) {
  if (typeof said === "string") return said;
  if (Array.isArray(said)) return said.map(reasons).join(" ");
  if (said.detail) return reasons(said.detail);
  return Object.entries(said).map(([name, texts]) => `${name}: ${reasons(texts)}`).join("; ");
}

export class Rest {
  #topology = null;

  constructor(urls) {
    this.urls = urls;
  }

  /** The topology; an earlier question that is not answered yet is dropped. */
  topology(query) {
    this.#topology?.abort();
    this.#topology = new AbortController();
    return ask(`${this.urls.topology}?${query}`, { signal: this.#topology.signal });
  }

  /** Table name -> how it stands, or null for a device that was never asked. */
  async freshness(deviceId) {
    const found = await ask(`${this.urls.device_caches}?device=${encodeURIComponent(deviceId)}`);
    return found.results[0]?.tables ?? null;
  }

  /** The ports of a device, each with its verdict, uplink or edge, and the reason. */
  async ports(deviceId) {
    return (await ask(`${this.urls.topology}ports/?devices=${encodeURIComponent(deviceId)}`)).ports;
  }

  /** Start a run for one device. */
  discover(deviceId, token) {
    return ask(this.urls.discovery_runs, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ devices: [deviceId], force_refresh: true }),
    });
  }
}
