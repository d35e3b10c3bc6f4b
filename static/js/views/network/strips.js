// @ts-check
/**
 * What stands about the weight matrices: activations and errors as strips, frames, numbers of the layers, the input.
 */

import {level} from "../shared/neuron_pictures.js";
import {sampleImage} from "../shared/sample_image.js";
import {glow} from "./flows.js";
import {pixelOf, pixelSheet} from "./pixels.js";
import {createRanges} from "./ranges.js";

/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Data} Data */
/** @typedef {import("../../types").Frame} Frame */
/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("./matrices_layout.js").Grid} Grid */

export class Strips {
  /**
   * @param {Document} document
   * @param {Grid} g
   * @param {Layout} layout
   * @param {Data} data
   * @param {import("./scene.js").Look} look
   */
  constructor(document, g, layout, data, {palette, theme, table}) {
    const {sizes} = layout;
    this.g = g;
    this.layout = layout;
    this.palette = palette;
    this.table = table;
    /** columns 2l and 2l + 1: activations and errors of layer l */
    this.strips = pixelSheet(document, 2 * sizes.length, Math.max(...sizes));
    this.range = createRanges(layout, data);
    this.coral = pixelOf(document, palette.backward);
    this.image = g.image ? sampleImage(document, data, theme) : null;
  }

  /**
   * @param {CanvasRenderingContext2D} ctx cleared
   * @param {Frame | null} frame
   * @param {Pick | null} hover
   * @param {Pick | null} selected
   */
  draw(ctx, frame, hover, selected) {
    if (frame) {
      this.paint(frame);
      ctx.imageSmoothingEnabled = false;
      this.drawStrips(ctx, frame);
    }
    this.drawFrames(ctx);
    this.drawMark(ctx, selected, this.palette.accent);
    this.drawMark(ctx, hover, this.palette.text);
    this.writeNumbers(ctx, (hover ?? selected)?.layer ?? -1);
    this.drawArrows(ctx);
  }

  /** @param {Frame} frame */
  paint({A, D}) {
    const {table, coral, strips} = this;
    const {sizes, units} = this.layout;
    let largest = 0;
    for (let u = sizes[0]; u < D.length; u++) largest = Math.max(largest, Math.abs(D[u]));
    const wide = 2 * sizes.length;
    for (let l = 0; l < sizes.length; l++) {
      const {offset, size} = units[l];
      const gain = 1 / this.range(l, A);
      for (let j = 0; j < size; j++) {
        const strength = l ? glow(Math.abs(D[offset + j]), largest) : 0;
        strips.pixels[j * wide + 2 * l] = table[level(A[offset + j] * gain)];
        strips.pixels[j * wide + 2 * l + 1] = (coral | (Math.round(255 * strength) << 24)) >>> 0;
      }
    }
    strips.put();
  }

  /** @param {CanvasRenderingContext2D} ctx @param {Frame} frame */
  drawStrips(ctx, frame) {
    const {g, image} = this;
    const {sizes} = this.layout;
    const {canvas} = this.strips;
    g.cells.forEach(({x, y, side, a, d, strip}, l) => {
      if (l === 0 && image) {
        const pixels = frame.sample < 0 ? frame.A.subarray(0, sizes[0]) : undefined;
        image.draw(ctx, frame.sample, x, y, side, pixels);
      } else ctx.drawImage(canvas, 2 * l, 0, 1, sizes[l], a, y, strip, side);
      if (l) ctx.drawImage(canvas, 2 * l + 1, 0, 1, sizes[l], d, y, strip, side);
    });
  }

  /** @param {CanvasRenderingContext2D} ctx */
  drawFrames(ctx) {
    const {g, palette} = this;
    ctx.strokeStyle = palette.line;
    ctx.lineWidth = palette.stroke;
    g.cells.forEach(({x, y, side, a, d, strip}, l) => {
      if (l || g.image) ctx.strokeRect(x - 0.5, y - 0.5, side + 1, side + 1);
      if (l || !g.image) ctx.strokeRect(a - 0.5, y - 0.5, (l ? d + strip : a + strip) - a + 1, side + 1);
    });
  }

  /**
   * A frame about the layer of a pick.
   * @param {CanvasRenderingContext2D} ctx
   * @param {Pick | null} pick
   * @param {string} colour
   */
  drawMark(ctx, pick, colour) {
    if (!pick || pick.layer >= this.g.cells.length) return;
    const {x, y, side, d, strip} = this.g.cells[pick.layer];
    ctx.strokeStyle = colour;
    ctx.lineWidth = 2 * this.palette.stroke;
    ctx.strokeRect(x - 2.5, y - 2.5, d + strip - x + 5, side + 5);
  }

  /** Numbers of the layers, as many as have room. @param {CanvasRenderingContext2D} ctx @param {number} marked */
  writeNumbers(ctx, marked) {
    const {g, palette} = this;
    const size = Math.max(palette.least, Math.min(palette.small, 0.34 * g.cells[0].side + 4));
    const every = Math.ceil((size * 1.9) / g.cells[0].side);
    ctx.textAlign = "left";
    ctx.textBaseline = "alphabetic";
    g.cells.forEach(({x, y}, l) => {
      if (l % every && l !== marked) return;
      ctx.fillStyle = l === marked ? palette.accent : palette.muted;
      ctx.font = `${l === marked ? 750 : 600} ${size}px ${palette.font}`;
      ctx.fillText(l ? String(l) : "x", l || g.image ? x : g.cells[0].a, y - 3);
    });
  }

  /** How one layer leads to the next. @param {CanvasRenderingContext2D} ctx */
  drawArrows(ctx) {
    const {g, palette} = this;
    ctx.strokeStyle = palette.muted;
    ctx.lineWidth = palette.stroke;
    ctx.beginPath();
    g.cells.forEach(({d, strip, y, side}, l) => {
      const right = l + 1 === g.cells.length ? g.loss.x : (l + 1) % g.across === 0 ? d + strip : g.cells[l + 1].x;
      const from = d + strip + 2;
      const middle = y + side / 2;
      if (right - from < 4) return;
      ctx.moveTo(from, middle);
      ctx.lineTo(Math.min(right - 2, from + 14), middle);
    });
    ctx.stroke();
  }
}
