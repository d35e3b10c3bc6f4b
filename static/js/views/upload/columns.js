// @ts-check
/** Which column is learnt, as what, and which go in. */

import {h, setOptions} from "../../draw/dom.js";
import {field} from "../shared/fields.js";

/** @typedef {{name: string, numeric: boolean, empty: boolean, values: string[]}} Column */

export class Columns {
  /** @param {import("./words.js").Translate} t @param {() => void} changed */
  constructor(t, changed) {
    this.t = t;
    this.changed = changed;
    /** Columns that are left out, counted from 1. @type {Set<number>} */
    this.left = new Set();
    /** What the user has chosen: a column to learn, and as what; "" is what is recognised. */
    this.wanted = "";
    this.as = "";
    this.target = h("select", {dataset: {role: "upload-target"}, onchange: () => this.aim()});
    this.kind = h("select", {dataset: {role: "upload-kind"}, onchange: () => this.learn()});
    this.inputs = h("div", {class: "upload-inputs", role: "group", dataset: {i18nTip: "upload.inputs"}});
    this.fields = [field("upload.target", this.target, "wide"), field("upload.kind", this.kind, "wide")];
    this.element = h(
      "div",
      {class: "upload-columns"},
      h("span", {class: "field-label", dataset: {i18n: "upload.inputs"}}),
    );
    this.element.append(this.inputs);
  }

  /** @returns {Record<string, string>} */
  get chosen() {
    return {target: this.wanted, kind: this.as, ignore: [...this.left].join(",")};
  }

  clear() {
    this.left.clear();
    this.wanted = "";
    this.as = "";
  }

  aim() {
    this.wanted = this.target.value;
    this.left.delete(Number(this.wanted));
    this.changed();
  }

  learn() {
    this.as = this.kind.value;
    this.changed();
  }

  /** @param {Column[]} columns @param {number | null} target @param {string | null} kind what was recognised */
  show(columns, target, kind) {
    const {t} = this;
    for (const element of [this.element, ...this.fields]) element.hidden = !columns.length;
    setOptions(
      this.target,
      columns.map(({name}, k) => ({value: String(k + 1), label: name})),
    );
    this.target.value = String(target ?? columns.length);
    this.inputs.replaceChildren(
      ...columns.flatMap((column, k) => (k + 1 === target ? [] : [this.input(column, k + 1)])),
    );
    setOptions(this.kind, [
      {value: "", label: t("upload.recognise")},
      {value: "classes", label: t("upload.as_classes")},
      {value: "regression", label: t("upload.as_regression")},
    ]);
    this.kind.value = this.as || (kind === "binary" ? "classes" : (kind ?? ""));
  }

  /** @param {Column} column @param {number} number */
  input({name, numeric, empty, values}, number) {
    const box = h("input", {
      type: "checkbox",
      checked: !empty && !this.left.has(number),
      disabled: empty,
      dataset: {column: number},
      onchange: () => this.take(number, box.checked),
    });
    const sample = empty ? this.t("upload.empty_column") : values.join(" · ");
    return h("label", {class: numeric ? "check" : "check words"}, box, h("span", {}, name, h("small", {}, sample)));
  }

  /** @param {number} number @param {boolean} taken */
  take(number, taken) {
    if (taken) this.left.delete(number);
    else this.left.add(number);
    this.changed();
  }
}
