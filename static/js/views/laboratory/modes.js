// @ts-check
/** The laboratory on the modes of a linear net: how strong each is, beside what Saxe's closed form says. */

import {plain} from "../../draw/format.js";
import {chartOf, drawAxes, drawDot, drawLine, inside} from "../shared/line_chart.js";
import {columnOf, newestOf} from "./over_run.js";

/** @typedef {import("./over_run.js").OverRun} OverRun */
/** @typedef {import("./over_run.js").Sheet} Sheet */
/** @typedef {import("./over_run.js").Translate} Translate */

/** From this share of its strength on a mode is learnt. */
const LEARNT = 0.9;

/** @type {import("./over_run.js").Subject} */
export const MODES = {name: "modes", paint, words, tip};

/** @param {Sheet} sheet @param {OverRun} over @param {Translate} t */
function paint({ctx, width, height, palette}, over, t) {
  const steps = Array.from(over.steps);
  const range = modesRange(over);
  const chart = chartOf({width, height}, range, palette);
  drawAxes(ctx, chart, range, palette, t("curves.steps"));
  inside(ctx, chart, () => {
    over.values.forEach((_, j) => {
      ctx.strokeStyle = palette.forward;
      ctx.lineWidth = 2.2 * palette.stroke;
      drawLine(ctx, chart, steps, columnOf(over, j));
      if (!over.theory) return;
      ctx.strokeStyle = palette.text;
      ctx.lineWidth = 1.2 * palette.stroke;
      ctx.setLineDash([5, 4]);
      drawLine(ctx, chart, steps, columnOf(over, j, "theory"));
      ctx.setLineDash([]);
    });
    const look = {r: 3.6, fill: palette.forward, rim: palette.panel, wide: 1.4};
    for (const value of newestOf(over)) drawDot(ctx, chart.x(steps[steps.length - 1]), chart.y(value), look);
  });
  ctx.fillStyle = palette.muted;
  ctx.textAlign = "left";
  ctx.textBaseline = "bottom";
  for (const value of over.values) ctx.fillText(`s = ${plain(value, 3)}`, chart.left + 6, chart.y(value) - 2);
  return chart;
}

/** @param {OverRun} over @returns {import("../shared/line_chart.js").Range} */
export function modesRange({steps, values, rows, theory}) {
  const known = [...values, ...rows, ...(theory ?? [])].filter(Number.isFinite);
  return {
    across: [0, Math.max(10, ...steps)],
    up: [Math.min(0, ...known), 1.12 * Math.max(...known)],
    log: false,
  };
}

/** @param {OverRun} over @param {Translate} t @returns {[string, string]} */
function words(over, t) {
  const learnt = newestOf(over).filter((value, j) => value >= LEARNT * over.values[j]).length;
  const beside = over.theory ? "lab.modes_theory" : over.descent ? "lab.modes_deep" : "lab.modes_other_rule";
  return [t("lab.modes", {n: learnt, of: over.values.length}), t(beside)];
}

/** @param {OverRun} over @param {number} k @param {Translate} t */
function tip(over, k, t) {
  const lines = over.values.map((s, j) => {
    const numbers = {s: plain(s, 3), a: plain(columnOf(over, j)[k], 3)};
    if (!over.theory) return t("lab.modes_tip_bare", numbers);
    return t("lab.modes_tip", {...numbers, theory: plain(columnOf(over, j, "theory")[k], 3)});
  });
  return [t("lab.step", {n: over.steps[k]}), ...lines].join("\n");
}
