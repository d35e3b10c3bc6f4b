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
import {factorRange, NARROW, whyLayout} from "./layout.js";
import {LayersPage, nameWidth, paintBands} from "./sheet.js";
import {equation, partsOf, whyTip, whyWords} from "./words.js";

/** @typedef {import("./sheet.js").Page} Page */
/** @typedef {import("./sheet.js").Sheet} Sheet */
/** @typedef {import("./sheet.js").Translate} Translate */
/** @typedef {ReturnType<typeof whyLayout>} Place */

/** Names of neurons that are written out. */
const MOST_NAMED = 14;
/** Factors that the scale may name. */
const FACTORS = [0.0001, 0.001, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 100, 1000];
/** What `health` says of a neuron. */
const SATURATED = 1;
const DEAD = 2;

/** @implements {Page} @extends {LayersPage<Place>} */
export class WhyPage extends LayersPage {
  /** @param {Translate} t */
  constructor(t) {
    super(t, true);
  }

  /** @param {Sheet} sheet */
  paint(sheet) {
    const {ctx, width, height, palette, lab, names} = sheet;
    const layers = lab.layers - 1;
    this.place = null;
    if (layers < 1) return;
    const room = {width, height, small: palette.small};
    const place = whyLayout(room, layers, nameWidth(sheet, names.slice(0, -1)), factorRange(lab));
    const {top, row, histogram: x, mini} = place;
    this.place = place;
    const every = labelStride(layers, row, palette.small * 1.25);
    paintBands(sheet, place);
    paintScale(sheet, place);
    for (let k = 0; k < layers; k++) {
      paintBars(sheet, place, k);
      const box = {x, y: top + k * row + 1, width: mini, height: row - 2};
      paintHistogram(ctx, lab, k, box, palette.forward);
      if (labelled(k, layers + 1, every)) paintNumbers(sheet, place, k);
    }
    paintHeads(sheet, place, this.t);
    paintCurve(sheet, this.t, sheet.chosen, place.curve);
  }

  /** @param {Sheet} sheet */
  words(sheet) {
    return whyWords(sheet, this.t);
  }

  /** @param {Sheet} sheet @param {number} k */
  tip(sheet, k) {
    return whyTip(sheet, k, this.t);
  }

  /** @param {Sheet} sheet */
  detail({lab, layout, chosen}) {
    const {t} = this;
    if (chosen < 0 || chosen >= lab.layers - 1) return [];
    const parts = /** @type {(string | Node)[]} */ ([]);
    for (const [kind, key] of /** @type {const} */ ([
      [DEAD, "dead"],
      [SATURATED, "saturated"],
    ])) {
      const found = neuronsOf(lab.health, layout.sizes, chosen + 1, kind);
      if (!found.length) continue;
      const names = found.slice(0, MOST_NAMED).join(", ") + (found.length > MOST_NAMED ? " …" : "");
      const words = t(`lab.${key}`, {n: found.length, of: layout.sizes[chosen + 1], names});
      parts.push(h("span", {dataset: {health: key}}, words), " ");
    }
    if (!parts.length) parts.push(t("lab.healthy", {layer: chosen + 1}));
    if (Number.isFinite(lab.flat[chosen])) parts.push(t("lab.flat", {share: percent(lab.flat[chosen])}));
    return parts;
  }
}

/** A layer's name, its factor as a product, and how many of its neurons are dead or saturated.
 * @param {Sheet} sheet @param {Place} place @param {number} k */
function paintNumbers({ctx, width, palette, lab, layout, names, chosen}, {top, row, left, productEnd, flags}, k) {
  const y = top + (k + 0.5) * row;
  ctx.font = `${palette.small}px ${palette.font}`;
  ctx.textBaseline = "middle";
  ctx.textAlign = "right";
  ctx.fillStyle = chosen === k ? palette.text : palette.muted;
  ctx.fillText(names[k], left - 4, y);
  ctx.fillStyle = palette.text;
  ctx.fillText(width > NARROW ? equation(lab, k) : plain(lab.delta[k] / lab.delta[k + 1], 2), productEnd, y);
  const dead = neuronsOf(lab.health, layout.sizes, k + 1, DEAD).length;
  const flat = neuronsOf(lab.health, layout.sizes, k + 1, SATURATED).length;
  ctx.textAlign = "left";
  ctx.fillStyle = dead ? palette.bad : palette.warn;
  ctx.fillText([dead ? `✕${dead}` : "", flat ? `▬${flat}` : ""].filter(Boolean).join(" "), flags, y);
}

