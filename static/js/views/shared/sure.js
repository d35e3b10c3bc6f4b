// @ts-check
/**
 * A button for what cannot be taken back: pressed once it asks, pressed once more it does it. The question is withdrawn
 * when the hand goes elsewhere or rests, so that a press an hour later asks anew.
 */

import {h, setAttribute, setText} from "../../draw/dom.js";

/** ms that a question stands. */
const PATIENCE = 8000;

export class SureButton {
  /** @param {string} role @param {() => void} done */
  constructor(role, done) {
    this.done = done;
    this.asks = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.words = {usual: "", asking: "", about: ""};
    this.element = h("button", {type: "button", dataset: {role}, onclick: () => this.press()});
    this.element.addEventListener("blur", () => this.turn(false));
  }

  /** What it says, what it asks, and what it is about where several stand below each other.
   * @param {string} usual @param {string} asking @param {string} [about] */
  write(usual, asking, about = "") {
    this.words = {usual, asking, about};
    this.show();
  }

  show() {
    const {usual, asking, about} = this.words;
    const words = this.asks ? asking : usual;
    setText(this.element, words);
    if (about) setAttribute(this.element, "aria-label", `${words}: ${about}`);
    this.element.toggleAttribute("data-sure", this.asks);
  }

  /** @param {boolean} asks */
  turn(asks) {
    clearTimeout(this.timer);
    if (asks) this.timer = setTimeout(() => this.turn(false), PATIENCE);
    if (asks === this.asks) return;
    this.asks = asks;
    this.show();
  }

  press() {
    const {asks} = this;
    this.turn(!asks);
    if (asks) this.done();
  }
}
