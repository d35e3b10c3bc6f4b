// @ts-check
/** What of a state is in the picture of the gradients: norms, their past, names, and the layer that is marked. Pure. */

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Frame["norms"]} Norms */

/** @typedef {object} Picture
 * @property {CanvasRenderingContext2D} ctx
 * @property {number} width
 * @property {number} height
 * @property {import("../../draw/plot.js").Palette} palette
 * @property {import("../../types").Theme} theme
 * @property {number} layers
 * @property {import("../shared/gradient_scale.js").Axis} axis
 * @property {ReturnType<typeof import("../shared/gradient_scale.js").fitted>} fit log₁₀ ‖δ‖ over the hidden layers
 * @property {Float32Array} delta now
 * @property {Float32Array} gradient now
 * @property {import("./lanes.js").Other[]} others the other lanes
 * @property {{delta: Float32Array[], gradient: Float32Array[]}} history oldest first
 * @property {string[]} names of the layers
 * @property {string} past name of the history
 * @property {number} marked layer, or −1 */

/** The norms of the last batch; null before the first step and while the layout is another one. @param {State} state */
export function normsOf({frame, layout}) {
  return frame && layout && frame.layout === layout.id && frame.step > 0 ? frame.norms : null;
}

/**
 * Rows of the same network only.
 * @param {import("../../types").Series["norms"]} norms
 * @param {number} layers
 * @returns {Picture["history"]}
 */
export function historyOf({delta, gradient}, layers) {
  const from = delta.findLastIndex(row => row.length !== layers) + 1;
  return {delta: from ? delta.slice(from) : delta, gradient: from ? gradient.slice(from) : gradient};
}

/**
 * The layer under the pointer, else the one of what is pointed at or chosen in the diagram; −1 for none.
 * @param {number} under layer under the pointer, −1 for none
 * @param {Pick<State["view"], "hover" | "selected">} view
 * @param {number} layers
 */
export function markedLayer(under, {hover, selected}, layers) {
  if (under >= 0) return under;
  const pick = hover ?? selected;
  return pick && pick.layer >= 1 && pick.layer <= layers ? pick.layer - 1 : -1;
}
