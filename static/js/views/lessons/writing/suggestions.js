// @ts-check
/** What has happened since a step began, each as a condition that can be chosen. */

import {h} from "../../../draw/dom.js";
import {snapshotOf, suggestionsOf} from "./suggest.js";

/** @typedef {import("../../../types").State} State */

export class Suggestions {
  /** @param {import("../../../types").ViewContext["t"]} t @param {(text: string) => void} chosen */
  constructor(t, chosen) {
    this.t = t;
    this.chosen = chosen;
    this.element = h("div", {class: "writing-suggestions", dataset: {role: "writing-suggestions"}});
    /** How the run was when each step began, by its number. @type {Map<number, import("./suggest.js").Snapshot>} */
    this.begun = new Map();
    /** The step whose beginning is on its way. @type {number | null} */
    this.coming = null;
    this.written = "";
  }

  /** @param {number} at @param {State} state */
  begins(at, state) {
    this.begun.set(at, snapshotOf(state));
  }

  /** It begins as soon as the page is in its state. @param {number} at */
  awaits(at) {
    this.coming = at;
  }

  /** Steps have other numbers now. */
  forgets() {
    this.begun.clear();
    this.coming = null;
  }

  /** @param {number} at @param {State | null} state */
  show(at, state) {
    this.written = "";
    if (state) this.update(at, state, false);
  }

  /** @param {number} at @param {State} state @param {boolean} busy whether the page is on its way to a state */
  update(at, state, busy) {
    if (busy) return;
    if (this.coming !== null) this.begins(this.coming, state);
    this.coming = null;
    const then = this.begun.get(at);
    const found = then ? suggestionsOf(then, snapshotOf(state)) : null;
    const text = JSON.stringify([state.lang, found]);
    if (text === this.written || this.element.contains(document.activeElement)) return;
    this.written = text;
    this.element.replaceChildren(...this.lines(found));
  }

  /** @param {import("./suggest.js").Suggestion[] | null} found */
  lines(found) {
    const {t} = this;
    if (!found) return [h("p", {}, t("writing.not_begun"))];
    if (!found.length) return [h("p", {}, t("writing.nothing_happened"))];
    const buttons = found.map(({text, before, now}) => {
      const words = h("span", {}, t("writing.from_to", {before, now}));
      const attributes = {type: "button", dataset: {role: "writing-suggestion", condition: text}};
      return h("button", {...attributes, onclick: () => this.chosen(text)}, h("code", {}, text), " ", words);
    });
    return [h("p", {}, t("writing.happened")), ...buttons];
  }
}
