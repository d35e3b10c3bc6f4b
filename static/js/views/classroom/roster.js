// @ts-check
/** Who is in the room, for the teacher: what each does, and to hand over the run or to take somebody out. */

import {h, setText} from "../../draw/dom.js";
import {MemberRow} from "./member_row.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").RoomMember} Member */

export class Roster {
  /** @param {import("../../types").PageContext} context */
  constructor(context) {
    this.context = context;
    this.painted = "";
    /** By number of the member. @type {Map<number, MemberRow>} */
    this.rows = new Map();
    this.title = h("h3", {tabindex: -1});
    this.nobody = h("li");
    this.list = h("ul", {class: "share-files room-members", dataset: {role: "room-members"}});
    this.lessons = h("p", {class: "share-words", dataset: {role: "room-lessons"}});
    this.element = h("section", {}, this.title, this.lessons, this.list);
  }

  write() {
    this.painted = "";
    setText(this.title, this.context.t("room.members"));
    setText(this.nobody, this.context.t("room.nobody"));
  }

  /** @param {State} state */
  update({room, lang}) {
    const key = JSON.stringify([lang, room?.you.members, room?.driver]);
    if (key === this.painted || !room) return;
    this.painted = key;
    const members = room.you.members ?? [];
    setText(this.lessons, this.places(members));
    if (members.length) this.nobody.remove();
    else this.list.append(this.nobody);
    this.forget(new Set(members.map(({number}) => number)));
    for (const member of members) this.rowOf(member.number).update(member, room.driver?.number === member.number);
  }

  /** Rows of those who are gone go. @param {Set<number>} present */
  forget(present) {
    for (const [number, {element}] of this.rows)
      if (!present.has(number)) {
        this.rows.delete(number);
        element.remove();
      }
  }

  /** @param {number} number */
  rowOf(number) {
    const known = this.rows.get(number);
    if (known) return known;
    const row = new MemberRow(this.context, number, () => this.title.focus());
    this.rows.set(number, row);
    this.list.append(row.element);
    return row;
  }

  /** How many are at which step of a lesson, and who is stuck. @param {Member[]} members */
  places(members) {
    const {t} = this.context;
    const counts = new Map();
    for (const {lesson} of members) if (lesson) counts.set(lesson.step, (counts.get(lesson.step) ?? 0) + 1);
    if (!counts.size) return "";
    const steps = [...counts].sort(([a], [b]) => a - b).map(([step, n]) => t("room.at_step", {step, n}));
    const stuck = members.filter(({lesson}) => lesson?.stuck).map(({name}) => name);
    return [...steps, ...(stuck.length ? [t("room.stuck_all", {names: stuck.join(", ")})] : [])].join(" · ");
  }
}
