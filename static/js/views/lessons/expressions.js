// @ts-check
/** The expressions of a lesson, read once; those that cannot be read are told with file, line and column. */

import {plain} from "../../draw/format.js";
import {ConditionError, evaluate, readCondition} from "./condition.js";
import {arity} from "./quantities.js";
import {LOOKS} from "./look.js";

/** @typedef {import("./nodes.js").Expression} Expression */
/** @typedef {import("./condition.js").Tree} Tree */
/** @typedef {import("../../types").ViewContext["t"]} Translate */
/** @typedef {{file: string, line: number, key: string, params: Record<string, string | number>}} Fault */

/** @type {Map<string, Tree | ConditionError>} */
const known = new Map();

/** @param {string} text */
function read(text) {
  const found = known.get(text);
  if (found) return found;
  let made;
  try {
    made = readCondition(text, arity);
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    made = error;
  }
  known.set(text, made);
  return made;
}

/** What an expression comes to; NaN for one that cannot be read.
 * @param {Expression} expression @param {Parameters<typeof evaluate>[1]} quantity */
export function valueOf({text}, quantity) {
  const tree = read(text);
  return tree instanceof ConditionError ? NaN : evaluate(tree, quantity);
}

/** A number of the run in the words. @param {Expression} expression @param {Parameters<typeof evaluate>[1]} quantity */
export function liveText(expression, quantity) {
  const value = valueOf(expression, quantity);
  return typeof value === "number" ? (Number.isNaN(value) ? "…" : plain(value, 4)) : String(value);
}

/** Everything in a lesson that is an expression. @param {unknown} part @returns {Expression[]} */
export function expressionsIn(part) {
  if (typeof part !== "object" || part === null) return [];
  if ("text" in part && "file" in part && "line" in part) return [/** @type {Expression} */ (part)];
  return Object.values(part).flatMap(expressionsIn);
}

/**
 * What of a lesson only the page can tell to be wrong: expressions, and what its steps look at.
 * @param {{steps: {look: string[], lines: {look: number}}[]}} lesson @returns {Fault[]}
 */
export function faultsOf(lesson) {
  const unread = expressionsIn(lesson).flatMap(({text, file, line}) => {
    const error = read(text);
    if (!(error instanceof ConditionError)) return [];
    return [{file, line, key: `condition.${error.expected}`, params: {...error.params, text}}];
  });
  const unseen = lesson.steps.flatMap(({look, lines}) =>
    look
      .filter(name => !LOOKS.includes(name))
      .map(name => ({
        file: "lesson.json",
        line: lines.look,
        key: "condition.look",
        params: {found: name, known: LOOKS.join(", ")},
      })),
  );
  return [...unread, ...unseen];
}
