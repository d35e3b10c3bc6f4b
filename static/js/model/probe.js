// @ts-check
/** An input of the user's own, a point of the plane or a drawing: the frame as it would be for it, forward only. */

import {inputsOf} from "../maths/features.js";
import {isPlane, trace} from "../maths/forward.js";

/** @typedef {import("../types").State} State */
/** @typedef {import("../types").Frame} Frame */
/** @typedef {import("../types").Probe} Probe */

/**
 * What the network is fed with, or null where the probe does not fit the data.
 * @param {Probe | null} probe
 * @param {State["data"]} data
 * @returns {ArrayLike<number> | null}
 */
export function inputsFor(probe, data) {
  if (!probe || !data) return null;
  if (probe.kind === "picture") return data.image && probe.pixels.length === data.inputs ? probe.pixels : null;
  return isPlane(data) && !data.image ? inputsOf(data.plane).map(f => f(...probe.at)) : null;
}

/**
 * The last answer for a frame: the network and the output view ask for the same.
 * @type {WeakMap<Frame, {probe: Probe, data: State["data"], answer: Frame}>}
 */
const known = new WeakMap();

/**
 * The state as the probe shows it: its frame's A and Z are the probe's, D is 0, and it belongs to no sample (−1).
 * Without a probe
 * that fits, the state itself.
 * @param {State} state @returns {State}
 */
export function probed(state) {
  const {
    frame,
    layout,
    data,
    view: {probe},
  } = state;
  if (!probe || !frame || !layout || frame.layout !== layout.id) return state;
  const before = known.get(frame);
  if (before?.probe === probe && before.data === data) return {...state, frame: before.answer};
  const x = inputsFor(probe, data);
  if (!x || x.length !== layout.sizes[0]) return state;
  const answer = {...frame, ...trace(layout, frame.P, x, frame.S), D: new Float32Array(frame.D.length), sample: -1};
  known.set(frame, {probe, data, answer});
  return {...state, frame: answer};
}
