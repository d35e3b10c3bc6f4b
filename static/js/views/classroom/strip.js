// @ts-check
/**
 * The room above the page. For a student: whom they follow, a copy, and the way back; for the teacher: the code, who is
 * there, and what is done now and then; in a copy: the way back to the room.
 */

import {h, setAttribute, setText} from "../../draw/dom.js";
import {nameControl} from "../../draw/explain.js";
import {Call} from "./call.js";
import {Pointer} from "./pointer.js";
import {Question} from "./question.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").PageContext & {openRoom(): void}} Context */

/** Parts of the page that change the run: they rest where somebody else drives it. */
const RESTS = [
  ...[".panel-data", '[data-part="timeline"]', '[data-part="lanes"]', ".bar .preset", '[data-role="reseed"]'],
  ...[".bar .transport", ".bar .rate", ".bar .undo", '[data-role="share"]', ".network-bar-part"],
  ...[".network-heads", ".network-features-row"],
];

class Strip {
  /** @param {HTMLElement} root @param {Context} context */
  constructor(root, context) {
    this.root = root;
    this.context = context;
    this.words = h("span", {class: "room-words"});
    /** Where the page is low, as on a projector, the strip is folded to this. */
    this.chip = h("button", {type: "button", class: "room-chip", hidden: true, dataset: {role: "room-chip"}});
    this.chip.onclick = () => this.unfold(root.dataset.open === undefined);
    setAttribute(this.chip, "aria-expanded", "false");
    this.copy = this.button("room-copy", () => this.take());
    this.look = this.button("room-look", () => context.classroom.look(true));
    this.back = this.button("room-back", () => context.classroom.back());
    this.leave = this.button("room-leave", () => context.classroom.leave());
    this.open = this.button("room-manage", () => context.openRoom());
    this.aim = this.button("room-point", () => this.pointer.turn());
    this.next = this.button("room-next", () => this.goOn());
    this.take_back = this.button("room-take", () => context.act("room_hand", {member: null}));
    this.up = h("div", {class: "room-up", role: "alert", hidden: true});
    this.pointer = new Pointer(context, on => this.aim.setAttribute("aria-pressed", String(on)));
    this.question = new Question(context);
    this.call = new Call(context);
    const buttons = [this.look, this.copy, this.back, this.next, this.aim, this.take_back, this.open, this.leave];
    root.append(
      h("div", {class: "room-strip"}, this.words, ...buttons),
      this.question.element,
      this.up,
      this.call.element,
    );
    this.written = "";
  }

  /** @param {string} role @param {() => void} onclick */
  button(role, onclick) {
    return h("button", {type: "button", dataset: {role}, onclick});
  }

  async take() {
    this.copy.disabled = true;
    await this.context.classroom.copy();
    this.copy.disabled = false;
  }

  /** The next of what the teacher has prepared. */
  async goOn() {
    this.next.disabled = true;
    await this.context.plan.go();
    this.next.disabled = false;
  }

  /** What comes next is told by its place: everybody in the room can read the teacher's page.
   * @param {State["plan"]} plan @param {boolean} rules */
  offerNext({items, next}, rules) {
    const there = rules && next < items.length;
    this.shown(this.next, there);
    if (there) setText(this.next, this.context.t("plan.next", {n: next + 1, of: items.length}));
  }

  /** @param {State} state */
  update(state) {
    const {room, connection} = state;
    const {classroom} = this.context;
    const from = classroom.from;
    const follows = classroom.following !== null;
    this.root.hidden = this.chip.hidden = !room && !from && !follows;
    if (state.lang !== this.written) this.write(state.lang);
    this.pointer.update(state);
    this.question.update(state);
    this.call.update(state);
    this.rest(classroom.led);
    if (this.root.hidden) return;
    this.say(this.cutWords(state), this.told(state, from));
    this.fold(room, from);
    const copied = from !== null && !room?.you.host;
    this.shown(this.copy, follows && room !== null && connection === "open");
    if (follows) setText(this.copy, this.context.t(classroom.task ? "room.begin" : "room.copy"));
    this.shown(this.look, follows && state.strays);
    this.shown(this.back, copied);
    this.shown(this.leave, follows || copied);
    this.offerNext(state.plan, room?.you.host ?? false);
    this.ruled(room, follows);
  }

