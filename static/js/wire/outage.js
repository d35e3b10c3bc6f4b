// @ts-check
/** Why a connection is lost, as far as a page can tell, so that it can say what to do. */

/** @typedef {import("../types").SocketEnvironment} Environment */

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
/** Sockets that come to nothing one after the other, while the server answers requests, until it is done without. */
const ENOUGH = 2;
/** A socket that hung for fewer ms says something of a packet, and nothing of the network. */
const LONG = 4000;

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
 * @param {Environment} environment
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

/** What the sockets that were lost, one after the other, tell of the network. */
export class Outage {
  /** Sockets that came to nothing although the server could be reached. */
  failed = 0;
  /** Whether it is being found out: a request may hang for longer than a socket. */
  asking = false;

  /** @param {string} url of the socket @param {Environment} environment */
  constructor(url, environment) {
    this.url = url;
    this.environment = environment;
  }

  /** Whether the network seems to let no socket through. */
  get blocked() {
    return this.failed >= ENOUGH;
  }

  /**
   * Why a socket was lost; null while that is being found out for an earlier one.
   * @param {boolean} spoken whether anything came through it
   * @param {number} waited ms for which it hung
   * @param {number | undefined} code with which it was closed
   */
  async examine(spoken, waited, code) {
    if (spoken) this.failed = 0;
    if (this.asking) return null;
    this.asking = true;
    const cause = await causeOf(this.url, code, this.environment);
    this.asking = false;
    if (!spoken && (waited === 0 || waited >= LONG)) this.failed = cause === "blocked" ? this.failed + 1 : 0;
    return cause;
  }
}
