/** How old something is, in the words and the steps that the map uses. */

const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];

/** Upper bounds in seconds, and what is younger than that is called. */
const STEPS = [[3600, "under an hour"], [86400, "under a day"], [7 * 86400, "under a week"], [Infinity, "older"]];

export const STEP_NAMES = [...STEPS.map(([, name]) => name), "not heard"];

export function ageText(moment, now = Date.now()) {
  if (!moment) return "never";
  const seconds = Math.max(0, (now - Date.parse(moment)) / 1000);
  const [unit, size] = UNITS.find(([, length]) => seconds >= length) ?? ["", 0];
  if (!unit) return "just now";
  const count = Math.floor(seconds / size);
  return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
}

export function ageStep(moment, now = Date.now()) {
  if (!moment) return "not heard";
  const seconds = (now - Date.parse(moment)) / 1000;
  return STEPS.find(([bound]) => seconds < bound)[1];
}

/** The newest of some moments in ISO form, `""` if there is none. */
export function newest(moments) {
  return moments.reduce((found, one) => (one && (!found || Date.parse(one) > Date.parse(found)) ? one : found), "");
}
