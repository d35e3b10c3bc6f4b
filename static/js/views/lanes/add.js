// @ts-check
/** The menu of "+ Lane": the same but for one thing, which a single click chooses; from the start or from here. */

import {h, setText} from "../../draw/dom.js";
import {compact, integer} from "../../draw/format.js";
import {letterOf} from "../../model/lanes.js";
import {choicesOf} from "./options.js";

/** @typedef {import("../../types").State} State */

/** @param {import("../../types").ViewContext} context */
export function addMenu({t, act}) {
  const title = h("p", {class: "lane-menu-title"});
  const hint = h("p", {class: "lane-menu-hint"});
  const start = h("button", {
    type: "button",
    "aria-pressed": "true",
    dataset: {start: "start"},
    onclick: () => beginAt("start"),
  });
  const here = h("button", {
    type: "button",
    "aria-pressed": "false",
    dataset: {start: "here"},
    onclick: () => beginAt("here"),
  });
  const rate = h("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    spellcheck: "false",
    class: "lane-rate",
    dataset: {role: "lane-rate"},
    onkeydown: typed,
    oninput: () => rate.removeAttribute("aria-invalid"),
  });
  const groups = h("div", {class: "lane-groups"});
  const element = h(
    "div",
    {class: "lane-menu", popover: "auto", role: "dialog", dataset: {role: "lane-menu"}},
    h("div", {class: "lane-menu-head"}, title, h("div", {class: "plot-segment", role: "group"}, start, here)),
    hint,
    groups,
  );

  /** @type {"start" | "here"} */ let begin = "start";
  let busy = false;
  let base = 0;
  let shown = "";
  /** Whether another optimizer takes the rate that suits it, or keeps that of the lane it is the same as. */
  let suiting = true;
  const rates = [true, false].map(suits =>
    h("button", {type: "button", dataset: {rates: suits ? "suiting" : "same"}, onclick: () => setRates(suits)}),
  );
  const rateWords = h("span");
  const rateLine = h(
    "div",
    {class: "lane-rates"},
    rateWords,
    h("div", {class: "plot-segment", role: "group"}, ...rates),
  );

  /** @param {"start" | "here"} value */
  function beginAt(value) {
    begin = value;
    start.setAttribute("aria-pressed", String(value === "start"));
    here.setAttribute("aria-pressed", String(value === "here"));
    setText(hint, t(`lanes.from_${value}_text`));
    for (const button of groups.querySelectorAll("button"))
      button.disabled = value === "here" && button.dataset.shapes === "true";
  }

  /** @param {boolean} suits */
  function setRates(suits) {
    suiting = suits;
    rates.forEach((button, k) => button.setAttribute("aria-pressed", String(suits === (k === 0))));
    groups.classList.toggle("lane-same-rate", !suits);
  }

  /** @param {Record<string, unknown>} change */
  async function add(change) {
    if (busy) return;
    busy = true;
    element.inert = true;
    const reply = await act("lane_add", {change, from: base, start: begin});
    busy = element.inert = false;
    if (reply.ok !== false) element.hidePopover();
  }

  /** @param {KeyboardEvent} event */
  function typed(event) {
    if (event.key !== "Enter") return;
    const words = rate.value.trim().replace(",", ".");
    const value = Number(words);
    if (words === "" || Number.isNaN(value)) rate.setAttribute("aria-invalid", "true");
    else add({learning_rate: value});
  }

  /**
   * Write what there is to choose for the lane in focus, unless it is written.
   * @param {State} state
   * @param {string} name of that lane
   */
  function fill({options, config, layout, lane, lanes, lang}, name) {
    if (!options || !config || !layout) return;
    const key = JSON.stringify([lang, lane, lanes.length, name, config, layout.sizes]);
    if (key === shown) return;
    shown = key;
    base = lane;
    const single = lanes.length < 2;
    const typing = document.activeElement === rate;
    setText(title, t(single ? "lanes.same_but" : "lanes.same_as", {name: `${letterOf(lane)} (${name})`}));
    setText(start, t("lanes.from_start"));
    rate.placeholder = t("lanes.other_rate");
    rate.setAttribute("aria-label", t("lanes.other_rate"));
    setText(rateWords, t("lanes.rates"));
    rateLine.title = t("lanes.rates_title");
    setText(rates[0], t("lanes.rates_suiting"));
    setText(rates[1], t("lanes.rates_same", {rate: compact(config.optimizer.learning_rate)}));
    setRates(suiting);
    groups.replaceChildren(
      ...choicesOf(
        options,
        config,
        t,
        [layout.sizes[0], layout.sizes[layout.sizes.length - 1]],
        layout.landscape !== null,
      ).map(({key, choices}) => {
        const buttons = choices.map(({label, change, shapes, rate: suits}) =>
          h(
            "button",
            {
              type: "button",
              class: "lane-choice",
              dataset: {shapes, choice: `${key} ${label}`},
              onclick: () => add(suits !== undefined && suiting ? {...change, learning_rate: suits} : change),
            },
            h("span", {}, label),
            suits !== undefined && h("small", {}, `η ${compact(suits)}`),
          ),
        );
        return h(
          "section",
          {class: "lane-group", dataset: {group: key}},
          h("h3", {}, t(`lanes.group_${key}`)),
          h(
            "div",
            {class: "lane-choices"},
            key === "optimizer" && rateLine,
            ...buttons,
            key === "learning_rate" && rate,
          ),
        );
      }),
    );
    if (typing) rate.focus();
    beginAt(begin);
  }

  /**
   * Open it below `anchor`.
   * @param {State} state
   * @param {string} name of the lane in focus
   * @param {HTMLElement} anchor
   */
  function open(state, name, anchor) {
    fill(state, name);
    rate.value = "";
    rate.removeAttribute("aria-invalid");
    setText(here, t("lanes.from_here", {n: integer(state.frame?.step ?? 0)}));
    here.hidden = !state.frame?.step;
    beginAt("start");
    element.showPopover();
    place(anchor);
  }

  /**
   * While it is open, what it offers follows the run: a rate that the run had not taken yet when it opened.
   * @param {State} state
   * @param {string} name of the lane in focus
   */
  function follow(state, name) {
    if (element.matches(":popover-open")) fill(state, name);
  }

  /** @param {HTMLElement} anchor */
  function place(anchor) {
    const box = anchor.getBoundingClientRect();
    const {offsetWidth} = element;
    element.style.left = `${Math.max(8, Math.min(innerWidth - offsetWidth - 8, box.left))}px`;
    element.style.top = `${box.bottom + 6}px`;
    element.style.maxHeight = `${innerHeight - box.bottom - 14}px`;
  }

  return {element, open, follow};
}
