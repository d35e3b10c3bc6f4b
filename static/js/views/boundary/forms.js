// @ts-check
/** The forms in which the output can be shown, as the data allow. Pure. */

import {isPlane} from "../../maths/forward.js";

/** @typedef {import("../../types").State} State */
/** @typedef {"plane" | "samples" | "table" | "pad" | "matrix"} Form */

/** Fewer samples than this need no matrix to be counted. */
const FEW = 9;

/**
 * The form that shows the data itself.
 * @param {State} state
 * @returns {"plane" | "samples" | "table" | null} null while there is nothing to show
 */
export function formOf({data, layout, frame}) {
  if (!data || !layout || !frame || layout.sizes[0] !== data.inputs) return null;
  if (data.image) return "samples";
  return isPlane(data) ? "plane" : "table";
}

/** All forms that the data has, its own one first. @param {State} state @returns {Form[]} */
export function formsOf(state) {
  const own = formOf(state);
  const {data} = state;
  if (!own || !data) return [];
  /** @type {Form[]} */
  const forms = [own];
  if (own === "samples") forms.push("pad");
  if (data.kind !== "regression" && data.n >= FEW) forms.push("matrix");
  return forms;
}

/** Whether a form shows samples, of which some can be picked. @param {Form | null} form */
export const showsSamples = form => form !== "matrix" && form !== "pad";
