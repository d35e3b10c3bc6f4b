// @ts-check
/**
 * What flows: violet forward along the weights by |a·w|, then coral backward by |δ·w|, fainter where δ has vanished.
 */

import {endX, startX, startY} from "./curves.js";
import {glow, strongest} from "./flows.js";

/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Frame} Frame */
/** @typedef {import("./layout.js").Geometry} Geometry */
/** @typedef {import("./rhythm.js").Wave} Wave */
/** @typedef {import("../../draw/plot.js").Palette} Palette */

const SHADES = 5;
const RING_SHADES = 4;

/** Pieces of a pulse's tail, from its head back: begin and end in shares of the curve, and brightness. */
const TAIL = [
  [0.34, 0.17, 0.4],
  [0.17, 0, 1],
];

/** @param {number} strength 0…1 */
const shadeOf = strength => Math.min(SHADES - 1, (strength * SHADES) | 0);

/**
 * A point of an edge's curve, the Bézier curve with both handles half way.
 * @param {number} a
 * @param {number} b
 * @param {number} t
 */
const bendX = (a, b, t) => a + (b - a) * (1.5 * t - 1.5 * t * t + t * t * t);
/** @param {number} a @param {number} b @param {number} t */
const bendY = (a, b, t) => a + (b - a) * t * t * (3 - 2 * t);

/** @param {number} t */
const within = t => Math.min(1, Math.max(0, t));

/**
 * A piece of the curve whose ends stand at `k`, as one quadratic arc.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number[]} ends
 * @param {number} k
 * @param {number} s
 * @param {number} t
 */
function trace(ctx, ends, k, s, t) {
  const middle = (s + t) / 2;
  const x0 = ends[k];
  const y0 = ends[k + 1];
  const x1 = ends[k + 2];
  const y1 = ends[k + 3];
  const xs = bendX(x0, x1, s);
  const ys = bendY(y0, y1, s);
  const xt = bendX(x0, x1, t);
  const yt = bendY(y0, y1, t);
  ctx.moveTo(xs, ys);
  ctx.quadraticCurveTo(2 * bendX(x0, x1, middle) - (xs + xt) / 2, 2 * bendY(y0, y1, middle) - (ys + yt) / 2, xt, yt);
}

/** Draws the wave of a moment. */
export class Pulses {
  /**
   * @param {Geometry} g
   * @param {Layout} layout
   * @param {Palette} palette
   * @param {boolean} [ends] whether the last column is the output, followed by the loss
   */
  constructor(g, layout, palette, ends = true) {
    this.g = g;
    this.layout = layout;
    this.palette = palette;
    this.ends = ends;
    this.last = g.sizes.length - 1;
    this.gaps = ends ? this.last + 1 : this.last;
    this.thick = Math.max(1, Math.min(4.2, g.columns[this.last].size / 9)) * palette.stroke;
    /** per shade: both ends of the curves that pulses run along now, four numbers each */
    this.shades = Array.from({length: SHADES}, () => /** @type {number[]} */ ([]));
    /** direction and gap that these are of */
    this.gathered = "";
  }

  /** @param {CanvasRenderingContext2D} ctx cleared @param {Frame} frame @param {Wave} wave */
  draw(ctx, frame, wave) {
    const {gaps} = this;
    const {direction, place} = wave;
    const gap = Math.min(gaps, Math.max(1, direction > 0 ? Math.floor(place) + 1 : Math.ceil(place)));
    if (this.gathered !== `${direction} ${gap}`) {
      this.gathered = `${direction} ${gap}`;
      this.gather(frame, gap, direction);
    }
    this.drawRings(ctx, frame, wave);
    this.drawPulses(ctx, place - gap + 1, direction, this.brightness(frame, direction, place));
    const arrival = Math.exp(-(((gaps - place) / 0.35) ** 2));
    if (this.ends && arrival > 0.03) drawArrival(ctx, this.g, this.palette, arrival, direction);
  }

  /**
   * Without motion: coral about every neuron by its share of the error, forgotten where δ has vanished.
   * @param {CanvasRenderingContext2D} ctx
   * @param {Frame} frame
   */
  drawStill(ctx, frame) {
    for (let l = 1; l <= this.last; l++) this.drawRing(ctx, frame, l, -1, 0.7 * this.brightness(frame, -1, l));
  }

  /** Start the next gap from the newest numbers. */
  forget() {
    this.gathered = "";
  }

  /**
   * Ends of the curves that pulses run along now, grouped by strength.
   * @param {Frame} frame
   * @param {number} gap
   * @param {1 | -1} direction
   */
  gather(frame, gap, direction) {
    const {g, layout, shades} = this;
    for (const shade of shades) shade.length = 0;
    if (gap > this.last) return this.gatherIntoLoss(frame, direction);
    for (const {from, to, strength} of strongest(layout, frame, gap, direction)) {
      shades[shadeOf(strength)].push(
        startX(g, gap, from),
        startY(g, gap, from),
        endX(g, gap, to),
        g.y[g.first[gap] + to],
      );
    }
  }

  /** @param {Frame} frame @param {1 | -1} direction */
  gatherIntoLoss({A, D}, direction) {
    const {g, layout, shades, last} = this;
    const {offset} = layout.units[last];
    const numbers = direction > 0 ? A : D;
    let most = 0;
    for (let j = 0; j < g.sizes[last]; j++) most = Math.max(most, Math.abs(numbers[offset + j]));
    for (let j = 0; j < g.sizes[last]; j++) {
      const u = g.first[last] + j;
      const share = Math.abs(numbers[offset + j]) / most;
      if (share > 0.02)
        shades[shadeOf(share)].push(g.x[u] + g.columns[last].size / 2 + g.bars, g.y[u], g.loss.x, g.loss.y);
    }
  }

