// @ts-check
/**
 * The laboratory's answer to why: each layer's factor as parts of weights and slopes, and where its neurons sit on the
 * activation function.
 */

import {h} from "../../draw/dom.js";
import {percent, plain} from "../../draw/format.js";
import {neuronsOf} from "../../model/laboratory.js";
import {labelled, labelStride} from "../shared/gradient_scale.js";
import {paintCurve, paintHistogram} from "./curve.js";
import {paintBands} from "./rows.js";

/** @typedef {import("./laboratory.js").Sheet} Sheet */
/** @typedef {(key: string, params?: Record<string, string | number>) => string} Translate */

/** Names of neurons that are written out. */
const MOST_NAMED = 14;

/** @param {Translate} t @returns {import("./laboratory.js").Page} */
export function whyPage(t) {
  let top = 0;
  let row = 1;
  let layers = 0;
  let low = -1;
  let high = 0.3;

  /**
   * Ends of the scale of factors, log₁₀, in steps of a half so that it stands still.
   * @param {import("../../types").Laboratory} lab
   */
  function follow(lab) {
    let [least, most] = [-0.5, 0.25];
    for (let k = 0; k < lab.layers - 1; k++) {
      const w = Math.log10(lab.weights_part[k]);
      const s = w + Math.log10(lab.slope_part[k]);
      for (const x of [w, s, Math.log10(lab.most_gain[k])])
        if (Number.isFinite(x)) [least, most] = [Math.min(least, x), Math.max(most, x)];
    }
    low = Math.max(-4, Math.floor(2 * least - 0.1) / 2);
    high = Math.min(4, Math.ceil(2 * most + 0.1) / 2);
  }

  /** @param {Sheet} sheet */
  function paint(sheet) {
    const {ctx, width, height, palette, lab, names} = sheet;
    const small = palette.small;
    layers = lab.layers - 1;
    if (layers < 1) return;
    follow(lab);
    top = small * 1.8;
    const lower = Math.max(
      Math.min(height * 0.46, Math.max(130, height - top - layers * 26 - small * 2)),
      height - top - small * 2.1 - layers * 70,
    );
    const bottom = height - lower - small * 2.1;
    row = (bottom - top) / layers;
    ctx.font = `${small}px ${palette.font}`;
    const left = 14 + Math.max(...names.slice(0, -1).map(name => ctx.measureText(name).width));
    const product = width > 430 ? small * 12.2 : small * 4;
    const flags = small * 5;
    const mini = Math.min(130, width * 0.2);
    const right = width - product - mini - flags - 16;
    const xOf = (/** @type {number} */ exponent) =>
      left + 6 + ((Math.min(high, Math.max(low, exponent)) - low) / (high - low)) * (right - left - 12);
    const every = labelStride(layers, row, small * 1.25);
    paintBands(sheet, top, row, layers);
    scale(sheet, xOf, top, bottom);
    for (let k = 0; k < layers; k++) {
      const y = top + (k + 0.5) * row;
      const tall = Math.max(1.5, Math.min(15, row * 0.36));
      bars(sheet, k, xOf, y, tall);
      paintHistogram(ctx, lab, k, right + product + 4, top + k * row + 1, mini, row - 2, palette.forward);
      if (!labelled(k, layers + 1, every)) continue;
      ctx.font = `${small}px ${palette.font}`;
      ctx.textBaseline = "middle";
      ctx.textAlign = "right";
      ctx.fillStyle = sheet.chosen === k ? palette.text : palette.muted;
      ctx.fillText(names[k], left - 4, y);
      ctx.fillStyle = palette.text;
      ctx.fillText(width > 430 ? equation(lab, k) : plain(lab.delta[k] / lab.delta[k + 1], 2), right + product - 4, y);
      const dead = neuronsOf(lab.health, sheet.layout.sizes, k + 1, 2).length;
      const flat = neuronsOf(lab.health, sheet.layout.sizes, k + 1, 1).length;
      ctx.textAlign = "left";
      ctx.fillStyle = dead ? palette.bad : palette.warn;
      const words = [dead ? `✕${dead}` : "", flat ? `▬${flat}` : ""].filter(Boolean).join(" ");
      ctx.fillText(words, right + product + mini + 10, y);
    }
    heads(sheet, left, right, product, mini);
    paintCurve(sheet, t, sheet.chosen, 8, bottom + small * 2, width - 16, height - bottom - small * 2 - 2);
  }

  /** "0.92 × 0.23 = 0.21" @param {import("../../types").Laboratory} lab @param {number} k */
  function equation(lab, k) {
    const parts = [
      lab.weights_part[k],
      lab.slope_part[k],
      ...(lab.normalization_part[k] === 1 ? [] : [lab.normalization_part[k]]),
    ];
    return parts.some(part => !Number.isFinite(part))
      ? "–"
      : `${parts.map(part => plain(part, 2)).join(" × ")} = ${plain(
          parts.reduce((a, b) => a * b),
          2,
        )}`;
  }

  /**
   * The parts end to end: on a log scale, factors add.
   * @param {Sheet} sheet
   * @param {number} k
   * @param {(exponent: number) => number} xOf
   * @param {number} y
   * @param {number} tall
   */
  function bars({ctx, palette, lab}, k, xOf, y, tall) {
    const parts = /** @type {[number, string][]} */ ([
      [lab.weights_part[k], palette.positive],
      [lab.slope_part[k], palette.backward],
      ...(lab.normalization_part[k] === 1 ? [] : [[lab.normalization_part[k], palette.muted]]),
    ]);
    let at = 0;
    parts.forEach(([part, colour], n) => {
      const to = at + Math.log10(part);
      if (!Number.isFinite(to)) return;
      const shift = (n - (parts.length - 1) / 2) * tall;
      ctx.fillStyle = colour;
      const a = xOf(at);
      const b = xOf(to);
      ctx.fillRect(Math.min(a, b), y + shift - tall / 2, Math.max(1, Math.abs(b - a)), tall - (tall > 4 ? 1 : 0));
      at = to;
    });
    ctx.strokeStyle = palette.muted;
    ctx.lineWidth = 1.2 * palette.stroke;
    ctx.beginPath();
    for (const gain of [lab.mean_gain[k], lab.most_gain[k]]) {
      const x = xOf(Math.log10(gain));
      const middle = y - ((parts.length - 1) / 2) * tall;
      if (!Number.isFinite(x)) continue;
      ctx.moveTo(x, middle - tall * 0.75);
      ctx.lineTo(x, middle + tall * 0.75);
    }
    if (tall > 3) ctx.stroke();
    if (!Number.isFinite(at)) return;
    ctx.fillStyle = palette.text;
    ctx.beginPath();
    ctx.arc(xOf(at), y + ((parts.length - 1) / 2) * tall, Math.min(3.2, tall * 0.5), 0, 7);
    ctx.fill();
  }

  /** @param {Sheet} sheet @param {(exponent: number) => number} xOf @param {number} from @param {number} to */
  function scale({ctx, palette}, xOf, from, to) {
    const small = palette.small * 0.95;
    ctx.font = `${small}px ${palette.font}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "top";
    ctx.lineWidth = palette.stroke;
    let last = -Infinity;
    for (const value of [0.0001, 0.001, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 100, 1000]) {
      const exponent = Math.log10(value);
      const x = Math.round(xOf(exponent)) + 0.5;
      if (exponent < low || exponent > high) continue;
      ctx.strokeStyle = value === 1 ? palette.muted : palette.grid;
      ctx.beginPath();
      ctx.moveTo(x, from);
      ctx.lineTo(x, to);
      ctx.stroke();
      if (x - last < small * 3) continue;
      last = x;
      ctx.fillStyle = palette.muted;
      ctx.fillText(`×${value}`, x, to + 2);
    }
  }

  /** @param {Sheet} sheet @param {number} left @param {number} right @param {number} product @param {number} mini */
  function heads({ctx, palette, width, lab}, left, right, product, mini) {
    const normal = lab.normalization_part.some((part, k) => k < layers && part !== 1);
    const small = palette.small * 0.95;
    const y = top / 2;
    ctx.font = `${small}px ${palette.font}`;
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    let x = left + 4;
    for (const [key, colour] of [
      ["weights", palette.positive],
      ["slopes", palette.backward],
      ...(normal ? [["normalization", palette.muted]] : []),
    ]) {
      ctx.fillStyle = colour;
      ctx.fillRect(x, y - 4, 8, 8);
      ctx.fillStyle = palette.muted;
      ctx.fillText(t(`lab.${key}`), x + 12, y);
      x += 24 + ctx.measureText(t(`lab.${key}`)).width;
    }
    ctx.fillStyle = palette.muted;
    ctx.textAlign = "right";
    if (width > 430) ctx.fillText(t(normal ? "lab.product_normal" : "lab.product"), right + product - 4, y);
    ctx.textAlign = "center";
    ctx.fillText("z", right + product + 4 + mini / 2, y);
  }

  return {
    choosing: true,
    paint,
    layerAt: (_, y) => (y >= top && y < top + row * layers ? Math.floor((y - top) / row) : -1),
    words({lab, layout}) {
      if (lab.layers < 2) return [t("lab.no_hidden"), ""];
      let dead = 0;
      let flat = 0;
      for (const kind of lab.health) {
        if (kind === 2) dead++;
        else if (kind === 1) flat++;
      }
      const all = layout.sizes.slice(1, -1).reduce((a, b) => a + b, 0);
      const middle = (/** @type {Float32Array} */ parts) => {
        const logs = Array.from(parts.subarray(0, lab.layers - 1), Math.log).filter(Number.isFinite);
        return logs.length ? Math.exp(logs.reduce((a, b) => a + b, 0) / logs.length) : NaN;
      };
      const said = t("lab.why", {
        weights: plain(middle(lab.weights_part), 2),
        slopes: plain(middle(lab.slope_part), 2),
      });
      return [said, dead + flat ? t("lab.why_neurons", {dead, flat, n: all}) : t("lab.why_fine", {n: all})];
    },
    tip({lab}, k) {
      return [
        t("gradients.layer", {n: k + 1}),
        t("lab.tip_weights", {
          part: plain(lab.weights_part[k], 3),
          mean: plain(lab.mean_gain[k], 3),
          most: plain(lab.most_gain[k], 3),
        }),
        t("lab.tip_slopes", {part: plain(lab.slope_part[k], 3), mean: plain(lab.slope[k], 3)}),
        ...(lab.normalization_part[k] === 1 ? [] : [t("lab.tip_norm", {part: plain(lab.normalization_part[k], 3)})]),
        equation(lab, k),
      ].join("\n");
    },
    detail({lab, layout, chosen}) {
      if (chosen < 0 || chosen >= lab.layers - 1) return [];
      const parts = /** @type {(string | Node)[]} */ ([]);
      for (const [kind, key] of /** @type {const} */ ([
        [2, "dead"],
        [1, "saturated"],
      ])) {
        const found = neuronsOf(lab.health, layout.sizes, chosen + 1, kind);
        const named = found.slice(0, MOST_NAMED).join(", ") + (found.length > MOST_NAMED ? " …" : "");
        if (found.length)
          parts.push(
            h(
              "span",
              {dataset: {health: key}},
              t(`lab.${key}`, {n: found.length, of: layout.sizes[chosen + 1], names: named}),
            ),
            " ",
          );
      }
      if (!parts.length) parts.push(t("lab.healthy", {layer: chosen + 1}));
      if (Number.isFinite(lab.flat[chosen])) parts.push(t("lab.flat", {share: percent(lab.flat[chosen])}));
      return parts;
    },
  };
}
