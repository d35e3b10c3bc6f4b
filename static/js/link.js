// @ts-check
/** The run in the address: what `?theme=`, `?lang=` and `?preset=` ask for, and a link that carries a whole run as config, log and step. */

/** @typedef {{config: unknown, log: unknown, step: number}} Run */

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
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
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
