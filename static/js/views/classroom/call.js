// @ts-check
/**
 * In a copy: a quiet notice of what the class is doing meanwhile. It takes no focus and moves nothing; a question is
 * answered in it, so that the copy stays as it is, and what is over leaves it.
 */

import {h, setText} from "../../draw/dom.js";
import {nameControl} from "../../draw/explain.js";
import {Question, questionWords} from "./question.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").CopiedFrom} CopiedFrom */

/** What goes on in a class that somebody in a copy should know, each under a name of its own time: what is put aside
 * comes back when it happens again. @param {CopiedFrom | null} room @returns {Map<string, string>} names to words */
export function matters(room) {
  const found = new Map();
  if (!room) return found;
  const {poll, you} = room;
  if (you.drives) found.set("drives", "call.drives");
  if (room.paused) found.set("paused", "call.paused");
  if (poll?.revealed) found.set(`revealed ${poll.number}`, "call.revealed");
  else if (poll?.open)
    found.set(`asked ${poll.number}`, (you.answer ?? null) === null ? "call.asked" : "call.answered");
  if (room.pointed) found.set("pointed", "call.pointed");
  return found;
}

export class Call {
  /** @param {import("../../types").PageContext} context */
  constructor(context) {
    this.context = context;
    /** What was put aside, by its name. @type {Set<string>} */
    this.aside = new Set();
    this.heard = "";
    this.open = false;
    this.state = /** @type {State | null} */ (null);
    this.words = h("p", {class: "call-words", dataset: {role: "call-words"}});
    this.question = new Question(context, {quiet: true});
    this.unfold = this.button("call-unfold", () => this.fold(!this.open));
    this.unfold.className = "primary";
    this.back = this.button("call-back", () => context.classroom.back());
    this.close = this.button("call-close", () => this.putAside());
    this.close.className = "call-close";
    const head = h("div", {class: "call-head"}, this.words, this.close);
    const buttons = h("div", {class: "call-buttons"}, this.unfold, this.back);
    this.element = h("section", {class: "room-call", hidden: true}, head, this.question.element, buttons);
  }

  /** @param {string} role @param {() => void} onclick */
  button(role, onclick) {
    return h("button", {type: "button", dataset: {role}, onclick});
  }

  /** @param {boolean} open */
  fold(open) {
    this.open = open;
    if (this.state) this.update(this.state);
  }

  /** Nothing of what is said now is said again, until it happens anew. */
  putAside() {
    for (const name of matters(this.state?.copied_from ?? null).keys()) this.aside.add(name);
    this.fold(false);
  }

  /** @param {State} state */
  update(state) {
    this.state = state;
    const room = state.room ? null : state.copied_from;
    const now = matters(room);
    for (const name of this.aside) if (!now.has(name)) this.aside.delete(name);
    const said = [...now].filter(([name]) => !this.aside.has(name));
    const hidden = said.length === 0 && !(this.open && room?.poll); // who answers sees what comes of it
    if (hidden) this.open = false;
    if (this.element.hidden !== hidden) this.element.hidden = hidden;
    this.say(said, room);
    if (room && !hidden) this.show(state, room);
  }

  /** @param {[string, string][]} said @param {CopiedFrom | null} room */
  say(said, room) {
    const {t, announce} = this.context;
    const question = room?.poll && !this.open ? questionWords(room.poll, t) : "";
    const words = said
      .map(([, key]) => t(key, {name: room?.you.name ?? "", question}))
      .join(" ")
      .trim();
    if (words) setText(this.words, words);
    const heard = said.map(([name]) => name).join();
    if (heard === this.heard) return;
    this.heard = heard;
    if (words) announce("call", words);
  }

  /** @param {State} state @param {CopiedFrom} room */
  show(state, room) {
    const {poll} = room;
    this.unfold.hidden = !this.open && !(poll?.open || poll?.revealed);
    this.unfold.setAttribute("aria-expanded", String(this.open));
    const shown = poll?.revealed ? "call.see" : "call.answer";
    setText(this.unfold, this.context.t(this.open ? "call.fold" : shown));
    this.question.update({...state, room: this.open ? room : null});
  }

  write() {
    const {t} = this.context;
    setText(this.back, t("call.back"));
    setText(this.close, "×");
    nameControl(this.close, t("call.close"));
    this.element.setAttribute("aria-label", t("call.label"));
    this.question.write();
  }
}
