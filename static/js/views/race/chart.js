// @ts-check
/**
 * The race in one chart: a curve for each lane with its letter at the end, ghosts of earlier runs, and the target as a
 * line to drag.
 */

import {compact} from "../../draw/format.js";
import {ascends, colourOf} from "../../model/lanes.js";
import {rimmed} from "../../draw/plot.js";
import {letteredBall} from "../shared/ball.js";
import {clipTo, drawAxes, drawGhosts, drawLine, drawMarks, roomForNumbers, xOf, yOf} from "../shared/chart.js";
import {axisEnd, lossRange} from "../shared/fold.js";
import {endOf, laneFolds, newest, reach} from "../shared/lane_curves.js";

/** @typedef {import("../../model/lanes.js").Runner} Runner */
/** @typedef {import("../../model/lanes.js").Measure} Measure */
/** @typedef {import("../shared/chart.js").Chart} Chart */
/** @typedef {import("../../draw/plot.js").Palette} Palette */
/**
 * @typedef {{runners: Runner[], ghosts: import("../../types").Series["ghosts"], measure: Measure, log: boolean, target:
 * number, palette: Palette, head: boolean,
 *   words: {steps: string, diverged: (runner: Runner) => string}}} Race */

/** Letters at the ends of curves keep this far apart, in pixels. */
const APART = 15;

export function raceChart() {
  const folds = laneFolds();

  /**
   * @param {import("../../draw/plot.js").Sheet} sheet
   * @param {Race} race
   * @returns {Chart | null} null where there is nothing to see
   */
  function paint({ctx, width, height}, race) {
    const {runners, palette, measure, target} = race;
    ctx.clearRect(0, 0, width, height);
    const lines = folds.take(runners, measure);
    const ends = reach(lines);
    const old = measure === "loss" ? race.ghosts : [];
    if (!(ends.high >= ends.low) || width < 60 || height < 50) return null;
    const small = palette.tiny;
    const up = ascends(measure);
    const log = race.log && !up && ends.positive < Infinity;
    const last = Math.max(newest(runners), ...old.map(({step}) => step.at(-1) ?? 0));
    const plot = {
      ctx,
      palette,
      log,
      top: 8,
      bottom: height - small * 1.8,
      range: /** @type {[number, number]} */ (
        up
          ? [Math.max(0, Math.floor(ends.low * 10) / 10), 1]
          : lossRange(log ? ends.positive : ends.low, capped(ends, lines), log)
      ),
    };
    /** @type {Chart} */
    const chart = {...plot, left: roomForNumbers(plot), right: width - 12, end: axisEnd(last)};
    drawAxes(chart, race.words.steps);
    ctx.save();
    clipTo(chart);
    drawGhosts(chart, old);
    for (const {id, focus, fold} of [...lines].sort((a, b) => +a.focus - +b.focus))
      drawLine(chart, fold, colourOf(palette, id), (focus ? 2.6 : 1.8) * palette.stroke);
    drawTarget(chart, target);
    ctx.restore();
    const ended = runners.filter(({status}) => status.kind === "diverged");
    drawMarks(
      chart,
      ended.map(runner => ({
        step: runner.status.step ?? runner.step,
        text: race.words.diverged(runner),
        colour: colourOf(palette, runner.id),
        strong: true,
      })),
    );
    letters(chart, runners, measure, race.head);
    return chart;
  }

  return {paint};
}

/** A lane that explodes does not dwarf the others: the axis ends a little above where the others begin.
 * @param {{positive: number, low: number, high: number}} ends
 * @param {{fold: import("../shared/fold.js").Fold}[]} lines
 */
function capped(ends, lines) {
  const tops = lines
    .map(line => reach([line]).high)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const calm = tops[Math.floor((tops.length - 1) / 2)];
  return Math.min(ends.high, 3 * calm);
}

/** @param {Chart} chart @param {number} target */
function drawTarget(chart, target) {
  if (!Number.isFinite(target)) return;
  const {ctx, left, right, top, bottom, palette} = chart;
  const y = yOf(chart, target);
  if (y < top - 2 || y > bottom + 2) return;
  ctx.strokeStyle = palette.text;
  ctx.lineWidth = palette.stroke;
  ctx.setLineDash([5, 4]);
  ctx.beginPath();
  ctx.moveTo(left, y);
  ctx.lineTo(right, y);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.font = `600 ${palette.small}px ${palette.font}`;
  ctx.textAlign = "left"; // the lanes' letters stand at the right
  ctx.textBaseline = y - top < 18 ? "top" : "bottom";
  rimmed(ctx, palette, compact(target), left + 4, y + (y - top < 18 ? 3 : -3), palette.text);
}

/**
 * Each lane's letter where its curve ends now, beside each other where they would meet.
 * @param {Chart} chart
 * @param {Runner[]} runners
 * @param {Measure} measure
 * @param {boolean} head
 */
function letters(chart, runners, measure, head) {
  const {ctx, palette, top, bottom, right} = chart;
  const heads = runners
    .filter(({status}) => status.kind !== "diverged")
    .map(runner => ({id: runner.id, end: endOf(runner, measure, head)}))
    .filter(({end}) => Number.isFinite(end[1]))
    .map(({id, end: [step, value]}) => ({
      id,
      x: Math.min(right - 8, xOf(chart, step) + 10),
      y: Math.min(bottom - 6, Math.max(top + 6, yOf(chart, value))),
    }));
  heads.sort((a, b) => a.y - b.y);
  for (let k = 1; k < heads.length; k++) heads[k].y = Math.max(heads[k].y, heads[k - 1].y + APART);
  for (let k = heads.length - 1, floor = bottom - 4; k >= 0; k--, floor -= APART)
    heads[k].y = Math.min(heads[k].y, floor);
  for (const {id, x, y} of heads) letteredBall(ctx, x, y, false, palette, id);
}
