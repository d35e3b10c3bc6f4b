// @ts-check
/** The variables of a graph: each with a field and a slider. */

import {h} from "../../draw/dom.js";
import {typedNumber} from "../../draw/entry.js";
import {nameText} from "./names.js";
import {rangeOf} from "./walk.js";

/** @typedef {import("../../types").ChainGraph} ChainGraph */

export class Variables {
  /** @param {(name: string, value: number) => void} change @param {(name: string) => string} label of a slider */
  constructor(change, label) {
    this.change = change;
    this.label = label;
    this.element = h("div", {class: "graph-variables"});
    this.names = "";
  }

  /** @param {ChainGraph} graph */
  show({nodes}) {
    const variables = nodes.filter(({sign}) => sign === "variable");
    const names = variables.map(({name}) => name).join();
    if (names === this.names) return;
    this.names = names;
    this.element.replaceChildren(...variables.map(({name, value}) => this.row(name, value ?? 0)));
  }

  /** Others than before are to be written anew, though they may have the same names. */
  forget() {
    this.names = "";
  }

  /** @param {string} name @param {number} value */
  row(name, value) {
    const field = h("input", {type: "text", inputmode: "decimal", id: `graph-${name}`, autocomplete: "off"});
    const slider = h("input", {type: "range", ...rangeOf(value), "aria-label": this.label(nameText(name))});
    field.value = String(Number(value.toPrecision(5)));
    slider.value = String(value);
    field.dataset.role = `graph-value-${name}`;
    slider.dataset.role = `graph-slider-${name}`;
    field.oninput = () => {
      const typed = typedNumber(field.value);
      field.setAttribute("aria-invalid", String(Number.isNaN(typed)));
      if (Number.isNaN(typed)) return;
      slider.value = String(typed);
      this.change(name, typed);
    };
    slider.oninput = () => {
      field.value = slider.value;
      this.change(name, Number(slider.value));
    };
    return h("div", {class: "graph-variable"}, h("label", {for: field.id}, nameText(name)), field, slider);
  }
}
