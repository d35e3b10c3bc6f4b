// @ts-check
/**
 * The wave of a moment over weight matrices: forward each is swept from its inputs to its neurons, backward the other
 * way, fainter where δ has vanished.
 */

import {glow} from "./flows.js";
import {drawArrival} from "./pulses.js";

/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Frame} Frame */
/** @typedef {import("./matrices_layout.js").Grid} Grid */
/** @typedef {import("../../draw/plot.js").Palette} Palette */

export class Sweeps {
  /** @param {Grid} g @param {Palette} palette */
  constructor(g, palette) {
    this.g = g;
    this.palette = palette;
    this.gaps = g.sizes.length;
    this.last = this.gaps - 1;
  }

  /** @param {CanvasRenderingContext2D} ctx cleared @param {Frame} frame @param {import("./rhythm.js").Wave} wave */
  draw(ctx, frame, {direction, place}) {
    const {g, palette, gaps, last} = this;
    const spread = gaps > 20 ? 1.4 : 0.7;
    ctx.strokeStyle = ctx.fillStyle = direction > 0 ? palette.forward : palette.backward;
    ctx.lineWidth = 3 * palette.stroke;
    for (let l = Math.max(1, Math.floor(place - 3)); l <= Math.min(last, Math.ceil(place + 3)); l++) {
      const near = Math.exp(-(((l - 0.5 - place) / spread) ** 2));
      this.drawRing(ctx, l, brightness(frame, l, direction) * near);
    }
    if (place < last) {
      const l = Math.min(last, Math.floor(place) + 1);
      ctx.globalAlpha = 0.85 * brightness(frame, l, direction);
      this.drawFront(ctx, l, place - l + 1);
    }
    const arrival = Math.exp(-(((gaps - place) / 0.5) ** 2));
    if (arrival > 0.03) drawArrival(ctx, g, palette, arrival, direction);
    ctx.globalAlpha = 1;
  }

  /**
   * Without motion: a frame about every layer by its share of the error.
   * @param {CanvasRenderingContext2D} ctx
   * @param {Frame} frame
   */
  drawStill(ctx, frame) {
    ctx.strokeStyle = this.palette.backward;
    ctx.lineWidth = 3 * this.palette.stroke;
    for (let l = 1; l <= this.last; l++) this.drawRing(ctx, l, 0.8 * brightness(frame, l, -1));
    ctx.globalAlpha = 1;
  }

  forget() {}

  /** @param {CanvasRenderingContext2D} ctx @param {number} l @param {number} strength */
  drawRing(ctx, l, strength) {
    const {x, y, side, d, strip} = this.g.cells[l];
    ctx.globalAlpha = strength;
    ctx.strokeRect(x - 3, y - 3, d + strip - x + 6, side + 6);
  }

  /**
   * The line that sweeps a matrix.
   * @param {CanvasRenderingContext2D} ctx
   * @param {number} l
   * @param {number} share of the way
   */
  drawFront(ctx, l, share) {
    const {x, y, side, d, strip} = this.g.cells[l];
    const {stroke} = this.palette;
    ctx.fillRect(x + share * (d + strip - x) - 1.5 * stroke, y, 3 * stroke, side);
  }
}

/** @param {Frame} frame @param {number} l @param {1 | -1} direction */
function brightness({norms: {delta}}, l, direction) {
  if (direction > 0) return 1;
  let largest = 0;
  for (const norm of delta) if (norm > largest) largest = norm;
  return glow(delta[l - 1], largest);
}
