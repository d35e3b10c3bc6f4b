// @ts-check
/** The glossary: a card for each term, with its formula, what it is in this run, and where to see it. */

import {h, setText} from "../../draw/dom.js";
import {TERMS} from "./terms.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ViewContext["t"]} Translate */

/** ms for which a place stays framed. */
const FRAMED = 3500;

export class Glossary {
  /** @param {Translate} t @param {() => void} leave what is done before something on the page is framed */
  constructor(t, leave) {
    this.t = t;
    this.leave = leave;
    this.title = h("h3");
    this.label = h("span");
    this.find = h("input", {type: "search", dataset: {role: "term-find"}, autocomplete: "off"});
    this.find.oninput = () => this.filter();
    this.none = h("p", {class: "term-none", role: "status"});
    this.cards = TERMS.map(term => cardOf(term, () => this.frame(term)));
    const list = h("div", {class: "terms"}, ...this.cards.map(({element}) => element));
    const head = h("label", {class: "term-head"}, this.label, this.find);
    this.element = h("section", {}, this.title, head, list, this.none);
  }

  /** @param {State} state */
  update(state) {
    const {t} = this;
    setText(this.title, t("term.title"));
    setText(this.label, t("term.find"));
    for (const {term, name, words, here, see, show} of this.cards) {
      setText(name, t(`term.${term.name}`));
      setText(words, t(`term.${term.name}_is`));
      const value = state.layout?.landscape && term.formula ? null : term.here?.(state, t);
      setText(here, value === null || value === undefined ? "" : t("term.here", {value}));
      setText(see, term.see ? t("term.see", {place: t(term.see)}) : "");
      setText(show, t("term.show"));
      show.setAttribute("aria-label", `${t("term.show")}: ${t(`term.${term.name}`)}`);
    }
    this.filter();
  }

  /** Only what has the letters in its name or its words. */
  filter() {
    const wanted = this.find.value.trim().toLowerCase();
    for (const {element} of this.cards) element.hidden = !element.textContent?.toLowerCase().includes(wanted);
    setText(this.none, this.cards.every(({element}) => element.hidden) ? this.t("term.none") : "");
  }

  /** Frame on the page what a term is about. @param {import("./terms.js").Term} term */
  frame({look}) {
    const place = look ? document.querySelector(look) : null;
    if (!place) return;
    this.leave();
    place.scrollIntoView({block: "nearest"});
    place.classList.add("term-look");
    setTimeout(() => place.classList.remove("term-look"), FRAMED);
  }
}

/** @param {import("./terms.js").Term} term @param {() => void} frame */
function cardOf(term, frame) {
  const name = h("h4");
  const words = h("p");
  const formula = term.formula ? h("p", {class: "term-formula"}, term.formula) : null;
  const here = h("p", {class: "term-here"});
  const see = h("span");
  const show = h("button", {type: "button", dataset: {role: "term-show"}, onclick: frame});
  const where = h("p", {class: "term-see"}, see, show);
  const element = h(
    "article",
    {class: "term", tabindex: "-1", dataset: {meaning: term.name}},
    name,
    words,
    formula,
    here,
    where,
  );
  return {term, element, name, words, here, see, show};
}
