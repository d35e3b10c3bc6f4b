// @ts-check
/** What the numbers mean: one page of definitions, with what they are in this run; and what keys do. */

import {h, setText} from "../../draw/dom.js";
import {nameControl} from "../../draw/explain.js";
import {entriesOf, keysOf} from "./entries.js";

/** @typedef {import("../../types").State} State */

class Meanings {
  /** @param {HTMLDialogElement} root @param {import("../../types").ViewContext} context */
  constructor(root, {t, choose}) {
    this.root = root;
    this.t = t;
    /** what the entries were written for */
    this.written = "";
    this.title = h("h2", {id: "title-meanings"});
    this.close = h("button", {class: "quiet", type: "button", dataset: {role: "meanings-close"}}, "×");
    this.close.onclick = () => root.close();
    this.graph = h("button", {type: "button", dataset: {role: "meanings-graph"}});
    this.graph.onclick = () => {
      root.close();
      choose({graph: ""});
    };
    this.graphWords = h("p");
    this.list = h("dl", {class: "meanings"});
    this.keysTitle = h("h3");
    this.keys = h("dl", {class: "meanings"});
    const words = h("div", {class: "meanings-words"}, this.wayToGraph(), this.list, this.keysTitle, this.keys);
    root.append(h("div", {class: "dialog-head"}, this.title, this.close), words);
  }

  wayToGraph() {
    return h("div", {class: "meanings-graph"}, this.graphWords, this.graph);
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
    setText(this.graphWords, t("meaning.graph"));
    setText(this.graph, t("graph.open"));
    setText(this.keysTitle, t("keys.title"));
    const entries = entriesOf(state, t);
    const keys = keysOf(t);
    const written = JSON.stringify([entries, keys]);
    if (written === this.written) return;
    this.written = written;
    write(this.list, entries);
    write(this.keys, keys);
  }

  destroy() {
    this.root.replaceChildren();
  }
}

/** @param {HTMLElement} list @param {import("./entries.js").Entry[]} entries */
function write(list, entries) {
  list.replaceChildren(
    ...entries.flatMap(({name, term, words}) => [
      h("dt", {}, term),
      h("dd", {dataset: {meaning: name}}, ...words.map(sentence => h("p", {}, sentence))),
    ]),
  );
}

/** @param {HTMLDialogElement} root @param {import("../../types").ViewContext} context */
export const meaningsView = (root, context) => new Meanings(root, context);
