// @ts-check
/**
 * A deep net as weight matrices: one picture per layer, beside it what its neurons say and the error that comes back to
 * them.
 */

import {isBounded} from "../../maths/activations.js";
import {boxOf} from "./matrices_layout.js";
import {level} from "../shared/neuron_pictures.js";
import {sampleImage} from "../shared/sample_image.js";
import {glow} from "./pulses.js";
import {steadyScale} from "../shared/scale.js";

/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Frame} Frame */
/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("../../draw/plot.js").Palette} Palette */
/** @typedef {import("./matrices_layout.js").Grid} Grid */
/** @typedef {{palette: Palette, theme: import("../../types").Theme, table: Uint32Array, ratio: number}} Look */

/** Weights that are looked at to find the scale. */
const PROBES = 30_000;

/**
 * A canvas of pixels that are written as numbers.
 * @param {Document} document
 * @param {number} width
 * @param {number} height
 */
function picture(document, width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = ctx.createImageData(width, height);
  return {canvas, pixels: new Uint32Array(image.data.buffer), put: () => ctx.putImageData(image, 0, 0)};
}

/** Numbers of a layer's inputs, and 1 for its biases where they are not fixed at 0. @param {Layout} layout */
export const rowsOf = layout => layout.blocks.map(({rows, fixed}, k) => (fixed ? layout.sizes[k] : rows));

/** The weights: row j of a layer's picture is neuron j, column i its weight from input i, the last column its bias.
 * @param {Document} document @param {Grid} g @param {Layout} layout @param {Look} look */
export function createMatrices(document, g, layout, {palette, table, ratio}) {
  const scale = steadyScale(0.01);
  const rows = rowsOf(layout);
  const {blocks} = layout;
  const pictures = blocks.map(({cols}, k) => picture(document, rows[k], cols));
  /** @type {Float32Array} */
  let P = new Float32Array(0);
  let next = blocks.length;

  function measure() {
    let square = 0;
    let count = 0;
    let most = 0;
    for (const {offset, rows: height, cols} of blocks) {
      const stride = Math.max(1, Math.floor(layout.parameters / PROBES));
      for (let k = offset; k < offset + height * cols; k += stride) {
        const w = Math.abs(P[k]);
        if (!(w < Infinity)) continue;
        square += w * w;
        count++;
        if (w > most) most = w;
      }
    }
    scale.follow(Math.min(most, 3 * Math.sqrt(square / count)));
  }

  /** @param {number} k */
  function paint(k) {
    const {offset, cols} = blocks[k];
    const {pixels, put} = pictures[k];
    const wide = rows[k];
    const gain = 1 / scale.value;
    for (let i = 0; i < wide; i++)
      for (let j = 0, from = offset + i * cols; j < cols; j++) pixels[j * wide + i] = table[level(P[from + j] * gain)];
    put();
  }

  return {
    count: layout.parameters,
    rasterized: true,
    get unit() {
      return scale.value;
    },
    /** @param {Float32Array} parameters */
    begin(parameters) {
      P = parameters;
      measure();
      next = 0;
    },
    /** @param {number} [deadline] @returns {boolean} whether all pictures are new */
    advance(deadline = Infinity) {
      while (next < blocks.length) {
        paint(next++);
        if (performance.now() > deadline) break;
      }
      return next === blocks.length;
    },
    /** @param {CanvasRenderingContext2D} ctx cleared @param {Pick | null} focus */
    draw(ctx, focus) {
      pictures.forEach(({canvas}, k) => {
        const {x, y, side} = g.cells[k + 1];
        ctx.imageSmoothingEnabled = side * ratio < Math.max(canvas.width, canvas.height);
        ctx.drawImage(canvas, x, y, side, side);
      });
      if (!focus || focus.layer < 1) return;
      const {x, y, side} = g.cells[focus.layer];
      const [left, top, right, bottom] = boxOf(g, rows, focus);
      ctx.strokeStyle = palette.text;
      ctx.lineWidth = palette.stroke;
      ctx.strokeRect(x, top, side, bottom - top);
      if (focus.kind === "weight") ctx.strokeRect(left, y, right - left, side);
    },
  };
}

