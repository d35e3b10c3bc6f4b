// @ts-check
/** How to come into the room: code, link and picture, large enough for the back row. */

import {h, setText} from "../../draw/dom.js";
import {joinLink, spaced} from "./places.js";

export class Door {
  /** @param {HTMLElement} window @param {import("../../types").PageContext} context */
  constructor(window, context) {
    this.window = window;
    this.context = context;
    this.pictured = "";
    this.how = h("p", {class: "share-words"});
    this.code = h("p", {class: "room-code", dataset: {role: "room-code"}});
    this.link = h("a", {class: "room-link", target: "_blank", rel: "noopener", dataset: {role: "room-link"}});
    this.here = h("p", {class: "share-words"});
    this.picture = h("div", {class: "room-picture", role: "img"});
    this.count = h("p", {class: "room-count", dataset: {role: "room-count"}});
    this.large = h("button", {type: "button", dataset: {role: "room-large"}});
    this.large.onclick = () => this.enlarge(window.dataset.large === undefined);
    const words = h("div", {}, this.how, this.code, this.link, this.count, this.large, this.here);
    this.element = h("section", {class: "room-door"}, words, this.picture);
  }

  /** @param {boolean} on */
  enlarge(on) {
    if (on) this.window.dataset.large = "";
    else delete this.window.dataset.large;
    setText(this.large, this.context.t(on ? "room.small" : "room.large"));
  }

  /** @param {import("../../types").Room} room */
  update({code, present}) {
    const address = joinLink(code, location.href);
    setText(this.code, spaced(code));
    setText(this.link, address.replace(/^https?:\/\//, ""));
    if (this.link.href !== address) this.link.href = address;
    setText(this.count, this.context.t("room.present", {n: present}));
    this.draw(address);
  }

  /** The picture of the address, asked for when it is another one. @param {string} address */
  async draw(address) {
    if (this.pictured === address) return;
    this.pictured = address;
    const reply = /** @type {any} */ (await this.context.act("room_picture", {address}));
    if (reply.ok === false) return;
    const picture = new DOMParser().parseFromString(reply.svg, "image/svg+xml").documentElement;
    this.picture.replaceChildren(document.importNode(picture, true));
  }

  write() {
    const {t, ownComputer} = this.context;
    setText(this.how, t("room.how"));
    setText(this.here, ownComputer() ? t("room.own_computer") : "");
    this.picture.setAttribute("aria-label", t("room.picture"));
    this.enlarge(this.window.dataset.large !== undefined);
  }
}
