// @ts-check
/** A parameter's value, to type or to drag; both act at once, and are events of the run like any other. */

import {h} from "../../draw/dom.js";
import {typedNumber} from "../../draw/entry.js";
import {typed} from "../../draw/format.js";

/** The reach of the slider is a power of two, at least this, and at most about the last. */
const LEAST_REACH = 2;
const MOST_REACH = 1e6;
const STEPS = 1000;

/** @typedef {import("../../types").ViewContext} ViewContext */

export class Editor {
  /** @param {Pick<ViewContext, "t" | "act">} context */
  constructor({t, act}) {
    this.t = t;
    this.act = act;
    this.label = h("label", {for: "inspector-value", class: "inspector-label"});
    this.text = h("input", {
      id: "inspector-value",
      type: "text",
      inputmode: "decimal",
      autocomplete: "off",
      spellcheck: "false",
      disabled: true,
      dataset: {role: "inspector-value", low: "−10⁶", high: "10⁶"},
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.press(event),
      onblur: () => this.commit(),
      onfocus: () => this.text.select(),
      oninput: () => {
        this.typed = true;
        this.text.removeAttribute("aria-invalid");
      },
    });
    const release = () => {
      this.held = false;
    };
    this.slider = h("input", {
      type: "range",
      class: "inspector-slider",
      disabled: true,
      dataset: {role: "inspector-slider"},
      oninput: () => this.drag(),
      onchange: release,
      onpointerup: release,
      onblur: release,
    });
    this.element = h("div", {class: "inspector-edit"}, this.label, this.text, this.slider);
    /** Place in θ, −1 before there is one, and its value. */
    this.index = -1;
    this.current = NaN;
    /** A hand is on the slider, has typed, or waits for an answer: what comes from the run is not written. */
    this.held = false;
    this.typed = false;
    this.busy = false;
    this.reach = 0;
    /** The newest wish while one is on its way. @type {{index: number, value: number} | null} */
    this.next = null;
  }

  /** One command at a time, and the newest wish follows it. @param {number} value */
  async send(value) {
    this.next = {index: this.index, value};
    if (this.busy) return;
    this.busy = true;
    while (this.next !== null) {
      const wish = /** @type {{index: number, value: number}} */ (this.next);
      this.next = null;
      const reply = await this.act("set_parameter", wish);
      if (reply.ok === false) this.text.setAttribute("aria-invalid", "true");
      else if (wish.index === this.index) this.current = wish.value;
    }
    this.busy = false;
  }

  drag() {
    const value = Number(this.slider.value);
    this.held = true;
    this.text.value = typed(value);
    this.text.removeAttribute("aria-invalid");
    this.send(value);
  }

  commit() {
    if (!this.typed) return;
    this.typed = false;
    const value = typedNumber(this.text.value);
    if (Number.isNaN(value)) this.text.setAttribute("aria-invalid", "true");
    else if (value !== this.current) this.send(value);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.key === "Enter") {
      this.commit();
      this.text.select();
    } else if (event.key === "Escape") {
      this.typed = false;
      this.text.value = typed(this.current);
      this.text.removeAttribute("aria-invalid");
      this.text.blur();
      event.stopPropagation();
    }
  }

  /** @param {number} place in θ @param {number} value @param {() => Element} name @param {boolean} enabled */
  update(place, value, name, enabled) {
    if (place !== this.index) this.begin(place, name());
    this.text.disabled = this.slider.disabled = !enabled;
    if (this.busy || this.held || this.typed) return;
    this.current = value;
    this.write(value);
    this.follow(value);
    this.slider.value = String(value);
  }

  /** Another parameter. @param {number} place @param {Element} name */
  begin(place, name) {
    this.index = place;
    this.typed = this.held = false;
    this.reach = 0;
    this.text.removeAttribute("aria-invalid");
    this.label.replaceChildren(name);
    this.text.setAttribute("aria-label", `${this.t("inspector.value")} ${name.textContent}`);
    this.slider.setAttribute("aria-label", this.t("inspector.value"));
  }

  /** @param {number} value */
  write(value) {
    const {text} = this;
    if (document.activeElement === text || text.getAttribute("aria-invalid") === "true") return;
    const words = typed(value);
    if (text.value !== words) text.value = words;
  }

  /** The slider reaches as far as the value. @param {number} value */
  follow(value) {
    const wanted = Math.min(MOST_REACH, 1.02 * Math.abs(value));
    while (this.reach < wanted || this.reach === 0) this.reach = this.reach ? 2 * this.reach : LEAST_REACH;
    const {slider, reach} = this;
    if (slider.max === String(reach)) return;
    slider.min = String(-reach);
    slider.max = String(reach);
    slider.step = String(reach / STEPS);
  }
}
