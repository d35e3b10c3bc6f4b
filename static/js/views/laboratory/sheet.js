// @ts-check
/** What a page of the laboratory is given, and what all pages have: rows of layers that are found and marked alike. */

/** @typedef {import("../../types").Laboratory} Laboratory */
/** @typedef {import("../../types").ViewContext["t"]} Translate */

/** What a page of the laboratory paints on, and what it paints of.
 * @typedef {object} Sheet
 * @property {CanvasRenderingContext2D} ctx
 * @property {number} width
 * @property {number} height
 * @property {import("../../draw/plot.js").Palette} palette
 * @property {import("../../types").State} state
 * @property {Laboratory} lab
 * @property {import("../../types").Layout} layout
 * @property {number} marked layer from 0 that the pointer is on; −1 for none
 * @property {number} chosen layer from 0 whose details are shown
 * @property {string[]} names of the layers */

/** @typedef {object} Page
 * @property {(sheet: Sheet) => void} paint
 * @property {(x: number, y: number) => number} layerAt −1 for none
 * @property {Rows | null} place where its rows of layers lie
 * @property {(sheet: Sheet) => [string, string]} words the sentence, and what is said smaller below it
 * @property {(sheet: Sheet, layer: number, x: number) => string} tip of a layer, with the pointer at x
 * @property {(sheet: Sheet) => (string | Node)[]} [detail] of the chosen layer
 * @property {import("../../types").OverRun["name"]} [over] what is asked for over the run
 * @property {boolean} choosing whether a click chooses a layer */

/** @typedef {{top: number, row: number, layers: number}} Rows where rows of layers lie, each `row` px high */
/** @typedef {{x: number, y: number, width: number, height: number}} Box */

/** The layer whose row is at this height; −1 for none. @param {Rows | null} rows @param {number} y */
export const layerIn = (rows, y) =>
  rows && y >= rows.top && y < rows.top + rows.row * rows.layers ? Math.floor((y - rows.top) / rows.row) : -1;

/** What pages with a row for each layer have in common. @template {Rows} Place */
export class LayersPage {
  /** Where it has painted; null until then. @type {Place | null} */
  place = null;

  /** @param {Translate} t @param {boolean} choosing whether a click chooses a layer */
  constructor(t, choosing) {
    this.t = t;
    this.choosing = choosing;
  }

  /** @param {number} _ @param {number} y */
  layerAt(_, y) {
    return layerIn(this.place, y);
  }
}

/** How wide the widest of some names is, in the page's type. @param {Sheet} sheet @param {string[]} names */
export function nameWidth({ctx, palette}, names) {
  ctx.font = `${palette.small}px ${palette.font}`;
  return Math.max(...names.map(name => ctx.measureText(name).width));
}

/** The row under the pointer, behind all else, where none can be chosen. @param {Sheet} sheet @param {Rows} rows */
export function paintMarked({ctx, palette, width, marked}, {top, row}) {
  if (marked < 0) return;
  ctx.fillStyle = palette["panel-2"];
  ctx.fillRect(2, top + marked * row, width - 4, row);
}

/** The row that was chosen and the one under the pointer, behind all else. @param {Sheet} sheet @param {Rows} rows */
export function paintBands({ctx, palette, width, chosen, marked}, {top, row, layers}) {
  for (const [layer, alpha] of [
    [chosen, 0.13],
    [marked, 0.07],
  ]) {
    if (layer < 0 || layer >= layers) continue;
    ctx.fillStyle = palette.accent;
    ctx.globalAlpha = alpha;
    ctx.fillRect(2, top + layer * row, width - 4, row);
    ctx.globalAlpha = 1;
  }
}
