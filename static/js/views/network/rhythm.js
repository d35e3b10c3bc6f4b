// @ts-check
/** When pulses run: a sweep forward, a rest, a sweep backward, a rest. */

/**
 * Where the wave stands: `place` 0 is the input column, `gaps` the loss node.
 * @typedef {{direction: 1 | -1, place: number}} Wave
 */

/** ms of one sweep, of the rest after it, and of both sweeps with their rests. */
export const SWEEP = 850;
export const REST = 130;
export const CYCLE = 2 * (SWEEP + REST);

/** When the sweeps run: without end while the net trains, once after a single step. */
export function createRhythm() {
  let start = -Infinity;
  let endless = false;
  return {
    /** Sweep once, unless a sweep is under way. @param {number} now ms */
    once(now) {
      if (now - start >= CYCLE) start = now;
    },
    /** @param {boolean} on @param {number} now */
    keep(on, now) {
      if (on && now - start >= CYCLE) start = now;
      endless = on;
    },
    stop() {
      start = -Infinity;
      endless = false;
    },
    /** @param {number} now @param {number} gaps @returns {Wave | null} null at rest */
    at(now, gaps) {
      if (now - start >= CYCLE && endless) start += CYCLE * Math.floor((now - start) / CYCLE);
      const time = now - start;
      if (time < SWEEP) return {direction: 1, place: (time / SWEEP) * gaps};
      if (time < SWEEP + REST) return {direction: 1, place: gaps};
      if (time < 2 * SWEEP + REST) return {direction: -1, place: gaps * (1 - (time - SWEEP - REST) / SWEEP)};
      return null;
    },
    /** Whether something is still to be drawn. @param {number} now */
    runs: now => endless || now - start < CYCLE,
  };
}
