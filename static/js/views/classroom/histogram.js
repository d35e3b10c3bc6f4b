// @ts-check
/** What a class has answered, as bars of text and width; the run's own answer is marked among them. */

import {h} from "../../draw/dom.js";
import {integer, plain, range} from "../../draw/format.js";

/** @typedef {import("../../types").Poll} Poll */
/** @typedef {import("../../types").ViewContext["t"]} T */

/** Bars above which they stand in columns, where there is room. */
const MANY = 4;

/** A choice in words. @param {Poll} poll @param {number} k @param {T} t */
export function choiceWords({kind, choices}, k, t) {
  const choice = choices[k] ?? "";
  if (kind === "choice") return choice;
  if (kind === "lane") return t("poll.lane", {letter: String.fromCharCode(65 + Number(choice))});
  return t(`poll.${kind}_${choice}`);
}

/** The edges of bins as text, with as many digits as tell them apart. @param {number[]} edges @returns {string[]} */
export function edgeWords(edges) {
  const written = [2, 3, 4, 5, 6].map(digits => edges.map(edge => plain(edge, digits)));
  return written.find(words => new Set(words).size === words.length) ?? written[4];
}

/** A bin in words; at either end it may be open. @param {string | null} low @param {string | null} high */
function binWords(low, high) {
  if (low === null) return `< ${high}`;
  return high === null ? `> ${low}` : range(low, high);
}

/** Words of all bins, and in which of them a number lies. @param {(number | null)[]} edges null where a bin is open
 * @param {number | null} real */
function binsOf(edges, real) {
  const finite = /** @type {number[]} */ (edges.filter(edge => edge !== null));
  const texts = edgeWords(finite);
  const words = edges.map(edge => (edge === null ? null : texts[finite.indexOf(edge)]));
  const inside = finite.findLastIndex(edge => real !== null && real >= edge);
  const top = finite.length - 1;
  const beyond = edges.at(-1) === null && real !== null && real > finite[top];
  const before = edges[0] === null ? 1 : 0;
  return {
    words: words.slice(1).map((high, k) => binWords(words[k], high)),
    here: real === null ? -1 : before + (beyond ? top : Math.min(inside, top - 1)),
  };
}

/** The bars of a poll: words, count, and whether the run's own answer is there. @param {Poll} poll @param {T} t
 * @returns {{words: string, count: number, real: boolean}[]} */
export function barsOf(poll, t) {
  const {counts = [], edges = [], words, more = 0} = poll.histogram ?? {counts: []};
  const real = poll.outcome?.value ?? null;
  if (words) {
    const bars = counts.map((count, k) => ({words: words[k] ?? "", count, real: false}));
    return more ? [...bars, {words: t("poll.more"), count: more, real: false}] : bars;
  }
  if (poll.kind !== "loss")
    return counts.map((count, k) => ({words: choiceWords(poll, k, t), count, real: real === k}));
  const bins = binsOf(edges, real);
  return counts.map((count, k) => ({words: bins.words[k], count, real: k === bins.here}));
}

/** @param {Poll} poll @param {T} t */
export function histogramOf(poll, t) {
  const bars = barsOf(poll, t);
  const most = Math.max(1, ...bars.map(({count}) => count));
  return h(
    "ul",
    {class: "poll-bars", dataset: {kind: poll.kind, many: String(bars.length > MANY)}},
    ...bars.map(({words, count, real}) =>
      h(
        "li",
        {class: real ? "poll-real" : "", dataset: real ? {role: "poll-real"} : {}},
        h("span", {class: "poll-bar-words"}, words, real ? h("strong", {}, ` ${t("poll.real")}`) : null),
        h("span", {class: "poll-bar", style: `--share: ${count / most}`}),
        h("span", {class: "poll-count"}, integer(count)),
      ),
    ),
  );
}

/** Why the run has no answer. @param {Poll} poll @param {T} t */
function noOutcome({kind, step, outcome}, t) {
  if (kind === "choice" || kind === "words") return "";
  if (outcome?.gone) return t("poll.other_run");
  return t(kind === "lane" ? "poll.all_diverged" : "poll.run_diverged", {step: step ?? 0});
}

/** What the run did, in words. @param {Poll} poll @param {T} t */
export function outcomeWords(poll, t) {
  const {outcome, kind} = poll;
  if (!outcome) return "";
  if (outcome.value === null) return noOutcome(poll, t);
  if (kind === "loss") return t("poll.outcome_loss", {step: poll.step ?? 0, loss: plain(outcome.value, 4)});
  return t(kind === "choice" ? "poll.right" : "poll.outcome", {what: choiceWords(poll, outcome.value, t)});
}
