// @ts-check
/** What the timeline says: the words of its marks, of the place under the pointer and of where the run stands. */

import {changeWords, movements, ofEngine} from "../../model/changes.js";
import {integer, plain} from "../../draw/format.js";
import {nameOf} from "../../model/measures.js";
import {lastAtMost} from "../../maths/sorted.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ViewContext["t"]} Translate */
/** @typedef {import("./marks.js").Mark} Mark */
/** @typedef {import("./marks.js").Placed} Placed */

/**
 * Steps and words of all marks: what was changed, where machine code took over, and where the run diverged.
 * @param {Pick<State, "log" | "status" | "lang">} state
 * @param {Translate} t
 * @returns {Mark[]}
 */
export function marksOf({log, status, lang}, t) {
  /** @type {Mark[]} */
  const marks = [...movements(log.filter(entry => !ofEngine(entry))), ...log.filter(ofEngine)].map(entry => ({
    step: entry.step,
    text: changeWords(t, entry.change, lang, entry.before),
    kind: ofEngine(entry) ? "engine" : "edit",
  }));
  if (status.kind === "diverged" && status.step !== undefined)
    marks.push({step: status.step, text: t("curves.diverged"), kind: "diverged"});
  return marks;
}

/**
 * The step at a place with the loss that is known nearest before it, and what was changed there, a line each.
 * @param {Pick<State, "data" | "layout"> & {series: Pick<State["series"], "metrics" | "ghosts">}} state
 * @param {number} step
 * @param {Placed | undefined} mark that the pointer is on
 * @param {Translate} t
 */
export function tipWords(state, step, mark, t) {
  const {metrics, ghosts} = state.series;
  const at = mark ? mark.step : step;
  const known = at <= (metrics.step.at(-1) ?? -1) ? metrics : ghosts.at(-1);
  const k = known ? lastAtMost(known.step, at) : -1;
  const lines = [t("curves.step", {n: integer(at)})];
  if (known && k >= 0 && Number.isFinite(known.loss[k])) {
    const words = `${t(`measure.${nameOf("loss", state)}`)} ${plain(known.loss[k], 3)}`;
    lines.push(known.step[k] === at ? words : t("curves.elsewhere", {words, step: integer(known.step[k])}));
  }
  return [...lines, ...(mark ? mark.texts : [])].join("\n");
}

/**
 * Where the run stands, of how many steps; on its way to a step it stands about where its last frame was.
 * @param {number} step of the handle
 * @param {number | null} shown step of the frame on the page
 * @param {number} last
 * @param {Translate} t
 */
export function countWords(step, shown, last, t) {
  const underWay = shown !== null && shown !== step;
  const words = underWay ? `≈ ${integer(shown)}` : integer(step);
  return last ? t("timeline.count", {step: words, last: integer(last)}) : t("curves.step", {n: words});
}

/**
 * The same for a screen reader, with what was changed at this step.
 * @param {number} step
 * @param {number} last
 * @param {Placed[]} placed
 * @param {Translate} t
 */
export function valueWords(step, last, placed, t) {
  const mark = placed.find(each => each.step === step);
  const where = {step: integer(step), last: integer(last)};
  const words = last ? t("timeline.value", where) : t("curves.step", {n: where.step});
  return [words, ...(mark ? mark.texts : [])].join(", ");
}
