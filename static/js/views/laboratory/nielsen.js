// @ts-check
/** ‖δ‖ of every layer over the run (Nielsen, Neural Networks and Deep Learning, chapter 5). */

import {css, sequential} from "../../draw/color.js";
import {epochMarks, stretchesOf} from "../../model/epochs.js";
import {compact, power} from "../../draw/format.js";
import {decades, ticks} from "../../draw/plot.js";
import {exponents, standing} from "../shared/gradient_scale.js";

/** @typedef {import("./sheet.js").Sheet} Sheet */
/** @typedef {import("./sheet.js").Box} Box */
/** @typedef {import("./sheet.js").Translate} Translate */
/** @typedef {import("../shared/gradient_scale.js").Axis} Axis */
/** @typedef {ReturnType<typeof scaleOf>} Scale */

/** A lower box, in px, has no room for the plot. */
const LOWEST = 40;

/** Layers from dark to light, as they lie. @param {Sheet} sheet @param {number} k */
export const layerColour = ({state, lab}, k) =>
  css(sequential(0.95 - 0.6 * (k / Math.max(1, lab.layers - 1)), state.theme));

/** Where steps and norms stand in a box. @param {Sheet["lab"]} lab @param {Box} box */
function scaleOf({step, history}, {x, y, width, height}) {
  const last = Math.max(1, step);
  const range = exponents(history.delta) ?? [-3, 0];
  const low = Math.floor(range[0]);
  return {
    last,
    /** @type {Axis} */
    axis: {low, high: Math.max(low + 1, Math.ceil(range[1])), rest: 0},
    xOf: (/** @type {number} */ of) => x + (of / last) * width,
    yOf: (/** @type {number} */ share) => y + height - Math.max(0, share) * height,
  };
}

/** @param {Sheet} sheet @param {Box} box @param {Translate} t */
export function paintErrors(sheet, box, t) {
  if (box.height < LOWEST) return;
  const {ctx, palette, lab} = sheet;
  const small = palette.tiny;
  const scale = scaleOf(lab, box);
  ctx.font = `600 ${palette.small}px ${palette.font}`;
  ctx.fillStyle = palette.text;
  ctx.textAlign = "left";
  ctx.textBaseline = "bottom";
  ctx.fillText(t("lab.nielsen"), 12, box.y - small * 0.8);
  paintScale(sheet, box, scale);
  paintEpochs(sheet, box, scale, t);
  const ends = [];
  for (let k = 0; k < lab.layers; k++) {
    const y = paintLine(sheet, scale, k);
    if (Number.isFinite(y)) ends.push({k, y});
  }
  paintNames(sheet, box, ends);
}

/** @param {Sheet} sheet @param {Box} box @param {Scale} scale */
function paintScale({ctx, palette}, {x, y, width, height}, {axis: {low, high}, last, xOf, yOf}) {
  const small = palette.tiny;
  ctx.font = `${small}px ${palette.font}`;
  ctx.strokeStyle = palette.grid;
  ctx.fillStyle = palette.muted;
  ctx.lineWidth = palette.stroke;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  ctx.beginPath();
  for (const n of decades(low, high, height / (small * 1.9))) {
    const at = Math.round(yOf((n - low) / (high - low))) + 0.5;
    ctx.moveTo(x, at);
    ctx.lineTo(x + width, at);
    ctx.fillText(power(n), x - 5, at);
  }
  ctx.stroke();
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  for (const step of ticks(0, last, 6)) ctx.fillText(compact(step), xOf(step), y + height + 4);
}

/**
 * Where epochs end, below the steps.
 * @param {Sheet} sheet
 * @param {Box} box
 * @param {Scale} scale
 * @param {Translate} t
 */
function paintEpochs({ctx, palette, lab, state}, {y, height}, {xOf}, t) {
  const small = palette.tiny;
  const train = state.data?.train ?? 0;
  const steps = y + height + 4;
  const row = steps + small * 1.3;
  const room = Math.floor((xOf(lab.step) - xOf(0)) / (small * 2.6));
  const marks = epochMarks(stretchesOf(train, state), train, lab.step, room);
  ctx.fillStyle = ctx.strokeStyle = palette.muted;
  ctx.setLineDash([2, 4]);
  ctx.beginPath();
  for (const {epoch, step} of marks) {
    const x = Math.round(xOf(step)) + 0.5;
    ctx.moveTo(x, y);
    ctx.lineTo(x, y + height);
    ctx.fillText(compact(epoch), x, row);
  }
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.textAlign = "right";
  ctx.fillText(t("lab.steps"), xOf(0) - 8, steps);
  if (marks.length) ctx.fillText(t("lab.epochs"), xOf(0) - 8, row);
}

/** One layer's line, with gaps where it was zero or no number. @param {Sheet} sheet @param {Scale} scale
 * @param {number} k @returns {number} height of its end; NaN where there is none */
function paintLine(sheet, {axis, xOf, yOf}, k) {
  const {ctx, palette, lab} = sheet;
  const {steps, delta} = lab.history;
  ctx.strokeStyle = layerColour(sheet, k);
  ctx.lineWidth = (k === sheet.marked ? 3.2 : 1.6) * palette.stroke;
  ctx.beginPath();
  let pen = false;
  let end = NaN;
  for (let j = 0; j < steps.length; j++) {
    const share = standing(axis, delta[j][k]);
    if (share < 0 || share > 1) {
      pen = false;
      continue;
    }
    end = yOf(share);
    if (pen) ctx.lineTo(xOf(steps[j]), end);
    else ctx.moveTo(xOf(steps[j]), end);
    pen = true;
  }
  ctx.stroke();
  return end;
}

/** Names at the ends of lines, as many as have room. @param {Sheet} sheet @param {Box} box
 * @param {{k: number, y: number}[]} ends */
function paintNames({ctx, palette, names, marked}, {x, width}, ends) {
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  let before = -Infinity;
  for (const {k, y} of ends.sort((a, b) => a.y - b.y)) {
    if (y - before < palette.tiny * 0.95) continue;
    before = y;
    ctx.fillStyle = k === marked ? palette.text : palette.muted;
    ctx.fillText(names[k], x + width + 4, y);
  }
}
