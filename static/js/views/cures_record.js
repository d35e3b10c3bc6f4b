// @ts-check
/** What a run has shown so far, step by step, so that another can be held against it at the same step. Pure. */

import {fitted} from "./gradients_fit.js";

/** @typedef {{step: number, factor: number, first: number, last: number, loss: number, accuracy: number}} Row */

const MOST = 1200, FRAMES = 16;

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

/** The newest row at or before a step; the first one where all are later; null without any. @param {Row[]} rows @param {number} step */
export function rowAt(rows, step) {
  return rows.findLast(row => row.step <= step) ?? rows[0] ?? null;
}

/** What a frame shows, in one row; the factor is a mean over the newest frames, because single batches jitter.
 * @param {import("../types").Frame} frame @param {boolean} untested whether there is no test set @param {Float32Array[]} [lately] norms of δ of the newest frames @returns {Row} */
export function rowOf(frame, untested, lately = []) {
  const {delta} = frame.norms, hidden = delta.length - 1, alike = lately.slice(-FRAMES).filter(row => row.length === delta.length);
  return {
    step: frame.measured ?? frame.step, factor: fitted(alike.length ? alike : [delta])?.factor ?? NaN, first: delta[0], last: delta[Math.max(0, hidden - 1)], loss: frame.loss,
    accuracy: untested ? frame.accuracy : frame.test_accuracy,
  };
}
