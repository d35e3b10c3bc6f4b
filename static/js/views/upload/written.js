// @ts-check
/** How a file is written: what was recognised, each to be chosen otherwise. */

import {h, setOptions} from "../../draw/dom.js";
import {field} from "../shared/fields.js";
import {CHOICES, choiceGroup, choiceWords, recognised} from "./words.js";

/** @typedef {import("./words.js").Choice} Choice */
/** @typedef {import("./words.js").Form} Form */

const NAMES = /** @type {Choice[]} */ (Object.keys(CHOICES));
/** What changes which columns there are: choices of columns do not outlive it. */
const CUTS = new Set(["delimiter", "encoding", "sheet"]);

export class Written {
  /** @param {import("./words.js").Translate} t @param {(columns: boolean) => void} changed whether columns changed */
  constructor(t, changed) {
    this.t = t;
    this.changed = changed;
    /** What the user has chosen; all else is recognised. @type {Map<string, string>} */
    this.picked = new Map();
    this.selects = new Map([...NAMES, "sheet"].map(name => [name, this.select(name)]));
    this.fields = new Map([...this.selects].map(([name, select]) => [name, field(`upload.${name}`, select, "wide")]));
  }

  /** @param {string} name */
  select(name) {
    const select = h("select", {dataset: {role: `upload-${name}`}, onchange: () => this.pick(name, select.value)});
    return select;
  }

  /** @returns {Record<string, string>} */
  get chosen() {
    return Object.fromEntries(this.picked);
  }

  /** Nothing that was chosen for the last file holds. */
  clear() {
    this.picked.clear();
  }

  /** @param {string} name @param {string} value "" is what is recognised */
  pick(name, value) {
    if (value) this.picked.set(name, value);
    else this.picked.delete(name);
    this.changed(CUTS.has(name));
  }

  /** @param {Form} form @param {string[]} sheets @param {boolean} pasted whether it is text, of no encoding */
  show(form, sheets, pasted) {
    const {t} = this;
    const none = new Set([...(sheets.length ? ["delimiter", "encoding"] : []), ...(pasted ? ["encoding"] : [])]);
    if (sheets.length < 2) none.add("sheet");
    for (const [name, element] of this.fields) element.hidden = none.has(name);
    for (const name of NAMES) {
      const choices = CHOICES[name].map(value => ({
        value,
        label: choiceWords(t, name, value),
        group: choiceGroup(t, name, value),
      }));
      this.offer(name, recognised(name, form), choices);
    }
    this.offer(
      "sheet",
      form.sheet,
      sheets.map(sheet => ({value: sheet, label: sheet})),
    );
  }

  /**
   * @param {string} name
   * @param {string | null} found
   * @param {{value: string, label: string, group?: string}[]} choices
   */
  offer(name, found, choices) {
    const select = /** @type {HTMLSelectElement} */ (this.selects.get(name));
    const unsure = name === "decimal" && found === null && !this.picked.has(name);
    setOptions(select, [{value: "", label: this.t(unsure ? "upload.decimal_unsure" : "upload.recognise")}, ...choices]);
    select.value = this.picked.get(name) ?? found ?? "";
  }
}
