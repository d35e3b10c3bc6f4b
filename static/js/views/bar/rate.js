// @ts-check
/**
 * The learning rate: a number to type and a logarithmic slider, both live. While a hand is on it, no frame moves it.
 */

import {h, setAttribute} from "../../draw/dom.js";
import {typedNumber} from "../../draw/entry.js";
import {asGiven, compact} from "../../draw/format.js";
import {Seeker} from "../../model/seeker.js";

/** The slider's ends as powers of ten. The text takes any number from 0 to 100. */
const LOW = -5;
const HIGH = 2;
const TICKS = [-5, -4, -3, -2, -1, 0, 1, 2];

/** Place on the slider, clipped. @param {number} rate */
const toSlider = rate => (rate > 0 ? Math.min(HIGH, Math.max(LOW, Math.log10(rate))) : LOW);

/** Rate at a place on the slider, to three digits so that it reads well. @param {number} place */
const fromSlider = place => Number((10 ** place).toPrecision(3));

/** The field, the slider and its scale. @param {Record<string, (event: any) => void>} on what hands do to them */
function partsOf(on) {
  const text = h("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    spellcheck: "false",
    id: "learning-rate",
    class: "rate-text",
    dataset: {role: "learning-rate", low: 0, high: 100},
    onkeydown: on.key,
    onblur: on.commit,
    oninput: on.typing,
    onfocus: () => text.select(),
  });
  const slider = h("input", {
    type: "range",
    min: LOW,
    max: HIGH,
    step: 0.01,
    class: "rate-slider",
    dataset: {role: "learning-rate-slider", i18nTip: "bar.rate"},
    oninput: on.drag,
    onchange: on.release,
    onpointerup: on.release,
    onblur: on.release,
  });
  const words = [h("span", {dataset: {i18n: "bar.rate"}}), " ", h("i", {}, "η")];
  const label = h("label", {for: "learning-rate", class: "rate-label"}, ...words);
  const element = h("div", {class: "rate"}, label, text, h("div", {class: "rate-track"}, slider, scaleOf()));
  return {text, slider, element};
}

/** A tick at every power of ten. */
function scaleOf() {
  const ticks = TICKS.map(power => {
    const tick = h("span", {}, compact(10 ** power));
    tick.style.left = `${((power - LOW) / (HIGH - LOW)) * 100}%`;
    return tick;
  });
  return h("div", {class: "rate-ticks", "aria-hidden": "true"}, ...ticks);
}

/** The learning rate in hand: what is typed, dragged and asked for. */
class RateControl {
  /** @param {import("../../types").ViewContext["act"]} act */
  constructor(act) {
    this.act = act;
    this.current = NaN;
    /** The newest config, and whether no wish was on its way when it was seen. @type {unknown} */
    this.config = null;
    this.settled = true;
    this.held = false;
    this.seeker = new Seeker(rate => this.set(rate));
    const {text, slider, element} = partsOf({
      key: event => this.key(event),
      commit: () => this.commit(),
      typing: () => this.typing(),
      drag: () => this.drag(),
      release: () => {
        this.held = false;
      },
    });
    this.text = text;
    this.slider = slider;
    this.element = element;
  }

  /** The rate that was asked for last, else that of the run. */
  get rate() {
    return this.seeker.aim ?? this.current;
  }

  /** Long numbers are written smaller. */
  fit() {
    this.text.style.setProperty("--digits", String(this.text.value.length));
  }

  /** @param {number} rate */
  write(rate) {
    this.text.value = String(rate);
    this.fit();
  }

  typing() {
    this.text.removeAttribute("aria-invalid");
    this.fit();
  }

  /** @param {number} rate */
  async set(rate) {
    const reply = await this.act("set", {learning_rate: rate});
    if (reply.ok === false) this.text.setAttribute("aria-invalid", "true");
    return reply;
  }

  drag() {
    this.held = true;
    const rate = fromSlider(Number(this.slider.value));
    this.write(rate);
    this.text.removeAttribute("aria-invalid");
    this.seeker.to(rate);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key === "Enter") {
      this.commit();
      this.text.select();
    } else if (event.key === "Escape") {
      this.write(this.rate);
      this.text.removeAttribute("aria-invalid");
      this.text.blur();
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      this.nudge(event.key === "ArrowUp" ? 0.05 : -0.05);
    }
  }

  /** @param {number} places along the slider */
  nudge(places) {
    const rate = fromSlider(toSlider(this.rate) + places);
    this.write(rate);
    this.slider.value = String(toSlider(rate));
    this.seeker.to(rate);
  }

  commit() {
    const rate = typedNumber(this.text.value);
    if (Number.isNaN(rate)) {
      this.text.setAttribute("aria-invalid", "true");
    } else if (rate !== this.rate) {
      this.seeker.to(rate);
    }
  }

  /** A wish ends with the config that obeys it, or with a later one: what comes first after the answer may have left
   * before it. @param {unknown} config @param {number} [rate] */
  look(config, rate) {
    const idle = this.seeker.under === null;
    if (config !== this.config && idle && (this.settled || rate === this.seeker.aim)) this.seeker.drop();
    this.config = config;
    this.settled = idle;
  }

  /** @param {import("../../types").State} state */
  update(state) {
    const {text, slider} = this;
    const rate = state.config?.optimizer.learning_rate;
    text.disabled = slider.disabled = state.connection !== "open" || rate === undefined;
    this.look(state.config, rate);
    if (rate === undefined || this.seeker.aim !== null) return;
    this.current = rate;
    if (!this.held) slider.value = String(toSlider(rate));
    const editing = document.activeElement === text || text.getAttribute("aria-invalid") === "true";
    if (!editing && text.value !== String(rate)) this.write(rate);
    setAttribute(slider, "aria-valuetext", asGiven(rate));
  }
}

/**
 * @param {import("../../types").ViewContext} context
 * @returns {{element: HTMLElement, update: (state: import("../../types").State) => void}}
 */
export function rateControl({act}) {
  return new RateControl(act);
}
