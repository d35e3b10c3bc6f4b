// @ts-check
/** Where marks, their words and the runs left behind stand on the timeline; pure. */

import {gather, wordsOf} from "../../model/changes.js";

/** @typedef {{step: number, text: string, kind: "engine" | "edit" | "diverged"}} Mark */
/** Marks that stand as one, `x` px from the left; `label` starts at `labelX` where there is room for it: of `words`,
 * which are those of `texts` that somebody's hand stands for.
 * @typedef {{x: number, step: number, kind: Mark["kind"], texts: string[], words: string[], label: string | null,
 * labelX: number}} Placed
 */

/** Of marks that stand as one, the kind that comes last here counts. @type {Mark["kind"][]} */
const KINDS = ["engine", "edit", "diverged"];
/** Words keep this distance, in px. */
const APART = 10;
/** The least width of the bar of a run left behind, in px. */
const THINNEST = 3;

/** px from the left of a step. @param {number} step @param {number} end last step @param {number} width */
export const placeOf = (step, end, width) => (end > 0 ? Math.min(1, Math.max(0, step / end)) * width : 0);

/** The step at a place. @param {number} x @param {number} end @param {number} width */
export const stepAt = (x, end, width) => Math.round(Math.min(1, Math.max(0, width > 0 ? x / width : 0)) * end);

/** Which step a key leads to, or null if it is none of the slider's. Shift goes from mark to mark.
 * @param {string} key
 * @param {boolean} shift
 * @param {number} at
 * @param {number} end
 * @param {number[]} stops steps of the marks
 */
export function stepFor(key, shift, at, end, stops) {
  const page = Math.max(1, Math.round(end / 10));
  const step =
    shift && key === "ArrowLeft"
      ? Math.max(0, ...stops.filter(stop => stop < at))
      : shift && key === "ArrowRight"
        ? Math.min(end, ...stops.filter(stop => stop > at))
        : {
            ArrowLeft: at - 1,
            ArrowDown: at - 1,
            ArrowRight: at + 1,
            ArrowUp: at + 1,
            PageDown: at - page,
            PageUp: at + page,
            Home: 0,
            End: end,
          }[key];
  return step === undefined ? null : Math.min(end, Math.max(0, step));
}

/**
 * Marks that fall together become one; each gets its words if they run into no others: the strong first, then the
 * newest. Where machine code took over, which nobody did, stands a mark without words.
 * @param {Mark[]} marks
 * @param {number} end last step
 * @param {number} width px
 * @param {(text: string) => number} measure width of words in px
 * @returns {Placed[]} from left to right
 */
export function placeMarks(marks, end, width, measure) {
  /** @type {Placed[]} */
  const placed = gather(marks, step => placeOf(step, end, width)).map(({x, marks: together}) => {
    const strongest = Math.max(...together.map(({kind}) => KINDS.indexOf(kind)));
    const done = together.filter(({kind}) => kind !== "engine");
    const {step} = done[0] ?? together[0];
    const [texts, words] = [together, done].map(all => all.map(({text}) => text));
    return {x, step, kind: KINDS[strongest], texts, words, label: null, labelX: 0};
  });
  /** @type {[number, number][]} */
  const taken = [];
  for (const mark of [...placed].sort(
    (a, b) => Number(b.kind === "diverged") - Number(a.kind === "diverged") || b.step - a.step,
  )) {
    if (!mark.words.length) continue;
    const label = wordsOf(mark.words);
    const wide = measure(label);
    const from = Math.max(0, Math.min(width - wide, mark.x - wide / 2));
    if (taken.some(([left, right]) => from < right && from + wide > left)) continue;
    taken.push([from - APART, from + wide + APART]);
    Object.assign(mark, {label, labelX: from});
  }
  return placed;
}

/** Steps that Shift and an arrow lead to: what was done, and divergence. @param {Placed[]} placed */
export const stopsOf = placed => placed.filter(({kind}) => kind !== "engine").map(({step}) => step);

/**
 * Bars of the runs that a return to an earlier step left behind, as far as they are not the run's own future.
 * @param {Pick<import("../../types").Series, "ghosts" | "ahead">} series
 * @param {number} end last step
 * @param {number} width px
 * @param {number} most bars there are
 * @returns {({left: number, width: number, longer: boolean} | null)[]} null for a bar that is not wanted; `longer` than
 * the run
 */
export function ghostBars({ghosts, ahead}, end, width, most) {
  const lines = ghosts.slice(0, ahead ? -1 : undefined);
  return Array.from({length: most}, (_, k) => {
    const ghost = lines[k];
    const from = ghost?.step[0] ?? 0;
    const to = ghost?.step.at(-1) ?? 0;
    if (!ghost || (from >= end && end > 0)) return null;
    const left = placeOf(from, end, width);
    return {left, width: Math.max(THINNEST, placeOf(to, end, width) - left), longer: to > end};
  });
}
