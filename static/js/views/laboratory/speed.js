// @ts-check
/**
 * The laboratory on how fast layers learn: update to weight, the way each layer has gone, and Nielsen's plot of the
 * error signal over the run.
 */

import {css, sequential} from "../../draw/color.js";
import {epochMarks, stretchesOf} from "../../model/epochs.js";
import {compact, integer, percent, plain, power} from "../../draw/format.js";
import {decades, ticks} from "../../draw/plot.js";
import {exponents, labelled, labelStride, standing} from "../shared/gradient_scale.js";

/** @typedef {import("./laboratory.js").Sheet} Sheet */
/** @typedef {(key: string, params?: Record<string, string | number>) => string} Translate */

/** The scale of update to weight, log₁₀, and its lowest end; a healthy run has about 10⁻³ (Karpathy, CS231n). */
const LOW = -8;
const LOWEST = -40;
const HIGH = 0;
const HEALTHY = -3;

/** A share of its norm by which W has moved. @param {number} share */
const way = share =>
  !Number.isFinite(share) ? "–" : share > 0 && share < 5e-4 ? `< ${percent(1e-3)}` : percent(share);

/** @param {Translate} t @returns {import("./laboratory.js").Page} */
export function speedPage(t) {
  let top = 0;
  let row = 1;
  let layers = 0;
  let low = -3;
  let high = 0;
  let least = LOW;

  /** @param {Sheet} sheet */
  function paint(sheet) {
    const {ctx, width, height, palette, lab, names} = sheet;
    const small = palette.small;
    layers = lab.layers;
    const slowest = Math.log10(lab.ratio.reduce((a, b) => (b > 0 && b < a ? b : a), 1));
    least = Math.max(LOWEST, Math.min(LOW, 4 * Math.floor(slowest / 4))); // in strides, so that it stands still
    top = small * 1.8;
    const bottom = top + Math.min((height - top) * 0.46, layers * 26);
    row = (bottom - top) / layers;
    ctx.font = `${small}px ${palette.font}`;
    const left = 14 + Math.max(...names.map(name => ctx.measureText(name).width));
    const moved = small * 5.6;
    const after = small * 8.4;
    const right = width - moved - after - 10;
    const xOf = (/** @type {number} */ exponent) =>
      left + 4 + ((Math.min(HIGH, Math.max(least, exponent)) - least) / (HIGH - least)) * (right - left - 8);
    if (sheet.marked >= 0) {
      ctx.fillStyle = palette["panel-2"];
      ctx.fillRect(2, top + sheet.marked * row, width - 4, row);
    }
    scale(sheet, xOf, bottom);
    const every = labelStride(layers, row, small * 1.25);
    for (let k = 0; k < layers; k++) {
      const y = top + (k + 0.5) * row;
      const ratio = Math.log10(lab.ratio[k]);
      ctx.fillStyle = colourOf(sheet, k);
      ctx.fillRect(
        xOf(least),
        y - Math.min(4, row * 0.3),
        Math.max(0, xOf(ratio) - xOf(least)) || 0,
        Math.max(1.5, Math.min(8, row * 0.6)),
      );
      if (!labelled(k, layers, every)) continue;
      ctx.textBaseline = "middle";
      ctx.textAlign = "right";
      ctx.fillStyle = sheet.marked === k ? palette.text : palette.muted;
      ctx.fillText(names[k], left - 4, y);
      ctx.fillStyle = palette.text;
      ctx.fillText(way(lab.moved[k]), right + moved, y);
      ctx.fillText(reached(lab, k), right + moved + after, y);
    }
    ctx.font = `${small * 0.95}px ${palette.font}`;
    ctx.fillStyle = palette.muted;
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    ctx.fillText("‖ΔW‖ / ‖W‖", left + 4, top / 2);
    ctx.textAlign = "right";
    ctx.fillText(t("lab.moved"), right + moved, top / 2);
    ctx.fillText(t("lab.one_percent"), right + moved + after, top / 2);
    plot(sheet, small * 3.6, bottom + small * 4.8, width - small * 6.4, height - bottom - small * 8);
  }

  /**
   * When a layer's weights had moved by a hundredth, or when they will at this pace.
   * @param {import("../../types").Laboratory} lab
   * @param {number} k
   */
  function reached(lab, k) {
    if (Number.isFinite(lab.moved_at[k])) return integer(Math.ceil(lab.moved_at[k]));
    const left = (0.01 - lab.moved[k]) / lab.ratio[k];
    return left > 0 && Number.isFinite(left) ? `> ${compact(+(lab.step + left).toPrecision(1))}` : "–";
  }

  /** Layers from dark to light, as they lie. @param {Sheet} sheet @param {number} k */
  function colourOf({state, lab}, k) {
    return css(sequential(0.95 - 0.6 * (k / Math.max(1, lab.layers - 1)), state.theme));
  }

  /** @param {Sheet} sheet @param {(exponent: number) => number} xOf @param {number} bottom */
  function scale({ctx, palette}, xOf, bottom) {
    const small = palette.small * 0.95;
    ctx.fillStyle = palette.good;
    ctx.globalAlpha = 0.12;
    ctx.fillRect(xOf(HEALTHY - 1), top, xOf(HEALTHY + 1) - xOf(HEALTHY - 1), bottom - top);
    ctx.globalAlpha = 1;
    ctx.font = `${small}px ${palette.font}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "top";
    ctx.fillStyle = palette.muted;
    ctx.strokeStyle = palette.grid;
    ctx.lineWidth = palette.stroke;
    ctx.beginPath();
    for (const n of decades(least, HIGH, (xOf(HIGH) - xOf(least)) / 40)) {
      const x = Math.round(xOf(n)) + 0.5;
      ctx.moveTo(x, top);
      ctx.lineTo(x, bottom);
      ctx.fillText(power(n), x, bottom + 2);
    }
    ctx.stroke();
  }

  /**
   * ‖δ‖ of every layer over the run (Nielsen, chapter 5).
   * @param {Sheet} sheet
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  function plot(sheet, x, y, width, height) {
    if (height < 40) return;
    const {ctx, palette, lab, names} = sheet;
    const small = palette.small * 0.95;
    const {steps, delta} = lab.history;
    const last = Math.max(1, lab.step);
    const range = exponents(delta) ?? [-3, 0];
    low = Math.floor(range[0]);
    high = Math.max(low + 1, Math.ceil(range[1]));
    const xOf = (/** @type {number} */ step) => x + (step / last) * width;
    const yOf = (/** @type {number} */ share) => y + height - Math.max(0, share) * height;
    ctx.font = `600 ${palette.small}px ${palette.font}`;
    ctx.fillStyle = palette.text;
    ctx.textAlign = "left";
    ctx.textBaseline = "bottom";
    ctx.fillText(t("lab.nielsen"), 12, y - small * 0.8);
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
    epochs(sheet, xOf, y, height);
    const ends = [];
    for (let k = 0; k < lab.layers; k++) {
      ctx.strokeStyle = colourOf(sheet, k);
      ctx.lineWidth = (k === sheet.marked ? 3.2 : 1.6) * palette.stroke;
      ctx.beginPath();
      let pen = false;
      let end = NaN;
      for (let j = 0; j < steps.length; j++) {
        const share = standing({low, high, rest: 0}, delta[j][k]);
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
      if (Number.isFinite(end)) ends.push({k, y: end});
    }
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    let before = -Infinity;
    for (const {k, y: at} of ends.sort((a, b) => a.y - b.y)) {
      if (at - before < small * 0.95) continue;
      before = at;
      ctx.fillStyle = k === sheet.marked ? palette.text : palette.muted;
      ctx.fillText(names[k], x + width + 4, at);
    }
  }

  /**
   * Where epochs end, below the steps.
   * @param {Sheet} sheet
   * @param {(step: number) => number} xOf
   * @param {number} y
   * @param {number} height
   */
  function epochs({ctx, palette, lab, state}, xOf, y, height) {
    const small = palette.small * 0.95;
    const train = state.data?.train ?? 0;
    const row = y + height + 4 + small * 1.3;
    const marks = epochMarks(
      stretchesOf(train, state),
      train,
      lab.step,
      Math.floor((xOf(lab.step) - xOf(0)) / (small * 2.6)),
    );
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
    ctx.fillText(t("lab.steps"), xOf(0) - 8, y + height + 4);
    if (marks.length) ctx.fillText(t("lab.epochs"), xOf(0) - 8, row);
  }

  return {
    choosing: false,
    paint,
    layerAt: (_, y) => (y >= top && y < top + row * layers ? Math.floor((y - top) / row) : -1),
    words({lab}) {
      if (!lab.step) return [t("lab.speed_start"), ""];
      const first = lab.ratio[0];
      const last = lab.ratio[lab.layers - 1];
      if (!(first > 0 && last > 0)) return [t("lab.speed_still"), ""];
      const said =
        last > 1.5 * first
          ? t("lab.speed_slow", {times: compact(+(last / first).toPrecision(2))})
          : first > 1.5 * last
            ? t("lab.speed_fast", {times: compact(+(first / last).toPrecision(2))})
            : t("lab.speed_even");
      return [said, t("lab.speed_healthy")];
    },
    tip({lab}, k) {
      const out = k === lab.layers - 1;
      return [
        out ? t("gradients.output") : t("gradients.layer", {n: k + 1}),
        `‖ΔW‖ ${plain(lab.update[k], 3)}   ‖W‖ ${plain(lab.weight[k], 3)}`,
        t("lab.tip_speed", {ratio: plain(lab.ratio[k], 3), moved: way(lab.moved[k]), step: reached(lab, k)}),
      ].join("\n");
    },
  };
}
