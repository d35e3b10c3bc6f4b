// @ts-check
/** The curves of a run folded into bounded room, in step with its series: only what is new is folded in. Pure. */

import {clear, emptyFold, include} from "../shared/fold.js";

/** @typedef {import("../../types").Series} Series */
/** How far a curve has been folded: points, and the step and value of the last one, by which it is known again.
 * @typedef {{count: number, step: number, value: number}} Seen */

const NOTHING = {count: 0, step: -1, value: 0};

export class SeriesFolds {
  /** @param {"loss" | "accuracy"} [measure] of the training set; of the test set it is the same */
  constructor(measure = "loss") {
    this.own = measure;
    this.held = /** @type {"test_loss" | "test_accuracy"} */ (`test_${measure}`);
  }

  batch = emptyFold();
  train = emptyFold();
  test = emptyFold();
  /** @type {Seen} */
  batches = {...NOTHING};
  /** @type {Seen} */
  metrics = {...NOTHING};

  /** The last step that has been folded in. */
  get last() {
    return Math.max(this.batches.step, this.metrics.step);
  }

  /**
   * Fold in what is new; from the beginning when the curves are not the ones that were folded before.
   * @param {Pick<Series, "batch" | "metrics">} series
   */
  take({batch: {step, low, high, last}, metrics}) {
    if (!hasGrown(this.batches, step, last)) {
      clear(this.batch);
      this.batches = {...NOTHING};
    }
    const own = metrics[this.own];
    if (!hasGrown(this.metrics, metrics.step, own)) {
      clear(this.train);
      clear(this.test);
      this.metrics = {...NOTHING};
    }
    for (let k = this.batches.count; k < step.length; k++) include(this.batch, step[k], low[k], high[k], last[k]);
    for (let k = this.metrics.count; k < metrics.step.length; k++) this.takeMetrics(metrics, k);
    this.batches = seenOf(step, last);
    this.metrics = seenOf(metrics.step, own);
  }

  /** @param {Series["metrics"]} metrics @param {number} k */
  takeMetrics({step, [this.own]: own, [this.held]: test}, k) {
    include(this.train, step[k], own[k], own[k], own[k]);
    if (Number.isFinite(test[k])) include(this.test, step[k], test[k], test[k], test[k]);
  }
}

/** Whether a curve is the one that was seen, or goes on from there. @param {Seen} seen @param {number[]} steps
 * @param {number[]} values */
function hasGrown({count, step, value}, steps, values) {
  if (count === 0) return true;
  return steps.length >= count && steps[count - 1] === step && Object.is(values[count - 1], value);
}

/** @param {number[]} steps @param {number[]} values @returns {Seen} */
const seenOf = (steps, values) => ({count: steps.length, step: steps.at(-1) ?? -1, value: values.at(-1) ?? 0});
