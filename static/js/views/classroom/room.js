// @ts-check
/** The teacher's window of the room: how to come in, who is there, its rules, and the questions. */

import {toggleWindow} from "../../draw/dialog.js";
import {h, setText} from "../../draw/dom.js";
import {SureButton} from "../shared/sure.js";
import {Ask} from "./ask.js";
import {Door} from "./door.js";
import {PlanList} from "./plan.js";
import {Roster} from "./roster.js";

/** @typedef {import("../../types").State} State */
/** @typedef {"paused" | "locked" | "door" | "own_pace"} Rule */

const RULES = /** @type {Rule[]} */ (["paused", "locked", "door", "own_pace"]);

class RoomWindow {
  /** @param {HTMLDialogElement} root @param {import("../../types").PageContext} context */
  constructor(root, context) {
    this.root = root;
    this.context = context;
    this.written = "";
    /** @type {State["room"]} */
    this.shown = null;
    this.title = h("h2", {id: "title-room"});
    this.close = h("button", {class: "quiet", type: "button", dataset: {role: "room-close-window"}}, "×");
    this.close.onclick = () => root.close();
    this.begin = h("button", {type: "button", class: "primary", dataset: {role: "room-open"}});
    this.begin.onclick = () => this.open();
    this.beginWords = h("p", {class: "share-words"});
    this.told = h("p", {class: "share-words", role: "status"});
    this.outside = h("section", {class: "share-part"}, this.beginWords, this.begin, this.told);
    this.door = new Door(root, context);
    root.addEventListener("close", () => this.door.enlarge(false)); // opened again, it shows all
    this.roster = new Roster(context);
    this.ask = new Ask(context, () => root.close());
    this.plan = new PlanList(context, this.ask);
    this.rules = RULES.map(rule => this.rule(rule));
    this.end = new SureButton("room-end", () => context.act("room_close"));
    const rules = h("section", {class: "room-rules"}, ...this.rules.map(({label}) => label));
    /** What there is in a room alone; a class is prepared without one. */
    this.inside = [this.door.element, rules, this.roster.element, this.end.element];
    const parts = h(
      "div",
      {class: "room-inside"},
      this.door.element,
      rules,
      this.ask.element,
      this.roster.element,
      this.plan.element,
      this.end.element,
    );
    root.append(
      h("div", {class: "dialog-head"}, this.title, this.close),
      h("div", {class: "share"}, this.outside, parts),
    );
  }

  /** @param {Rule} rule */
  rule(rule) {
    const input = h("input", {type: "checkbox", dataset: {role: `room-${rule}`}});
    input.onchange = () => this.context.act("room_rules", {[rule]: input.checked});
    const words = h("span");
    return {rule, input, words, label: h("label", {class: "share-check"}, input, words)};
  }

  async open() {
    this.begin.disabled = true;
    const reply = await this.context.act("room_open");
    this.begin.disabled = false;
    setText(this.told, reply.ok === false ? this.context.wordsOf(reply) : "");
  }

  toggle() {
    toggleWindow(this.root);
  }

  /** @param {State} state */
  update(state) {
    const {room, lang} = state;
    if (!this.root.open) return;
    if (this.written !== lang) this.write(lang);
    this.outside.hidden = room !== null;
    for (const element of this.inside) element.hidden = room === null;
    this.ask.update(state);
    this.plan.update(state);
    if (!room) return;
    this.door.update(room);
    if (room !== this.shown) for (const {rule, input} of this.rules) input.checked = room[rule];
    this.shown = room; // what was just pressed is not undone before the room says so
    this.roster.update(state);
  }

  /** @param {string} lang */
  write(lang) {
    const {t} = this.context;
    this.written = lang;
    setText(this.title, t("room.title"));
    this.close.setAttribute("aria-label", t("setting.close"));
    setText(this.beginWords, t("room.open_words"));
    setText(this.begin, t("room.open"));
    this.door.write();
    for (const {rule, words} of this.rules) setText(words, t(`room.rule_${rule}`));
    this.end.write(t("room.end"), t("room.end_sure"));
    this.roster.write();
    this.ask.write();
    this.plan.write();
  }

  destroy() {
    this.root.replaceChildren();
  }
}

/**
 * @param {HTMLDialogElement} root
 * @param {import("../../types").PageContext} context
 * @returns {import("../../types").View & {toggle(): void}}
 */
export function roomView(root, context) {
  return new RoomWindow(root, context);
}
