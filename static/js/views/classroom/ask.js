// @ts-check
/** What the teacher asks: one of the questions that the run answers, or one of their own. */

import {h, setOptions, setText} from "../../draw/dom.js";
import {saveFile} from "../shared/file.js";

/** @typedef {import("../../types").State} State */

const KINDS = ["converge", "loss", "rate", "lane", "choice", "words"];
const OF_THE_RUN = new Set(["converge", "loss", "rate", "lane"]);
/** Steps ahead that a question is about unless told. */
const AHEAD = 500;

export class Ask {
  /** @param {import("../../types").PageContext} context */
  constructor({t, act, wordsOf}) {
    this.t = t;
    this.act = act;
    this.wordsOf = wordsOf;
    /** @type {State | null} */
    this.state = null;
    this.title = h("h3");
    this.words = h("p", {class: "share-words"});
    this.kind = h("select", {dataset: {role: "ask-kind"}, onchange: () => this.show()});
    this.step = this.field("ask-step", "decimal");
    this.rate = this.field("ask-rate", "decimal");
    this.text = this.field("ask-text");
    this.choices = h("textarea", {rows: 3, dataset: {role: "ask-choices"}});
    this.ask = h("button", {type: "submit", class: "primary", dataset: {role: "ask"}});
    this.told = h("p", {class: "share-words", role: "status", dataset: {role: "ask-told"}});
    this.end = this.button("ask-end", () => this.act("ask_end", {number: this.number}));
    this.reveal = this.button("ask-reveal", () => this.show_answers());
    this.hide = this.button("ask-hide", () => this.act("ask_end", {number: this.number, hide: true}));
    this.named = h("input", {type: "checkbox", dataset: {role: "ask-named"}});
    this.namedWords = h("span");
    this.csv = this.button("ask-csv", () => this.take());
    const line = h("div", {class: "ask-line"}, this.kind, this.step, this.rate);
    const form = h("form", {novalidate: ""}, line, this.text, this.choices, this.ask);
    form.onsubmit = event => {
      event.preventDefault();
      this.send();
    };
    this.now = h("div", {class: "share-line"}, this.end, this.reveal, this.hide);
    const named = h("label", {class: "share-check"}, this.named, this.namedWords);
    this.element = h("section", {class: "ask"}, this.title, this.words, form, this.now, named, this.csv, this.told);
  }

  /** @param {string} role @param {string} [mode] */
  field(role, mode) {
    return h("input", {type: "text", inputmode: mode, autocomplete: "off", maxlength: 200, dataset: {role}});
  }

  /** @param {string} role @param {() => void} onclick */
  button(role, onclick) {
    return h("button", {type: "button", dataset: {role}, onclick});
  }

  get number() {
    return this.state?.room?.poll?.number ?? 0;
  }

  /** Which fields the kind of question has. */
  show() {
    const kind = this.kind.value;
    this.step.hidden = !OF_THE_RUN.has(kind);
    this.rate.hidden = kind !== "rate";
    this.text.hidden = OF_THE_RUN.has(kind);
    this.choices.hidden = kind !== "choice";
    if (!this.step.value) this.step.value = String((this.state?.frame?.step ?? 0) + AHEAD);
    if (!this.rate.value) this.rate.value = "1";
  }

  async send() {
    const kind = this.kind.value;
    const number = (/** @type {HTMLInputElement} */ field) => Number(field.value.trim().replace(",", "."));
    const fields = {
      kind,
      ...(OF_THE_RUN.has(kind) ? {step: number(this.step)} : {text: this.text.value.trim()}),
      ...(kind === "rate" && {rate: number(this.rate)}),
      ...(kind === "choice" && {
        choices: this.choices.value
          .split("\n")
          .map(one => one.trim())
          .filter(Boolean),
      }),
    };
    const reply = await this.act("ask", fields);
    setText(this.told, reply.ok === false ? this.wordsOf(reply) : "");
    if (reply.ok === false) return;
    this.step.value = this.text.value = "";
    this.show();
  }

  async show_answers() {
    this.reveal.disabled = true;
    const reply = await this.act("reveal", {number: this.number, named: this.named.checked});
    this.reveal.disabled = false;
    setText(this.told, reply.ok === false ? this.wordsOf(reply) : "");
  }

  async take() {
    const reply = await this.act("answers", {named: this.named.checked});
    if (reply.ok !== false) saveFile(/** @type {import("../shared/file.js").Taken} */ (reply));
  }

  /** @param {State} state */
  update(state) {
    this.state = state;
    const poll = state.room?.poll ?? null;
    this.now.hidden = !poll;
    this.end.hidden = !poll?.open;
    this.reveal.hidden = !poll || poll.revealed;
    const lanes = state.lanes.length;
    for (const option of this.kind.options) option.disabled = option.value === "lane" && lanes < 2;
  }

  write() {
    const {t} = this;
    setText(this.title, t("ask.title"));
    setText(this.words, t("ask.words"));
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
    setText(this.ask, t("ask.send"));
    setText(this.end, t("ask.end"));
    setText(this.reveal, t("ask.reveal"));
    setText(this.hide, t("ask.hide"));
    setText(this.namedWords, t("ask.named"));
    setText(this.csv, t("ask.csv"));
    this.show();
  }
}
