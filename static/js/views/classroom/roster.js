// @ts-check
/** Who is in the room, for the teacher: what each does, and to hand over the run or to take somebody out. */

import {h, setText} from "../../draw/dom.js";

/** @typedef {import("../../types").State} State */
/** @typedef {NonNullable<NonNullable<State["room"]>["you"]["members"]>[number]} Member */

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
    this.element = h("section", {}, this.title, this.list);
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
    const rows = members.map(member => this.row(member, room.driver?.number === member.number));
    this.list.replaceChildren(...(rows.length ? rows : [h("li", {}, this.t("room.nobody"))]));
  }

  /** @param {Member} member @param {boolean} drives */
  row(member, drives) {
    const {t} = this;
    const {number, name, state} = member;
    const words = drives && state !== "away" ? t("room.drives") : t(`room.state_${state}`);
    const hand = this.button("room-hand", drives ? "room.take_back" : "room.hand", name, () =>
      this.act("room_hand", {member: drives ? null : number}),
    );
    const sure = this.sure === number;
    const remove = this.button("room-remove", sure ? "room.remove_sure" : "room.remove", name, () =>
      this.remove(number),
    );
    const told = h("div", {}, h("strong", {}, name), h("span", {class: "share-words"}, words));
    return h("li", {dataset: {state}}, told, h("div", {class: "share-buttons"}, hand, remove));
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
