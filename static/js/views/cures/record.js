// @ts-check
/** What runs have shown so far, step by step, so that one can be held against another at the same step. Pure. */

import {fitted} from "../shared/gradient_scale.js";

/** @typedef {{step: number, factor: number, first: number, last: number, loss: number, accuracy: number}} Row */
/** What a row is made of: a frame, or a lane that is not in focus.
 * @typedef {{step: number, measured?: number, loss: number, accuracy: number, test_accuracy: number, norms: {delta:
 * Float32Array}}} Shown
 */

const MOST = 1200;
const FRAMES = 16;

/** Numbers of one run in ascending order of steps; thinned where they become many. */
export function createRecord() {
  /** @type {Row[]} */
  let rows = [];
  let gap = 0;
  return {
    get rows() {
      return rows;
    },
    /** @param {Row} row */
    add(row) {
      while (rows.length && rows[rows.length - 1].step >= row.step) rows.pop();
      if (rows.length > 1 && row.step - rows[rows.length - 2].step < gap) rows.pop();
      rows.push(row);
      if (rows.length > MOST) {
        rows = rows.filter((_, k) => k % 2 === 0 || k === rows.length - 1);
        gap = 2 * Math.max(1, gap);
      }
    },
    clear() {
      rows = [];
      gap = 0;
    },
  };
}

/** Records of lanes, by their number. */
export function createRecords() {
  /** @type {Map<number, {record: ReturnType<typeof createRecord>, lately: Float32Array[], step: number}>} */
  const known = new Map();
  return {
    /** @param {number} id @returns {Row[]} */
    rows: id => known.get(id)?.record.rows ?? [],
    /**
     * A run that has gone back, or begun anew, is another one.
     * @param {number} id
     * @param {Shown} shown
     * @param {boolean} untested whether there is no test set
     */
    see(id, shown, untested) {
      const one = known.get(id) ?? {record: createRecord(), lately: [], step: 0};
      known.set(id, one);
      if (shown.step < one.step || shown.step === 0) {
        one.record.clear();
        one.lately.length = 0;
      }
      if (shown.step > one.step) one.lately = [...one.lately.slice(1 - FRAMES), shown.norms.delta];
      one.step = shown.step;
      if (shown.step > 0) one.record.add(rowOf(shown, untested, one.lately));
    },
    /** Forget the lanes that are no more. @param {number[]} ids */
    keep(ids) {
      for (const id of known.keys()) if (!ids.includes(id)) known.delete(id);
    },
    clear: () => known.clear(),
  };
}

/**
 * The newest row at or before a step; the first one where all are later; null without any.
 * @param {Row[]} rows
 * @param {number} step
 */
export function rowAt(rows, step) {
  return rows.findLast(row => row.step <= step) ?? rows[0] ?? null;
}

/** What is shown of a run, in one row; the factor is a mean over the newest frames, because single batches jitter.
 * @param {Shown} shown
 * @param {boolean} untested whether there is no test set
 * @param {Float32Array[]} [lately] norms of δ of the newest frames
 * @returns {Row}
 */
export function rowOf(shown, untested, lately = []) {
  const {delta} = shown.norms;
  const hidden = delta.length - 1;
  const alike = lately.slice(-FRAMES).filter(row => row.length === delta.length);
  return {
    step: shown.measured ?? shown.step,
    factor: fitted(alike.length ? alike : [delta])?.factor ?? NaN,
    first: delta[0],
    last: delta[Math.max(0, hidden - 1)],
    loss: shown.loss,
    accuracy: untested ? shown.accuracy : shown.test_accuracy,
  };
}
