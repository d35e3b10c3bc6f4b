// @ts-check
/**
 * Residual connections as arcs above the layers: what is passed on forward in violet, the gradient that comes back
 * through them in coral.
 */

import {glow} from "./flows.js";

/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Frame} Frame */
/**
 * An arc: where it leaves and lands, and how high it rises.
 * @typedef {{layer: number, x0: number, y0: number, x1: number, y1: number, lift: number}} Arc
 */

/**
 * Size of the gradient that comes back through each skip, for the selected sample: the root mean square of ∂C/∂a of its
 * layer, which a skip hands on
 * as it is. ∂C/∂a = Wᵀδ of the layer above, and what that layer's own skip hands on.
 * @param {Layout} layout of the whole net
 * @param {Pick<Frame, "P" | "D">} frame
 * @returns {Float64Array} per layer after the input, 0 where there is no skip
 */
export function skipGradients({sizes, blocks, units, residual}, {P, D}) {
  const last = sizes.length - 1;
  const found = new Float64Array(last);
  let above = new Float64Array(sizes[last]);
  for (let l = last - 1; l >= 1; l--) {
    const {offset, cols} = blocks[l];
    const errors = units[l + 1].offset;
    const here = new Float64Array(sizes[l]);
    let square = 0;
    for (let i = 0; i < sizes[l]; i++) {
      let sum = residual[l] ? above[i] : 0;
      for (let j = 0, at = offset + i * cols; j < cols; j++) sum += P[at + j] * D[errors + j];
      here[i] = sum;
      square += sum * sum;
    }
    if (residual[l - 1]) found[l - 1] = Math.sqrt(square / sizes[l]);
    above = here;
  }
  return found;
}

/**
 * The arcs of columns of neurons, over their tops.
 * @param {import("./layout.js").Geometry} g
 * @param {boolean[]} residual per layer after the first
 * @returns {Arc[]}
 */
export function arcsOverColumns(g, residual) {
  const top = (/** @type {number} */ l) =>
    g.y.subarray(g.first[l], g.first[l] + g.sizes[l]).reduce((a, b) => Math.min(a, b), Infinity) -
    g.columns[l].size / 2 -
    2;
  return residual.flatMap((has, k) =>
    has
      ? [
          {
            layer: k + 1,
            x0: g.columns[k].x,
            y0: top(k),
            x1: g.columns[k + 1].x,
            y1: top(k + 1),
            lift: Math.max(6, Math.min(17, top(k) - 2, top(k + 1) - 2)),
          },
        ]
      : [],
  );
}

/**
 * The arcs of weight matrices, from the strip of one layer to that of the next; those to the next line come in from the
 * left.
 * @param {import("./matrices_layout.js").Grid} g @param {boolean[]} residual @returns {Arc[]} */
export function arcsOverMatrices(g, residual) {
  return residual.flatMap((has, k) => {
    if (!has) return [];
    const from = g.cells[k];
    const to = g.cells[k + 1];
    const y1 = to.y - 1;
    const x1 = to.a + to.strip / 2;
    const x0 = from.y === to.y ? from.a + from.strip / 2 : to.x - 8;
    return [{layer: k + 1, x0, y0: y1, x1, y1, lift: 13}];
  });
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Arc[]} arcs
 * @param {Float64Array} gradients per layer of the whole net
 * @param {number} from layer of the first column
 * @param {import("../../draw/plot.js").Palette} palette */
export function drawSkips(ctx, arcs, gradients, from, palette) {
  const largest = gradients.reduce((a, b) => (b > a ? b : a), 0);
  for (const {layer, x0, y0, x1, y1, lift} of arcs) {
    const high = Math.min(y0, y1) - lift;
    ctx.lineCap = "round";
    for (const [colour, width, alpha, apart] of /** @type {[string, number, number, number][]} */ ([
      [palette.forward, 1.3, 0.75, 0],
      [palette.backward, 2.2, glow(gradients[from + layer - 1], largest), 3],
    ])) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = width * palette.stroke;
      ctx.globalAlpha = alpha;
      ctx.beginPath();
      ctx.moveTo(x0 + apart, y0);
      ctx.bezierCurveTo(x0 + apart, high - 2 + apart, x1 - apart, high - 2 + apart, x1 - apart, y1);
      ctx.stroke();
    }
    ctx.globalAlpha = 1;
    ctx.fillStyle = palette.forward;
    ctx.beginPath();
    ctx.moveTo(x1 - 3.5, y1 - 4);
    ctx.lineTo(x1 + 3.5, y1 - 4);
    ctx.lineTo(x1, y1 + 1);
    ctx.fill();
  }
}
