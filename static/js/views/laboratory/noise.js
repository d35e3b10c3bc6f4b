// @ts-check
/** The laboratory on the noise of gradients: the noise scale over the run, and where the batch stands against it. */

import {compact, percent, plain} from "../../draw/format.js";
import {chartOf, drawAxes, drawDashes, drawDot, drawLine, inside} from "../shared/line_chart.js";
import {columnOf, newestOf} from "./over_run.js";

/** @typedef {import("./over_run.js").OverRun} OverRun */
/** @typedef {import("./over_run.js").Sheet} Sheet */
/** @typedef {import("./over_run.js").Translate} Translate */

/** @type {import("./over_run.js").Subject} */
export const NOISE = {name: "noise", paint, words, tip};

/** Above the batch lies what is mostly noise. @param {Sheet} sheet @param {OverRun} over @param {Translate} t */
function paint({ctx, width, height, palette}, over, t) {
  const steps = Array.from(over.steps);
  const scale = columnOf(over, 0);
  const range = noiseRange(over);
  const chart = chartOf({width, height}, range, palette);
  const batch = chart.y(over.batch);
  drawAxes(ctx, chart, range, palette, t("curves.steps"));
  inside(ctx, chart, () => {
    if (over.batch < over.whole) {
      ctx.fillStyle = palette.bad;
      ctx.globalAlpha = 0.08;
      ctx.fillRect(chart.left, chart.top - 3, chart.right - chart.left + 6, batch - chart.top + 3);
      ctx.globalAlpha = 1;
    }
    drawDashes(ctx, chart, palette, over.batch);
    ctx.strokeStyle = palette.text;
    ctx.lineWidth = 1.8 * palette.stroke;
    drawLine(ctx, chart, steps, scale);
    const look = {r: 4.2, fill: palette.backward, rim: palette.panel, wide: 1.6};
    const now = scale[scale.length - 1];
    if (Number.isFinite(now)) drawDot(ctx, chart.x(steps[steps.length - 1]), chart.y(now), look);
  });
  ctx.fillStyle = palette.bad;
  ctx.textAlign = "right";
  ctx.textBaseline = "top";
  ctx.fillText(t("lab.noise_batch", {n: over.batch}), chart.right, batch + 4);
  ctx.textBaseline = "bottom";
  if (over.batch < over.whole) ctx.fillText(t("lab.noise_above"), chart.right, batch - 3);
  return chart;
}

/** Samples, with the batch in view. @param {OverRun} over @returns {import("../shared/line_chart.js").Range} */
export function noiseRange(over) {
  const known = columnOf(over, 0).filter(value => Number.isFinite(value) && value > 0);
  const all = [over.batch, ...known];
  return {
    across: [0, Math.max(10, ...over.steps)],
    up: [Math.min(...all) / 3, Math.max(...all) * 3],
    log: true,
  };
}

/** Which share of the squared length of a batch's gradient is noise, on average. @param {number} scale
 * @param {number} batch */
export const noiseShare = (scale, batch) => (scale === Infinity ? 1 : scale / (scale + batch));

/** @param {OverRun} over @param {Translate} t @returns {[string, string]} */
function words(over, t) {
  const [scale, signal, noise] = newestOf(over);
  const {batch, whole, samples} = over;
  const below = t("lab.noise_parts", {signal: compact(signal), noise: compact(noise), n: samples, of: whole});
  if (Number.isNaN(scale)) return [t("lab.noise_none"), below];
  const numbers = {scale: samplesOf(scale), n: batch, share: percent(noiseShare(scale, batch))};
  if (batch === whole) return [t("lab.noise_whole", numbers), below];
  return [t(scale > batch ? "lab.noise_most" : "lab.noise_some", numbers), below];
}

/** @param {number} scale */
const samplesOf = scale => (scale < 1e6 ? plain(scale, 3) : compact(scale));

/** @param {OverRun} over @param {number} k @param {Translate} t */
function tip(over, k, t) {
  const scale = columnOf(over, 0)[k];
  const share = percent(noiseShare(scale, over.batch));
  return t("lab.noise_tip", {n: over.steps[k], scale: samplesOf(scale), batch: over.batch, share});
}
