// @ts-check
/** What was sent through a socket, and whether the server has heard it: its signs of life tell how much it has. */

/** ms after which the server has heard what was sent, where the way to it is no worse than the way back. */
const HEARD = 1500;

/** Kinds of texts that show that what was sent is heard. */
export const PROOFS = new Set(["reply", "beat", "pong"]);

/** The reply to a command that did not reach the server, or whose answer did not come. @param {string} message */
export const disconnected = message => ({ok: false, code: "disconnected", message});

/**
 * What a page has of what is large and seldom changes, with one more of the server's marks, if there is one.
 * @param {{has?: object}} held @param {string} name @param {string} [mark]
 */
export const holding = (held, name, mark) => (mark ? {has: {...held.has, [name]: mark}} : held);

export class Letters {
  /** @param {() => number} now ms */
  constructor(now) {
    this.now = now;
    this.count = 0;
    /** When those after the last frame were sent. @type {number[]} */
    this.times = [];
  }

  /** One is sent. */
  add() {
    this.count++;
    this.times.push(this.now());
  }

  /** A frame has come: the word that the last one is drawn was heard. */
  answered() {
    this.times = [];
  }

  /** Whether one was sent long ago that is not among the first so many. @param {number} heard */
  late(heard) {
    const {count, times} = this;
    const open = count - heard;
    const first = open > 0 ? times[Math.max(0, times.length - open)] : undefined;
    return first !== undefined && this.now() - first > HEARD;
  }
}
