// @ts-check
/** The hints of a first visit: three at most, one at a time, each gone once it is done. */

import {h, setText} from "../../draw/dom.js";
import {nameControl} from "../../draw/explain.js";
import {doneBy, nextHint, written} from "./next.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ViewContext & {hints: string, keepHints: (done: string) => void}} Context */

class Hints {
  /** The rate of the run when it was seen first. @type {number | null} */
  rate = null;
  shown = "";
  /** How often the hints were asked for again, and the step at which that was; -1 for a first visit. */
  tour = 0;
  from = -1;

  /** @param {HTMLElement} root @param {Context} context */
  constructor(root, {t, announce, hints, keepHints}) {
    this.root = root;
    this.t = t;
    /** What has been done already. */
    this.done = doneBy(hints);
    if (hints === "done") this.shown = "ended";
    this.announce = announce;
    this.keepHints = keepHints;
    this.count = h("b");
    this.words = h("span");
    this.close = h("button", {class: "quiet", type: "button", dataset: {role: "hints-close"}}, "×");
    this.close.onclick = () => this.end();
    root.append(h("p", {}, this.count, this.words), this.close);
  }

  /** @param {State} state */
  update(state) {
    if (!state.config || !state.frame) return;
    if (state.view.tour !== this.tour) this.again(state);
    if (this.shown === "ended") return;
    this.notice(state);
    const landscape = Boolean(state.layout?.landscape);
    // Who has asked for everything needs none.
    const hint = state.page === "full" && this.from < 0 ? null : nextHint(this.done, landscape);
    if (!hint) {
      this.end();
      return;
    }
    const key = `${hint.name} ${landscape} ${state.lang}`;
    if (key === this.shown) return;
    this.shown = key;
    if (this.from < 0) this.keepHints(written(this.done));
    const words = this.t(landscape && hint.name === "play" ? "hint.play_function" : `hint.${hint.name}`);
    setText(this.count, this.t("hint.count", {n: hint.place, of: hint.of}));
    this.root.setAttribute("aria-label", this.count.textContent);
    setText(this.words, words);
    nameControl(this.close, this.t("hint.close"));
    document.documentElement.dataset.hint = hint.name;
    this.root.hidden = false;
    this.announce("hint", words);
  }

  /** From the first hint on, whatever was done before. @param {State} state */
  again({view, frame, config}) {
    this.tour = view.tour;
    this.from = frame?.step ?? 0;
    this.rate = config?.optimizer.learning_rate ?? null;
    this.done = doneBy("");
    this.shown = "";
  }

  /** What the hand has done by now. @param {State} state */
  notice({config, frame, playing, view}) {
    const rate = config?.optimizer.learning_rate ?? null;
    this.rate ??= rate;
    this.done.play ||= playing || (frame?.step ?? 0) > Math.max(0, this.from);
    this.done.rate ||= rate !== this.rate;
    this.done.look ||= view.selected !== null;
  }

  end() {
    this.shown = "ended";
    this.root.hidden = true;
    delete document.documentElement.dataset.hint;
    this.keepHints("done");
  }

  destroy() {
    this.root.replaceChildren();
  }
}

/** @param {HTMLElement} root @param {Context} context */
export const hintsView = (root, context) => new Hints(root, context);
