// @ts-check
/** What goes wrong in a run, in words, and what helps as a lane beside it. */

import {compact, integer, percent, plain} from "../../draw/format.js";
import {asPatch} from "../../model/patch.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Symptom} Symptom */
/** @typedef {import("../../types").Remedy} Remedy */
/** @typedef {import("../../types").ViewContext["t"]} Translate */

/** How the number of a symptom is written. @type {Record<string, (value: number) => string>} */
const VALUES = {saturated: percent, overfitting: integer};

/** Whether no lane is free. @param {State} state */
export const crowded = ({lanes, options}) => options !== null && lanes.length >= options.limits.lanes;

/** Whole numbers in order, three or more in a row as a range: "2, 5–9". @param {readonly number[]} numbers */
export function ranges(numbers) {
  /** @type {number[][]} */
  const rows = [];
  for (const n of numbers) {
    const row = rows.at(-1);
    if (row && row[row.length - 1] === n - 1) row.push(n);
    else rows.push([n]);
  }
  return rows.map(row => (row.length > 2 ? `${row[0]}–${row[row.length - 1]}` : row.join(", "))).join(", ");
}

/** Why something goes wrong, in a sentence or two. @param {Translate} t @param {Symptom} symptom */
export function symptomWords(t, {name, step, layers, value}) {
  const write = VALUES[name] ?? (number => plain(number, 3));
  return t(`symptom.${name}`, {
    step: integer(step),
    where: layers.length ? t(layers.length > 1 ? "symptom.layers" : "symptom.layer", {layers: ranges(layers)}) : "",
    value: write(value ?? NaN),
  });
}

/** What a button says, with what it means. @param {Translate} t @param {Remedy} remedy @param {boolean} full
 * whether all lanes are taken @returns {{label: string, tip: string}} */
export function remedyWords(t, {name, values, here}, full) {
  const numbers = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, compact(value)]));
  const what = t(`remedy.${name}`, numbers);
  const way = full ? "restart" : here ? "here" : "beside";
  return {label: t(`symptom.${full ? "restart" : "beside"}`, {what}), tip: t(`symptom.${way}_title`)};
}

/** Which symptoms have been read: they do not come again, until the run has gone back to before them. */
export class Read {
  /** lane and name -> the step at which it began @type {Map<string, number>} */
  known = new Map();

  /** Those that are shown have been read. @param {State | null} state */
  add(state) {
    const {lane = 0, frame = null} = state ?? {};
    for (const {name, step} of frame?.symptoms ?? []) this.known.set(`${lane} ${name}`, step);
  }

  /** The most telling one that has not been read. @param {State} state @returns {Symptom | null} */
  next({lane, frame}) {
    if (!frame) return null;
    for (const [key, step] of this.known) if (key.startsWith(`${lane} `) && frame.step < step) this.known.delete(key);
    return frame.symptoms.find(({name}) => !this.known.has(`${lane} ${name}`)) ?? null;
  }
}

/**
 * Let a changed run go beside this one, or in its place where all lanes are taken.
 * @param {import("../../types").ViewContext["act"]} act
 * @param {State} state
 * @param {Remedy} remedy
 */
export async function take(act, state, {change, here}) {
  const {lanes, lane, playing} = state;
  if (crowded(state)) {
    await act("configure", {lane, ...asPatch(change)});
  } else {
    const step = lanes.find(({id}) => id === lane)?.step;
    const level = lanes.every(other => other.step === step);
    const reply = await act("lane_add", {change, from: lane, start: here && level ? "here" : "start"});
    if (reply.ok === false) return;
    await act("lane_focus", {lane: Number(reply.lane)});
  }
  if (playing) await act("play");
}
