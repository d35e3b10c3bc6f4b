// @ts-check
/** What stands around the words of a lesson's steps, and the words of one step with what is asked in it. */

import {h, setAttribute, setText} from "../../draw/dom.js";
import {elementsOf} from "./nodes.js";
import {checkOf, questionOf} from "./tasks.js";

/** @typedef {import("../../types").ViewContext["t"]} Translate */

/** The head of the panel: title, and buttons for all lessons, the data, folding and closing. */
export function headOf() {
  const button = (/** @type {string} */ role, style = "quiet") =>
    h("button", {type: "button", class: style, dataset: {role}});
  const parts = {
    title: h("h2", {id: "title-lessons"}),
    all: button("lessons-all"),
    data: button("lessons-data"),
    fold: button("lessons-fold", "quiet lessons-fold"),
    close: button("lessons-close"),
  };
  setText(parts.close, "×");
  setAttribute(parts.data, "aria-pressed", "false");
  return {...parts, element: h("header", {class: "lessons-head"}, ...Object.values(parts))};
}

/** The place for a step, the way through the steps, and notes. @param {Translate} t @param {number} count of steps */
export function frameOf(t, count) {
  const button = (/** @type {string} */ role, /** @type {string} */ words) =>
    h("button", {type: "button", dataset: {role}}, words);
  const parts = {
    place: h("p", {class: "lesson-place", dataset: {role: "lesson-place"}}),
    bar: h("progress", {max: count, "aria-hidden": "true"}),
    body: h("div", {class: "lesson-body", tabindex: "0", role: "group"}),
    again: button("lesson-again", t("lesson.again")),
    back: button("lesson-back", t("lesson.back")),
    next: button("lesson-next", t("lesson.next")),
    notes: h("textarea", {rows: 3, dataset: {role: "lesson-notes"}, "aria-label": t("lesson.notes")}),
  };
  parts.again.classList.add("lesson-again");
  const remarks = h("details", {class: "lesson-notes"}, h("summary", {}, t("lesson.notes")), parts.notes);
  const way = h("div", {class: "lesson-way"}, parts.place, parts.bar);
  const steps = h("div", {class: "lesson-steps"}, parts.back, parts.next);
  const foot = h("div", {class: "lesson-foot"}, parts.again, steps);
  return {...parts, remarks, element: h("div", {class: "lesson"}, way, parts.body, foot)};
}

/**
 * One step.
 * @param {import("./lesson.js").Step} step
 * @param {object} hands
 * @param {Translate} hands.t
 * @param {string} hands.serial of its question
 * @param {(answer: number) => void} hands.chosen
 * @param {(text: string, right: boolean) => void} hands.checked
 * @param {() => (name: string, given: any[]) => any} hands.quantity
 */
export function stepOf(step, {t, serial, chosen, checked, quantity}) {
  /** @type {import("./nodes.js").Live[]} */
  const lives = [];
  const title = h("h3", {tabindex: "-1"}, step.title);
  const words = elementsOf(step.text, lives);
  const question = step.question ? questionOf(step.question, {t, lives, chosen, serial}) : null;
  const check = step.check ? checkOf(step.check, {t, lives, quantity, checked}) : null;
  const task = step.do ? h("div", {class: "lesson-task lesson-do"}, ...elementsOf(step.do, lives)) : null;
  const done = h("p", {class: "lesson-done", dataset: {role: "lesson-done"}});
  const hint = h("div", {class: "lesson-hint", role: "status"});
  const wish = h("button", {type: "button", class: "quiet", dataset: {role: "lesson-hint"}}, t("lesson.hint"));
  wish.hidden = !step.hint;
  hint.hidden = true;
  const tellHint = () => {
    hint.hidden = !step.hint;
    wish.hidden = true;
    if (!hint.firstChild) hint.append(...elementsOf(step.hint ?? [], lives));
  };
  wish.onclick = tellHint;
  const parts = [title, ...words, question?.element, check?.element, task, done, wish, hint];
  return {parts: parts.filter(part => part != null), title, lives, question, check, done, tellHint};
}
