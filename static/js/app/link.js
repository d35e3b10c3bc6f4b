// @ts-check
/**
 * The run in the address: what `?theme=`, `?lang=` and `?preset=` ask for, and a link that carries a whole run as
 * config, log and step.
 */

/**
 * @typedef {{config: unknown, log: unknown, step: number, lane?: number, lanes?: {id: number, config: unknown, log:
 * unknown}[]}} Run
 */

/** What builds this very run again, at this step: with all lanes, where there are several.
 * @param {import("../types").State} state @returns {Run} */
export function runOf({config, log, frame, lane, lanes}) {
  const step = Math.max(frame?.step ?? 0, ...lanes.filter(one => one.id !== lane).map(one => one.step));
  if (lanes.length < 2 && lane === 0) return {config, log, step};
  return {config, log, step, lane, lanes: lanes.map(one => ({id: one.id, config: one.config, log: one.log}))};
}

/** @param {URL} url */
export function readAddress(url) {
  const fragment = new URLSearchParams(url.hash.slice(1));
  return {
    theme: url.searchParams.get("theme"),
    lang: url.searchParams.get("lang"),
    preset: url.searchParams.get("preset"),
    token: fragment.get("token"),
    run: decodeRun(fragment.get("run")),
  };
}

/** @param {Run} run @returns {string} base64url of its JSON */
export function encodeRun(run) {
  const bytes = new TextEncoder().encode(JSON.stringify(run));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

/** @param {string | null} text @returns {Run | null} null when it carries no run */
export function decodeRun(text) {
  if (!text) return null;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), c => c.charCodeAt(0));
    const run = JSON.parse(new TextDecoder().decode(bytes));
    return typeof run === "object" && run !== null && "config" in run ? run : null;
  } catch {
    return null;
  }
}
