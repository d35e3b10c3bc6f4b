// @ts-check
/** What the loss curves show: the span of their axis, the marks on it, and the numbers at a step. Pure. */

import {compact, integer, percent, plain, range} from "../../draw/format.js";
import {changeWords, gather, movements, ofEngine, wordsOf} from "../../model/changes.js";
import {colourOf, letterOf} from "../../model/lanes.js";
import {nameOf} from "../../model/measures.js";
import {lastAtMost} from "../../maths/sorted.js";
import {showsShares} from "./shares.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Series} Series */
/** @typedef {import("../../types").ViewContext["t"]} Translate */
/** @typedef {import("../../draw/plot.js").Palette} Palette */
/** @typedef {import("../shared/chart.js").Mark} Mark */
/** The least value, the least that a logarithm can show, and the greatest.
 * @typedef {{low: number, positive: number, high: number}} Extent */
/**
 * What the axis spans: from `low`, or from `positive` where it is logarithmic (`logs`: it can be), to `high`. Curves
 * that are `wide` turn it logarithmic by themselves, and back when they are not even `steep`.
 * @typedef {Extent & {logs: boolean, wide: boolean, steep: boolean}} Span
 */

/** Ratio of greatest to least loss of wide and of steep curves. */
const WIDE = 30;
const STEEP = 3;

/**
 * What there is to see. Batch losses may stand out above the curves, but not dwarf them.
 * @param {Extent[]} lines of the curves
 * @param {Extent} band of the batch losses
 * @returns {Span}
 */
export function spanOf(lines, band) {
  const curves = lines.some(({high}) => high > -Infinity) ? joined(lines) : band;
  const {low: least, positive, high: most} = curves;
  const lowest = Math.max(Math.min(positive, band.positive), positive / 10);
  return {
    low: Math.max(Math.min(least, band.low), least - 0.5 * (most - least)),
    positive: lowest,
    high: Math.min(Math.max(most, band.high), 2.5 * Math.max(most, positive)),
    logs: lowest < Infinity,
    wide: most > WIDE * positive,
    steep: most > STEEP * positive,
  };
}

/** @param {Extent[]} all @returns {Extent} */
function joined(all) {
  return {
    low: Math.min(...all.map(({low}) => low)),
    positive: Math.min(...all.map(({positive}) => positive)),
    high: Math.max(...all.map(({high}) => high)),
  };
}

/** The present, where the curves go on beyond it; else Infinity. @param {State} state */
export function presentOf({frame, series}) {
  const last = Math.max(series.batch.step.at(-1) ?? 0, series.metrics.step.at(-1) ?? 0);
  return frame && frame.step < last ? frame.step : Infinity;
}

/**
 * What was changed when, where runs diverged, and the present when there is a future after it.
 * @param {State} state
 * @param {number} now Infinity where there is no future
 * @param {(step: number) => number} xOf where a step is drawn: changes that are drawn at one place are one mark
 * @param {Palette} palette
 * @param {Translate} t
 * @returns {Mark[]}
 */
export function marksOf(state, now, xOf, palette, t) {
  const done = movements(state.log.filter(entry => !ofEngine(entry)));
  const marks = gather(done, xOf).map(({marks: edits}) => ({
    step: edits[0].step,
    text: wordsOf(edits.map(({change, before}) => changeWords(t, change, state.lang, before))),
    colour: palette.muted,
    strong: false,
  }));
  marks.push(...divergences(state, palette, t));
  if (now < Infinity) marks.push({step: now, text: t("curves.now"), colour: palette.accent, strong: true});
  return marks;
}

/** @param {State} state @param {Palette} palette @param {Translate} t @returns {Mark[]} */
function divergences(state, palette, t) {
  const step = divergedAt(state);
  const words = t("curves.diverged");
  const own = step === undefined ? [] : [{step, text: words, colour: palette.bad, strong: true}];
  const others = state.lanes
    .filter(({id, status}) => id !== state.lane && status.kind === "diverged")
    .map(({id, status, step: last}) => ({
      step: status.step ?? last,
      text: `${letterOf(id)} ${words}`,
      colour: colourOf(palette, id),
      strong: true,
    }));
  return [...own, ...others];
}

/** The step at which the run in focus left the numbers. @param {State} state @returns {number | undefined} */
function divergedAt({status, series: {metrics}}) {
  if (status.kind === "diverged") return status.step;
  const first = metrics.loss.findIndex(loss => !Number.isFinite(loss));
  return first >= 0 ? metrics.step[first] : undefined;
}

/**
 * The numbers at a place of the step axis: the step that they are of, and a line for each. One of another step says so.
 * @param {Pick<State, "series" | "data" | "layout" | "view">} state
 * @param {number} wanted
 * @param {Translate} t
 */
export function readingAt(state, wanted, t) {
  if (showsShares(state)) return sharesAt(state, wanted, t);
  const {metrics, batch, rate} = state.series;
  const m = nearest(metrics.step, wanted);
  const b = nearest(batch.step, wanted);
  const step = metrics.step[m] ?? batch.step[b] ?? 0;
  const lines = [t("curves.step", {n: integer(step)})];
  if (m >= 0) lines.push(`${t(`measure.${nameOf("loss", state)}`)} ${plain(metrics.loss[m], 4)}`);
  if (Number.isFinite(metrics.test_loss[m])) lines.push(`${t("measure.test_loss")} ${plain(metrics.test_loss[m], 4)}`);
  if (b >= 0 && !state.layout?.landscape) lines.push(batchLine(batch, b, step, t));
  const r = nearest(rate.step, step);
  if (r >= 0) lines.push(t("curves.rate", {value: compact(rate.value[r])}));
  return {step, lines};
}

/** Accuracies at a place. @param {Pick<State, "series" | "data" | "layout">} state @param {number} wanted
 * @param {Translate} t */
function sharesAt(state, wanted, t) {
  const {step, ...columns} = state.series.metrics;
  const m = nearest(step, wanted);
  const fields = /** @type {("accuracy" | "test_accuracy")[]} */ (["accuracy", "test_accuracy"]);
  const known = fields.filter(field => Number.isFinite(columns[field][m]));
  const written = (/** @type {number} */ value) =>
    state.data?.kind === "regression" ? plain(value, 3) : percent(value);
  return {
    step: step[m] ?? 0,
    lines: [
      t("curves.step", {n: integer(step[m] ?? 0)}),
      ...known.map(field => `${t(`measure.${nameOf(field, state)}`)} ${written(columns[field][m])}`),
    ],
  };
}

/**
 * A batch loss, or what it ran through over a bucket of steps.
 * @param {Series["batch"]} batch
 * @param {number} k
 * @param {number} step that the other numbers are of
 * @param {Translate} t
 */
function batchLine({step: steps, low, high}, k, step, t) {
  const first = (steps[k - 1] ?? 0) + 1;
  const words = `${t("measure.batch_loss")} ${range(plain(low[k], 3), plain(high[k], 3))}`;
  if (steps[k] === step && first === step) return words;
  return t("curves.elsewhere", {words, step: range(integer(first), integer(steps[k]))});
}

/** @param {number[]} steps @param {number} wanted @returns {number} −1 when there are none */
export function nearest(steps, wanted) {
  const at = lastAtMost(steps, wanted);
  const next = at + 1 < steps.length && (at < 0 || steps[at + 1] - wanted < wanted - steps[at]);
  return next ? at + 1 : at;
}
