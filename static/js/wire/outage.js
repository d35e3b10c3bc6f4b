// @ts-check
/** Why a connection is lost, as far as a page can tell, so that it can say what to do. */

/**
 * `offline`: this device has no network. `stopped`: the server said that it ends. `gone`: nothing answers at its
 * address. `silent`: requests hang, as in a network without a way to the server. `blocked`: the server answers
 * requests, and no socket comes through.
 * @typedef {"offline" | "stopped" | "gone" | "silent" | "blocked"} Cause
 */

/** ms after which a request hangs: who is not there is refused at once. */
export const PATIENCE = 4000;
/** The close code of a server that ends. */
const RESTART = 1012;

/** Whether the server answers requests. @param {string} url of a socket */
export async function answers(url) {
  try {
    const place = url.replace(/^ws/, "http").replace(/ws\/[^/]*$/, "healthz");
    return (await fetch(place, {cache: "no-store", signal: AbortSignal.timeout(2 * PATIENCE)})).ok;
  } catch {
    return false;
  }
}

/**
 * @param {string} url of the socket
 * @param {number | undefined} code with which it was closed
 * @param {{reachable?: (url: string) => Promise<boolean>, online?: () => boolean, now?: () => number}} environment
 * @returns {Promise<Cause>}
 */
export async function causeOf(url, code, environment) {
  const {reachable = answers, online = () => navigator.onLine, now = () => performance.now()} = environment;
  const begun = now();
  if (await reachable(url)) return "blocked";
  if (!online()) return "offline";
  if (now() - begun > PATIENCE) return "silent";
  return code === RESTART ? "stopped" : "gone";
}
