// @ts-check
/** The page elements of the race: measure, axis, target, chart. */

import {h} from "../../draw/dom.js";

/** The page elements of the race. @param {Record<string, (event?: any) => void>} on what hands do to them */
export function partsOf(on) {
  const title = h("h2", {id: "title-race"});
  const close = h(
    "button",
    {type: "button", class: "quiet race-close", dataset: {role: "race-close"}, onclick: on.close},
    "×",
  );
  const measures = h("select", {class: "plot-select", dataset: {role: "race-measure"}, onchange: on.measure});
  const log = h("button", {type: "button", class: "plot-button", onclick: on.log});
  const goal = h("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    spellcheck: "false",
    class: "race-goal",
    dataset: {role: "race-target", judged: "here"},
    onchange: on.typed,
    onkeydown: on.typing,
    oninput: () => goal.removeAttribute("aria-invalid"),
  });
  const goalWords = h("span");
  const target = h("label", {class: "race-target"}, goalWords, goal);
  const head = h("div", {class: "race-head"}, title, h("span", {class: "spacer"}), measures, log, target, close);
  const stage = h("div", {class: "plot-stage race-stage"});
  const cross = h("i", {class: "curves-cross", hidden: true});
  const tip = h("div", {class: "plot-tip", hidden: true});
  const empty = h("div", {class: "plot-empty"}, h("span"));
  return {title, close, measures, log, goal, goalWords, head, stage, cross, tip, empty};
}
