// @ts-check
/**
 * What flows: violet forward along the weights by |a·w|, then coral backward by |δ·w|, fainter where δ has vanished.
 */

import {endX, startX, startY} from "./layout.js";

/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Frame} Frame */
/** @typedef {import("./layout.js").Geometry} Geometry */
/** @typedef {import("../../draw/plot.js").Palette} Palette */
/**
 * Where the wave stands: `place` 0 is the input column, `gaps` the loss node.
 * @typedef {{direction: 1 | -1, place: number}} Wave
 */

/** ms of one sweep, of the rest after it, and of both sweeps with their rests. */
export const SWEEP = 850;
export const REST = 130;
export const CYCLE = 2 * (SWEEP + REST);
const MOST = 130;
const SHADES = 5;
const DECADES = 4.5;
const BRIGHT = 0.003;

/** Pieces of a pulse's tail, from its head back: begin and end in shares of the curve, and brightness. */
const TAIL = [
  [0.34, 0.17, 0.4],
  [0.17, 0, 1],
];

/** When the sweeps run: without end while the net trains, once after a single step. */
export function createRhythm() {
  let start = -Infinity;
  let endless = false;
  return {
    /** Sweep once, unless a sweep is under way. @param {number} now ms */
    once(now) {
      if (now - start >= CYCLE) start = now;
    },
    /** @param {boolean} on @param {number} now */
    keep(on, now) {
      if (on && now - start >= CYCLE) start = now;
      endless = on;
    },
    stop() {
      start = -Infinity;
      endless = false;
    },
    /** @param {number} now @param {number} gaps @returns {Wave | null} null at rest */
    at(now, gaps) {
      if (now - start >= CYCLE && endless) start += CYCLE * Math.floor((now - start) / CYCLE);
      const time = now - start;
      if (time < SWEEP) return {direction: 1, place: (time / SWEEP) * gaps};
      if (time < SWEEP + REST) return {direction: 1, place: gaps};
      if (time < 2 * SWEEP + REST) return {direction: -1, place: gaps * (1 - (time - SWEEP - REST) / SWEEP)};
      return null;
    },
    /** Whether something is still to be drawn. @param {number} now */
    runs: now => endless || now - start < CYCLE,
  };
}

/** Brightness 0…1 of a layer's δ beside the largest, on a log scale. @param {number} delta @param {number} largest */
export function glow(delta, largest) {
  if (!(delta > 0)) return delta === 0 ? 0 : 1;
  return Math.min(1, Math.max(0.05, 1 + Math.log10(delta / Math.max(largest, BRIGHT)) / DECADES));
}

/**
 * The strongest flows through the edges into layer l, relative to the strongest of all.
 * @param {Layout} layout @param {Frame} frame @param {number} l @param {1 | -1} direction
 * @returns {{from: number, to: number, strength: number}[]}
 */
export function strongest({blocks, units, sizes}, {P, A, D}, l, direction) {
  const {offset, rows, cols} = blocks[l - 1];
  const all = new Float32Array(rows * cols);
  const inputs = sizes[l - 1];
  let most = 0;
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++) {
      const a = i < inputs ? A[units[l - 1].offset + i] : 1;
      const size = Math.abs(P[offset + i * cols + j] * (direction > 0 ? a : D[units[l].offset + j]));
      all[i * cols + j] = size;
      if (size > most) most = size;
    }
  if (!(most > 0)) return [];
  const least = Math.max(0.03 * most, all.length > MOST ? all.slice().sort()[all.length - MOST] : 0);
  const flows = [];
  for (let k = 0; k < all.length; k++)
    if (all[k] >= least && flows.length < MOST)
      flows.push({from: Math.floor(k / cols), to: k % cols, strength: all[k] / most});
  return flows;
}

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

/**
 * Draws the wave of a moment.
 * @param {Geometry} g
 * @param {Layout} layout
 * @param {Palette} palette
 * @param {boolean} [ends] whether the last column is the output, followed by the loss
 */
