// @ts-check
/** Which form the diagram takes: columns of neurons, of all layers or of a few, or weight matrices; pure. */

import {classPerOutput} from "../../model/classes.js";
import {arrange, MOST_NAMES, pitchOf} from "./layout.js";
import {crowded} from "./matrices_layout.js";
import {layerInFocus, partOf} from "./window.js";

/** @typedef {import("./scene.js").Ready} Ready */
/** @typedef {import("./window.js").Part} Part */
/** What the user wants to see where both are possible. @typedef {"matrices" | "columns" | null} Form */
/**
 * What there is room for: px of the panel, px of height that columns surely have, the size of type (1 at 13 px), and
 * whether a finger points.
 * @typedef {{width: number, height: number, tall: number, scale: number, coarse: boolean}} Panel
 */
/**
 * @typedef {object} Plan
 * @property {Part | null} part the layers that are shown, if not all
 * @property {import("./layout.js").Geometry} first where they would stand as columns
 * @property {boolean} bare whether all are shown as matrices
 * @property {import("./header.js").Mode} mode of the controls above
 * @property {number} from layer of the first column
 */

/** Columns closer than this, in px at the usual type, have one bar of controls, not a group each. */
const CLOSE = 84;
const CLOSE_FOR_FINGERS = 104;
/** So does a panel of less height. */
const LOW = 300;

/**
 * @param {Ready} state
 * @param {Panel} panel
 * @param {number} near the layer whose neurons are wanted where all are matrices, 0 for none
 * @param {Form} form
 * @returns {Plan}
 */
export function planOf(state, panel, near, form) {
  const {layout} = state;
  const {width, tall, scale} = panel;
  const all = arrange({...roomOf(state, null, width, scale), height: tall});
  const matrices = (form ?? (crowded(all, width) ? "matrices" : "columns")) === "matrices";
  const part = matrices && near ? partOf(layout, near) : null;
  const first = part ? arrange({...roomOf(state, part, width, scale), height: tall}) : all;
  const close = pitchOf(first) < (panel.coarse ? CLOSE_FOR_FINGERS : CLOSE) * scale;
  const bar = matrices || (layout.sizes.length > 2 && close) || panel.height < LOW;
  return {part, first, bare: matrices && !part, mode: bar ? "bar" : "groups", from: part?.from ?? 0};
}

/**
 * What `arrange` has to know, but for the height.
 * @param {Ready} state
 * @param {Part | null} part
 * @param {number} width
 * @param {number} scale
 */
export function roomOf({layout, data}, part, width, scale) {
  const {sizes, blocks, bias, residual} = part ?? layout;
  const ends = part?.ends ?? true;
  return {
    crown: residual.some(Boolean) ? 18 * scale : 0,
    sizes,
    bias,
    fixed: blocks.map(block => block.fixed),
    image: data.image !== null && !part?.from,
    bars: ends && classPerOutput(data),
    names: part?.from ? 6 : roomForNames(data),
    scale,
    width,
    inner: /** @type {[number, number]} */ ([part?.from ? 0 : 1, sizes.length - (ends ? 2 : 1)]),
  };
}

/** Room for the names of the inputs beside them, in px at the usual type. @param {import("../../types").Data} data */
function roomForNames({features, image, inputs}) {
  if (image || inputs > MOST_NAMES) return 6;
  return Math.min(78, Math.max(20, 7.2 * Math.max(...features.map(name => name.length))));
}

/**
 * The layer about which neurons are shown where all are matrices: the one opened, or that of the step under the
 * microscope.
 * @param {import("../../types").Layout} layout
 * @param {import("../../types").Focus | null} focus
 * @param {number} opened
 */
export const shownLayer = ({sizes}, focus, opened) => Math.min(layerInFocus(focus) || opened, sizes.length - 1);

/**
 * The layers that a frame has to carry: those whose neurons are shown, else that of what is looked at; none while all
 * neurons are.
 * @param {Part | null} part
 * @param {boolean} matrices
 * @param {import("../../types").Pick | null} pick what is looked at
 * @returns {number[]}
 */
export function layersLookedAt(part, matrices, pick) {
  if (part) return [...new Set([part.from, part.from + 1, part.to])].filter(layer => layer > 0);
  return matrices && pick?.layer ? [pick.layer] : [];
}
