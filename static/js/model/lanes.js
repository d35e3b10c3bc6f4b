// @ts-check
/**
 * Runs side by side: what messages say of each lane, and what the page asks about them. The lane in focus is told by
 * all else.
 */

import {number} from "../wire/protocol.js";
import {appendMetrics, emptySeries, placeMetrics} from "./series.js";
import {growTrack, trackOf} from "./track.js";

/** @typedef {import("../types").Lane} Lane */
/** @typedef {import("../types").State} State */

/** A lane's letter, which says the same as its colour. @param {number} id 0…5 @returns {string} */
export const letterOf = id => String.fromCharCode(65 + id);

/**
 * A lane's colour in the palette of a painted view.
 * @param {import("../draw/plot.js").Palette} palette
 * @param {number} id
 * @returns {string}
 */
export const colourOf = (palette, id) => palette[/** @type {"lane-0"} */ (`lane-${id}`)];

/** What a state message says of the lanes; what is known of them is kept. One that names none has one lane.
 * @param {Pick<State, "lanes">} state @param {any} message @returns {Pick<State, "lanes" | "lane">} */
export function lanesInState({lanes}, message) {
  const lane = message.lane ?? 0;
  const told = message.lanes ?? [
    {id: lane, config: message.config, log: message.log, status: message.status, step: message.step},
  ];
  return {
    lane,
    lanes: told.map((/** @type {any} */ one) => {
      const known = lanes.find(({id}) => id === one.id) ?? unheard(one.id);
      return {...known, config: one.config, log: one.log, status: one.status, step: one.step ?? known.step};
    }),
  };
}

/** Whether the run stands and the picture of its last step is still on its way. @param {State} state */
export function behind({playing, lanes, lane, frame}) {
  const stands = lanes.find(({id}) => id === lane);
  return !playing && Boolean(frame && stands && frame.step < stands.step);
}

/** @param {number} id */
function unheard(id) {
  return {
    id,
    step: 0,
    loss: NaN,
    test_loss: NaN,
    accuracy: NaN,
    test_accuracy: NaN,
    series: emptySeries(),
    track: trackOf(),
    norms: null,
  };
}

/**
 * Lanes with the numbers of a frame.
 * @param {Pick<State, "lanes" | "surface">} state
 * @param {Record<string, any>} header
 * @param {Record<string, any>} arrays @returns {Lane[]} the same list where it has nothing of them */
export function lanesInFrame({lanes, surface}, header, arrays) {
  if (!header.lanes) return lanes;
  const onPlane = surface !== null && header.plane_id === surface.plane_id;
  return lanes.map(lane => {
    const told = header.lanes.find((/** @type {any} */ one) => one.id === lane.id);
    if (!told) return lane;
    const rows = arrays[`lane${lane.id}_metrics`];
    const path = arrays[`lane${lane.id}_path`];
    const norms = arrays[`lane${lane.id}_norms`];
    if (rows) {
      appendMetrics(lane.series, header.tail.from, rows);
      lane.series.version++;
    }
    if (path?.length && onPlane) growTrack(lane.track, path);
    return {
      ...lane,
      step: told.step,
      loss: number(told.loss),
      test_loss: number(told.test_loss),
      accuracy: number(told.accuracy),
      test_accuracy: number(told.test_accuracy),
      status: typeof told.status === "object" ? told.status : {...lane.status, kind: told.status ?? lane.status.kind},
      norms: norms
        ? {delta: norms.subarray(0, norms.length / 2), gradient: norms.subarray(norms.length / 2)}
        : lane.norms,
    };
  });
}

/** Lanes with the curves of a history. @param {Pick<State, "lanes">} state @param {Record<string, any>} header
 * @param {Record<string, any>} arrays @returns {Lane[]} */
export function lanesInHistory({lanes}, header, arrays) {
  return lanes.map(lane => {
    const rows = arrays[`lane${lane.id}_metrics`];
    const steps = arrays[`lane${lane.id}_metric_steps`];
    const series = emptySeries();
    if (rows && steps) placeMetrics(series, steps, rows);
    return {...lane, series, norms: null};
  });
}

/**
 * Lanes with their paths on the plane of a surface.
 * @param {Pick<State, "lanes">} state
 * @param {Record<string, any>} arrays
 * @returns {Lane[]}
 */
export function lanesInSurface({lanes}, arrays) {
  return lanes.map(lane => ({...lane, track: trackOf(arrays[`lane${lane.id}_path`])}));
}

/** What the page says of a lane, be it in focus or not.
 * @typedef {Pick<Lane, "id" | "config" | "status" | "step" | "loss" | "test_loss" | "accuracy" | "test_accuracy" |
 * "series"> & {focus: boolean}} Runner
 */

/**
 * All lanes alike; the one in focus with what the frame and the curves say of it.
 * @param {State} state
 * @returns {Runner[]}
 */
export function runnersOf({lanes, lane: chosen, frame, series, status}) {
  return lanes.map(lane => {
    if (lane.id !== chosen) return {...lane, focus: false};
    return {
      ...lane,
      ...(frame && {
        step: frame.step,
        loss: frame.loss,
        test_loss: frame.test_loss,
        accuracy: frame.accuracy,
        test_accuracy: frame.test_accuracy,
      }),
      status,
      series,
      focus: true,
    };
  });
}

/** @typedef {"loss" | "test_loss" | "accuracy" | "test_accuracy"} Measure */

/** Whether more of it is better. @param {Measure} measure */
export const ascends = measure => measure === "accuracy" || measure === "test_accuracy";

/**
 * The first step at which a curve is known to be as good as a target. Losses rise and fall, so it may have been as good
 * before, at a step that is not known: it is `exact` where all are.
 * @param {import("../types").Series} series @param {number} target @param {Measure} [measure]
 * @returns {{step: number, exact: boolean} | null} null when it never does */
export function reached({metrics}, target, measure = "loss") {
  const {step} = metrics;
  const up = ascends(measure);
  const at = metrics[measure].findIndex(value => (up ? value >= target : value <= target));
  return at < 0 ? null : {step: step[at], exact: step[at] === at};
}

/**
 * A round target that about half of the lanes have reached.
 * @param {import("../types").Series[]} all
 * @param {Measure} measure
 * @returns {number} NaN while nothing is known
 */
export function fairTarget(all, measure) {
  const up = ascends(measure);
  const best = all
    .map(({metrics}) =>
      metrics[measure].reduce(
        (a, b) => (Number.isFinite(b) && (up ? b > a : b < a) ? b : a),
        up ? -Infinity : Infinity,
      ),
    )
    .filter(Number.isFinite)
    .sort((a, b) => (up ? b - a : a - b));
  const middle = best[Math.floor((best.length - 1) / 2)];
  if (middle === undefined) return NaN;
  if (up) return Math.floor(middle * 20 + 1e-9) / 20;
  if (!(middle > 0)) return 0;
  const unit = 10 ** Math.floor(Math.log10(middle));
  return +(([1, 1.5, 2, 3, 5, 7].find(factor => factor * unit >= middle) ?? 10) * unit).toPrecision(2);
}

/** Whether the race stands where the diagram is. @param {Pick<State, "lanes" | "view">} state @returns {boolean} */
export const racing = ({lanes, view}) => view.race && lanes.length > 1 && !view.microscope;

/**
 * Whether nothing can go on: a run that diverged alone, or all lanes.
 * @param {Pick<State, "lanes" | "status">} state
 * @returns {boolean}
 */
export function stuck({lanes, status}) {
  return status.kind === "diverged" && lanes.every(lane => lane.status.kind === "diverged");
}