export function createPulses(g, layout, palette, ends = true) {
  const last = g.sizes.length - 1;
  const gaps = ends ? last + 1 : last;
  const thick = Math.max(1, Math.min(4.2, g.columns[last].size / 9)) * palette.stroke;
  const edges = Array.from({length: SHADES}, () => /** @type {number[]} */ ([]));
  let gathered = "";

  /**
   * Ends of the curves that pulses run along now, grouped by strength.
   * @param {Frame} frame
   * @param {number} gap
   * @param {1 | -1} direction
   */
  function gather(frame, gap, direction) {
    for (const shade of edges) shade.length = 0;
    if (gap > last) {
      const {offset} = layout.units[last];
      const numbers = direction > 0 ? frame.A : frame.D;
      let most = 0;
      for (let j = 0; j < g.sizes[last]; j++) most = Math.max(most, Math.abs(numbers[offset + j]));
      for (let j = 0; j < g.sizes[last]; j++) {
        const u = g.first[last] + j;
        const share = Math.abs(numbers[offset + j]) / most;
        if (share > 0.02)
          edges[shadeOf(share)].push(g.x[u] + g.columns[last].size / 2 + g.bars, g.y[u], g.loss.x, g.loss.y);
      }
      return;
    }
    for (const {from, to, strength} of strongest(layout, frame, gap, direction)) {
      edges[shadeOf(strength)].push(
        startX(g, gap, from),
        startY(g, gap, from),
        endX(g, gap, to),
        g.y[g.first[gap] + to],
      );
    }
  }

  /** @param {number} strength 0…1 */
  const shadeOf = strength => Math.min(SHADES - 1, (strength * SHADES) | 0);

  /** Brightness of the wave within a gap. @param {Frame} frame @param {Wave} wave */
  function brightness({norms: {delta}}, {direction, place}) {
    if (direction > 0) return 1;
    let largest = 0;
    for (const d of delta) if (d > largest) largest = d;
    const right = Math.min(last, Math.ceil(place));
    const left = Math.max(1, Math.min(last, Math.floor(place)));
    const share = place - Math.floor(place);
    return glow(delta[right - 1], largest) * share + glow(delta[left - 1], largest) * (1 - share);
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {number} t place in the gap, 0…1
   * @param {1 | -1} direction
   * @param {number} bright
   */
  function drawPulses(ctx, t, direction, bright) {
    ctx.lineCap = "round";
    ctx.strokeStyle = ctx.fillStyle = direction > 0 ? palette.forward : palette.backward;
    for (let s = 0; s < SHADES; s++) {
      const ends = edges[s];
      const share = (s + 1) / SHADES;
      if (ends.length === 0) continue;
      for (const [from, to, part] of TAIL) {
        ctx.globalAlpha = bright * part * (0.2 + 0.55 * share);
        ctx.lineWidth = (0.8 * palette.stroke + thick * 0.8 * share) * (0.4 + 0.6 * part);
        ctx.beginPath();
        for (let k = 0; k < ends.length; k += 4)
          trace(ctx, ends, k, within(t - direction * from), within(t - direction * to));
        ctx.stroke();
      }
      ctx.globalAlpha = bright * (0.35 + 0.65 * share);
      ctx.beginPath();
      const radius = 0.9 * palette.stroke + thick * 0.75 * share;
      for (let k = 0; k < ends.length; k += 4) {
        const x = bendX(ends[k], ends[k + 2], t);
        const y = bendY(ends[k + 1], ends[k + 3], t);
        ctx.moveTo(x + radius, y);
        ctx.arc(x, y, radius, 0, 7);
      }
      ctx.fill();
    }
    ctx.globalAlpha = 1;
  }

  /**
   * Rings about the neurons of a layer, by what arrives there.
   * @param {CanvasRenderingContext2D} ctx
   * @param {Frame} frame
   * @param {number} l
   * @param {1 | -1} direction
   * @param {number} bright
   */
  function drawRings(ctx, frame, l, direction, bright) {
    const {offset, size} = layout.units[l];
    const numbers = direction > 0 ? frame.A : frame.D;
    const square = g.columns[l].size;
    const colour = direction > 0 ? palette.forward : palette.backward;
    if (bright < 0.03) return;
    ctx.strokeStyle = colour;
    if (g.image && l === 0) {
      ctx.globalAlpha = bright;
      ctx.lineWidth = 5 * palette.stroke;
      ctx.strokeRect(g.image.x, g.image.y, g.image.side, g.image.side);
      return;
    }
    let most = 0;
    for (let j = 0; j < size; j++) most = Math.max(most, Math.abs(numbers[offset + j]));
    ctx.lineWidth = Math.max(2, Math.min(9, square * 0.26)) * palette.stroke;
    for (let shade = 1; shade <= 4; shade++) {
      ctx.globalAlpha = bright * (0.15 + (0.85 * shade) / 4);
      ctx.beginPath();
      for (let j = 0; j < size; j++) {
        if (Math.ceil((Math.abs(numbers[offset + j]) / most) * 4) !== shade) continue;
        const u = g.first[l] + j;
        ctx.roundRect(g.x[u] - square / 2, g.y[u] - square / 2, square, square, Math.min(6, square / 5));
      }
      ctx.stroke();
    }
    ctx.globalAlpha = 1;
  }

  return {
    gaps,
    /** @param {CanvasRenderingContext2D} ctx cleared @param {Frame} frame @param {Wave} wave */
    draw(ctx, frame, wave) {
      const {direction, place} = wave;
      const gap = Math.min(gaps, Math.max(1, direction > 0 ? Math.floor(place) + 1 : Math.ceil(place)));
      if (gathered !== `${direction} ${gap}`) {
        gathered = `${direction} ${gap}`;
        gather(frame, gap, direction);
      }
      const bright = brightness(frame, wave);
      const width = gaps > 8 ? 0.75 : 0.45;
      for (
        let l = Math.max(direction > 0 ? 0 : 1, Math.floor(place - 2));
        l <= Math.min(last, Math.ceil(place + 2));
        l++
      ) {
        const near = Math.exp(-(((l - place) / width) ** 2));
        drawRings(
          ctx,
          frame,
          l,
          direction,
          near * 0.75 * (direction > 0 ? 1 : brightness(frame, {direction, place: l})),
        );
      }
      drawPulses(ctx, place - gap + 1, direction, bright);
      const arrival = Math.exp(-(((gaps - place) / 0.35) ** 2));
      if (ends && arrival > 0.03) drawLoss(ctx, arrival, direction);
    },
    /**
     * Without motion: coral about every neuron by its share of the error, forgotten where δ has vanished.
     * @param {CanvasRenderingContext2D} ctx
     * @param {Frame} frame
     */
    drawStill(ctx, frame) {
      for (let l = 1; l <= last; l++) drawRings(ctx, frame, l, -1, 0.7 * brightness(frame, {direction: -1, place: l}));
    },
    /** Start the next gap from the newest numbers. */
    forget() {
      gathered = "";
    },
  };

  /** @param {CanvasRenderingContext2D} ctx @param {number} arrival @param {1 | -1} direction */
  function drawLoss(ctx, arrival, direction) {
    ctx.globalAlpha = 0.6 * arrival;
    ctx.strokeStyle = direction > 0 ? palette.forward : palette.backward;
    ctx.lineWidth = 9 * palette.stroke;
    ctx.beginPath();
    ctx.roundRect(g.loss.x, g.loss.y - g.loss.height / 2, g.loss.width, g.loss.height, 10);
    ctx.stroke();
    ctx.globalAlpha = 1;
  }
}
