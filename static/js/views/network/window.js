// @ts-check
/**
 * A few layers of a deep net, drawn as if they were a net: which ones, how frames are read for them, and what picks
 * mean.
 */

/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Frame} Frame */
/** @typedef {import("../../types").Pick} Pick */
/**
 * A layout of the layers `from` to `to`.
 * @typedef {Layout & {from: number, to: number, entering: string | null, ends: boolean}} Part
 */

/**
 * The frame of a state, if it belongs to the layout.
 * @param {import("../../types").State | null} state
 * @returns {Frame | null}
 */
export const frameOf = state =>
  state?.frame && state.layout && state.frame.layout === state.layout.id ? state.frame : null;

/**
 * The layers about one: the one before it, itself, and the one after.
 * @param {Layout} layout
 * @param {number} layer
 * @returns {Part}
 */
export function partOf(layout, layer) {
  const last = layout.sizes.length - 1;
  const from = Math.max(0, Math.min(last - 2, layer - 1));
  const to = Math.min(last, from + 2);
  return {
    ...layout,
    from,
    to,
    ends: to === last,
    entering: from ? layout.activations[from - 1] : null,
    sizes: layout.sizes.slice(from, to + 1),
    units: layout.units.slice(from, to + 1),
    activations: layout.activations.slice(from, to),
    normalization: layout.normalization.slice(from, to),
    residual: layout.residual.slice(from, to),
    blocks: layout.blocks.slice(from, to),
  };
}

/** A frame whose norms are those of the part. @param {Frame} frame @param {Part} part @returns {Frame} */
export function frameOfPart(frame, {from, to}) {
  const {delta, gradient, weight, update} = frame.norms;
  const cut = (/** @type {Float32Array} */ row) => row.subarray(from, to);
  return {...frame, norms: {delta: cut(delta), gradient: cut(gradient), weight: cut(weight), update: cut(update)}};
}

/** A pick as the whole net names it. @template {Pick | null} T @param {T} pick @param {number} from @returns {T} */
export const outward = (pick, from) => (pick && from ? {...pick, layer: pick.layer + from} : pick);

/**
 * A pick as the part names it; null where it lies outside.
 * @param {Pick | null} pick
 * @param {Part | null} part
 * @returns {Pick | null}
 */
export function inward(pick, part) {
  if (!pick || !part) return pick;
  const layer = pick.layer - part.from;
  return layer >= (pick.kind === "weight" ? 1 : 0) && pick.layer <= part.to ? {...pick, layer} : null;
}

/**
 * The layer that a step under the microscope works at, 0 where it is no single one.
 * @param {import("../../types").Focus | null} focus
 */
export function layerInFocus(focus) {
  for (const range of [focus?.weights, focus?.neurons]) if (range && range[0] === range[1]) return range[0];
  return 0;
}

/**
 * What a step under the microscope shows, as the part names it.
 * @param {import("../../types").Focus | null} focus
 * @param {Part | null} part
 * @returns {import("../../types").Focus | null}
 */
export function focusOfPart(focus, part) {
  if (!focus || !part?.from) return focus;
  const {from, units} = part;
  /** @param {[number, number] | null} range @returns {[number, number] | null} */
  const cut = range => range && [range[0] - from, range[1] - from];
  return {
    ...focus,
    neurons: cut(focus.neurons),
    weights: cut(focus.weights),
    values: focus.values?.subarray(units[0].offset) ?? null,
    neuron: focus.neuron && {layer: focus.neuron.layer - from, index: focus.neuron.index},
  };
}
