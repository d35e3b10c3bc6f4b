// @ts-check
/** Labelled inputs of the left panel. A value that somebody is changing is not overwritten by the state. */

import {asGiven} from "../../draw/format.js";
import {h, setText} from "../../draw/dom.js";
import {typedNumber} from "../../draw/entry.js";

/**
 * @param {string} key of the label
 * @param {HTMLElement} control
 * @param {string} [shape] "wide" puts the label above it
 */
export function field(key, control, shape = "") {
  return h("label", {class: `field ${shape}`}, h("span", {class: "field-label", dataset: {i18n: key}}), control);
}

/**
 * A slider that shows its number. It commits when let go, or all the while if `live`.
 * @param {string} key
 * @param {{min: number, max: number, step: number, show: (x: number) => string, commit: (x: number) => unknown, live?:
 * boolean}} options
 */
export function sliderField(key, {min, max, step, show, commit, live = false}) {
  const output = h("output", {class: "field-value"});
  const input = h("input", {
    type: "range",
    min,
    max,
    step,
    dataset: {role: key.split(".")[1].replace("_", "-")},
    oninput: slide,
    onchange: letGo,
    onblur: () => {
      held = false;
    },
  });
  const element = h(
    "label",
    {class: "field slider-field"},
    h("span", {class: "field-label", dataset: {i18n: key}}),
    input,
    output,
  );
  let held = false;
  let sent = NaN;

  function slide() {
    held = true;
    setText(output, show(Number(input.value)));
    if (live) send();
  }

  function letGo() {
    held = false;
    send();
  }

  function send() {
    const value = Number(input.value);
    if (value === sent) return;
    sent = value;
    commit(value);
  }

  return {
    element,
    /** @param {number} low @param {number} high */
    range(low, high) {
      if (input.min !== String(low)) input.min = String(low);
      if (input.max !== String(high)) input.max = String(high);
    },
    /** @param {number} value */
    set(value) {
      if (held) return;
      sent = value;
      if (input.value !== String(value)) input.value = String(value);
      setText(output, show(value));
    },
  };
}

/**
 * A number to type: Enter or leaving it commits, Escape takes it back; the server judges its range.
 * @param {string} key of the label
 * @param {{role: string, commit: (x: number | null) => Promise<Record<string, unknown>>, low?: number, high?: number,
 * optional?: boolean}} options
 *   `optional`: an empty field means none
 */
export function numberField(key, {role, commit, low, high, optional = false}) {
  const label = h("span", {class: "field-label", dataset: {i18n: key}});
  const input = h("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    dataset: {role, ...(low !== undefined && {low, high})},
    placeholder: optional ? "–" : undefined,
    tip: low === undefined ? undefined : `${asGiven(low)} … ${asGiven(high ?? Infinity)}`,
    onkeydown: keyDown,
    onblur: send,
    oninput: () => input.removeAttribute("aria-invalid"),
  });
  const element = h("label", {class: "field number-field"}, label, input);
  /** @type {number | null} */
  let current = NaN;
  const text = () => (current === null ? "" : String(current));

  /** @param {KeyboardEvent} event */
  function keyDown(event) {
    if (event.key === "Enter") send();
    if (event.key !== "Escape") return;
    if (input.value === text()) return;
    event.stopPropagation();
    input.value = text();
    input.removeAttribute("aria-invalid");
  }

  async function send() {
    const value = optional && input.value.trim() === "" ? null : typedNumber(input.value);
    if (value === current) return;
    const reply = Number.isNaN(value) ? {ok: false} : await commit(value);
    if (reply.ok === false) input.setAttribute("aria-invalid", "true");
  }

  return {
    element,
    value: () => current,
    /** @param {(key: string) => string} t words of the label now; later ones come with all others */
    words(t) {
      setText(label, t(key));
    },
    /** @param {number | null} value */
    set(value) {
      current = value;
      if (document.activeElement !== input && input.getAttribute("aria-invalid") !== "true") input.value = text();
    },
  };
}
