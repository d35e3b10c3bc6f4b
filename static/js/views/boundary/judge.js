// @ts-check
/** What the network takes every sample for: judged anew a few times a second at most, in small slices of time. */

import {createSweep, firstUnits, loadSamples} from "../../maths/forward.js";

/** @typedef {import("../../types").Data} Data */
/** @typedef {import("../../types").Layout} Layout */

/** Samples judged at a time, ms of judging per animation frame, ms between two judgements of all. */
const BLOCK = 64;
const BUDGET = 0.5;
const GAP = 500;

/**
 * The class of a row of numbers: the largest of several, or the side of the middle of one.
 * @param {(j: number) => number} value
 * @param {Data} data
 */
export function classOf(value, {outputs, target_range: [low, high]}) {
  if (outputs === 1) return value(0) > (low + high) / 2 ? 1 : 0;
  let best = 0;
  for (let j = 1; j < outputs; j++) if (value(j) > value(best)) best = j;
  return best;
}

/** Class of every sample. @param {Data} data */
export function labelsOf(data) {
  return Int16Array.from({length: data.n}, (_, k) => classOf(j => data.y[k * data.outputs + j], data));
}

/** How many classes there are. @param {Data} data */
export const classesOf = data => Math.max(2, data.outputs);

/**
 * Samples of each class (row) taken for each (column).
 * @param {Int16Array} labels
 * @param {Int16Array} taken −1 while unknown
 * @param {number} from
 * @param {number} to rows of the data
 * @param {number} classes
 */
export function confusion(labels, taken, from, to, classes) {
  const counts = new Int32Array(classes * classes);
  for (let k = from; k < to; k++) if (taken[k] >= 0) counts[labels[k] * classes + taken[k]]++;
  return counts;
}

/**
 * @param {Layout} layout
 * @param {Data} data
 * @param {(run: () => void) => void} draw see gate.js
 * @param {() => void} judged called when all samples have been judged anew
 */
export function createJudge(layout, data, draw, judged) {
  const sweep = createSweep(layout, Math.min(BLOCK, data.n));
  const first = firstUnits(layout.sizes)[layout.sizes.length - 1];
  const labels = labelsOf(data);
  const taken = new Int16Array(data.n).fill(-1);
  let pending = false;
  let ended = false;
  let timer = 0;
  let from = -1;
  let since = -Infinity;
  /** @type {Pick<import("../../types").Frame, "P" | "S"> | null} */
  let wanted = null;
  /** @type {Pick<import("../../types").Frame, "P" | "S">} */
  let model = {P: new Float32Array(0), S: new Float32Array(0)};

  /** Begin with the block at `from`. */
  function load() {
    loadSamples(sweep, data.X, data.inputs, from, Math.min(sweep.points, data.n - from));
    sweep.start(model.P, model.S);
  }

  function tick() {
    pending = false;
    if (document.hidden || ended) return;
    const now = performance.now();
    if (from < 0) {
      if (!wanted) return;
      if (now - since < GAP) {
        timer ||= window.setTimeout(
          () => {
            timer = 0;
            again();
          },
          since + GAP - now,
        );
        return;
      }
      [model, wanted, from, since] = [wanted, null, 0, now];
      load();
    }
    while (from >= 0 && sweep.advance(now + BUDGET)) {
      for (let p = 0; p < Math.min(sweep.points, data.n - from); p++)
        taken[from + p] = classOf(j => sweep.rows[first + j][p], data);
      from += sweep.points;
      if (from >= data.n) from = -1;
      else load();
      if (from < 0) judged();
      if (performance.now() > now + BUDGET) break;
    }
    if (from >= 0 || wanted) again();
  }

  function again() {
    if (pending || timer) return;
    pending = true;
    draw(tick);
  }

  document.addEventListener("visibilitychange", again);
  return {
    labels,
    taken,
    /**
     * Judge with the parameters and statistics of this frame as soon as it may be.
     * @param {Pick<import("../../types").Frame, "P" | "S">} frame
     */
    request(frame) {
      wanted = frame;
      again();
    },
    destroy() {
      ended = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", again);
    },
  };
}
