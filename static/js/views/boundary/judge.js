// @ts-check
/** What the network takes every sample for: judged anew a few times a second at most, in small slices of time. */

import {createSweep, firstUnits, loadSamples} from "../../maths/forward.js";
import {classOf} from "../../model/classes.js";

/** @typedef {import("../../types").Data} Data */
/** @typedef {import("../../types").Layout} Layout */

/** Samples judged at a time, ms of judging per animation frame, ms between two judgements of all. */
const BLOCK = 64;
const BUDGET = 0.5;
const GAP = 500;

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

/** @typedef {Pick<import("../../types").Frame, "P" | "S">} Model parameters and statistics */

export class Judge {
  /** Whether a slice is waiting for its turn. */
  pending = false;
  ended = false;
  timer = 0;
  /** The sample that is judged next; −1 between two judgements of all. */
  from = -1;
  /** When the last judgement began. */
  since = -Infinity;
  /** What is to be judged with next. @type {Model | null} */
  wanted = null;
  /** @type {Model} */
  model = {P: new Float32Array(0), S: new Float32Array(0)};

  /**
   * @param {Layout} layout
   * @param {Data} data
   * @param {(run: () => void) => void} draw see gate.js
   * @param {() => void} judged called when all samples have been judged anew
   */
  constructor(layout, data, draw, judged) {
    this.data = data;
    this.draw = draw;
    this.judged = judged;
    this.sweep = createSweep(layout, Math.min(BLOCK, data.n));
    this.outputs = firstUnits(layout.sizes)[layout.sizes.length - 1];
    /** The right class of every sample, and the one it is taken for: −1 while unknown. */
    this.labels = labelsOf(data);
    this.taken = new Int16Array(data.n).fill(-1);
    document.addEventListener("visibilitychange", this.again);
  }

  /** Judge with the parameters and statistics of this frame as soon as it may be. @param {Model} frame */
  request(frame) {
    this.wanted = frame;
    this.again();
  }

  again = () => {
    if (this.pending || this.timer) return;
    this.pending = true;
    this.draw(() => this.tick());
  };

  tick() {
    this.pending = false;
    if (document.hidden || this.ended) return;
    const now = performance.now();
    if (this.from < 0 && !this.begin(now)) return;
    this.advance(now + BUDGET);
    if (this.from >= 0 || this.wanted) this.again();
  }

  /** Begin a judgement of all, or wait until it may be. @param {number} now @returns {boolean} whether it has begun */
  begin(now) {
    if (!this.wanted) return false;
    const rest = this.since + GAP - now;
    if (rest > 0) {
      this.timer ||= window.setTimeout(() => {
        this.timer = 0;
        this.again();
      }, rest);
      return false;
    }
    this.model = this.wanted;
    this.wanted = null;
    this.from = 0;
    this.since = now;
    this.load();
    return true;
  }

  /** Begin with the block at `from`. */
  load() {
    const {sweep, data, from, model} = this;
    loadSamples(sweep, data.X, data.inputs, from, Math.min(sweep.points, data.n - from));
    sweep.start(model.P, model.S);
  }

  /** Judge block after block. @param {number} deadline */
  advance(deadline) {
    const {sweep, data} = this;
    while (this.from >= 0 && sweep.advance(deadline)) {
      this.takeBlock();
      this.from += sweep.points;
      if (this.from >= data.n) {
        this.from = -1;
        this.judged();
      } else this.load();
      if (performance.now() > deadline) break;
    }
  }

  /** Note what the samples of the block are taken for. */
  takeBlock() {
    const {sweep, data, from, taken, outputs} = this;
    for (let p = 0; p < Math.min(sweep.points, data.n - from); p++)
      taken[from + p] = classOf(j => sweep.rows[outputs + j][p], data);
  }

  destroy() {
    this.ended = true;
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.again);
  }
}
