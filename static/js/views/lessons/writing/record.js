// @ts-check
/** What the page shows now, as the state that a step of a lesson begins in. Pure. */

import {presetOf} from "../../../model/preset.js";

/** @typedef {import("../../../types").State} State */
/** @typedef {Record<string, any>} Json */

/** The most steps that a state may take at once; the server says the same. */
const MOST_STEPS = 5000;
/** How the surface is looked at unless something else is asked for. */
const USUAL = {plane: "pca", show: "3d"};

/** @param {unknown} value @returns {value is Json} */
const isRecord = value => typeof value === "object" && value !== null && !Array.isArray(value);
const same = (/** @type {unknown} */ a, /** @type {unknown} */ b) => JSON.stringify(a) === JSON.stringify(b);

/**
 * What of a config is other than in another one. Where the optimizer is another, all of its numbers are told: they
 * belong to it alone.
 * @param {Json} config @param {Json} base @returns {Json}
 */
export function otherThan(config, base) {
  /** @type {Json} */
  const found = {};
  for (const [name, value] of Object.entries(config)) {
    if (same(value, base[name])) continue;
    const whole = name === "optimizer" && value.name !== base.optimizer.name;
    if (!isRecord(value) || !isRecord(base[name]) || whole) found[name] = value;
    else found[name] = otherThan(value, base[name]);
  }
  return found;
}

/** As lessons write it: counted from 1. @param {State["view"]["selected"]} pick @returns {Json | null} */
function selectionOf(pick) {
  if (!pick) return null;
  if (pick.kind === "weight") return {weight: [pick.layer, pick.to + 1, pick.from + 1]};
  return pick.of ? null : {neuron: [pick.layer, pick.index + 1]};
}

/** @param {State} state @returns {Json} */
function surfaceOf({view, plane_choice: choice, layout}) {
  const show = view.surface === USUAL.show ? {} : {show: view.surface};
  if (!choice || layout?.landscape || choice.plane === USUAL.plane) return show;
  return {plane: choice.plane, ...(choice.plane === "weights" ? {weights: choice.weights} : {}), ...show};
}

/**
 * @typedef {object} Recorded
 * @property {Json} state
 * @property {number} edits that were made on the way: the lesson begins with what they have led to, at step 0
 */

/**
 * The state of a step: the nearest preset, what is other in the run, and what lies open. None where there is no run.
 * @param {State} state @returns {Recorded | null}
 */
export function recordOf(state) {
  const {options, config, log, lanes, lane, frame, view} = state;
  if (!options || !config) return null;
  const preset = presetOf(state)?.name ?? options.presets[0].name;
  const base = /** @type {Json} */ (options.presets.find(({name}) => name === preset)?.config);
  const others = lanes.filter(({id}) => id !== lane).map(other => otherThan(other.config, config));
  const edits = log.length + lanes.filter(({id}) => id !== lane).reduce((sum, other) => sum + other.log.length, 0);
  const step = edits ? 0 : Math.min(frame?.step ?? 0, MOST_STEPS);
  const open = /** @type {const} */ (["laboratory", "microscope", "race"]).filter(name => view[name]);
  const parts = {config: otherThan(config, base), lanes: others, surface: surfaceOf(state), open};
  const told = Object.entries(parts).filter(([, value]) => Object.keys(value).length);
  const select = selectionOf(view.selected);
  const made = {preset, ...Object.fromEntries(told), ...(step ? {step} : {}), ...(select ? {select} : {})};
  return {state: made, edits};
}
