// @ts-check
/** What a student is asked in a step: a question with answers, and a number to work out. */

import {h, setText} from "../../draw/dom.js";
import {nameControl} from "../../draw/explain.js";
import {plain} from "../../draw/format.js";
import {elementsOf} from "./nodes.js";
import {readNumber, verdictOn} from "./verdict.js";
import {valueOf} from "./expressions.js";

/** @typedef {import("./lesson.js").Question} Question */
/** @typedef {import("./lesson.js").Check} Check */
/** @typedef {import("./nodes.js").Live} Live */
/** @typedef {import("../../types").ViewContext["t"]} Translate */

/**
 * A question: the answer that is chosen is commented on, and another can be chosen.
 * @param {Question} question
 * @param {{t: Translate, lives: Live[], chosen: (answer: number) => void, serial: string}} hands
 */
export function questionOf(question, {t, lives, chosen, serial}) {
  const replies = question.answers.map(({rest}) => h("div", {class: "lesson-reply"}, ...elementsOf(rest, lives)));
  const marks = replies.map(() => h("span", {class: "lesson-mark"}));
  const choices = question.answers.map(({head}, i) => {
    const input = h("input", {type: "radio", name: `lesson-${serial}`, value: i + 1, onchange: () => chosen(i + 1)});
    const label = h("label", {class: "lesson-answer"}, input, h("span", {}, ...elementsOf(head, lives)), marks[i]);
    return {input, element: h("div", {class: "lesson-choice"}, label, replies[i])};
  });
  const said = h("div", {role: "status", class: "spoken"});
  const element = h(
    "fieldset",
    {class: "lesson-task lesson-question", dataset: {role: "lesson-question"}},
    h("legend", {class: "spoken"}, t("lesson.question")),
    h("div", {}, ...elementsOf(question.nodes, lives)),
    ...choices.map(choice => choice.element),
    said,
  );

  return {
    element,
    /** @param {number} answer 0 for none */
    show(answer) {
      choices.forEach(({input}, i) => {
        input.checked = i + 1 === answer;
        const right = i + 1 === question.right;
        replies[i].hidden = i + 1 !== answer;
        const mark = i + 1 === answer ? (right ? "lesson.right" : "lesson.wrong") : "";
        setText(marks[i], mark && t(mark));
        marks[i].dataset.right = String(right);
      });
      setText(said, answer ? `${marks[answer - 1].textContent} ${replies[answer - 1].textContent}` : "");
    },
  };
}

/**
 * A number to work out by hand, and what there is to say of it.
 * @param {Check} check
 * @param {{t: Translate, lives: Live[], quantity: () => (name: string, given: any[]) => any,
 * checked: (text: string, right: boolean) => void}} hands
 */
export function checkOf(check, {t, lives, quantity, checked}) {
  const field = h("input", {type: "text", inputmode: "decimal", dataset: {role: "lesson-number"}, autocomplete: "off"});
  const button = h("button", {type: "submit", dataset: {role: "lesson-check"}}, t("lesson.check"));
  const words = h("div", {class: "lesson-verdict", role: "status", dataset: {role: "lesson-verdict"}});
  nameControl(field, t("lesson.number"));
  /** Where the number does not change, it is not judged again: the run may have gone on. */
  const judge = () => {
    const value = (/** @type {import("./nodes.js").Expression} */ expression) =>
      Number(valueOf(expression, quantity()));
    const right = value(check.value);
    const verdict = verdictOn(
      readNumber(field.value),
      right,
      check.tolerance,
      check.slips.map(slip => value(slip.value)),
    );
    const slip = verdict.kind === "slip" ? check.slips[verdict.slip] : null;
    const said = slip ? elementsOf([...slip.head, ...slip.rest], []) : [h("p", {}, verdictWords(verdict, right, t))];
    words.dataset.kind = verdict.kind;
    words.replaceChildren(...said);
    if (verdict.kind !== "unreadable") checked(field.value, verdict.kind === "right");
  };
  const form = h("form", {class: "lesson-entry"}, field, button);
  form.addEventListener("submit", event => {
    event.preventDefault();
    judge();
  });
  const element = h(
    "div",
    {class: "lesson-task lesson-check", role: "group", "aria-label": t("lesson.check")},
    ...elementsOf(check.nodes, lives),
    form,
    words,
  );
  return {
    element,
    /** @param {string} text as it was typed before */
    show(text) {
      field.value = text;
    },
  };
}

/** @param {import("./verdict.js").Verdict} verdict @param {number} right @param {Translate} t */
function verdictWords(verdict, right, t) {
  const value = plain(right, 4);
  if (verdict.kind === "power") return t("lesson.verdict_power", {factor: String(verdict.factor)});
  if (verdict.kind === "off") return t("lesson.verdict_off", {share: plain(100 * verdict.share, 2)});
  if ("times" in verdict) return t(`lesson.verdict_${verdict.kind}`, {times: plain(verdict.times, 2)});
  return t(`lesson.verdict_${verdict.kind}`, {value});
}
