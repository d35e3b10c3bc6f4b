// @ts-check
/** What a class has answered, as bars of text and width; the run's own answer is marked among them. */

import {h} from "../../draw/dom.js";
import {integer, plain} from "../../draw/format.js";

/** @typedef {import("../../types").Poll} Poll */
/** @typedef {import("../../types").ViewContext["t"]} T */

/** A choice in words. @param {Poll} poll @param {number} k @param {T} t */
export function choiceWords({kind, choices}, k, t) {
  const choice = choices[k] ?? "";
  if (kind === "choice") return choice;
  if (kind === "lane") return t("poll.lane", {letter: String.fromCharCode(65 + Number(choice))});
  return t(`poll.${kind}_${choice}`);
}

/** The bars of a poll: words, count, and whether the run's own answer is there. @param {Poll} poll @param {T} t
 * @returns {{words: string, count: number, real: boolean}[]} */
export function barsOf(poll, t) {
  const {counts = [], edges = [], words} = poll.histogram ?? {counts: []};
  const real = poll.outcome?.value ?? null;
  return counts.map((count, k) => {
    if (words) return {words: words[k] ?? "", count, real: false};
    if (poll.kind !== "loss") return {words: choiceWords(poll, k, t), count, real: real === k};
    const [low, high] = [edges[k] ?? NaN, edges[k + 1] ?? NaN];
    const last = k === counts.length - 1;
    const here = real !== null && real >= low && (last ? real <= high : real < high);
    return {words: `${plain(low, 2)} – ${plain(high, 2)}`, count, real: here};
  });
}

/** @param {Poll} poll @param {T} t */
export function histogramOf(poll, t) {
  const bars = barsOf(poll, t);
  const most = Math.max(1, ...bars.map(({count}) => count));
  return h(
    "ul",
    {class: "poll-bars"},
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

/** What the run did, in words. @param {Poll} poll @param {T} t */
export function outcomeWords(poll, t) {
  const {outcome, kind} = poll;
  if (!outcome) return "";
  if (outcome.value === null) return kind === "choice" || kind === "words" ? "" : t("poll.no_outcome");
  if (kind === "loss") return t("poll.outcome_loss", {step: poll.step ?? 0, loss: plain(outcome.value, 4)});
  return t(kind === "choice" ? "poll.right" : "poll.outcome", {what: choiceWords(poll, outcome.value, t)});
}
