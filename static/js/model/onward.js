// @ts-check
/** A run that is told as a whole again and again: what goes on from what is known grows on, so that no scale jumps. */

import {applyBinary} from "./model.js";

/** @typedef {import("../types").State} State */

/**
 * What a message does to the state, as `applyBinary` has it; but a history that goes on from the one that is known
 * takes its place without another beginning: norms of late are kept, which no history brings.
 * @param {State} state @param {Record<string, any>} header @param {Record<string, any>} arrays
 * @returns {Partial<State>}
 */
export function applyOnward(state, header, arrays) {
  const patch = applyBinary(state, header, arrays);
  const {frame, series} = state;
  if (header.kind !== "history" || !patch.series || !frame || header.step < frame.step) return patch;
  const {norms, version} = series;
  return {...patch, series: Object.assign(series, patch.series, {norms, version: version + 1})};
}