/** What stands about the pictures: activations and errors as strips, frames, numbers of the layers, the input.
 * @param {Document} document
 * @param {Grid} g
 * @param {Layout} layout
 * @param {import("../../types").Data} data
 * @param {Look} look
 */
export function createStrips(document, g, layout, data, {palette, theme, table}) {
  const {sizes, activations, units} = layout;
  const tallest = Math.max(...sizes);
  const strips = picture(document, 2 * sizes.length, tallest);
  const far = data.X.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-9);
  const scales = sizes.map(() => steadyScale(0.1));
  const coral = colourOf(document, palette.backward);
  const image = g.image ? sampleImage(document, data, theme) : null;

  /** @param {Frame} frame */
  function paint({A, D}) {
    let largest = 0;
    for (let u = sizes[0]; u < D.length; u++) largest = Math.max(largest, Math.abs(D[u]));
    const wide = 2 * sizes.length;
    for (let l = 0; l < sizes.length; l++) {
      const {offset, size} = units[l];
      const gain = 1 / range(l, A);
      for (let j = 0; j < size; j++) {
        const strength = l ? glow(Math.abs(D[offset + j]), largest) : 0;
        strips.pixels[j * wide + 2 * l] = table[level(A[offset + j] * gain)];
        strips.pixels[j * wide + 2 * l + 1] = (coral | (Math.round(255 * strength) << 24)) >>> 0;
      }
    }
    strips.put();
  }

  /** Largest activation of a layer that is shown in full colour. @param {number} l @param {Float32Array} A */
  function range(l, A) {
    if (l === 0) return far;
    if (isBounded(activations[l - 1]) && !layout.residual[l - 1]) return 1;
    let most = 0;
    for (let u = units[l].offset; u < units[l].offset + units[l].size; u++) most = Math.max(most, Math.abs(A[u]));
    return scales[l].follow(most);
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number} marked */
  function letters(ctx, marked) {
    const size = Math.min(palette.small, 0.34 * g.cells[0].side + 4);
    ctx.textAlign = "left";
    ctx.textBaseline = "alphabetic";
    const every = Math.ceil((size * 1.9) / g.cells[0].side);
    g.cells.forEach(({x, y}, l) => {
      if (l % every && l !== marked) return;
      ctx.fillStyle = l === marked ? palette.accent : palette.muted;
      ctx.font = `${l === marked ? 750 : 600} ${size}px ${palette.font}`;
      ctx.fillText(l ? String(l) : "x", l || g.image ? x : g.cells[0].a, y - 3);
    });
  }

  /** How one layer leads to the next. @param {CanvasRenderingContext2D} ctx */
  function arrows(ctx) {
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

  return {
    /**
     * @param {CanvasRenderingContext2D} ctx cleared
     * @param {Frame | null} frame
     * @param {Pick | null} hover
     * @param {Pick | null} selected
     */
    draw(ctx, frame, hover, selected) {
      if (frame) paint(frame);
      ctx.imageSmoothingEnabled = false;
      g.cells.forEach(({x, y, side, a, d, strip}, l) => {
        if (frame && l === 0 && image && g.image)
          image.draw(ctx, frame.sample, x, y, side, frame.sample < 0 ? frame.A.subarray(0, sizes[0]) : undefined);
        else if (frame) ctx.drawImage(strips.canvas, 2 * l, 0, 1, sizes[l], a, y, strip, side);
        if (frame && l) ctx.drawImage(strips.canvas, 2 * l + 1, 0, 1, sizes[l], d, y, strip, side);
      });
      ctx.strokeStyle = palette.line;
      ctx.lineWidth = palette.stroke;
      g.cells.forEach(({x, y, side, a, d, strip}, l) => {
        if (l || g.image) ctx.strokeRect(x - 0.5, y - 0.5, side + 1, side + 1);
        if (l || !g.image) ctx.strokeRect(a - 0.5, y - 0.5, (l ? d + strip : a + strip) - a + 1, side + 1);
      });
      for (const [pick, colour] of /** @type {[Pick | null, string][]} */ ([
        [selected, palette.accent],
        [hover, palette.text],
      ])) {
        if (!pick || pick.layer >= g.cells.length) continue;
        const {x, y, side, d, strip} = g.cells[pick.layer];
        ctx.strokeStyle = colour;
        ctx.lineWidth = 2 * palette.stroke;
        ctx.strokeRect(x - 2.5, y - 2.5, d + strip - x + 5, side + 5);
      }
      letters(ctx, (hover ?? selected)?.layer ?? -1);
      arrows(ctx);
    },
  };
}

