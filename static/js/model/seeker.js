// @ts-check
/** Going to steps as fast as a hand moves: one wish on its way, and only the newest follows it. */

/**
 * @param {(step: number) => Promise<unknown>} seek
 * @returns {{to: (step: number) => Promise<void>, aim: () => number | null, drop: () => void}}
 *   `aim` is the step last wished for until `drop`; `to` resolves when nothing is left to ask for
 */
export function createSeeker(seek) {
  /** @type {number | null} */
  let next = null;
  /** @type {number | null} */
  let aim = null;
  /** @type {Promise<void> | null} */
  let under = null;

  async function run() {
    while (next !== null) {
      const step = next;
      next = null;
      await seek(step);
    }
    under = null;
  }

  return {
    to(step) {
      aim = next = step;
      return (under ??= run());
    },
    aim: () => aim,
    drop() {
      aim = null;
    },
  };
}

/**
 * The step that an even way back has reached.
 * @param {number} from step at which it began
 * @param {number} speed steps per second, 0 the whole run in six
 * @param {number} furthest @param {number} seconds since it began @returns {number} */
export function backwards(from, speed, furthest, seconds) {
  return Math.max(0, Math.round(from - seconds * (speed || Math.max(60, furthest / 6))));
}