/** The parts end to end: on a log scale, factors add. @param {Sheet} sheet @param {Place} place @param {number} k */
function paintBars({ctx, palette, lab}, {top, row, xOf}, k) {
  const y = top + (k + 0.5) * row;
  const tall = Math.max(1.5, Math.min(15, row * 0.36));
  const parts = partsOf(lab, k);
  const colours = [palette.positive, palette.backward, palette.muted];
  let at = 0;
  parts.forEach((part, n) => {
    const to = at + Math.log10(part);
    if (!Number.isFinite(to)) return;
    const shift = (n - (parts.length - 1) / 2) * tall;
    ctx.fillStyle = colours[n];
    const a = xOf(at);
    const b = xOf(to);
    ctx.fillRect(Math.min(a, b), y + shift - tall / 2, Math.max(1, Math.abs(b - a)), tall - (tall > 4 ? 1 : 0));
    at = to;
  });
  const half = ((parts.length - 1) / 2) * tall;
  if (tall > 3)
    paintGains(ctx, palette, [xOf(Math.log10(lab.mean_gain[k])), xOf(Math.log10(lab.most_gain[k]))], y - half, tall);
  if (!Number.isFinite(at)) return;
  ctx.fillStyle = palette.text;
  ctx.beginPath();
  ctx.arc(xOf(at), y + half, Math.min(3.2, tall * 0.5), 0, 7);
  ctx.fill();
}

/** Upright marks over the bar of the weights: what these could do to errors of any and of the worst direction.
 * @param {CanvasRenderingContext2D} ctx @param {Sheet["palette"]} palette @param {number[]} places
 * @param {number} y @param {number} tall of a bar */
function paintGains(ctx, palette, places, y, tall) {
  ctx.strokeStyle = palette.muted;
  ctx.lineWidth = 1.2 * palette.stroke;
  ctx.beginPath();
  for (const x of places) {
    if (!Number.isFinite(x)) continue;
    ctx.moveTo(x, y - tall * 0.75);
    ctx.lineTo(x, y + tall * 0.75);
  }
  ctx.stroke();
}

/** Upright lines at factors, the one at 1 darker. @param {Sheet} sheet @param {Place} place */
function paintScale({ctx, palette}, {top, bottom, low, high, xOf}) {
  const small = palette.tiny;
  ctx.font = `${small}px ${palette.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.lineWidth = palette.stroke;
  let last = -Infinity;
  for (const value of FACTORS) {
    const exponent = Math.log10(value);
    const x = Math.round(xOf(exponent)) + 0.5;
    if (exponent < low || exponent > high) continue;
    ctx.strokeStyle = value === 1 ? palette.muted : palette.grid;
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, bottom);
    ctx.stroke();
    if (x - last < small * 3) continue;
    last = x;
    ctx.fillStyle = palette.muted;
    ctx.fillText(`×${value}`, x, bottom + 2);
  }
}

/** What the columns and the colours are. @param {Sheet} sheet @param {Place} place @param {Translate} t */
function paintHeads({ctx, palette, width, lab}, {top, layers, left, productEnd, histogram, mini}, t) {
  const normal = lab.normalization_part.some((part, k) => k < layers && part !== 1);
  const y = top / 2;
  ctx.font = `${palette.tiny}px ${palette.font}`;
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
  if (width > NARROW) ctx.fillText(t(normal ? "lab.product_normal" : "lab.product"), productEnd, y);
  ctx.textAlign = "center";
  ctx.fillText("z", histogram + mini / 2, y);
}
