// @ts-check
/** The fields of a question, of whatever kind: typed, checked by the server when it is asked, or kept for later. */

import {h, setOptions} from "../../draw/dom.js";
import {KINDS, MOST_LETTERS, OF_THE_RUN, choiceLines, choicesOf} from "../../model/plan.js";

/** Steps ahead that a question is about unless told. */
const AHEAD = "+500";

export class QuestionForm {
  /** @param {import("../../types").ViewContext["t"]} t */
  constructor(t) {
    this.t = t;
    this.kind = h("select", {dataset: {role: "ask-kind"}, onchange: () => this.show()});
    this.step = this.field("ask-step");
    this.rate = this.field("ask-rate", "decimal");
    this.text = this.field("ask-text");
    this.choices = h("textarea", {rows: 3, dataset: {role: "ask-choices"}});
    const line = h("div", {class: "ask-line"}, this.kind, this.step, this.rate);
    this.parts = [line, this.text, this.choices];
  }

  /** @param {string} role @param {string} [mode] */
  field(role, mode) {
    return h("input", {type: "text", inputmode: mode, autocomplete: "off", maxlength: MOST_LETTERS, dataset: {role}});
  }

  /** Which fields the kind of question has. */
  show() {
    const kind = this.kind.value;
    this.step.hidden = !OF_THE_RUN.has(kind);
    this.rate.hidden = kind !== "rate";
    this.text.hidden = OF_THE_RUN.has(kind);
    this.choices.hidden = kind !== "choice";
    if (!this.step.value) this.step.value = AHEAD;
    if (!this.rate.value) this.rate.value = "1";
  }

  /** What is typed. @returns {import("../../types").PlannedQuestion} */
  get question() {
    const kind = this.kind.value;
    const ofRun = OF_THE_RUN.has(kind);
    const {choices, right} = choicesOf(kind === "choice" ? this.choices.value : "");
    return {
      ...{kind, choices, right},
      text: ofRun ? "" : this.text.value.trim(),
      step: ofRun ? this.step.value.trim() : "",
      rate: kind === "rate" ? this.rate.value.trim() : "",
    };
  }

  /** @param {import("../../types").PlannedQuestion} question */
  fill(question) {
    this.kind.value = question.kind;
    this.step.value = question.step;
    this.rate.value = question.rate;
    this.text.value = question.text;
    this.choices.value = choiceLines(question);
    this.show();
  }

  /** It has been asked or kept: what was typed of it goes. */
  clear() {
    this.step.value = this.text.value = this.choices.value = "";
    this.show();
  }

  /** A question of lanes needs two of them. @param {number} lanes */
  offer(lanes) {
    for (const option of this.kind.options) option.disabled = option.value === "lane" && lanes < 2;
  }

  write() {
    const {t} = this;
    setOptions(
      this.kind,
      KINDS.map(value => ({value, label: t(value === "words" ? "ask.words_kind" : `ask.${value}`)})),
    );
    for (const [field, key] of /** @type {[HTMLInputElement | HTMLTextAreaElement, string][]} */ ([
      [this.step, "ask.step"],
      [this.rate, "ask.rate_field"],
      [this.text, "ask.text"],
      [this.choices, "ask.choices"],
    ])) {
      field.placeholder = t(key);
      field.setAttribute("aria-label", t(key));
    }
    if (!this.kind.value) this.kind.value = KINDS[0] ?? "";
    this.kind.setAttribute("aria-label", t("ask.title"));
    this.show();
  }
}
