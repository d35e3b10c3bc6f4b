// @ts-check
/**
 * What the diagram draws with, made for one layout, room and theme: columns of neurons, of all layers or of a few, or
 * weight matrices.
 */

import {divergingTable} from "../../draw/color.js";
import {isPlane} from "../../maths/forward.js";
import {classPerOutput} from "../../model/classes.js";
import {classTables, heatMaps, weightImages} from "../shared/neuron_pictures.js";
import {Edges} from "./edges.js";
import {biasAt, extent, neuronAt, weightAt} from "./finding.js";
import {dimEdges, dimNodes} from "./focus.js";
import {drawHighlight} from "./highlight.js";
import {Matrices} from "./matrices.js";
import {boxOf, cellAt, pickAt, rowsOf} from "./matrices_layout.js";
import {Nodes} from "./nodes.js";
import {Pulses} from "./pulses.js";
import {arcsOverColumns, arcsOverMatrices, drawSkips, skipGradients} from "./skips.js";
import {Strips} from "./strips.js";
import {Sweeps} from "./sweeps.js";
import {frameOfPart} from "./window.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Data} Data */
/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("../../types").Frame} Frame */
/** @typedef {import("../../types").Focus} Focus */
/** @typedef {import("../../types").Highlight} Highlight */
/** @typedef {import("../../draw/plot.js").Palette} Palette */
/** @typedef {import("./layout.js").Geometry} Geometry */
/** @typedef {import("./matrices_layout.js").Grid} Grid */
/** @typedef {import("./window.js").Part} Part */
/** @typedef {State & {layout: Layout, data: Data}} Ready */
/** @typedef {ColumnsScene | MatricesScene} Scene */
/**
 * What the theme and the screen ask for; `table` is the diverging scale as pixels.
 * @typedef {{palette: Palette, theme: import("../../types").Theme, table: Uint32Array, ratio: number}} Look
 */

/** @param {State} of @param {Palette} palette @param {number} ratio @returns {Look} */
export const lookOf = (of, palette, ratio) => ({palette, theme: of.theme, table: divergingTable(of.theme), ratio});

/** Columns of neurons. Picks are those of the part, if there is one. */
export class ColumnsScene {
  /**
   * @param {Document} document
   * @param {Ready} of
   * @param {Geometry} g
   * @param {Part | null} part
   * @param {Look} look
   */
  constructor(document, {layout: whole, data}, g, part, look) {
    const layout = part ?? whole;
    this.g = g;
    this.part = part;
    this.layout = layout;
    this.whole = whole;
    this.data = data;
    this.palette = look.palette;
    this.matrices = false;
    this.pictures = picturesOf(document, layout, data, g, part, look);
    this.edges = new Edges(document, g, layout, look);
    this.nodes = new Nodes(document, g, layout, data, this.pictures, look, part);
    this.pulses = new Pulses(g, layout, look.palette, part?.ends ?? true);
    this.arcs = arcsOverColumns(g, layout.residual);
    /** the layer that a click opens, −1 for none @type {(x: number, y: number) => number} */
    this.layerAt = () => -1;
    this.isBias = (/** @type {number} */ x, /** @type {number} */ y) => biasAt(g, x, y, null) !== null;
    /** the last frame that was asked for, and how the part reads it @type {Frame | null} */
    this.seen = null;
    /** @type {Frame | null} */
    this.cut = null;
  }

  /** The frame as the drawing reads it. @param {Frame | null} frame */
  frame(frame) {
    if (!this.part || !frame) return frame;
    if (frame !== this.seen) [this.seen, this.cut] = [frame, frameOfPart(frame, this.part)];
    return this.cut;
  }

  /** @param {CanvasRenderingContext2D} ctx @param {Frame | null} frame of the whole net */
  drawSkips(ctx, frame) {
    if (!this.arcs.length || !frame) return;
    drawSkips(ctx, this.arcs, skipGradients(this.whole, frame), this.part?.from ?? 0, this.palette);
  }

  /** @param {CanvasRenderingContext2D} ctx @param {Focus | null} focus */
  dimEdges(ctx, focus) {
    dimEdges(ctx, this.g, this.palette, focus);
  }