  /** Brightness of the wave at a place. @param {Frame} frame @param {1 | -1} direction @param {number} place */
  brightness({norms: {delta}}, direction, place) {
    if (direction > 0) return 1;
    let largest = 0;
    for (const d of delta) if (d > largest) largest = d;
    const right = Math.min(this.last, Math.ceil(place));
    const left = Math.max(1, Math.min(this.last, Math.floor(place)));
    const share = place - Math.floor(place);
    return glow(delta[right - 1], largest) * share + glow(delta[left - 1], largest) * (1 - share);
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {number} t place in the gap, 0…1
   * @param {1 | -1} direction
   * @param {number} bright
   */
  drawPulses(ctx, t, direction, bright) {
    const {palette, thick, shades} = this;
    ctx.lineCap = "round";
    ctx.strokeStyle = ctx.fillStyle = direction > 0 ? palette.forward : palette.backward;
    for (let s = 0; s < SHADES; s++) {
      const ends = shades[s];
      const share = (s + 1) / SHADES;
      if (ends.length === 0) continue;
      for (const [from, to, part] of TAIL) {
        ctx.globalAlpha = bright * part * (0.2 + 0.55 * share);
        ctx.lineWidth = (0.8 * palette.stroke + thick * 0.8 * share) * (0.4 + 0.6 * part);
        strokeTails(ctx, ends, within(t - direction * from), within(t - direction * to));
      }
      ctx.globalAlpha = bright * (0.35 + 0.65 * share);
      fillHeads(ctx, ends, t, 0.9 * palette.stroke + thick * 0.75 * share);
    }
    ctx.globalAlpha = 1;
  }

  /**
   * Rings about the neurons near the wave.
   * @param {CanvasRenderingContext2D} ctx
   * @param {Frame} frame
   * @param {Wave} wave
   */
  drawRings(ctx, frame, {direction, place}) {
    const width = this.gaps > 8 ? 0.75 : 0.45;
    const from = Math.max(direction > 0 ? 0 : 1, Math.floor(place - 2));
    const to = Math.min(this.last, Math.ceil(place + 2));
    for (let l = from; l <= to; l++) {
      const near = Math.exp(-(((l - place) / width) ** 2));
      this.drawRing(ctx, frame, l, direction, near * 0.75 * this.brightness(frame, direction, l));
    }
  }

  /**
   * Rings about the neurons of a layer, by what arrives there.
   * @param {CanvasRenderingContext2D} ctx
   * @param {Frame} frame
   * @param {number} l
   * @param {1 | -1} direction
   * @param {number} bright
   */
  drawRing(ctx, frame, l, direction, bright) {
    const {g, palette} = this;
    if (bright < 0.03) return;
    ctx.strokeStyle = direction > 0 ? palette.forward : palette.backward;
    if (g.image && l === 0) {
      ctx.globalAlpha = bright;
      ctx.lineWidth = 5 * palette.stroke;
      ctx.strokeRect(g.image.x, g.image.y, g.image.side, g.image.side);
      return;
    }
    const {offset, size} = this.layout.units[l];
    const numbers = direction > 0 ? frame.A : frame.D;
    let most = 0;
    for (let j = 0; j < size; j++) most = Math.max(most, Math.abs(numbers[offset + j]));
    ctx.lineWidth = Math.max(2, Math.min(9, g.columns[l].size * 0.26)) * palette.stroke;
    for (let shade = 1; shade <= RING_SHADES; shade++) {
      ctx.globalAlpha = bright * (0.15 + (0.85 * shade) / RING_SHADES);
      ctx.beginPath();
      for (let j = 0; j < size; j++)
        if (Math.ceil((Math.abs(numbers[offset + j]) / most) * RING_SHADES) === shade) ringAbout(ctx, g, l, j);
      ctx.stroke();
    }
    ctx.globalAlpha = 1;
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number[]} ends
 * @param {number} from
 * @param {number} to shares of the curves
 */
function strokeTails(ctx, ends, from, to) {
  ctx.beginPath();
  for (let k = 0; k < ends.length; k += 4) trace(ctx, ends, k, from, to);
  ctx.stroke();
}

/** @param {CanvasRenderingContext2D} ctx @param {number[]} ends @param {number} t @param {number} radius */
function fillHeads(ctx, ends, t, radius) {
  ctx.beginPath();
  for (let k = 0; k < ends.length; k += 4) {
    const x = bendX(ends[k], ends[k + 2], t);
    const y = bendY(ends[k + 1], ends[k + 3], t);
    ctx.moveTo(x + radius, y);
    ctx.arc(x, y, radius, 0, 7);
  }
  ctx.fill();
}

/** @param {CanvasRenderingContext2D} ctx @param {Geometry} g @param {number} l @param {number} j */
function ringAbout(ctx, g, l, j) {
  const u = g.first[l] + j;
  const {size} = g.columns[l];
  ctx.roundRect(g.x[u] - size / 2, g.y[u] - size / 2, size, size, Math.min(6, size / 5));
}

/**
 * The frame of the loss node as the wave arrives there.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Geometry} g
 * @param {Palette} palette
 * @param {number} arrival 0…1
 * @param {1 | -1} direction
 */
export function drawArrival(ctx, {loss}, palette, arrival, direction) {
  ctx.globalAlpha = 0.6 * arrival;
  ctx.strokeStyle = direction > 0 ? palette.forward : palette.backward;
  ctx.lineWidth = 9 * palette.stroke;
  ctx.beginPath();
  ctx.roundRect(loss.x, loss.y - loss.height / 2, loss.width, loss.height, 10);
  ctx.stroke();
  ctx.globalAlpha = 1;
}
