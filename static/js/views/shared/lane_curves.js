// @ts-check
/** Curves of several lanes in one chart: what each has grown by is folded in. Shared by the loss curve and the race. */

import {clear, emptyFold, extent, include} from "./fold.js";

/** @typedef {import("./fold.js").Fold} Fold */
/** @typedef {import("../../model/lanes.js").Runner} Runner */
/** @typedef {import("../../model/lanes.js").Measure} Measure */

/**
 * A fold that follows a column of numbers which grows at its end; from the beginning when it is not the same any more.
 */
function follower() {
  const fold = emptyFold();
  let count = 0;
  let step = -1;
  let last = NaN;
  return {
    fold,
    /** @param {number[]} steps @param {number[]} values */
    take(steps, values) {
      if (count && !(steps.length >= count && steps[count - 1] === step && Object.is(values[count - 1], last))) {
        clear(fold);
        count = 0;
      }
      for (; count < steps.length; count++) include(fold, steps[count], values[count], values[count], values[count]);
      step = steps[count - 1];
      last = values[count - 1];
    },
  };
}

/** One measure of all lanes. */
export function laneFolds() {
  /** @type {Map<string, ReturnType<typeof follower>>} */
  let followers = new Map();
  return {
    /**
     * @param {Runner[]} runners
     * @param {Measure} measure
     * @returns {{id: number, focus: boolean, fold: Fold}[]} in their order
     */
    take(runners, measure) {
      /** @type {typeof followers} */
      const next = new Map();
      const lines = runners.map(({id, focus, series: {metrics}}) => {
        const key = `${id} ${measure}`;
        const one = followers.get(key) ?? follower();
        next.set(key, one);
        one.take(metrics.step, metrics[measure]);
        return {id, focus, fold: one.fold};
      });
      followers = next;
      return lines;
    },
  };
}

/**
 * What all lines together reach.
 * @param {{fold: Fold}[]} lines
 * @returns {{positive: number, low: number, high: number}} infinities when there is none
 */
export function reach(lines) {
  const ends = lines.map(({fold}) => extent(fold));
  return {
    positive: Math.min(Infinity, ...ends.map(({positive}) => positive)),
    low: Math.min(Infinity, ...ends.map(({low}) => low)),
    high: Math.max(-Infinity, ...ends.map(({high}) => high)),
  };
}

/** Where a curve ends now: series grow before a frame is told, so that at the head of a run their own end is it.
 * @param {Record<Measure | "step", number> & Pick<Runner, "series">} run
 * @param {Measure} measure
 * @param {boolean} head whether it stands at its newest step
 * @returns {[number, number]} step and value
 */
export function endOf(run, measure, head) {
  const {metrics} = run.series;
  const last = metrics.step.length - 1;
  return head && last >= 0 ? [metrics.step[last], metrics[measure][last]] : [run.step, run[measure]];
}

/** The newest step of any. @param {Runner[]} runners */
export const newest = runners => Math.max(0, ...runners.map(({series: {metrics}}) => metrics.step.at(-1) ?? 0));
