// @ts-check
/**
 * The learning rate: a number to type and a logarithmic slider, both live. While a hand is on it, no frame moves it.
 */

import {h} from "../../draw/dom.js";
import {compact} from "../../draw/format.js";

/** The slider's ends as powers of ten. The text takes any number from 0 to 100. */
const LOW = -5;
const HIGH = 2;
const TICKS = [-5, -4, -3, -2, -1, 0, 1, 2];

/** Place on the slider, clipped. @param {number} rate */
const toSlider = rate => (rate > 0 ? Math.min(HIGH, Math.max(LOW, Math.log10(rate))) : LOW);

/** Rate at a place on the slider, to three digits so that it reads well. @param {number} place */
const fromSlider = place => Number((10 ** place).toPrecision(3));

/**
 * @param {import("../../types").ViewContext} context
 * @returns {{element: HTMLElement, update: (state: import("../../types").State) => void}}
 */
export function rateControl({act}) {
  const text = h("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    spellcheck: "false",
    id: "learning-rate",
    class: "rate-text",
    dataset: {role: "learning-rate"},
    onkeydown: key,
    onblur: commitText,
    oninput: () => {
      text.removeAttribute("aria-invalid");
      fit();
    },
    onfocus: () => text.select(),
  });
  const slider = h("input", {
    type: "range",
    min: LOW,
    max: HIGH,
    step: 0.01,
    class: "rate-slider",
    dataset: {role: "learning-rate-slider", i18nTitle: "bar.rate"},
    oninput: drag,
    onchange: release,
    onpointerup: release,
    onblur: release,
  });
  const ticks = h(
    "div",
    {class: "rate-ticks", "aria-hidden": "true"},
    ...TICKS.map(power => {
      const tick = h("span", {}, compact(10 ** power));
      tick.style.left = `${((power - LOW) / (HIGH - LOW)) * 100}%`;
      return tick;
    }),
  );
  const label = h(
    "label",
    {for: "learning-rate", class: "rate-label"},
    h("span", {dataset: {i18n: "bar.rate"}}),
    " ",
    h("i", {}, "η"),
  );
  const element = h("div", {class: "rate"}, label, text, h("div", {class: "rate-track"}, slider, ticks));

  let current = NaN;
  let held = false;
  let busy = false;
  /** @type {number | null} the newest wish while one is on its way */
  let next = null;

  /** Long numbers are written smaller. */
  function fit() {
    text.style.setProperty("--digits", String(text.value.length));
  }

  /** @param {number} rate */
  function write(rate) {
    text.value = String(rate);
    fit();
  }

  /**
   * One command is on its way at a time, and the newest wish follows it, so that a fast hand never queues.
   * @param {number} rate
   */
  async function send(rate) {
    next = rate;
    if (busy) return;
    busy = true;
    while (next !== null) {
      const wish = next;
      next = null;
      const reply = await act("set", {learning_rate: wish});
      if (reply.ok === false) text.setAttribute("aria-invalid", "true");
      else current = wish;
    }
    busy = false;
  }

  function drag() {
    held = true;
    const rate = fromSlider(Number(slider.value));
    write(rate);
    text.removeAttribute("aria-invalid");
    send(rate);
  }

  function release() {
    held = false;
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    if (event.key === "Enter") {
      commitText();
      text.select();
    } else if (event.key === "Escape") {
      write(current);
      text.removeAttribute("aria-invalid");
      text.blur();
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      const rate = fromSlider(toSlider(current) + (event.key === "ArrowUp" ? 0.05 : -0.05));
      write(rate);
      slider.value = String(toSlider(rate));
      send(rate);
    }
  }

  function commitText() {
    const words = text.value.trim().replace(",", ".");
    const rate = Number(words);
    if (words === "" || Number.isNaN(rate)) {
      text.setAttribute("aria-invalid", "true");
      if (words) act("set", {learning_rate: words}); // refused in words, like any other
    } else if (rate !== current) {
      send(rate);
    }
  }

  return {
    element,
    update(state) {
      const rate = state.config?.optimizer.learning_rate;
      text.disabled = slider.disabled = state.connection !== "open" || rate === undefined;
      if (rate === undefined || busy) return;
      current = rate;
      if (!held) slider.value = String(toSlider(rate));
      if (
        document.activeElement !== text &&
        text.getAttribute("aria-invalid") !== "true" &&
        text.value !== String(rate)
      )
        write(rate);
      slider.setAttribute("aria-valuetext", String(rate));
    },
  };
}
