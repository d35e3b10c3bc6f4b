// @ts-check
/**
 * What the diagram draws with, made for one layout, room and theme: columns of neurons, of all layers or of a few, or
 * weight matrices.
 */

import {divergingTable} from "../../draw/color.js";
import {isPlane} from "../../maths/forward.js";
import {extent} from "./card.js";
import {createEdges} from "./edges.js";
import {dimEdges, dimNodes} from "./focus.js";
import {anchorOf, drawHighlight} from "./highlight.js";
import {neuronAt, weightAt} from "./layout.js";
import {classTables, heatMaps, weightImages} from "../shared/neuron_pictures.js";
import {createMatrices, createStrips, createSweeps, rowsOf} from "./matrices.js";
import {boxOf, cellAt, pickAt} from "./matrices_layout.js";
import {createNodes} from "./nodes.js";
import {createPulses} from "./pulses.js";
import {arcsOverColumns, arcsOverMatrices, drawSkips, skipGradients} from "./skips.js";
import {frameOfPart} from "./window.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("../../types").Frame} Frame */
/** @typedef {import("../../types").Focus} Focus */
/** @typedef {import("./layout.js").Geometry} Geometry */
/** @typedef {import("./matrices_layout.js").Grid} Grid */
/** @typedef {import("./window.js").Part} Part */
/** @typedef {ReturnType<typeof columnsScene> | ReturnType<typeof matricesScene>} Scene */

/** @param {State} of @param {import("../../draw/plot.js").Palette} palette @param {number} ratio */
const lookOf = (of, palette, ratio) => ({palette, theme: of.theme, table: divergingTable(of.theme), ratio});

/** Columns of neurons. Picks are those of the part, if there is one.
 * @param {Document} document
 * @param {State} of with layout and data
 * @param {Geometry} g
 * @param {Part | null} part
 * @param {import("../../draw/plot.js").Palette} palette
 * @param {number} ratio
 */
export function columnsScene(document, of, g, part, palette, ratio) {
  const whole = /** @type {import("../../types").Layout} */ (of.layout);
  const layout = part ?? whole;
  const data = /** @type {import("../../types").Data} */ (of.data);
  const look = lookOf(of, palette, ratio);
  const outputs = whole.sizes[whole.sizes.length - 1];
  const largest = Math.max(...g.columns.map(c => c.size));
  const side = Math.round(Math.max(8, Math.min(largest * ratio, g.x.length > 300 ? 20 : 52)));
  const pictures = isPlane(data)
    ? part
      ? null
      : heatMaps(document, layout, data, look.table, outputs > 2 ? classTables(look.table, outputs) : null, side)
    : data.image && !part?.from
      ? weightImages(document, layout, data.image, look.table)
      : null;
  const edges = createEdges(document, g, layout, look);
  const arcs = arcsOverColumns(g, layout.residual);
  /** @type {Frame | null} */
  let seen = null;
  /** @type {Frame | null} */
  let cut = null;
  return {
    g,
    part,
    layout,
    whole,
    data,
    palette,
    pictures,
    edges,
    matrices: false,
    nodes: createNodes(document, g, layout, data, pictures, look, part),
    pulses: createPulses(g, layout, palette, part?.ends ?? true),
    /** The frame as the drawing reads it. @param {Frame | null} frame */
    frame(frame) {
      if (!part || !frame) return frame;
      if (frame !== seen) [seen, cut] = [frame, frameOfPart(frame, part)];
      return cut;
    },
    /** @param {CanvasRenderingContext2D} ctx @param {Frame | null} frame of the whole net */
    skips(ctx, frame) {
      if (arcs.length && frame) drawSkips(ctx, arcs, skipGradients(whole, frame), part?.from ?? 0, palette);
    },
    /** @param {CanvasRenderingContext2D} ctx @param {Focus | null} focus */
    dimEdges: (ctx, focus) => dimEdges(ctx, g, palette, focus),
    /** @param {CanvasRenderingContext2D} ctx @param {Focus | null} focus */
    dimNodes: (ctx, focus) => dimNodes(ctx, g, palette, focus),
    /** @param {CanvasRenderingContext2D} ctx @param {import("../../types").Highlight} marks */
    highlight: (ctx, marks) => drawHighlight(ctx, g, marks, palette),
    /** @param {Pick} pick */
    extent: pick => extent(g, pick),
    /** @param {Pick} pick @param {HTMLElement} stage */
    anchor: (pick, stage) => anchorOf(g, pick, stage),
    /** @param {number} x @param {number} y @param {Float32Array} P @returns {Pick | null} */
    under: (x, y, P) =>
      neuronAt(g, x, y) ??
      weightAt(g, x, y, (l, i, j) => {
        const {offset, cols} = layout.blocks[l - 1];
        return Math.min(1, Math.abs(P[offset + i * cols + j]) / edges.unit);
      }),
    /** @type {(x: number, y: number) => number} */
    layerAt: () => -1,
  };
}

/**
 * All weight matrices.
 * @param {Document} document
 * @param {State} of with layout and data
 * @param {Grid} g
 * @param {import("../../draw/plot.js").Palette} palette
 * @param {number} ratio
 */
export function matricesScene(document, of, g, palette, ratio) {
  const layout = /** @type {import("../../types").Layout} */ (of.layout);
  const data = /** @type {import("../../types").Data} */ (of.data);
  const look = lookOf(of, palette, ratio);
  const rows = rowsOf(layout);
  const arcs = arcsOverMatrices(g, layout.residual);
  return {
    g,
    part: null,
    layout,
    whole: layout,
    data,
    palette,
    pictures: null,
    matrices: true,
    edges: createMatrices(document, g, layout, look),
    nodes: createStrips(document, g, layout, data, look),
    pulses: createSweeps(g, layout, palette),
    /** @param {Frame | null} frame */
    frame: frame => frame,
    /** @param {CanvasRenderingContext2D} ctx @param {Frame | null} frame */
    skips(ctx, frame) {
      if (arcs.length && frame) drawSkips(ctx, arcs, skipGradients(layout, frame), 0, palette);
    },
    dimEdges() {},
    dimNodes() {},
    /** @param {CanvasRenderingContext2D} ctx @param {import("../../types").Highlight} marks */
    highlight(ctx, {picks, flow}) {
      ctx.strokeStyle = flow === "forward" ? palette.forward : palette.backward;
      ctx.lineWidth = 2 * palette.stroke;
      for (const pick of picks) {
        if (pick.layer >= g.cells.length) continue;
        const [left, top, right, bottom] = boxOf(g, rows, pick);
        ctx.strokeRect(left - 3, top - 3, right - left + 6, bottom - top + 6);
      }
    },
    /** @param {Pick} pick @returns {[number, number, number, number]} */
    extent: pick => boxOf(g, rows, pick),
    /** @param {Pick} pick @param {HTMLElement} stage */
    anchor(pick, stage) {
      const [left, top, right, bottom] = boxOf(g, rows, pick);
      const box = stage.getBoundingClientRect();
      return {
        left: box.left + left,
        top: box.top + top,
        right: box.left + right,
        bottom: box.top + bottom,
        stage: {left: box.left, top: box.top, right: box.right, bottom: box.bottom},
      };
    },
    /** @param {number} x @param {number} y @returns {Pick | null} */
    under: (x, y) => pickAt(g, rows, x, y),
    /** @param {number} x @param {number} y */
    layerAt: (x, y) => cellAt(g, x, y),
  };
}
