// @ts-check
/**
 * The laboratory's gradient rows: ‖δ‖ and ‖∂W‖ of every layer on a log scale, the line that theory expects, and the
 * history as a heat strip.
 */

import {sequentialTable} from "../../draw/color.js";
import {integer, plain, power} from "../../draw/format.js";
import {lastAtMost} from "../../maths/sorted.js";
import {dot, heat, ring, uprightScale} from "../shared/gradient_marks.js";
import {axisFor, exponents, labelled, labelStride, standing} from "../shared/gradient_scale.js";
import {NARROW, rowsLayout} from "./layout.js";
import {LayersPage, nameWidth, paintMarked} from "./sheet.js";
import {rowsTip, rowsWords} from "./words.js";

/** @typedef {import("./sheet.js").Page} Page */
/** @typedef {import("./sheet.js").Sheet} Sheet */
/** @typedef {import("./sheet.js").Translate} Translate */
/** @typedef {import("../shared/gradient_scale.js").Axis} Axis */
/** @typedef {ReturnType<typeof rowsLayout>} Place */

/** Columns of the heat strip, and px that a row of it is high, at most. */
const COLUMNS = 300;
const TALLEST = 34;
const NORMS = {delta: "‖δ‖", gradient: "‖∂W‖"};

/** @implements {Page} @extends {LayersPage<Place>} */
export class RowsPage extends LayersPage {
  /** @param {Translate} t @param {boolean} watched whether the run is somebody's own: its scale never narrows, and says
   * so when it grows, for a net may pass through this page in which the error vanishes later on */
  constructor(t, watched) {
    super(t, false);
    this.watched = watched;
    /** When and to what the scale has grown last. @type {{step: number, low: number, high: number} | null} */
    this.grown = null;
    /** Whether the axis stays as it is. */
    this.fixed = false;
    /** @type {Axis | null} */
    this.axis = null;
    /** Of the history that the axis belongs to. */
    this.number = -1;
    /** What the strip shows the past of. @type {"delta" | "gradient"} */
    this.shown = "delta";
    /** @type {HTMLCanvasElement | null} */
    this.heat = null;
  }

  /** Let the axis stay, or follow again. */
  toggle() {
    this.fixed = !this.fixed;
  }

  /** The symbol of what the strip shows the past of. */
  get norm() {
    return NORMS[this.shown];
  }

  /** Show the past of what is told. @param {Sheet["lab"] | null} lab */
  suit(lab) {
    if (lab?.untold.includes(this.shown) && !lab.untold.includes(this.other)) this.turn();
  }

  /** @returns {"delta" | "gradient"} */
  get other() {
    return this.shown === "delta" ? "gradient" : "delta";
  }

  /** Show the past of the other norm. */
  turn() {
    this.shown = this.other;
  }

  /** @param {Sheet["lab"]} lab @returns {Axis} */
  follow({number, step, delta, gradient, history}) {
    if (this.number !== number && !this.fixed) this.axis = this.grown = null;
    this.number = number;
    const before = this.axis;
    if (this.fixed && before) return before;
    const held = this.watched && before ? {...before, rest: 0} : before;
    const axis = axisFor(held, exponents([delta, gradient, ...history.delta, ...history.gradient]));
    const {low, high} = axis;
    if (before && (low !== before.low || high !== before.high)) this.grown = {step, low, high};
    this.axis = axis;
    return axis;
  }

