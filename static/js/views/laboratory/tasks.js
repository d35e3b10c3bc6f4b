// @ts-check
/** The laboratory on tasks that follow one another: how each ended, of every lane, beside nets that begin anew. */

import {integer, percent, plain} from "../../draw/format.js";
import {chartOf, drawAxes, drawDot, drawLine, inside} from "../shared/line_chart.js";
import {columnOf} from "./over_run.js";

/** @typedef {import("./over_run.js").OverRun} OverRun */
/** @typedef {import("./over_run.js").Sheet} Sheet */
/** @typedef {import("./over_run.js").Translate} Translate */

/** @type {import("./over_run.js").Subject} */
export const TASKS = {name: "tasks", paint, words, tip};

/** @typedef {import("../../draw/plot.js").Palette} Palette */

/** So many tasks at first the last is held against. */
const FIRST = 5;

/** @param {Sheet} sheet @param {OverRun} over @param {Translate} t */
function paint({ctx, width, height, palette, state}, over, t) {
  const range = tasksRange(over);
  const chart = chartOf({width, height}, range, palette);
  const steps = Array.from(over.steps);
  const several = state.lanes.length > 1;
  const colorOf = (/** @type {number} */ lane) =>
    several ? palette[/** @type {"lane-0"} */ (`lane-${lane}`)] : palette.text;
  drawAxes(ctx, chart, range, palette, t("curves.steps"));
  inside(ctx, chart, () => {
    ctx.lineWidth = 1.6 * palette.stroke;
    for (const {lane, steps: at, errors} of over.lanes) {
      ctx.strokeStyle = colorOf(lane);
      drawLine(ctx, chart, at, errors);
    }
    drawFresh(ctx, chart, palette, over);
    ctx.strokeStyle = colorOf(state.lane);
    ctx.lineWidth = 2 * palette.stroke;
    const errors = columnOf(over, 0);
    drawLine(ctx, chart, steps, errors);
    const look = {r: 4.2, fill: palette.backward, rim: palette.panel, wide: 1.6};
    drawDot(ctx, chart.x(steps[steps.length - 1]), chart.y(errors[errors.length - 1]), look);
  });
  labelFresh(ctx, chart, palette, over, t);
  return chart;
}

/** Tasks that a fresh net has learnt, and how it ended them. @param {OverRun} over */
export function freshOf(over) {
  const known = over.theory ? columnOf(over, 0, "theory") : [];
  return Array.from(over.steps, (step, k) => ({step, error: known[k] ?? NaN})).filter(({error}) =>
    Number.isFinite(error),
  );
}

/** @param {CanvasRenderingContext2D} ctx @param {import("../shared/line_chart.js").Chart} chart
 * @param {Palette} palette @param {OverRun} over */
function drawFresh(ctx, chart, palette, over) {
  const fresh = freshOf(over);
  ctx.strokeStyle = palette.muted;
  ctx.lineWidth = 1.4 * palette.stroke;
  ctx.setLineDash([5, 4]);
  drawLine(
    ctx,
    chart,
    fresh.map(({step}) => step),
    fresh.map(({error}) => error),
  );
  ctx.setLineDash([]);
  for (const {step, error} of fresh)
    drawDot(ctx, chart.x(step), chart.y(error), {r: 2.2, fill: palette.muted, rim: palette.panel, wide: 1});
}

/** Above its last point. @param {CanvasRenderingContext2D} ctx @param {import("../shared/line_chart.js").Chart} chart
 * @param {Palette} palette @param {OverRun} over @param {Translate} t */
function labelFresh(ctx, chart, palette, over, t) {
  const last = freshOf(over).at(-1);
  if (!last) return;
  const text = t("lab.tasks_fresh_label");
  const half = ctx.measureText(text).width / 2;
  ctx.fillStyle = palette.muted;
  ctx.textAlign = "center";
  ctx.textBaseline = "bottom";
  const x = Math.min(Math.max(chart.x(last.step), chart.left + half + 4), chart.right - half);
  ctx.fillText(text, x, chart.y(last.error) - 6);
}

/** From 0, with all lanes and the fresh nets in view. @param {OverRun} over
 * @returns {import("../shared/line_chart.js").Range} */
export function tasksRange(over) {
  const errors = [...columnOf(over, 0), ...freshOf(over).map(({error}) => error), ...over.lanes.flatMap(l => l.errors)];
  const ends = [...over.steps, ...over.lanes.flatMap(({steps}) => steps)];
  const most = Math.max(...errors.filter(Number.isFinite), over.unit === "share" ? 0.1 : 1e-9);
  return {across: [0, Math.max(10, ...ends)], up: [0, 1.08 * most], log: false};
}

/** An error as it is written. @param {OverRun} over @param {number} error */
const written = ({unit}, error) => (unit === "share" ? percent(error) : plain(error, 3));

/** @param {OverRun} over @param {Translate} t @returns {[string, string]} */
function words(over, t) {
  const {steps, length, unit} = over;
  if (!steps.length) return [t("lab.tasks_begin", {step: integer(length)}), ""];
  const errors = columnOf(over, 0);
  const k = errors.length - 1;
  const said = t(`lab.tasks_${unit}`, {
    n: integer(steps[k] / length),
    value: written(over, errors[k]),
    m: Math.min(FIRST, errors.length),
    first: written(
      over,
      errors.slice(0, FIRST).reduce((sum, error) => sum + error, 0) / Math.min(FIRST, errors.length),
    ),
  });
  const fresh = freshOf(over);
  const mean = fresh.reduce((sum, {error}) => sum + error, 0) / fresh.length;
  const below = fresh.length ? t("lab.tasks_fresh", {value: written(over, mean), n: fresh.length}) : "";
  return [said, below || t("lab.tasks_fresh_none")];
}

/** @param {OverRun} over @param {number} k @param {Translate} t */
function tip(over, k, t) {
  const step = over.steps[k];
  const numbers = {n: integer(step / over.length), step: integer(step), value: written(over, columnOf(over, 0)[k])};
  const fresh = over.theory ? columnOf(over, 0, "theory")[k] : NaN;
  return Number.isFinite(fresh)
    ? t("lab.tasks_tip_fresh", {...numbers, fresh: written(over, fresh)})
    : t("lab.tasks_tip", numbers);
}
