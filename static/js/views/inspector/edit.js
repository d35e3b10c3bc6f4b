// @ts-check
/** A parameter's value, to type or to drag; both act at once, and are events of the run like any other. */

import {h} from "../../draw/dom.js";

/** As many digits as a hand can mean. @param {number} x */
const written = x => String(+x.toPrecision(6));

/**
 * @param {{t: (key: string, params?: Record<string, string | number>) => string, act: (op: string, fields?:
 * Record<string, unknown>) => Promise<Record<string, unknown>>}} context
 */
export function createEditor({t, act}) {
  const label = h("label", {for: "inspector-value", class: "inspector-label"});
  const text = h("input", {
    id: "inspector-value",
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    spellcheck: "false",
    disabled: true,
    dataset: {role: "inspector-value"},
    onkeydown: key,
    onblur: commit,
    onfocus: () => text.select(),
    oninput: () => {
      typed = true;
      text.removeAttribute("aria-invalid");
    },
  });
  const slider = h("input", {
    type: "range",
    class: "inspector-slider",
    disabled: true,
    dataset: {role: "inspector-slider"},
    oninput: drag,
    onchange: release,
    onpointerup: release,
    onblur: release,
  });
  const element = h("div", {class: "inspector-edit"}, label, text, slider);
  let index = -1;
  let current = NaN;
  let held = false;
  let busy = false;
  let typed = false;
  let reach = 0;
  /** @type {{index: number, value: number} | null} the newest wish while one is on its way */
  let next = null;

  /** One command at a time, and the newest wish follows it. @param {number} value */
  async function send(value) {
    next = {index, value};
    if (busy) return;
    busy = true;
    while (next !== null) {
      const wish = /** @type {{index: number, value: number}} */ (next);
      next = null;
      const reply = await act("set_parameter", wish);
      if (reply.ok === false) text.setAttribute("aria-invalid", "true");
      else if (wish.index === index) current = wish.value;
    }
    busy = false;
  }

  function drag() {
    held = true;
    text.value = written(Number(slider.value));
    text.removeAttribute("aria-invalid");
    send(Number(slider.value));
  }

  function release() {
    held = false;
  }

  function commit() {
    if (!typed) return;
    typed = false;
    const words = text.value.trim().replace("−", "-").replace(",", ".");
    const value = Number(words);
    if (words === "" || Number.isNaN(value)) {
      text.setAttribute("aria-invalid", "true");
      text.title = t("inspector.not_a_number", {value: words});
    } else if (value !== current) send(value);
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    if (event.key === "Enter") {
      commit();
      text.select();
    } else if (event.key === "Escape") {
      typed = false;
      text.value = written(current);
      text.removeAttribute("aria-invalid");
      text.blur();
      event.stopPropagation();
    }
  }

  return {
    element,
    /** @param {number} place in θ @param {number} value @param {() => Element} name @param {boolean} enabled */
    update(place, value, name, enabled) {
      if (place !== index) {
        index = place;
        typed = held = false;
        reach = 0;
        text.removeAttribute("aria-invalid");
        label.replaceChildren(name());
        slider.setAttribute("aria-label", t("inspector.value"));
      }
      text.disabled = slider.disabled = !enabled;
      if (busy || held || typed) return;
      current = value;
      if (document.activeElement !== text && text.getAttribute("aria-invalid") !== "true") {
        const words = written(value);
        if (text.value !== words) text.value = words;
      }
      while (reach < Math.min(1e6, 1.02 * Math.abs(value)) || reach === 0) reach = reach ? 2 * reach : 2;
      if (slider.max !== String(reach)) {
        slider.min = String(-reach);
        slider.max = String(reach);
        slider.step = String(reach / 1000);
      }
      slider.value = String(value);
    },
  };
}