  /** @param {Sheet} sheet */
  paint(sheet) {
    const {ctx, width, height, palette, lab, names} = sheet;
    const {small, font} = palette;
    const axis = this.follow(lab);
    const told = (/** @type {"delta" | "gradient"} */ name) => !lab.untold.includes(name);
    const passed = width > NARROW ? wide(ctx, this.t("lab.passes"), palette.tiny, font) : 0;
    const place = rowsLayout({width, height, small}, lab.layers, nameWidth(sheet, names), passed);
    const {row, xOf, yOf} = place;
    this.place = place;
    paintMarked(sheet, place);
    ctx.font = `${palette.tiny}px ${font}`;
    uprightScale(ctx, palette, axis, xOf, place.top, place.bottom);
    paintTheory(sheet, axis, xOf, yOf);
    const every = labelStride(lab.layers, row, small * 1.25);
    const r = Math.max(1.3, Math.min(4.6, row * 0.3)) * Math.sqrt(palette.stroke);
    ctx.textBaseline = "middle";
    for (let k = 0; k < lab.layers; k++) {
      const {delta, gradient} = lab;
      if (told("gradient")) ring(ctx, xOf(standing(axis, gradient[k])), yOf(k), r * 0.85, gradient[k], palette);
      if (told("delta")) dot(ctx, xOf(standing(axis, delta[k])), yOf(k), r, delta[k], palette);
      if (labelled(k, lab.layers, every)) paintNumbers(sheet, place, k);
    }
    this.paintStrip(sheet, axis, place);
    this.paintHeads(sheet, place);
  }

  /** The history: steps from left to right, a row per layer. @param {Sheet} sheet @param {Axis} axis
   * @param {Place} place */
  paintStrip({ctx, state, lab, palette}, axis, {from: x, to, top: y, bottom}) {
    const {layers} = lab;
    this.heat ??= document.createElement("canvas");
    if (this.heat.width !== COLUMNS || this.heat.height !== layers)
      Object.assign(this.heat, {width: COLUMNS, height: layers});
    this.heat.getContext("2d")?.putImageData(stripOf(lab, this.shown, axis, sequentialTable(state.theme)), 0, 0);
    ctx.imageSmoothingEnabled = false;
    const width = to - x;
    const height = bottom - y;
    const cell = height / layers;
    const tall = Math.min(cell - (cell > 5 ? 2 : 0), TALLEST);
    for (let k = 0; k < layers; k++)
      ctx.drawImage(this.heat, 0, k, COLUMNS, 1, x, y + (k + 0.5) * cell - tall / 2, width, tall);
    ctx.imageSmoothingEnabled = true;
    ctx.strokeStyle = palette.grid;
    ctx.lineWidth = 1;
    ctx.strokeRect(x - 0.5, y - 0.5, width + 1, height + 1);
  }

  /** What the columns are. @param {Sheet} sheet @param {Place} place */
  paintHeads({ctx, palette, lab}, {top, bottom, left, right, from, to, numbers, passes}) {
    const {t} = this;
    ctx.font = `${palette.tiny}px ${palette.font}`;
    ctx.fillStyle = palette.muted;
    ctx.textBaseline = "middle";
    const y = top / 2;
    ctx.textAlign = "right";
    ctx.fillText(NORMS[firstTold(lab)], to + numbers, y);
    if (passes) ctx.fillText(t("lab.passes"), to + numbers + passes, y);
    ctx.textAlign = "left";
    ctx.fillText(t("lab.history", {norm: this.norm}), from, y);
    const x = paintKey(ctx, palette, lab.untold, left + 10, y);
    if (lab.expected_factors.some(Number.isFinite) && right - x > palette.tiny * 4) {
      dashed(ctx, palette, () => {
        ctx.moveTo(x, y);
        ctx.lineTo(x + 18, y);
      });
      ctx.fillText(t("lab.theory"), x + 22, y);
    }
    ctx.textBaseline = "top";
    ctx.fillText("0", from, bottom + 3);
    ctx.textAlign = "right";
    ctx.fillText(t("lab.step", {n: integer(lab.step)}), to, bottom + 3);
  }

  /** @param {Sheet} sheet @returns {[string, string]} */
  words(sheet) {
    const [said, below] = rowsWords(sheet, this.t);
    if (!this.watched || !this.grown) return [said, below];
    const {step, low, high} = this.grown;
    return [said, this.t("lab.rescaled", {step: integer(step), low: power(low), high: power(high)})];
  }

