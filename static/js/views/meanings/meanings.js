// @ts-check
/** What the numbers mean: one page of definitions, with what they are in this run. */

import {h, setText} from "../../draw/dom.js";
import {nameControl} from "../../draw/explain.js";
import {entriesOf} from "./entries.js";

/** @typedef {import("../../types").State} State */

class Meanings {
  /** @param {HTMLDialogElement} root @param {import("../../types").ViewContext} context */
  constructor(root, {t}) {
    this.root = root;
    this.t = t;
    /** what the entries were written for */
    this.written = "";
    this.title = h("h2", {id: "title-meanings"});
    this.close = h("button", {class: "quiet", type: "button", dataset: {role: "meanings-close"}}, "×");
    this.close.onclick = () => root.close();
    this.list = h("dl", {class: "meanings"});
    root.append(h("header", {class: "dialog-head"}, this.title, this.close), this.list);
  }

  toggle() {
    if (this.root.open) this.root.close();
    else this.root.show();
  }

  /** @param {State} state */
  update(state) {
    if (!this.root.open) return;
    const {t} = this;
    setText(this.title, t("meaning.title"));
    nameControl(this.close, t("meaning.close"));
    const entries = entriesOf(state, t);
    const key = JSON.stringify(entries);
    if (key === this.written) return;
    this.written = key;
    this.list.replaceChildren(
      ...entries.flatMap(({name, term, words}) => [
        h("dt", {}, term),
        h("dd", {dataset: {meaning: name}}, ...words.map(sentence => h("p", {}, sentence))),
      ]),
    );
  }

  destroy() {
    this.root.replaceChildren();
  }
}

/** @param {HTMLDialogElement} root @param {import("../../types").ViewContext} context */
export const meaningsView = (root, context) => new Meanings(root, context);
