// @ts-check
/** What the teacher asks, at once or kept for later: one of the questions that the run answers, or one of their own. */

import {h, setText} from "../../draw/dom.js";
import {fieldsOf} from "../../model/plan.js";
import {saveFile} from "../shared/file.js";
import {QuestionForm} from "./question_form.js";

/** @typedef {import("../../types").State} State */

export class Ask {
  /** @param {import("../../types").PageContext} context @param {() => void} asked hears that a question stands */
  constructor({t, act, wordsOf, plan}, asked) {
    this.asked = asked;
    this.t = t;
    this.act = act;
    this.wordsOf = wordsOf;
    this.plan = plan;
    /** @type {State | null} */
    this.state = null;
    /** Which item of the list is being changed; -1 for none. */
    this.changes = -1;
    this.title = h("h3");
    this.words = h("p", {class: "share-words"});
    this.form = new QuestionForm(t);
    this.ask = h("button", {type: "submit", class: "primary", dataset: {role: "ask"}});
    this.later = this.button("ask-later", () => this.keep());
    this.told = h("p", {class: "share-words", role: "status", dataset: {role: "ask-told"}});
    this.named = h("input", {type: "checkbox", dataset: {role: "csv-named"}});
    this.namedWords = h("span");
    this.csv = this.button("ask-csv", () => this.take());
    const buttons = h("div", {class: "share-line"}, this.ask, this.later);
    const form = h("form", {novalidate: ""}, ...this.form.parts, buttons);
    form.onsubmit = event => {
      event.preventDefault();
      if (this.ask.hidden) this.keep();
      else this.send();
    };
    const named = h("label", {class: "share-check"}, this.named, this.namedWords);
    this.answers = h("div", {class: "plan-line"}, this.csv, named);
    this.element = h("section", {class: "ask"}, this.title, this.words, form, this.told, this.answers);
  }

  /** @param {string} role @param {() => void} onclick */
  button(role, onclick) {
    return h("button", {type: "button", dataset: {role}, onclick});
  }

  async send() {
    const reply = await this.act("ask", fieldsOf(this.form.question, this.state?.frame?.step ?? 0));
    setText(this.told, reply.ok === false ? this.wordsOf(reply) : "");
    if (reply.ok === false) return;
    this.form.clear();
    this.asked(); // the class looks at the same screen: what it is asked stands above the page
  }

  /** Put the question on the list, or back in its place there. */
  keep() {
    const {question} = this.form;
    if (this.changes >= 0) this.plan.put(this.changes, {question});
    else if (!this.plan.add({question})) return;
    this.done();
  }

  /** Change a question of the list. @param {number} at @param {import("../../types").PlannedQuestion} question */
  change(at, question) {
    this.changes = at;
    this.form.fill(question);
    this.namedLater();
    this.form.kind.focus();
  }

  /** What was being changed is done, or is no longer there. */
  done() {
    this.changes = -1;
    this.form.clear();
    this.namedLater();
    setText(this.told, "");
  }

  namedLater() {
    setText(this.later, this.t(this.changes < 0 ? "plan.keep_question" : "plan.keep_change"));
  }

  async take() {
    const reply = await this.act("answers", {named: this.named.checked});
    if (reply.ok !== false) saveFile(/** @type {import("../shared/file.js").Taken} */ (reply));
  }

  /** @param {State} state */
  update(state) {
    this.state = state;
    this.ask.hidden = this.answers.hidden = !state.room;
    this.form.offer(state.lanes.length);
  }

  write() {
    const {t} = this;
    setText(this.title, t("ask.title"));
    setText(this.words, t("ask.words"));
    this.form.write();
    setText(this.ask, t("ask.send"));
    this.namedLater();
    setText(this.namedWords, t("ask.named"));
    setText(this.csv, t("ask.csv"));
  }
}
