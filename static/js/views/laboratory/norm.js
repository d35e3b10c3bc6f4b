// @ts-check
/**
 * The laboratory on batch normalization: z before and after it, and the statistics of the batch beside those that the
 * net predicts with.
 */

import {compact} from "../../draw/format.js";
import {ticks} from "../../draw/plot.js";
import {labelled, labelStride} from "../shared/gradient_scale.js";
import {paintHistogram} from "./curve.js";
import {paintBands} from "./rows.js";

/** @typedef {import("./laboratory.js").Sheet} Sheet */
/** @typedef {(key: string, params?: Record<string, string | number>) => string} Translate */

/** @param {Translate} t @returns {import("./laboratory.js").Page} */
export function normPage(t) {
  let top = 0;
  let row = 1;
  let layers = 0;

  /** @param {Sheet} sheet */
  function paint(sheet) {
    const {ctx, width, height, palette, lab, layout, names} = sheet;
    const small = palette.small;
    const normal = layout.normalization;
    layers = lab.layers - 1;
    if (layers < 1) return;
    const batch = normal.includes("batch");
    const lower = batch ? Math.min(height * 0.5, Math.max(150, height - layers * 60 - small * 4)) : 0;
    top = small * 1.8;
    const bottom = Math.min(height - lower - small * 0.6, top + layers * 90);
    row = (bottom - top) / layers;
    ctx.font = `${small}px ${palette.font}`;
    const left = 12 + Math.max(...names.slice(0, -1).map(name => ctx.measureText(name).width));
    const range = small * 4.6;
    const plot = (width - left - 16 - 2 * range) / 2;
    const second = left + plot + range + 8;
    paintBands(sheet, top, row, layers);
    const every = labelStride(layers, row, small * 1.25);
    for (let k = 0; k < layers; k++) {
      const y = top + k * row + 1;
      const tall = row - 2;
      const middle = y + tall / 2;
      if (normal[k]) {
        paintHistogram(ctx, lab, k, left, y, plot, tall, palette.muted, lab.z_counts);
        paintHistogram(ctx, lab, k, second, y, plot, tall, palette.forward);
      } else paintHistogram(ctx, lab, k, left, y, plot, tall, palette.muted);
      ctx.strokeStyle = palette.grid;
      ctx.lineWidth = palette.stroke;
      ctx.beginPath();
      for (const x of normal[k] ? [left, second] : [left]) {
        ctx.moveTo(x, y + tall + 0.5);
        ctx.lineTo(x + plot, y + tall + 0.5);
        ctx.moveTo(x + plot / 2, y);
        ctx.lineTo(x + plot / 2, y + tall);
      }
      ctx.stroke();
      if (!labelled(k, layers + 1, every)) continue;
      ctx.textBaseline = "middle";
      ctx.textAlign = "right";
      ctx.fillStyle = palette.muted;
      ctx.fillText(names[k], left - 5, middle);
      ctx.textAlign = "left";
      ctx.fillText(`±${compact(+(normal[k] ? lab.z_reach[k] : lab.reach[k]).toPrecision(3))}`, left + plot + 4, middle);
      if (normal[k]) ctx.fillText(`±${compact(+lab.reach[k].toPrecision(3))}`, second + plot + 4, middle);
      else ctx.fillText(t("lab.not_normalized"), second, middle);
    }
    ctx.font = `${small * 0.95}px ${palette.font}`;
    ctx.fillStyle = palette.muted;
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    ctx.fillText(t("lab.before"), left, top / 2);
    ctx.fillText(t("lab.after"), second, top / 2);
    if (batch) statistics(sheet, 10, bottom + small * 0.8, width - 20, height - bottom - small);
  }

  /** Every neuron's mean ± standard deviation: in the last batch, and as the net will predict with.
   * @param {Sheet} sheet @param {number} x @param {number} y @param {number} width @param {number} height */
  function statistics(sheet, x, y, width, height) {
    const {ctx, palette, lab, layout, chosen} = sheet;
    const small = palette.small;
    const place = chosen < layout.blocks.length ? layout.blocks[chosen]?.statistics : null;
    if (height < 60) return;
    ctx.font = `600 ${small}px ${palette.font}`;
    ctx.textBaseline = "top";
    ctx.textAlign = "left";
    ctx.fillStyle = palette.text;
    const known = place !== null && place !== undefined && lab.statistics;
    ctx.fillText(known ? t("lab.statistics", {layer: chosen + 1}) : t("lab.statistics_none"), x, y);
    if (!known || !lab.statistics) return;
    const n = layout.sizes[chosen + 1];
    const total = lab.statistics.length / 4;
    const first = place / 2;
    const at = (/** @type {number} */ rowIndex, /** @type {number} */ j) =>
      /** @type {Float32Array} */ (lab.statistics)[rowIndex * total + first + j];
    const spans = [0, 2].map(start =>
      Array.from({length: n}, (_, j) => [at(start, j), Math.sqrt(Math.max(0, at(start + 1, j)))]),
    );
    const all = spans
      .flat()
      .flatMap(([mean, deviation]) => [mean - deviation, mean + deviation])
      .filter(Number.isFinite);
    const low = Math.min(0, ...all);
    const high = Math.max(0, ...all);
    const room = 0.06 * (high - low || 1);
    const left = x + small * 3.6;
    const right = x + width - 6;
    const from = y + small * 3.4;
    const to = y + height - 6;
    const yOf = (/** @type {number} */ z) => to - ((z - low + room) / (high - low + 2 * room)) * (to - from);
    const cell = (right - left) / n;
    key(ctx, palette, x, y + small * 1.75);
    ctx.font = `${small * 0.95}px ${palette.font}`;
    ctx.strokeStyle = palette.grid;
    ctx.fillStyle = palette.muted;
    ctx.lineWidth = palette.stroke;
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    ctx.beginPath();
    for (const z of ticks(low, high, Math.max(2, (to - from) / (small * 2.4)))) {
      ctx.moveTo(left, Math.round(yOf(z)) + 0.5);
      ctx.lineTo(right, Math.round(yOf(z)) + 0.5);
      ctx.fillText(compact(z), left - 5, yOf(z));
    }
    ctx.stroke();
    spans.forEach((span, which) => {
      ctx.strokeStyle = ctx.fillStyle = which ? palette.forward : palette.muted;
      ctx.lineWidth = Math.max(1, Math.min(5, cell * 0.26));
      span.forEach(([mean, deviation], j) => {
        if (!Number.isFinite(mean)) return;
        const centre = left + (j + 0.5) * cell + (which ? 0.17 : -0.17) * Math.min(cell, 24);
        ctx.globalAlpha = 0.45;
        ctx.beginPath();
        ctx.moveTo(centre, yOf(mean - deviation));
        ctx.lineTo(centre, yOf(mean + deviation));
        ctx.stroke();
        ctx.globalAlpha = 1;
        ctx.beginPath();
        ctx.arc(centre, yOf(mean), Math.max(1.2, Math.min(3.4, cell * 0.2)), 0, 7);
        ctx.fill();
      });
    });
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {import("../../draw/plot.js").Palette} palette
   * @param {number} x
   * @param {number} y
   */
  function key(ctx, palette, x, y) {
    const small = palette.small * 0.95;
    ctx.font = `${small}px ${palette.font}`;
    ctx.textBaseline = "top";
    ctx.textAlign = "left";
    for (const [name, colour] of [
      ["batch", palette.muted],
      ["running", palette.forward],
    ]) {
      ctx.fillStyle = colour;
      ctx.beginPath();
      ctx.arc(x + 5, y + small / 2, 3.4, 0, 7);
      ctx.fill();
      ctx.fillStyle = palette.muted;
      ctx.fillText(t(`lab.stat_${name}`), x + 13, y);
      x += 30 + ctx.measureText(t(`lab.stat_${name}`)).width;
    }
  }

  return {
    choosing: true,
    paint,
    layerAt: (_, y) => (y >= top && y < top + row * layers ? Math.floor((y - top) / row) : -1),
    words({lab, layout, state}) {
      if (lab.layers < 2) return [t("lab.no_hidden"), ""];
      if (!layout.normalization.includes("batch"))
        return [t(layout.normalization.some(Boolean) ? "lab.norm_layer" : "lab.norm_none"), t("lab.norm_why")];
      const size = state.config?.batch_size ?? state.data?.train ?? 0;
      const said =
        size === 1
          ? t("lab.norm_one")
          : size === 2
            ? t("lab.norm_two")
            : size < 8
              ? t("lab.norm_few", {n: size})
              : t("lab.norm_batch", {n: size});
      return [said, t("lab.norm_running")];
    },
    tip({lab, layout}, k) {
      const lines = [t("gradients.layer", {n: k + 1})];
      if (layout.normalization[k])
        lines.push(
          t(`normalization.${layout.normalization[k]}`),
          t("lab.tip_norm", {
            part: Number.isFinite(lab.normalization_part[k]) ? compact(+lab.normalization_part[k].toPrecision(3)) : "–",
          }),
        );
      else lines.push(t("lab.not_normalized"));
      return lines.join("\n");
    },
  };
}
