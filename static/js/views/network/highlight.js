// @ts-check
/** Marks on the diagram: what the inspector's factors speak of. */

import {curve} from "./curves.js";

/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("./layout.js").Geometry} Geometry */

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Geometry} g
 * @param {import("../../types").Highlight} highlight
 * @param {import("../../draw/plot.js").Palette} palette
 */
export function drawHighlight(ctx, g, {picks, flow}, palette) {
  const colour = flow === "forward" ? palette.forward : palette.backward;
  ctx.save();
  ctx.strokeStyle = ctx.shadowColor = colour;
  ctx.shadowBlur = 10;
  for (const pick of picks) {
    if (pick.layer >= g.columns.length) continue;
    if (pick.kind === "weight") {
      ctx.lineWidth = 3.5 * palette.stroke;
      ctx.stroke(curve(g, pick.layer, pick.from, pick.to));
      continue;
    }
    const bias = g.biases[pick.layer];
    ctx.lineWidth = 3 * palette.stroke;
    ctx.beginPath();
    if (pick.index >= g.sizes[pick.layer]) {
      if (bias) ctx.arc(bias.x, bias.y, bias.size / 2 + 3, 0, 7);
    } else if (g.image && pick.layer === 0) ctx.rect(g.image.x - 2, g.image.y - 2, g.image.side + 4, g.image.side + 4);
    else {
      const u = g.first[pick.layer] + pick.index;
      const size = g.columns[pick.layer].size + 7;
      ctx.roundRect(g.x[u] - size / 2, g.y[u] - size / 2, size, size, Math.min(9, size / 5));
    }
    ctx.stroke();
  }
  ctx.restore();
}
