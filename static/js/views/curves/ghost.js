// @ts-check
/** The run that was left by beginning anew: what its pale curve is of, and one press brings it back at its step. */

import {h, icon, setAttribute, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {integer} from "../../draw/format.js";
import {runName} from "../../model/run_names.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ViewContext["t"]} Translate */

/**
 * What is said of it: its name, and what a press does. Losses of other data, or another loss, are not to be compared.
 * @param {Pick<State, "ghost" | "config" | "layout" | "lang">} state
 * @param {Translate} t
 * @returns {{name: string, words: string} | null} null where no run was left
 */
export function ghostWords({ghost, config, layout, lang}, t) {
  if (!ghost) return null;
  const name = t("curves.ghost", {name: runName(ghost, t, lang), step: integer(ghost.step)});
  const alike = ghost.data === config?.data.name && ghost.loss === layout?.loss;
  const parts = [t("curves.ghost_words", {name}), ...(alike ? [] : [t("curves.ghost_other")])];
  return {name, words: parts.join(" ")};
}

/**
 * @param {Translate} t
 * @param {() => void} onclick
 */
export function ghostButton(t, onclick) {
  const name = h("span");
  const back = h("b");
  const short = h("b");
  const swatch = h("i", {"aria-hidden": "true"});
  const dataset = {role: "ghost"};
  const element = h(
    "button",
    {class: "curves-ghost", type: "button", hidden: true, dataset, onclick},
    swatch,
    name,
    back,
    short,
    icon("undo"),
  );

  return {
    element,
    /** @param {State} state */
    write(state) {
      const told = ghostWords(state, t);
      element.hidden = told === null;
      element.disabled = state.connection !== "open";
      if (!told) return;
      setText(name, told.name);
      setText(back, t("curves.ghost_back"));
      setText(short, t("curves.ghost_short"));
      setAttribute(element, "aria-label", `${t("curves.ghost_back")}: ${told.name}`);
      explain(element, told.words);
    },
  };
}
