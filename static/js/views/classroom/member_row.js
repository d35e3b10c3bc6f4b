// @ts-check
/** One of the class in the teacher's list: the row stays while others come and go, so that a press meets its aim. */

import {h, setAttribute, setText} from "../../draw/dom.js";
import {SureButton} from "../shared/sure.js";

/** @typedef {import("../../types").RoomMember} Member */

export class MemberRow {
  /** @param {import("../../types").PageContext} context @param {number} number @param {() => void} removed */
  constructor({t, act}, number, removed) {
    this.t = t;
    this.drives = false;
    this.name = h("strong");
    this.doing = h("span", {class: "share-words"});
    this.hand = h("button", {type: "button", dataset: {role: "room-hand"}});
    this.hand.onclick = () => act("room_hand", {member: this.drives ? null : number});
    this.remove = new SureButton("room-remove", () => {
      act("room_remove", {member: number});
      removed();
    });
    const told = h("div", {}, this.name, this.doing);
    const buttons = h("div", {class: "share-buttons"}, this.hand, this.remove.element);
    this.element = h("li", {}, told, buttons);
  }

  /** @param {Member} member @param {boolean} drives */
  update({name, state, lesson}, drives) {
    const {t} = this;
    this.drives = drives;
    const doing = drives && state !== "away" ? t("room.drives") : t(`room.state_${state}`);
    setText(this.name, name);
    setText(this.doing, lesson ? `${doing} · ${this.place(lesson)}` : doing);
    const hand = t(drives ? "room.take_back" : "room.hand");
    setText(this.hand, hand);
    setAttribute(this.hand, "aria-label", `${hand}: ${name}`);
    this.remove.write(t("room.remove"), t("room.remove_sure"), name);
    setAttribute(this.element, "data-state", state);
    this.element.toggleAttribute("data-stuck", lesson?.stuck ?? false);
  }

  /** Where somebody is in a lesson. @param {NonNullable<Member["lesson"]>} lesson */
  place({step, of, minutes, done, stuck}) {
    const how = stuck ? "stuck" : done ? "done" : "on";
    return this.t(`room.lesson_${how}`, {step, of, minutes});
  }
}
