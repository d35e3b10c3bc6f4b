// @ts-check
/** Going to places as fast as a hand moves: one wish on its way, and only the newest follows it. */

/** The reply to a wish; `seq` is the number of the last frame made before. @typedef {{ok?: boolean, seq?: number}}
 * Answer */

export class Seeker {
  /** @param {(place: number) => Promise<Answer>} ask */
  constructor(ask) {
    this.ask = ask;
    /** Where the hand wants to be, until a frame that knows of it says where that is. @type {number | null} */
    this.aim = null;
    /** The wish that follows the one on its way. @type {number | null} */
    this.next = null;
    /** @type {Promise<void> | null} */
    this.under = null;
    /** The last frame that knows nothing of the newest wish. */
    this.old = Infinity;
  }

  /** @param {number} place @returns {Promise<void>} resolves when nothing is left to ask for */
  to(place) {
    this.aim = this.next = place;
    this.old = Infinity;
    return (this.under ??= this.run());
  }

  async run() {
    /** @type {Answer} */
    let answer = {};
    while (this.next !== null) {
      const place = this.next;
      this.next = null;
      answer = await this.ask(place);
    }
    this.under = null;
    if (answer.ok === false) this.drop();
    else this.old = answer.seq ?? -1;
  }

  /**
   * A frame is here. Those that were made before the answer to the newest wish are of the way there, whatever they
   * show: none of them ends it, or the next key would count from a place that the hand has left.
   * @param {number} seq
   */
  seen(seq) {
    if (seq > this.old) this.drop();
  }

  drop() {
    this.aim = null;
    this.old = Infinity;
  }
}

/**
 * The step that an even way back has reached.
 * @param {number} from step at which it began
 * @param {number} speed steps per second, 0 the whole run in six
 * @param {number} furthest @param {number} seconds since it began @returns {number} */
export function backwards(from, speed, furthest, seconds) {
  return Math.max(0, Math.round(from - seconds * (speed || Math.max(60, furthest / 6))));
}
