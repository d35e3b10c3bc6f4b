// @ts-check
/**
 * A deep net as weight matrices: one picture per layer. Row j of a picture is neuron j, column i its weight from
 * input i, the last column its bias.
 */

import {level} from "../shared/neuron_pictures.js";
import {steadyScale} from "../shared/scale.js";
import {boxOf, rowsOf} from "./matrices_layout.js";
import {pixelSheet} from "./pixels.js";

/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("./matrices_layout.js").Grid} Grid */

/** Weights that are looked at to find the scale. */
const PROBES = 30_000;

export class Matrices {
  /** @param {Document} document @param {Grid} g @param {Layout} layout @param {import("./scene.js").Look} look */
  constructor(document, g, layout, {palette, table, ratio}) {
    this.g = g;
    this.layout = layout;
    this.palette = palette;
    this.table = table;
    this.ratio = ratio;
    this.scale = this.weights = steadyScale(0.01);
    /** of changes of the weights, in place of them */
    this.changes = steadyScale(0.01);
    /** columns of each picture */
    this.rows = rowsOf(layout);
    this.pictures = layout.blocks.map(({cols}, k) => pixelSheet(document, this.rows[k], cols));
    this.count = layout.parameters;
    this.rasterized = true;
    /** parameters being painted @type {Float32Array} */
    this.P = new Float32Array(0);
    /** the picture that is painted next */
    this.next = layout.blocks.length;
  }

  /** Weight that full colour stands for. */
  get unit() {
    return this.scale.value;
  }

  /** @param {Float32Array} P @param {boolean} changes whether these are changes of the weights */
  begin(P, changes) {
    this.scale = changes ? this.changes : this.weights;
    this.P = P;
    this.measure();
    this.next = 0;
  }

  /** @param {number} [deadline] @returns {boolean} whether all pictures are new */
  advance(deadline = Infinity) {
    const {length} = this.pictures;
    while (this.next < length) {
      this.paint(this.next++);
      if (performance.now() > deadline) break;
    }
    return this.next === length;
  }

  /** @param {CanvasRenderingContext2D} ctx cleared @param {Pick | null} focus */
  draw(ctx, focus) {
    const {g, ratio} = this;
    this.pictures.forEach(({canvas}, k) => {
      const {x, y, side} = g.cells[k + 1];
      ctx.imageSmoothingEnabled = side * ratio < Math.max(canvas.width, canvas.height);
      ctx.drawImage(canvas, x, y, side, side);
    });
    if (focus && focus.layer > 0) this.drawCross(ctx, focus);
  }

  /** The row of a neuron, and the column of a weight. @param {CanvasRenderingContext2D} ctx @param {Pick} focus */
  drawCross(ctx, focus) {
    const {x, y, side} = this.g.cells[focus.layer];
    const [left, top, right, bottom] = boxOf(this.g, this.rows, focus);
    ctx.strokeStyle = this.palette.text;
    ctx.lineWidth = this.palette.stroke;
    ctx.strokeRect(x, top, side, bottom - top);
    if (focus.kind === "weight") ctx.strokeRect(left, y, right - left, side);
  }

  measure() {
    const {P} = this;
    const stride = Math.max(1, Math.floor(this.count / PROBES));
    let square = 0;
    let count = 0;
    let most = 0;
    for (const {offset, rows, cols} of this.layout.blocks) {
      for (let k = offset; k < offset + rows * cols; k += stride) {
        const w = Math.abs(P[k]);
        if (!(w < Infinity)) continue;
        square += w * w;
        count++;
        if (w > most) most = w;
      }
    }
    this.scale.follow(Math.min(most, 3 * Math.sqrt(square / count)));
  }

  /** @param {number} k */
  paint(k) {
    const {P, table} = this;
    const {offset, cols} = this.layout.blocks[k];
    const {pixels, put} = this.pictures[k];
    const wide = this.rows[k];
    const gain = 1 / this.scale.value;
    for (let i = 0; i < wide; i++)
      for (let j = 0, from = offset + i * cols; j < cols; j++) pixels[j * wide + i] = table[level(P[from + j] * gain)];
    put();
  }
}