  /** The chip says which room it is, and how many are there. @param {State["room"]} room
   * @param {{code: string} | null} from */
  fold(room, from) {
    if (!this.chip.isConnected) document.querySelector(".bar-top > .lanes")?.after(this.chip);
    const code = room?.code ?? from?.code ?? this.context.classroom.following?.code ?? "";
    setText(this.chip, room?.you.host ? `${code} · ${room.present}` : code);
    nameControl(this.chip, this.words.textContent ?? "");
  }

  /** @param {boolean} open */
  unfold(open) {
    if (open) this.root.dataset.open = "";
    else delete this.root.dataset.open;
    setAttribute(this.chip, "aria-expanded", String(open));
  }

  /** What a room's rules offer and ask for. @param {State["room"]} room @param {boolean} follows */
  ruled(room, follows) {
    const host = room?.you.host ?? false;
    this.shown(this.open, host);
    this.shown(this.aim, host || (room?.you.drives ?? false));
    const handed = host && room?.driver !== null;
    if (handed && this.take_back.hidden) this.unfold(true); // what takes it back is in sight, on a projector too
    this.shown(this.take_back, handed);
    const up = follows && (room?.paused ?? false);
    this.shown(this.up, up);
    if (up) setText(this.up, this.context.t("room.up"));
  }

  /** @param {HTMLElement} element @param {boolean} on */
  shown(element, on) {
    if (element.hidden === on) element.hidden = !on;
  }

  /** @param {string} cut why nothing comes from the room; "" where it does @param {string} usual */
  say(cut, usual) {
    this.root.classList.toggle("cut", cut !== "");
    if (cut && cut !== this.words.textContent) this.context.announce("line", cut);
    setText(this.words, cut || usual);
  }

  /** Why nothing comes from the server that has the room, if it is another one. @param {State} state */
  cutWords({room, cut}) {
    if (!room || !cut) return "";
    return this.context.t(`room.cut_${cut}`, {code: room.code, name: room.you.name ?? ""});
  }

  /** What the strip says. @param {State} state @param {{code: string, name: string} | null} from */
  told({room, strays, connection}, from) {
    const {t, classroom} = this.context;
    if (classroom.following && (!room || connection === "refused")) return t("room.closed_words");
    if (!room) return from ? t("room.copy_words", {code: from.code}) : "";
    const {you, driver, code, present} = room;
    const other = driver?.name ?? "";
    if (you.host) return t(driver ? "room.host_handed" : "room.host", {code, n: present, name: other});
    const key = you.drives ? "you_drive" : strays ? "strays" : driver ? "follows_student" : "follows";
    return t(`room.${key}`, {code, name: you.name ?? "", driver: other});
  }

  /** Controls of the run rest where somebody else drives it: neither pointer nor keys reach them.
   * @param {boolean} led */
  rest(led) {
    const {dataset} = document.documentElement;
    if (!led && dataset.led === undefined) return;
    for (const selector of RESTS)
      for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(selector)))
        if (element.inert !== led) element.inert = led;
    if (led) dataset.led = "";
    else delete dataset.led;
  }

  /** @param {string} lang */
  write(lang) {
    const {t} = this.context;
    this.written = lang;
    for (const [element, key] of /** @type {[HTMLElement, string][]} */ ([
      [this.copy, "room.copy"],
      [this.look, "room.look"],
      [this.back, "room.back"],
      [this.leave, "room.leave"],
      [this.open, "room.manage"],
      [this.aim, "room.point"],
      [this.take_back, "room.take_back"],
    ]))
      setText(element, t(key));
    this.question.write();
    this.call.write();
  }

  destroy() {
    this.chip.remove();
    this.pointer.destroy();
    this.root.replaceChildren();
  }
}

/** @param {HTMLElement} root @param {Context} context @returns {import("../../types").View} */
export function stripView(root, context) {
  return new Strip(root, context);
}
