// @ts-check
/** Who is in the room, for the teacher: what each does, and to hand over the run or to take somebody out. */

import {h, setText} from "../../draw/dom.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").RoomMember} Member */

export class Roster {
  /** @param {import("../../types").PageContext} context */
  constructor({t, act}) {
    this.t = t;
    this.act = act;
    this.painted = "";
    this.sure = 0;
    /** @type {State["room"]} */
    this.room = null;
    this.title = h("h3");
    this.list = h("ul", {class: "share-files room-members", dataset: {role: "room-members"}});
    this.lessons = h("p", {class: "share-words", dataset: {role: "room-lessons"}});
    this.element = h("section", {}, this.title, this.lessons, this.list);
  }

  write() {
    this.painted = "";
    setText(this.title, this.t("room.members"));
  }

  /** @param {State} state */
  update({room, lang}) {
    this.room = room;
    const key = JSON.stringify([lang, room?.you.members, room?.driver, this.sure]);
    if (key === this.painted || !room) return;
    this.painted = key;
    const members = room.you.members ?? [];
    setText(this.lessons, this.places(members));
    const rows = members.map(member => this.row(member, room.driver?.number === member.number));
    this.list.replaceChildren(...(rows.length ? rows : [h("li", {}, this.t("room.nobody"))]));
  }

  /** How many are at which step of a lesson, and who is stuck. @param {Member[]} members */
  places(members) {
    const {t} = this;
    const counts = new Map();
    for (const {lesson} of members) if (lesson) counts.set(lesson.step, (counts.get(lesson.step) ?? 0) + 1);
    if (!counts.size) return "";
    const steps = [...counts].sort(([a], [b]) => a - b).map(([step, n]) => t("room.at_step", {step, n}));
    const stuck = members.filter(({lesson}) => lesson?.stuck).map(({name}) => name);
    return [...steps, ...(stuck.length ? [t("room.stuck_all", {names: stuck.join(", ")})] : [])].join(" · ");
  }

  /** Where somebody is in a lesson. @param {NonNullable<Member["lesson"]>} lesson */
  place({step, of, minutes, done, stuck}) {
    const {t} = this;
    const how = stuck ? "stuck" : done ? "done" : "on";
    return t(`room.lesson_${how}`, {step, of, minutes});
  }

  /** @param {Member} member @param {boolean} drives */
  row(member, drives) {
    const {t} = this;
    const {number, name, state} = member;
    const doing = drives && state !== "away" ? t("room.drives") : t(`room.state_${state}`);
    const words = member.lesson ? `${doing} · ${this.place(member.lesson)}` : doing;
    const hand = this.button("room-hand", drives ? "room.take_back" : "room.hand", name, () =>
      this.act("room_hand", {member: drives ? null : number}),
    );
    const sure = this.sure === number;
    const remove = this.button("room-remove", sure ? "room.remove_sure" : "room.remove", name, () =>
      this.remove(number),
    );
    const told = h("div", {}, h("strong", {}, name), h("span", {class: "share-words"}, words));
    return h(
      "li",
      {dataset: {state, ...(member.lesson?.stuck && {stuck: ""})}},
      told,
      h("div", {class: "share-buttons"}, hand, remove),
    );
  }

  /** @param {string} role @param {string} key @param {string} name @param {() => void} onclick */
  button(role, key, name, onclick) {
    const words = this.t(key);
    return h("button", {type: "button", "aria-label": `${words}: ${name}`, dataset: {role}, onclick}, words);
  }

  /** Taken out when asked twice: the code changes for all. @param {number} number */
  remove(number) {
    if (this.sure === number) {
      this.act("room_remove", {member: number});
      this.sure = 0;
    } else this.sure = number;
    this.update(/** @type {State} */ ({room: this.room, lang: document.documentElement.lang}));
  }
}
