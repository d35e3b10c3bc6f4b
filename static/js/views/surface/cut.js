// @ts-check
/** The loss along the straight line from the start of the run (α = 0) to now (α = 1): its picture and its words. */

import {compact, plain} from "../../draw/format.js";
import {chartOf, drawAxes, drawDot, drawLine, inside, nearest} from "../shared/line_chart.js";

/** @typedef {import("../../draw/plot.js").Palette} Palette */
/** @typedef {import("../shared/line_chart.js").Chart} Chart */
/** @typedef {import("../shared/line_chart.js").Range} Range */
/** @typedef {import("../../types").ViewContext["t"]} Translate */
/** Losses along the line; null where they are no number. `length` is the way from start to now in parameter space.
 * @typedef {{at: number, alpha: number[], loss: (number|null)[], length: number}} Cut */

/** Losses at the ends of a cut, and how far it rises above both between them. @param {Cut} cut */
export function ridgeOf({alpha, loss}) {
  const at = (/** @type {number} */ where) => {
    const k = alpha.findIndex(value => value >= where - 1e-9);
    const low = loss[Math.max(0, k - 1)] ?? NaN;
    const high = loss[k] ?? NaN;
    if (k < 1) return high;
    return low + ((high - low) * (where - alpha[k - 1])) / (alpha[k] - alpha[k - 1]);
  };
  const first = at(0);
  const last = at(1);
  const between = loss.filter((value, k) => value !== null && alpha[k] > 0 && alpha[k] < 1).map(Number);
  return {first, last, barrier: Math.max(0, Math.max(...between) - Math.max(first, last))};
}

/**
 * What the axes span: the losses between the ends whole, what lies beyond them cut where it rises far above.
 * @param {Cut} cut
 * @param {boolean} log wanted, and had where all losses are positive
 * @returns {Range}
 */
export function cutRange(cut, log) {
  const {alpha, loss} = cut;
  const {first, last} = ridgeOf(cut);
  const numbers = loss.filter(value => value !== null).map(Number);
  const low = Math.min(...numbers);
  const between = loss.filter((value, k) => value !== null && alpha[k] >= 0 && alpha[k] <= 1).map(Number);
  const most = Math.max(first, last, ...between);
  const logarithmic = log && low > 0;
  const high = Math.min(Math.max(...numbers), logarithmic ? most * 4 : low + 1.8 * (most - low || 1));
  const pad = 0.06 * (high - low || 1);
  return {
    across: [alpha[0], alpha[alpha.length - 1]],
    up: logarithmic ? [low / 1.15, high * 1.15] : [low - pad, high + pad],
    log: logarithmic,
  };
}

/**
 * @param {import("../../draw/plot.js").Sheet} sheet
 * @param {Palette} palette
 * @param {Cut} cut
 * @param {boolean} log
 * @param {Translate} t
 */
export function paintCut(sheet, palette, cut, log, t) {
  const {ctx} = sheet;
  const range = cutRange(cut, log);
  const chart = chartOf(sheet, range, palette);
  const {first, last} = ridgeOf(cut);
  drawAxes(ctx, chart, range, palette, "α");
  inside(ctx, chart, () => {
    drawEnds(ctx, chart, palette);
    ctx.lineWidth = 2 * palette.stroke;
    ctx.strokeStyle = palette.train;
    drawLine(ctx, chart, cut.alpha, cut.loss);
    const {stroke, panel, backward} = palette;
    drawDot(ctx, chart.x(0), chart.y(first), {r: 3.6 * stroke, fill: panel, rim: backward, wide: 1.8 * stroke});
    drawDot(ctx, chart.x(1), chart.y(last), {r: 5 * Math.sqrt(stroke), fill: backward, rim: panel, wide: 1.6});
  });
  ctx.fillStyle = palette.text;
  ctx.textBaseline = "bottom";
  const above = (/** @type {number} */ loss) => Math.max(chart.top + palette.small, chart.y(loss) - 4);
  ctx.textAlign = "left";
  ctx.fillText(t("surface.start"), chart.x(0) + 8, above(first));
  ctx.textAlign = "right";
  ctx.fillText(t("surface.now"), chart.x(1) - 8, above(last));
  return chart;
}

/** Dashed uprights at start and now. @param {CanvasRenderingContext2D} ctx @param {Chart} chart
 * @param {Palette} palette */
function drawEnds(ctx, chart, palette) {
  ctx.setLineDash([4, 4]);
  ctx.strokeStyle = palette.line;
  for (const where of [0, 1]) {
    ctx.beginPath();
    ctx.moveTo(chart.x(where), chart.top);
    ctx.lineTo(chart.x(where), chart.bottom);
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

/** What is read at a place. @param {Cut} cut @param {Chart} chart @param {number} x in pixels @param {Translate} t */
export function cutTip({alpha, loss}, chart, x, t) {
  const k = nearest(chart, alpha, x);
  const value = loss[k];
  return t("surface.cut_tip", {a: compact(+alpha[k].toFixed(3)), loss: value === null ? "∞" : plain(value, 4)});
}

/** Names and values below the picture. @param {Cut | null} cut @param {Translate} t
 * @returns {[string, string][]} */
export function cutFigures(cut, t) {
  const {first, last, barrier} = cut ? ridgeOf(cut) : {first: NaN, last: NaN, barrier: NaN};
  const hill = barrier > 0 ? `+${plain(barrier, 3)}` : t("surface.cut_none");
  return [
    ["cut_start", plain(first, 3)],
    ["cut_now", plain(last, 3)],
    ["cut_barrier", Number.isNaN(barrier) ? "–" : hill],
    ["cut_length", cut ? plain(cut.length, 3) : "–"],
  ];
}
