// @ts-check
/** Undo and redo: two buttons that say what they would do. */

import {h, icon, setAttribute} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {compact} from "../../draw/format.js";
import {changeWords} from "../../model/changes.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Deed} Deed */

/**
 * What a change was, in a few words.
 * @param {(key: string, params?: Record<string, string | number>) => string} t
 * @param {Deed} deed
 * @param {string} lang
 * @returns {string}
 */
export function deedWords(t, {op, change}, lang) {
  const named = ["reset", "reseed", "open_run", "lane_add", "lane_remove", "lane_promote"];
  if (named.includes(op)) return t(`undo.${op}`);
  if (op === "preset") return t("undo.preset", {name: t(`preset.${change.name}`)});
  if (op === "set_parameter") return t("undo.weight", {value: compact(+Number(change.value).toPrecision(3))});
  const {lane: _, ...rest} = change;
  if (op === "configure") return restartWords(t, rest);
  return changeWords(t, rest, lang) || t("undo.change");
}

/** What made the run begin anew. @param {(key: string, params?: Record<string, string | number>) => string} t
 * @param {Record<string, any>} change */
function restartWords(t, {data, network = {}}) {
  if (data?.name && !data.name.startsWith("upload-")) return t("undo.data", {name: t(`dataset.${data.name}`)});
  if (Array.isArray(network.hidden))
    return network.hidden.length ? t("undo.hidden", {sizes: network.hidden.join(", ")}) : t("lanes.no_hidden");
  if ("bias" in network) return t("undo.bias");
  return t("undo.change");
}

/** @param {"undo" | "redo"} role @param {() => void} onclick */
function buttonOf(role, onclick) {
  return h("button", {class: "icon-button", type: "button", disabled: true, dataset: {role}, onclick}, icon(role));
}

/**
 * @param {import("../../types").ViewContext} context
 * @returns {{element: HTMLElement, update: (state: State) => void}}
 */
export function undoButtons({t, act}) {
  const buttons = {undo: buttonOf("undo", () => act("undo")), redo: buttonOf("redo", () => act("redo"))};
  /** @type {unknown[]} */
  let shown = [];

  return {
    element: h("div", {class: "undo"}, buttons.undo, buttons.redo),
    update({undo, redo, lang, connection}) {
      const now = [undo, redo, lang, connection];
      if (now.every((part, k) => part === shown[k])) return;
      shown = now;
      for (const [name, deed] of /** @type {["undo" | "redo", Deed | null][]} */ (Object.entries({undo, redo}))) {
        const words = deed ? t(`undo.${name}`, {what: deedWords(t, deed, lang)}) : t(`undo.no_${name}`);
        explain(buttons[name], words);
        setAttribute(buttons[name], "aria-label", words);
        buttons[name].disabled = deed === null || connection !== "open";
      }
    },
  };
}
