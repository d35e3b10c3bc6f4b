// @ts-check
/** What a live edit changed, in words as short as a mark on a curve allows. */

import {compact} from "../draw/format.js";
import {has} from "../draw/i18n.js";

/** @typedef {(key: string, params?: Record<string, string | number>) => string} Translate */

/** Names whose values are names themselves, and where those are translated. @type {Record<string, string>} */
const CHOICES = {
  optimizer: "optimizer",
  name: "optimizer",
  activation: "activation",
  loss: "loss",
  schedule: "schedule",
  normalization: "normalization",
  engine: "engine",
};

/** Names of activations on one mark, before it says "…". */
const MOST_NAMES = 3;

/** What a hand has put into the data or taken out of it: only its number is said. @type {Record<string, string>} */
const COUNTED = {painted: "curves.painted", erased: "curves.erased"};

/** Names of shares, and the labels of their sliders. @type {Record<string, string>} */
const SHARES = {noise: "data.noise", label_noise: "setting.label_noise"};

/**
 * `{learning_rate: 0.1, batch_size: null}` is "η 0.1, full batch". What lies deeper is unfolded.
 * @param {Translate} t
 * @param {Record<string, unknown>} change
 * @param {string} [lang] of the words, to know which names it has
 * @param {Record<string, unknown>} [before] what the edit replaced, where it is known
 * @returns {string}
 */
export function changeWords(t, change, lang = "en", before = {}) {
  return Object.entries(change)
    .map(([name, value]) =>
      name === "activation" && Array.isArray(value)
        ? activationWords(t, value, before)
        : oneChange(t, name, value, lang),
    )
    .filter(Boolean)
    .join(", ");
}

/** One activation for each hidden layer: which layer has changed, else all that there are.
 * @param {Translate} t @param {string[]} names @param {Record<string, any>} before @returns {string} */
function activationWords(t, names, before) {
  const old = before.network?.activation;
  const changed = names.flatMap((name, k) =>
    old === undefined || name === (Array.isArray(old) ? old[k] : old) ? [] : [k],
  );
  if (changed.length === 1)
    return t("curves.layer_activation", {n: changed[0] + 1, name: t(`activation.${names[changed[0]]}`)});
  const kinds = [...new Set(names)].map(name => t(`activation.${name}`));
  return [...kinds.slice(0, MOST_NAMES), ...(kinds.length > MOST_NAMES ? ["…"] : [])].join(" · ");
}

/** Parameters set by hand: the one value, or how many. @param {Translate} t @param {object} values @returns {string} */
function parameterWords(t, values) {
  const numbers = Object.values(values);
  return numbers.length === 1
    ? t("inspector.edited", {value: compact(+Number(numbers[0]).toPrecision(3))})
    : t("inspector.edited_many", {n: numbers.length});
}

/** The translated name of a value that is one. @param {Translate} t @param {string} name @param {unknown} value
 * @param {string} lang @returns {string | null} */
function choiceWords(t, name, value, lang) {
  const key = `${CHOICES[name]}.${value}`;
  return CHOICES[name] && typeof value === "string" && has(lang, key) ? t(key) : null;
}

/** @param {unknown} value @returns {string} */
function valueWords(value) {
  if (typeof value === "number") return compact(value);
  return Array.isArray(value) ? value.map(String).join(" ") : String(value ?? "–");
}

/** @param {Translate} t @param {string} name @param {unknown} value @param {string} lang @returns {string} */
function oneChange(t, name, value, lang) {
  if (value !== null && typeof value === "object" && !Array.isArray(value))
    return name === "parameters"
      ? parameterWords(t, value)
      : changeWords(t, /** @type {Record<string, unknown>} */ (value), lang);
  if (COUNTED[name] && Array.isArray(value)) return countWords(t, COUNTED[name], value.length);
  return oneValue(t, name, value, lang);
}

/** Nothing for none. @param {Translate} t @param {string} key @param {number} n */
const countWords = (t, key, n) => (n ? t(key, {n}) : "");

/** @param {Translate} t @param {string} name @param {unknown} value @param {string} lang @returns {string} */
function oneValue(t, name, value, lang) {
  const choice = choiceWords(t, name, value, lang);
  const text = choice ?? valueWords(value);
  if (name === "learning_rate") return t("curves.rate", {value: text});
  if (name === "batch_size") return value === null ? t("curves.full_batch") : t("curves.batch_size", {value: text});
  if (choice !== null || name === "optimizer") return text;
  if (SHARES[name]) return t("curves.setting", {name: t(SHARES[name]), value: `${Math.round(100 * Number(value))} %`});
  const known = [`hyperparameter.${name}`, `name.${name}`].find(key => has(lang, key));
  return t("curves.setting", {name: known ? t(known) : name.replaceAll("_", " "), value: text});
}

/** Whether a change is only of what takes the steps, which comes by itself where machine code is installed: no curve
 * turns by it. @param {{change: Record<string, unknown>}} entry */
export const ofEngine = ({change}) => Object.keys(change).every(name => name === "engine");

/**
 * One entry for each movement of a hand, where it began, with the value that it ended at.
 * @template {{change: Record<string, unknown>, joined?: boolean}} E
 * @param {E[]} log
 * @returns {E[]}
 */
export function movements(log) {
  /** @type {E[]} */
  const found = [];
  for (const entry of log) {
    const before = found.at(-1);
    if (entry.joined && before) found[found.length - 1] = {...before, change: {...before.change, ...entry.change}};
    else found.push(entry);
  }
  return found;
}

/** Marks nearer than this stand as one, in px. */
const TOGETHER = 7;

/**
 * Marks that fall together become one.
 * @template {{step: number}} M
 * @param {M[]} marks
 * @param {(step: number) => number} placeAt px of a step
 * @returns {{x: number, marks: M[]}[]} from left to right, and so are the marks of each */
export function gather(marks, placeAt) {
  /** @type {{x: number, marks: M[]}[]} */
  const groups = [];
  for (const mark of [...marks].sort((a, b) => a.step - b.step)) {
    const x = placeAt(mark.step);
    const before = groups.at(-1);
    if (before && x - before.x < TOGETHER) before.marks.push(mark);
    else groups.push({x, marks: [mark]});
  }
  return groups;
}

/** Words for marks that stand as one: the newest, and how many there are. @param {string[]} texts */
export const wordsOf = texts => (texts.length > 1 ? `${texts.at(-1)} (${texts.length})` : texts[0]);
