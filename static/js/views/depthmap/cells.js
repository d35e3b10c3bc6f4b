// @ts-check
/** The cells of the map of nets: which there are, what is written in them, and which net a click opens. Pure. */

import {fixed} from "../../draw/format.js";
/** @typedef {import("../../types").RunConfig} RunConfig */
/** Normalization of all hidden layers. @typedef {null | "batch"} Kind */
/**
 * A net of the map, and log₁₀ of what its first layer hears of the last one's error: undefined while it is not
 * computed, null for no number.
 * @typedef {{depth: number, width: number, kind: Kind, ratio: number | null | undefined}} Cell
 */
/** Nets that are asked for together. @typedef {{depth: number, kind: Kind, cells: Cell[]}} Row */

export const DEPTHS = [2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];
export const WIDTHS = [2, 4, 8, 16, 32, 64, 128];
export const KINDS = /** @type {Kind[]} */ ([null, "batch"]);

/**
 * All cells, kind after kind, row after row.
 * @param {{layers: number, neurons: number}} limits
 * @returns {Cell[]}
 */
export function cellsWithin({layers, neurons}) {
  const depths = DEPTHS.filter(depth => depth <= layers);
  const widths = WIDTHS.filter(width => width <= neurons);
  return KINDS.flatMap(kind =>
    depths.flatMap(depth => widths.map(width => ({depth, width, kind, ratio: /** @type {undefined} */ (undefined)}))),
  );
}

/**
 * The cells in rows, the shallow ones first, with and without normalization in turn.
 * @param {Cell[]} cells
 * @returns {Row[]}
 */
export function rowsOf(cells) {
  const depths = [...new Set(cells.map(cell => cell.depth))];
  return depths.flatMap(depth =>
    KINDS.map(kind => ({depth, kind, cells: cells.filter(cell => cell.depth === depth && cell.kind === kind)})),
  );
}

/**
 * What the numbers depend on beside what is chosen in the window, as a key.
 * @param {RunConfig | null | undefined} config
 */
export const problemOf = config =>
  JSON.stringify([config?.data, config?.seed, config?.loss, config?.network.bias, config?.network.residual === true]);

/** Whether a cell is the present net. @param {Cell} cell @param {RunConfig["network"] | undefined} network */
export function isHere({depth, width, kind}, network) {
  const hidden = network?.hidden ?? [];
  return hidden.length === depth && hidden.every(size => size === width) && (network?.normalization ?? null) === kind;
}

/**
 * What a cell says: the power of ten that the first layer hears of the last one's error.
 * @param {number | null | undefined} ratio log₁₀
 * @returns {string}
 */
export function shown(ratio) {
  if (ratio === undefined) return "";
  if (ratio === null) return "✕";
  const text = fixed(Math.abs(ratio), Math.abs(ratio) < 9.95 ? 1 : 0);
  return Number(text) === 0 ? "0" : `${ratio < 0 ? "−" : "+"}${text}`;
}

/**
 * The change of config that opens a net.
 * @param {number} depth
 * @param {number} width
 * @param {string | null} normalization
 * @param {string} activation
 * @param {string} initializer
 */
export function patchFor(depth, width, normalization, activation, initializer) {
  return {
    network: {hidden: Array.from({length: depth}, () => width), activation, normalization},
    initializer,
    initializer_scale: null,
  };
}
