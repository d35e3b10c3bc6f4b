// @ts-check
/**
 * A prepared class: questions and states in the order in which they are to come, as they are kept and as a file.
 * Pure.
 */

/** @typedef {import("../types").PlannedItem} Item */
/** @typedef {import("../types").PlannedQuestion} Question */

const FORMAT = "backscope-class";
const VERSION = 1;
/** How a file of a class is called. */
export const FILE_NAME = "class.backscope-class.json";
/** Items at most, and letters of a name, a question or a choice. */
export const MOST_ITEMS = 100;
export const MOST_LETTERS = 200;
/** Kinds of questions, and those of them that the run answers. */
export const KINDS = ["converge", "loss", "rate", "lane", "choice", "words"];
export const OF_THE_RUN = new Set(["converge", "loss", "rate", "lane"]);

const isText = (/** @type {unknown} */ x) => typeof x === "string" && x.length <= MOST_LETTERS;
const isRecord = (/** @type {any} */ x) => typeof x === "object" && x !== null && !Array.isArray(x);

/** A question of a file, without what none has; null where it is none. @param {any} x @returns {Question | null} */
function questionOf({kind, text = "", choices = [], right = null, step = "", rate = ""}) {
  const whole = [text, step, rate].every(isText) && Array.isArray(choices) && choices.every(isText);
  const marked = right === null || (Number.isInteger(right) && right >= 0 && right < choices.length);
  return KINDS.includes(kind) && whole && marked ? {kind, text, choices, right, step, rate} : null;
}

/** What a run is made of, and nothing that could be taken for another part of a command. @param {any} run
 * @returns {any} */
const runAlone = run =>
  Object.fromEntries(
    ["config", "log", "step", "lane", "lanes"].filter(name => name in run).map(name => [name, run[name]]),
  );

/** An item of a file; null where it is none. @param {any} x @returns {Item | null} */
function itemOf(x) {
  if (!isRecord(x)) return null;
  if (isRecord(x.question)) {
    const question = questionOf(x.question);
    return question && {question};
  }
  const {name, run, view = {}} = x;
  return isText(name) && isRecord(run) && isRecord(run.config) && isRecord(view)
    ? {name, run: runAlone(run), view}
    : null;
}

/** What a file of a class holds, or why it cannot be opened. @param {string} text
 * @returns {{items: Item[]} | {wrong: "unreadable" | "version"}} */
export function readPlan(text) {
  /** @type {any} */
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    return {wrong: "unreadable"};
  }
  if (file?.format !== FORMAT || typeof file.version !== "number" || !Array.isArray(file.items))
    return {wrong: "unreadable"};
  if (file.version !== VERSION) return {wrong: "version"};
  const items = file.items.map(itemOf);
  return items.length <= MOST_ITEMS && items.every(Boolean)
    ? {items: /** @type {Item[]} */ (items)}
    : {wrong: "unreadable"};
}

/** @param {Item[]} items @returns {string} */
export const writePlan = items => JSON.stringify({format: FORMAT, version: VERSION, items});

/** A number as it is typed. @param {string} text */
const numberOf = text => Number(text.trim().replace("−", "-").replace(",", "."));

/** The step that a question is about: "+500" is so many after the one where the run stands. @param {string} text
 * @param {number} at */
export const stepOf = (text, at) =>
  text.trim().startsWith("+") ? at + numberOf(text.trim().slice(1)) : numberOf(text);

/** The fields with which a question is asked, where the run stands at a step. @param {Question} question
 * @param {number} at */
export function fieldsOf({kind, text, choices, right, step, rate}, at) {
  return {
    kind,
    ...(OF_THE_RUN.has(kind) ? {step: stepOf(step, at)} : {text: text.trim()}),
    ...(kind === "rate" && {rate: numberOf(rate)}),
    ...(kind === "choice" && {choices, ...(right !== null && {right})}),
  };
}

/** Choices as they are typed, one a line; a star stands before the right one. @param {string} text
 * @returns {Pick<Question, "choices" | "right">} */
export function choicesOf(text) {
  const lines = text
    .split("\n")
    .map(one => one.trim())
    .filter(one => one.replace(/^\*/, "").trim());
  const right = lines.findIndex(one => one.startsWith("*"));
  return {choices: lines.map(one => one.replace(/^\*\s*/, "")), right: right < 0 ? null : right};
}

/** The same, to be typed on. @param {Pick<Question, "choices" | "right">} question */
export const choiceLines = ({choices, right}) => choices.map((one, k) => (k === right ? `* ${one}` : one)).join("\n");

/** A list with one item elsewhere. @template T @param {T[]} items @param {number} from @param {number} to */
export function moved(items, from, to) {
  const others = items.toSpliced(from, 1);
  return others.toSpliced(to, 0, items[from]);
}
