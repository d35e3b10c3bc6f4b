// @ts-check
/** What the teacher does with the question that stands above the page: end it, reveal it, take it off. */

import {h, setText} from "../../draw/dom.js";

/** @typedef {import("../../types").State} State */

export class Reveal {
  /** `said` is told what is to be read beside the question.
   * @param {import("../../types").PageContext} context @param {(words: string) => void} said */
  constructor({t, act, wordsOf}, said) {
    this.t = t;
    this.act = act;
    this.wordsOf = wordsOf;
    this.said = said;
    /** @type {import("../../types").Poll | null} */
    this.poll = null;
    this.busy = false;
    this.reveal = this.button("ask-reveal", () => this.show());
    this.reveal.className = "primary";
    this.end = this.button("ask-end", () => this.act("ask_end", {number: this.number}));
    this.hide = this.button("ask-hide", () => this.act("ask_end", {number: this.number, hide: true}));
    this.named = h("input", {type: "checkbox", dataset: {role: "ask-named"}});
    this.named.onchange = () => this.poll?.revealed && this.show();
    this.namedWords = h("span");
    const named = h("label", {class: "share-check"}, this.named, this.namedWords);
    this.element = h("div", {class: "poll-hand", hidden: true}, this.reveal, named, this.end, this.hide);
  }

  get number() {
    return this.poll?.number ?? 0;
  }

  /** @param {string} role @param {() => void} onclick */
  button(role, onclick) {
    return h("button", {type: "button", dataset: {role}, onclick});
  }

  /** Reveal the answers, or show them again with names or without. */
  async show() {
    this.busy = this.reveal.disabled = true;
    this.said(this.t("ask.computing"));
    const reply = await this.act("reveal", {number: this.number, named: this.named.checked});
    this.busy = this.reveal.disabled = false;
    this.said(reply.ok === false ? this.wordsOf(reply) : "");
  }

  /** @param {State["room"]} room */
  update(room) {
    const poll = room?.you.host ? room.poll : null;
    if (poll && poll.number !== this.number) this.named.checked = false; // names are wished for anew each time
    this.poll = poll;
    this.element.hidden = !poll;
    if (!poll) return;
    this.end.hidden = !poll.open;
    this.reveal.hidden = poll.revealed;
  }

  write() {
    const {t} = this;
    setText(this.reveal, t("ask.reveal"));
    setText(this.end, t("ask.end"));
    setText(this.hide, t("ask.hide"));
    setText(this.namedWords, t("ask.named"));
  }
}
