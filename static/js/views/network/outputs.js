// @ts-check
/** To the right of the outputs: their names, probabilities and targets, and the links into the loss node. */

import {percent} from "../../draw/format.js";
import {leastOfName, shortened} from "../../draw/lettering.js";

/** @typedef {import("../../types").Data} Data */
/** @typedef {import("../../types").Frame} Frame */
/** @typedef {import("./layout.js").Geometry} Geometry */
/** @typedef {import("../../draw/plot.js").Palette} Palette */

/**
 * Where names and bars stand, in px.
 * @typedef {object} BarRoom
 * @property {number} left of the names
 * @property {number} room for name and bar
 * @property {number} type size of the names
 * @property {boolean} named whether there is room for names
 * @property {boolean} above whether they stand above their bars
 * @property {number} aside room for names beside their bars
 * @property {number} tall height of a bar
 */

/** @param {Geometry} g @param {Data} data @param {import("../../draw/plot.js").Type} type @returns {BarRoom} */
export function barRoomOf(g, data, {small, least}) {
  const {size, pitch, x} = g.columns[g.sizes.length - 1];
  const room = g.bars - 8;
  const named = pitch > Math.max(9, least);
  const letters = Math.max(...data.class_names.map(name => name.length));
  const long = letters > 2;
  const type = Math.max(least, Math.min(pitch * 0.8, small));
  const above = long && pitch > 2.6 * small;
  return {
    left: x + size / 2 + 5,
    room,
    type,
    named,
    above,
    aside: named && !above ? (long ? room * 0.55 : Math.max(15, letters * 0.7 * type + 5)) : 0,
    tall: Math.min(9, pitch * 0.4),
  };
}

/** The most probable of some outputs. @param {ArrayLike<number>} A @param {number} offset @param {number} count */
export function likeliest(A, offset, count) {
  let best = 0;
  for (let j = 1; j < count; j++) if (A[offset + j] > A[offset + best]) best = j;
  return best;
}

export class OutputBars {
  /**
   * @param {Geometry} g
   * @param {number} offset of the outputs in a frame
   * @param {Data} data
   * @param {Palette} palette
   */
  constructor(g, offset, data, palette) {
    this.g = g;
    this.offset = offset;
    this.data = data;
    this.palette = palette;
    this.last = g.sizes.length - 1;
    this.room = barRoomOf(g, data, palette);
  }

  /** Name, probability and target of every output. @param {CanvasRenderingContext2D} ctx @param {Frame} frame */
  draw(ctx, {A, sample}) {
    const {g, data, palette, offset, last} = this;
    const taken = sample < 0 ? palette.forward : palette.bad;
    const best = likeliest(A, offset, g.sizes[last]);
    ctx.textBaseline = "middle";
    for (let j = 0; j < g.sizes[last]; j++) {
      const y = g.y[g.first[last] + j];
      const target = data.y[sample * data.outputs + j] > 0.5;
      const colour = target ? palette.good : j === best ? taken : null;
      if (this.room.named) this.drawName(ctx, j, y, colour, target || j === best);
      this.drawBar(ctx, y, A[offset + j], colour ?? palette.positive);
    }
    this.drawShare(ctx, best, A[offset + best]);
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {number} j
   * @param {number} y
   * @param {string | null} colour of an output that is meant or taken
   * @param {boolean} bold
   */
  drawName(ctx, j, y, colour, bold) {
    const {left, room, type, above, aside, tall} = this.room;
    const {palette} = this;
    const name = this.data.class_names[j] ?? String(j);
    ctx.textAlign = "left";
    ctx.font = this.font(type, bold ? 700 : 500);
    ctx.fillStyle = colour ?? palette.muted;
    const wide = above ? room : aside - 3;
    const fitting = type * Math.min(1, wide / ctx.measureText(name).width);
    const least = Math.min(type, leastOfName(palette));
    if (fitting < type) ctx.font = this.font(Math.max(least, fitting), bold ? 700 : 500);
    ctx.fillText(
      fitting < least ? shortened(ctx, name, wide) : name,
      left,
      above ? y - tall / 2 - palette.small * 0.6 : y + 0.5,
    );
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number} y @param {number} p probability @param {string} colour */
  drawBar(ctx, y, p, colour) {
    const {left, room, aside, tall} = this.room;
    const whole = room - aside;
    ctx.fillStyle = this.palette.grid;
    ctx.fillRect(left + aside, y - tall / 2, whole, tall);
    ctx.fillStyle = colour;
    ctx.fillRect(left + aside, y - tall / 2, Math.max(0, whole * p) || 0, tall);
  }

  /**
   * The probability of the likeliest output in figures.
   * @param {CanvasRenderingContext2D} ctx
   * @param {number} j
   * @param {number} p
   */
  drawShare(ctx, j, p) {
    const {g, palette, last} = this;
    const {left, room, above, tall} = this.room;
    if (room <= 56 || g.columns[last].pitch <= 13) return;
    ctx.textAlign = "right";
    ctx.font = this.font(palette.tiny, 600);
    ctx.fillStyle = palette.text;
    const y = g.y[g.first[last] + j] + (above ? 1 : -1) * (tall / 2 + palette.small * 0.6);
    const [highest, lowest] = [palette.tiny * 0.6, g.height - palette.tiny * 0.6];
    ctx.fillText(percent(p), left + room, Math.min(lowest, Math.max(highest, y)));
  }

  /** @param {number} size @param {number} weight */
  font(size, weight) {
    return `${weight} ${size}px ${this.palette.font}`;
  }
}

/**
 * What leads from the outputs into the loss.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Geometry} g
 * @param {Palette} palette
 */
export function drawLinks(ctx, g, palette) {
  const last = g.sizes.length - 1;
  const {size} = g.columns[last];
  ctx.strokeStyle = palette.muted;
  ctx.globalAlpha = 0.35;
  ctx.lineWidth = 1.2;
  ctx.beginPath();
  for (let u = g.first[last]; u < g.first[last] + g.sizes[last]; u++) {
    const x = g.x[u] + size / 2 + g.bars;
    const half = (x + g.loss.x) / 2;
    ctx.moveTo(x, g.y[u]);
    ctx.bezierCurveTo(half, g.y[u], half, g.loss.y, g.loss.x, g.loss.y);
  }
  ctx.stroke();
  ctx.globalAlpha = 1;
}