  /** @param {Sheet} sheet @param {number} k @param {number} x */
  tip(sheet, k, x) {
    const {from, to} = this.place ?? {from: 0, to: 0};
    return rowsTip(sheet, k, x >= from && x <= to ? (x - from) / (to - from) : null, this.t);
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {string} text @param {number} size @param {string} font */
function wide(ctx, text, size, font) {
  ctx.font = `${size}px ${font}`;
  return ctx.measureText(text).width;
}

/** Which norm is written out. @param {Sheet["lab"]} lab */
const firstTold = ({untold}) => (untold.includes("delta") ? "gradient" : "delta");

/** A layer's name, its ‖δ‖ (or ‖∂W‖, where that is not told) and the factor that it passes on.
 * @param {Sheet} sheet @param {Place} place @param {number} k */
function paintNumbers({ctx, palette, lab, names, marked}, {left, to, numbers, passes, yOf}, k) {
  const y = yOf(k);
  ctx.font = `${palette.small}px ${palette.font}`;
  ctx.textAlign = "right";
  ctx.fillStyle = marked === k ? palette.text : palette.muted;
  ctx.fillText(names[k], left - 6, y);
  ctx.fillStyle = palette.text;
  const norm = firstTold(lab);
  if (!lab.untold.includes(norm)) ctx.fillText(plain(lab[norm][k], 2), to + numbers, y);
  const factor = lab.delta[k] / lab.delta[k + 1];
  if (passes && k < lab.layers - 1 && Number.isFinite(factor))
    ctx.fillText(`×${plain(factor, 2)}`, to + numbers + passes, y);
}

/** What dot and ring stand for. @param {CanvasRenderingContext2D} ctx @param {Sheet["palette"]} palette
 * @param {string[]} untold @param {number} x @param {number} y @returns {number} where it ends */
function paintKey(ctx, palette, untold, x, y) {
  for (const [mark, name] of /** @type {const} */ ([
    [dot, "delta"],
    [ring, "gradient"],
  ])) {
    if (untold.includes(name)) continue;
    const symbol = NORMS[name];
    mark(ctx, x, y, 3.6, 1, palette);
    ctx.fillStyle = palette.muted;
    ctx.textAlign = "left";
    ctx.fillText(symbol, x + 7, y);
    x += 14 + ctx.measureText(symbol).width + 6;
  }
  return x;
}

/**
 * The pixels of the history, a row per layer: of each column the newest reading up to its step.
 * @param {Sheet["lab"]} lab
 * @param {"delta" | "gradient"} norm
 * @param {Axis} axis
 * @param {Uint32Array} table of colours
 */
function stripOf({history, step, layers}, norm, axis, table) {
  const image = new ImageData(COLUMNS, Math.max(1, layers));
  const pixels = new Uint32Array(image.data.buffer);
  const last = Math.max(1, step);
  for (let c = 0; c < COLUMNS; c++) {
    const found = history[norm][lastAtMost(history.steps, ((c + 0.5) / COLUMNS) * last)];
    if (!found) continue; // another network, or not measured yet
    for (let k = 0; k < layers; k++) pixels[k * COLUMNS + c] = heat(table, axis, found[k]);
  }
  return image;
}

/**
 * What theory expects at the start, drawn from the present error of the outputs on.
 * @param {Sheet} sheet
 * @param {Axis} axis
 * @param {(share: number) => number} xOf
 * @param {(k: number) => number} yOf
 */
function paintTheory({ctx, palette, lab}, axis, xOf, yOf) {
  ctx.globalAlpha = 0.7;
  dashed(ctx, palette, () => {
    let size = lab.delta[lab.layers - 1];
    ctx.moveTo(xOf(standing(axis, size)), yOf(lab.layers - 1));
    for (let k = lab.layers - 2; k >= 0; k--) {
      size *= lab.expected_factors[k];
      if (!(size > 0 && size < Infinity)) break;
      ctx.lineTo(xOf(standing(axis, size)), yOf(k));
    }
  });
  ctx.globalAlpha = 1;
}

/**
 * The line of theory.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Sheet["palette"]} palette
 * @param {() => void} path
 */
function dashed(ctx, palette, path) {
  ctx.strokeStyle = palette.text;
  ctx.lineWidth = 1.2 * palette.stroke;
  ctx.setLineDash([4, 3]);
  ctx.beginPath();
  path();
  ctx.stroke();
  ctx.setLineDash([]);
}
