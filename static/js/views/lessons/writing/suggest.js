// @ts-check
/**
 * Conditions that could complete a step: what holds now and did not when the step began, in the words of
 * `condition.js`. Pure.
 */

import {plain} from "../../../draw/format.js";
import {holds, readCondition} from "../condition.js";
import {arity, NOTHING, quantitiesOf} from "../quantities.js";

/** @typedef {import("../../../types").State} State */
/** @typedef {import("../condition.js").Value} Value */
/** @typedef {Map<string, Value>} Snapshot values of expressions, by their text */
/** @typedef {{text: string, before: string, now: string}} Suggestion */

/** Numbers that the run brings along: they may be passed sooner or later. */
const RUNNING = [
  ...["step", "epoch", "loss", "accuracy", "test_loss", "test_accuracy", "delta_ratio(1)", "lowest_loss"],
  ...["lane_loss(1)", "lane_loss(2)"],
];
/** What only a hand changes. */
const NUMBERS = [
  ...["learning_rate", "batch_size", "samples", "noise", "l2", "dropout", "clip_norm", "momentum", "hidden_layers"],
  ...["neurons(1)", "lanes"],
];
const TEXTS = ["data", "optimizer", "activation", "normalization", "initializer", "loss_name"];
const OPENED = ["laboratory", "microscope", "race", "inspector", "drawing", "contour", "cut", "sharpness", "3d"];
const SYMPTOM = /^symptom\("(\w+)"\)$/;
/** Significant digits that a threshold may have. */
const MOST_DIGITS = 6;
/** Where between then and now a threshold lies: near enough to now that chance does not reach it. */
const SHARE = 0.2;

/** Shares of the samples and counts, which are told as "at least". */
const AT_LEAST = new Set(["step", "epoch", "lanes"]);

/** What the conditions may ask for, as it is now. @param {State} state @returns {Snapshot} */
export function snapshotOf(state) {
  const symptoms = (state.frame?.symptoms ?? []).map(({name}) => `symptom("${name}")`);
  const flags = ["diverged", "residual", ...OPENED.map(name => `opened("${name}")`), ...symptoms];
  const quantity = quantitiesOf(state, NOTHING);
  return new Map([...RUNNING, ...NUMBERS, ...TEXTS, ...flags].map(text => [text, valueOf(text, quantity)]));
}

/** @param {string} text @param {ReturnType<typeof quantitiesOf>} quantity @returns {Value} */
function valueOf(text, quantity) {
  const [, name, given] = /** @type {RegExpMatchArray} */ (text.match(/^(\w+)(?:\((.*)\))?$/));
  return quantity(name, given === undefined ? [] : [JSON.parse(given)]);
}

/** A number with few digits between two others, nearer to the second. @param {number} from @param {number} to */
export function between(from, to) {
  const aim = to + SHARE * (from - to);
  for (let digits = 1; digits <= MOST_DIGITS; digits += 1) {
    const found = Number(aim.toPrecision(digits));
    if ((found - from) * (found - to) < 0) return found;
  }
  return null;
}

/** @param {string} text @param {number} then @param {number} now @returns {string | null} */
function ofRunning(text, then, now) {
  if (AT_LEAST.has(text)) return now > then ? `${text} >= ${now}` : null;
  const edge = between(then, now);
  return edge === null ? null : `${text} ${now < then ? "<" : ">"} ${edge}`;
}

/** @param {string} text @param {Value} then @param {Value} now @returns {string | null} */
function conditionOf(text, then, now) {
  if (TEXTS.includes(text)) return typeof now === "string" ? `${text} == "${now}"` : null;
  if (RUNNING.includes(text) || text === "lanes") return ofRunning(text, Number(then), Number(now));
  if (NUMBERS.includes(text)) return `${text} ${Number(now) < Number(then) ? "<" : ">"} ${then}`;
  return now === true ? text : `not ${text}`;
}

/** Whether a condition holds, of a snapshot's values. @param {string} text @param {Snapshot} snapshot */
export function holdsIn(text, snapshot) {
  return holds(readCondition(text, arity), (name, given) => {
    const key = given.length ? `${name}(${given.map(value => JSON.stringify(value)).join(", ")})` : name;
    return snapshot.get(key) ?? (SYMPTOM.test(key) ? false : NaN);
  });
}

/** @param {Value | undefined} value */
const shown = value =>
  typeof value === "number" && !Number.isInteger(value) ? plain(value, 4) : String(value ?? false);

/**
 * What has happened, as conditions.
 * @param {Snapshot} then when the step began @param {Snapshot} now @returns {Suggestion[]}
 */
export function suggestionsOf(then, now) {
  return [...new Set([...now.keys(), ...then.keys()])].flatMap(name => {
    const [before, after] = [then.get(name) ?? false, now.get(name) ?? false];
    if (Object.is(before, after)) return [];
    const text = conditionOf(name, before, after);
    if (text === null || text.includes("NaN") || text.includes("Infinity")) return [];
    return holdsIn(text, now) && !holdsIn(text, then) ? [{text, before: shown(before), now: shown(after)}] : [];
  });
}