/**
 * The wave of a moment: forward each matrix is swept from its inputs to its neurons, backward the other way, fainter
 * where δ has vanished.
 * @param {Grid} g @param {Layout} layout @param {Palette} palette */
export function createSweeps(g, layout, palette) {
  const gaps = g.sizes.length;
  const last = gaps - 1;

  /** @param {Frame} frame @param {number} l @param {1 | -1} direction */
  function brightness({norms: {delta}}, l, direction) {
    if (direction > 0) return 1;
    let largest = 0;
    for (const norm of delta) if (norm > largest) largest = norm;
    return glow(delta[l - 1], largest);
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number} l @param {number} strength */
  function ring(ctx, l, strength) {
    const {x, y, side, d, strip} = g.cells[l];
    ctx.globalAlpha = strength;
    ctx.strokeRect(x - 3, y - 3, d + strip - x + 6, side + 6);
  }

  return {
    gaps,
    /** @param {CanvasRenderingContext2D} ctx cleared @param {Frame} frame @param {import("./pulses.js").Wave} wave */
    draw(ctx, frame, {direction, place}) {
      const colour = direction > 0 ? palette.forward : palette.backward;
      const spread = gaps > 20 ? 1.4 : 0.7;
      ctx.strokeStyle = ctx.fillStyle = colour;
      ctx.lineWidth = 3 * palette.stroke;
      for (let l = Math.max(1, Math.floor(place - 3)); l <= Math.min(last, Math.ceil(place + 3)); l++)
        ring(ctx, l, brightness(frame, l, direction) * Math.exp(-(((l - 0.5 - place) / spread) ** 2)));
      const l = Math.min(last, Math.floor(place) + 1);
      const {x, y, side, d, strip} = g.cells[l];
      if (place < last) {
        ctx.globalAlpha = 0.85 * brightness(frame, l, direction);
        ctx.fillRect(x + (place - l + 1) * (d + strip - x) - 1.5 * palette.stroke, y, 3 * palette.stroke, side);
      }
      const arrival = Math.exp(-(((gaps - place) / 0.5) ** 2));
      if (arrival > 0.03) {
        ctx.globalAlpha = 0.6 * arrival;
        ctx.lineWidth = 9 * palette.stroke;
        ctx.beginPath();
        ctx.roundRect(g.loss.x, g.loss.y - g.loss.height / 2, g.loss.width, g.loss.height, 10);
        ctx.stroke();
      }
      ctx.globalAlpha = 1;
    },
    /**
     * Without motion: a frame about every layer by its share of the error.
     * @param {CanvasRenderingContext2D} ctx
     * @param {Frame} frame
     */
    drawStill(ctx, frame) {
      ctx.strokeStyle = palette.backward;
      ctx.lineWidth = 3 * palette.stroke;
      for (let l = 1; l <= last; l++) ring(ctx, l, 0.8 * brightness(frame, l, -1));
      ctx.globalAlpha = 1;
    },
    forget() {},
  };
}

/** A CSS colour as a pixel without opacity, little-endian. @param {Document} document @param {string} colour */
function colourOf(document, colour) {
  const {canvas} = picture(document, 1, 1);
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  ctx.fillStyle = colour;
  ctx.fillRect(0, 0, 1, 1);
  const [r, g, b] = ctx.getImageData(0, 0, 1, 1).data;
  return (b << 16) | (g << 8) | r;
}
