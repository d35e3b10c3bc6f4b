// @ts-check
/** How long a connection waits: for a socket to open, for the first word through it, and before it is tried again. */

/** ms before each try to come back after one that was refused, the last for all that follow. */
const RETRY = [250, 500, 1000, 2000, 4000];
/** The share by which a pause may be shorter, so that those who were lost together do not all come back at once. */
const JITTER = 0.4;
/** ms that the first sockets of a page may take to open: some networks let a request for one hang. */
const OPENING = 8000;
/**
 * The same where one has opened before, for those tried one after the other, the last for all that follow: a packet may
 * have been lost, and TCP waits longer and longer before it sends one again. Longer each is, since browsers hold back a
 * page that has tried a dozen in vain: Chromium's for 1 to 5 s each.
 */
const REOPENING = [1000, 1000, 1000, 1000, 1000, 4000, 4000, 4000, 4000, 4000, 4000, 8000];
/** Of the time that a socket took to open, how much another may take. */
const LEEWAY = 2;
/** ms until the first word through a socket that was made because of silence: twice as long after each without one. */
const FIRST_WORD = 1000;

/** Of the time between two of the server's signs of life, after which silence is odd, and by how much more at most. */
const QUIET = 1.5;
const LENIENCE = 0.2;

/** Error codes of a hello that trying again cannot cure. */
export const FINAL = new Set([
  ...["token_required", "token_wrong", "wrong_secret", "version", "bad_version"],
  ...["no_such_room", "removed", "room_locked", "bad_name", "elsewhere", "directory_lost"],
]);

/** Which of a list, or its last. @param {number[]} list @param {number} index */
const at = (list, index) => list[Math.min(index, list.length - 1)];

export class Patience {
  /** Tries to come back, and sockets made, since the last welcome; those of them through which nothing was said. */
  attempt = 0;
  sockets = 0;
  mute = 0;
  /** ms that the socket took to open that did so soonest; whether one has. */
  soonest = Infinity;

  /** @param {() => number} random */
  constructor(random) {
    this.random = random;
  }

  /** A socket opened after so many ms. @param {number} ms */
  opened(ms) {
    this.soonest = Math.min(this.soonest, ms);
  }

  /** There is a connection again. */
  welcomed() {
    this.attempt = this.sockets = this.mute = 0;
  }

  /** There is one still, beside which others were made. */
  proven() {
    this.sockets = 0;
  }

  /** ms that the next socket may take to open. */
  opening() {
    if (this.soonest === Infinity) return OPENING;
    return Math.min(OPENING, Math.max(LEEWAY * this.soonest, at(REOPENING, this.sockets++)));
  }

  /** ms after which silence is odd. @param {number} heartbeat ms */
  quiet(heartbeat) {
    return QUIET * heartbeat * (1 + LENIENCE * this.random());
  }

  /** ms until the first word through one that has opened. */
  firstWord() {
    return FIRST_WORD * 2 ** this.mute++;
  }

  /** ms before the next try. @param {boolean} hung whether the last one hung: that was a pause already */
  pause(hung) {
    const pause = at(RETRY, hung ? 0 : this.attempt);
    this.attempt++;
    return this.jittered(pause);
  }

  /** @param {number} ms */
  jittered(ms) {
    return ms * (1 - JITTER * this.random());
  }

  /** ms between two sockets that are tried beside an old one. */
  rest() {
    return this.jittered(RETRY[0]);
  }
}
