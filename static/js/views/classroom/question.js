// @ts-check
/** The question on everybody's page: answered before the run goes on, and revealed beside what the run did. */

import {h, setText} from "../../draw/dom.js";
import {asGiven} from "../../draw/format.js";
import {choiceWords, histogramOf, outcomeWords} from "./histogram.js";
import {Reveal} from "./reveal.js";

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
  /** `quiet`: it comes where somebody has asked for it, so nothing is said aloud or scrolled to.
   * @param {import("../../types").PageContext} context @param {{quiet?: boolean}} [how] */
  constructor(context, {quiet = false} = {}) {
    this.quiet = quiet;
    const {t, act, wordsOf, announce} = context;
    this.t = t;
    this.act = act;
    this.wordsOf = wordsOf;
    this.announce = announce;
    /** @type {State | null} */
    this.state = null;
    this.written = "";
    this.heard = "";
    /** What is said in place of how far it is: what is wrong with an answer, or that it is computed. */
    this.said = "";
    this.hand = new Reveal(context, words => this.say(words));
    this.title = h("h2", {class: "poll-title", tabindex: -1, dataset: {role: "poll-title"}});
    this.answers = h("div", {class: "poll-answers"});
    this.told = h("p", {class: "poll-told", role: "status", dataset: {role: "poll-told"}});
    this.picture = h("div", {class: "poll-picture"});
    this.element = h(
      "section",
      {class: "room-question", hidden: true},
      this.title,
      this.answers,
      this.told,
      this.picture,
      this.hand.element,
    );
  }

  write() {
    this.written = "";
    this.hand.write();
  }

  /** @param {string} words "" for none any more */
  say(words) {
    this.said = words;
    if (this.state) this.update(this.state);
  }

  /** @param {State} state */
  update(state) {
    this.state = state;
    const {room, lang} = state;
    const poll = room?.poll ?? null;
    this.hand.update(room);
    if (this.element.hidden !== !poll) this.element.hidden = !poll;
    if (!poll || !room) return;
    const {you, driver} = room;
    const key = JSON.stringify([lang, {...poll, count: 0}, you.answer, you.host, driver]);
    if (key !== this.written) {
      this.written = key;
      if (!this.hand.busy) this.said = "";
      this.paint(poll, you);
    }
    if (!this.quiet) this.come(poll, you.host);
    setText(this.told, this.said || (poll.revealed ? outcomeWords(poll, this.t) : this.standing(poll, you)));
  }

  /** A question has come, or its answers, wherever on the page somebody is. @param {Poll} poll @param {boolean} host */
  come(poll, host) {
    const come = `${poll.number} ${poll.revealed}`;
    if (come === this.heard) return;
    this.heard = come;
    this.announce("poll", questionWords(poll, this.t));
    if (!host) this.element.scrollIntoView({block: "start"});
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
    if (poll.choices.length) return choiceWords(poll, Number(answer), this.t);
    return typeof answer === "number" ? asGiven(answer) : answer;
  }

  /** @param {Poll} poll @param {NonNullable<State["room"]>["you"]} you */
  paint(poll, you) {
    const {t} = this;
    setText(this.title, questionWords(poll, t));
    const asks = poll.open && !you.host;
    const focused = this.answers.contains(document.activeElement) ? document.activeElement : null;
    this.answers.replaceChildren(...(asks ? (poll.choices.length ? this.choices(poll, you) : [this.entry(poll)]) : []));
    if (focused) this.keepFocus(/** @type {HTMLElement} */ (focused));
    this.element.toggleAttribute("data-revealed", poll.revealed);
    this.picture.replaceChildren();
    if (!poll.revealed) return;
    this.picture.append(poll.count ? histogramOf(poll, t) : h("p", {class: "poll-nobody"}, t("poll.nobody")));
    if (poll.answers?.length) this.picture.append(this.names(poll, poll.answers));
  }

  /** The hand stays where it was, or goes to the question: what is pressed next shall do nothing else.
   * @param {HTMLElement} focused */
  keepFocus({dataset}) {
    const same = this.answers.querySelector(`[data-role="${dataset.role}"]`);
    /** @type {HTMLElement} */ (same ?? this.title).focus({preventScroll: true});
  }

  /** Who has answered what. @param {Poll} poll @param {NonNullable<Poll["answers"]>} answers */
  names(poll, answers) {
    return h(
      "ul",
      {class: "poll-names"},
      ...answers.map(([name, answer]) => h("li", {}, h("b", {}, name), ` ${this.wordsFor(poll, answer)}`)),
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
      h("button", {type: "submit", class: "primary", dataset: {role: "poll-send"}}, t("poll.send")),
    );
    form.onsubmit = event => {
      event.preventDefault();
      const text = field.value.trim().replace("−", "-").replace(",", ".");
      const value = poll.kind === "loss" ? (text === "" ? NaN : Number(text)) : field.value;
      if (Number.isNaN(value)) this.say(t("entry.no_number", {value: field.value.trim()}));
      else this.give(poll, value);
    };
    return form;
  }

  /** @param {Poll} poll @param {number | string} value */
  async give(poll, value) {
    const reply = await this.act("answer", {number: poll.number, value});
    this.say(reply.ok === false ? this.wordsOf(reply) : "");
  }
}