  /** @param {CanvasRenderingContext2D} ctx @param {Focus | null} focus */
  dimNodes(ctx, focus) {
    dimNodes(ctx, this.g, this.palette, focus);
  }

  /** @param {CanvasRenderingContext2D} ctx @param {Highlight} marks */
  highlight(ctx, marks) {
    drawHighlight(ctx, this.g, marks, this.palette);
  }

  /** @param {Pick} pick */
  extent(pick) {
    return extent(this.g, pick);
  }

  /** @param {number} x @param {number} y @param {Float32Array} P @param {Pick | null} selected as the drawing names it
   * @returns {Pick | null} */
  under(x, y, P, selected) {
    const {g, layout, edges} = this;
    /** @param {number} l @param {number} i @param {number} j */
    const strength = (l, i, j) => {
      const {offset, cols} = layout.blocks[l - 1];
      return Math.min(1, Math.abs(P[offset + i * cols + j]) / edges.unit);
    };
    return neuronAt(g, x, y) ?? biasAt(g, x, y, selected) ?? weightAt(g, x, y, strength);
  }
}

/**
 * The live pictures in the neurons: heat maps over a plane, weights as images, or none.
 * @param {Document} document
 * @param {Layout} layout
 * @param {Data} data
 * @param {Geometry} g
 * @param {Part | null} part
 * @param {Look} look
 */
function picturesOf(document, layout, data, g, part, {table, ratio}) {
  if (isPlane(data)) {
    if (part) return null;
    const classes = classPerOutput(data) ? classTables(table, layout.sizes[layout.sizes.length - 1]) : null;
    const largest = Math.max(...g.columns.map(column => column.size));
    const side = Math.round(Math.max(8, Math.min(largest * ratio, g.x.length > 300 ? 20 : 52)));
    return heatMaps(document, layout, data, table, classes, side);
  }
  return data.image && !part?.from ? weightImages(document, layout, data.image, table) : null;
}

/** All weight matrices. */
export class MatricesScene {
  /** @param {Document} document @param {Ready} of @param {Grid} g @param {Look} look */
  constructor(document, {layout, data}, g, look) {
    this.g = g;
    this.part = null;
    this.layout = layout;
    this.whole = layout;
    this.data = data;
    this.palette = look.palette;
    this.pictures = null;
    this.matrices = true;
    this.rows = rowsOf(layout);
    this.edges = new Matrices(document, g, layout, look);
    this.nodes = new Strips(document, g, layout, data, look);
    this.pulses = new Sweeps(g, look.palette);
    this.arcs = arcsOverMatrices(g, layout.residual);
  }

  /** @param {Frame | null} frame */
  frame(frame) {
    return frame;
  }

  /** @param {CanvasRenderingContext2D} ctx @param {Frame | null} frame */
  drawSkips(ctx, frame) {
    if (this.arcs.length && frame) drawSkips(ctx, this.arcs, skipGradients(this.layout, frame), 0, this.palette);
  }

  isBias() {
    return false;
  }

  dimEdges() {}

  dimNodes() {}

  /** @param {CanvasRenderingContext2D} ctx @param {Highlight} marks */
  highlight(ctx, {picks, flow}) {
    ctx.strokeStyle = flow === "forward" ? this.palette.forward : this.palette.backward;
    ctx.lineWidth = 2 * this.palette.stroke;
    for (const pick of picks) {
      if (pick.layer >= this.g.cells.length) continue;
      const [left, top, right, bottom] = this.extent(pick);
      ctx.strokeRect(left - 3, top - 3, right - left + 6, bottom - top + 6);
    }
  }

  /** @param {Pick} pick */
  extent(pick) {
    return boxOf(this.g, this.rows, pick);
  }

  /** @param {number} x @param {number} y @returns {Pick | null} */
  under(x, y) {
    return pickAt(this.g, this.rows, x, y);
  }

  /** The layer that a click opens, −1 for none. @param {number} x @param {number} y */
  layerAt(x, y) {
    return cellAt(this.g, x, y);
  }
}
