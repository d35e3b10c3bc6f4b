// @ts-check
/** The question on everybody's page: answered before the run goes on, and revealed beside what the run did. */

import {h, setText} from "../../draw/dom.js";
import {choiceWords, histogramOf, outcomeWords} from "./histogram.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Poll} Poll */

/** What a question asks, in words. @param {Poll} poll @param {import("../../types").ViewContext["t"]} t */
export function questionWords(poll, t) {
  const {kind, step, rate, text} = poll;
  if (kind === "choice" || kind === "words") return text;
  const words = t(`poll.ask_${kind}`, {step: step ?? 0, rate: rate ?? ""});
  return text ? `${text} ${words}` : words;
}

export class Question {
  /** @param {import("../../types").PageContext} context */
  constructor({t, act, wordsOf, announce}) {
    this.t = t;
    this.act = act;
    this.wordsOf = wordsOf;
    this.announce = announce;
    /** @type {State | null} */
    this.state = null;
    this.written = "";
    this.heard = 0;
    this.title = h("h2", {class: "poll-title", dataset: {role: "poll-title"}});
    this.answers = h("div", {class: "poll-answers"});
    this.told = h("p", {class: "poll-told", role: "status", dataset: {role: "poll-told"}});
    this.picture = h("div", {});
    this.element = h(
      "section",
      {class: "room-question", hidden: true},
      this.title,
      this.answers,
      this.told,
      this.picture,
    );
  }

  write() {
    this.written = "";
  }

  /** @param {State} state */
  update(state) {
    this.state = state;
    const poll = state.room?.poll ?? null;
    if (this.element.hidden !== !poll) this.element.hidden = !poll;
    if (!poll || !state.room) return;
    const {you, driver} = state.room;
    const key = JSON.stringify([state.lang, {...poll, count: 0}, you.answer, you.host, driver]);
    if (key !== this.written) {
      this.written = key;
      this.paint(poll, you);
    }
    if (!poll.revealed) setText(this.told, this.standing(poll, you));
    if (poll.number !== this.heard) this.announce("poll", questionWords(poll, this.t));
    this.heard = poll.number;
  }

  /** How far it is. @param {Poll} poll @param {NonNullable<State["room"]>["you"]} you */
  standing(poll, you) {
    const {t} = this;
    const count = t("poll.count", {n: poll.count});
    if (!poll.open) return `${t("poll.closed")} ${count}`;
    const given = you.answer ?? null;
    return `${given === null ? "" : t("poll.given", {what: this.wordsFor(poll, given)})} ${count}`.trim();
  }

  /** @param {Poll} poll @param {number | string} answer */
  wordsFor(poll, answer) {
    return poll.choices.length ? choiceWords(poll, Number(answer), this.t) : String(answer);
  }

  /** @param {Poll} poll @param {NonNullable<State["room"]>["you"]} you */
  paint(poll, you) {
    const {t} = this;
    setText(this.title, questionWords(poll, t));
    const asks = poll.open && !you.host;
    this.answers.replaceChildren(...(asks ? (poll.choices.length ? this.choices(poll, you) : [this.entry(poll)]) : []));
    this.picture.replaceChildren();
    if (!poll.revealed) return;
    setText(this.told, outcomeWords(poll, t));
    this.picture.append(histogramOf(poll, t));
    if (poll.answers)
      this.picture.append(
        h(
          "ul",
          {class: "poll-names"},
          ...poll.answers.map(([name, answer]) => h("li", {}, h("b", {}, name), ` ${this.wordsFor(poll, answer)}`)),
        ),
      );
  }

  /** @param {Poll} poll @param {NonNullable<State["room"]>["you"]} you */
  choices(poll, you) {
    return poll.choices.map((_, k) =>
      h(
        "button",
        {
          type: "button",
          "aria-pressed": String(you.answer === k),
          dataset: {role: `poll-choice-${k}`},
          onclick: () => this.give(poll, k),
        },
        choiceWords(poll, k, this.t),
      ),
    );
  }

  /** @param {Poll} poll */
  entry(poll) {
    const {t} = this;
    const field = h("input", {
      type: "text",
      "aria-label": t(poll.kind === "loss" ? "poll.number" : "poll.words"),
      placeholder: t(poll.kind === "loss" ? "poll.number" : "poll.words"),
      maxlength: 200,
      autocomplete: "off",
      dataset: {role: "poll-entry"},
    });
    const form = h(
      "form",
      {class: "poll-form"},
      field,
      h("button", {type: "submit", class: "primary"}, t("poll.send")),
    );
    form.onsubmit = event => {
      event.preventDefault();
      const text = field.value.trim().replace("−", "-").replace(",", ".");
      const value = poll.kind === "loss" ? (text === "" ? NaN : Number(text)) : field.value;
      if (Number.isNaN(value)) setText(this.told, t("entry.no_number", {value: field.value.trim()}));
      else this.give(poll, value);
    };
    return form;
  }

  /** @param {Poll} poll @param {number | string} value */
  async give(poll, value) {
    const reply = await this.act("answer", {number: poll.number, value});
    if (reply.ok === false) setText(this.told, this.wordsOf(reply));
  }
}
