// @ts-check
/** What the numbers mean: one page of definitions, with what they are in this run; and what keys do. */

import {openWindow, toggleWindow} from "../../draw/dialog.js";
import {h, setText} from "../../draw/dom.js";
import {nameControl} from "../../draw/explain.js";
import {entriesOf, keysOf} from "./entries.js";
import {Glossary} from "./glossary.js";

/** @typedef {import("../../types").State} State */

class Meanings {
  /** @param {HTMLDialogElement} root @param {import("../../types").ViewContext} context */
  constructor(root, {t, choose, view}) {
    this.root = root;
    this.t = t;
    /** what the entries were written for */
    this.written = "";
    /** the term that the page was opened at, "" for the keys, null once it is there @type {string | null} */
    this.sought = null;
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
    this.glossary = new Glossary(t, () => root.close());
    this.keysTitle = h("h3", {dataset: {role: "meanings-keys"}});
    this.tour = h("button", {type: "button", dataset: {role: "meanings-tour"}});
    this.tour.onclick = () => {
      root.close();
      choose({tour: view().tour + 1});
    };
    this.keys = h("dl", {class: "meanings"});
    const about = [this.wayToGraph(), this.list, this.glossary.element];
    const keys = [this.keysTitle, h("div", {class: "meanings-graph"}, this.tour), this.keys];
    const words = h("div", {class: "meanings-words"}, ...about, ...keys);
    root.append(h("div", {class: "dialog-head"}, this.title, this.close), words);
  }

  wayToGraph() {
    return h("div", {class: "meanings-graph"}, this.graphWords, this.graph);
  }

  toggle() {
    toggleWindow(this.root);
  }

  /** Open at a term, or at what keys do. @param {string | null} name */
  open(name) {
    openWindow(this.root);
    this.sought = name ?? "";
    this.glossary.find.value = "";
  }

  /** @param {State} state */
  update(state) {
    if (!this.root.open) return;
    const {t} = this;
    setText(this.title, t("meaning.title"));
    nameControl(this.close, t("meaning.close"));
    setText(this.graphWords, t("graph.of_run"));
    setText(this.graph, t("graph.open"));
    setText(this.keysTitle, t("keys.title"));
    setText(this.tour, t("hint.again"));
    this.glossary.update(state);
    const entries = entriesOf(state, t);
    const keys = keysOf(t);
    const written = JSON.stringify([entries, keys]);
    if (written !== this.written) {
      this.written = written;
      write(this.list, entries);
      write(this.keys, keys);
    }
    this.seek();
  }

  /** Bring into view what was asked for. */
  seek() {
    const {sought} = this;
    this.sought = null;
    if (sought === null) return;
    const place = sought ? this.root.querySelector(`[data-meaning="${sought}"]`) : this.keysTitle;
    place?.scrollIntoView({block: "start"});
    if (place instanceof HTMLElement && sought) place.focus({preventScroll: true});
  }

  destroy() {
    this.root.replaceChildren();
  }
}

/** Write entries where they stand: what is being read, marked or focused stays while the run goes on.
 * @param {HTMLElement} list @param {import("./entries.js").Entry[]} entries */
function write(list, entries) {
  const places = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("dd")]);
  const same =
    places.length === entries.length && places.every((place, k) => place.dataset.meaning === entries[k]?.name);
  if (!same)
    list.replaceChildren(
      ...entries.flatMap(({name}) => [h("dt"), h("dd", {tabindex: "-1", dataset: {meaning: name}})]),
    );
  const terms = list.querySelectorAll("dt");
  for (const [k, place] of list.querySelectorAll("dd").entries()) {
    const {term, words} = entries[k] ?? {term: "", words: []};
    setText(/** @type {HTMLElement} */ (terms[k]), term);
    if (place.childElementCount !== words.length) place.replaceChildren(...words.map(() => h("p")));
    for (const [at, sentence] of [...place.children].entries()) setText(sentence, words[at] ?? "");
  }
}

/** @param {HTMLDialogElement} root @param {import("../../types").ViewContext} context */
export const meaningsView = (root, context) => new Meanings(root, context);
