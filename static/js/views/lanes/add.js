// @ts-check
/** The menu of "+ Lane": the same but for one thing, which a single click chooses; from the start or from here. */

import {h, setText} from "../../draw/dom.js";
import {typedNumber} from "../../draw/entry.js";
import {explain} from "../../draw/explain.js";
import {compact, integer} from "../../draw/format.js";
import {letterOf} from "../../model/lanes.js";
import {openBelow} from "../shared/below.js";
import {choicesOf} from "./options.js";

/** @typedef {import("../../types").State} State */

/** @typedef {ReturnType<typeof choicesOf>[number]} Group */
/** @typedef {"start" | "here"} Start */

/** A segment of two buttons, one of them pressed. @param {HTMLElement[]} buttons */
const segment = buttons => h("div", {class: "plot-segment", role: "group"}, ...buttons);

/** The page elements of the menu. @param {Record<string, (given?: any) => void>} on what hands do to them */
function partsOf(on) {
  const title = h("h2", {id: "title-lane-menu", class: "lane-menu-title"});
  const hint = h("p", {class: "lane-menu-hint"});
  const [start, here] = ["start", "here"].map(from =>
    h("button", {
      type: "button",
      "aria-pressed": String(from === "start"),
      dataset: {start: from},
      onclick: () => on.begin(from),
    }),
  );
  const rate = h("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    spellcheck: "false",
    class: "lane-rate",
    dataset: {role: "lane-rate", low: 0, high: 100},
    onkeydown: on.typed,
    oninput: () => rate.removeAttribute("aria-invalid"),
  });
  const rates = [true, false].map(suits =>
    h("button", {type: "button", dataset: {rates: suits ? "suiting" : "same"}, onclick: () => on.rates(suits)}),
  );
  const rateWords = h("span");
  const rateLine = h("div", {class: "lane-rates"}, rateWords, segment(rates));
  const groups = h("div", {class: "lane-groups"});
  const head = h("div", {class: "lane-menu-head"}, title, segment([start, here]));
  const named = {role: "dialog", "aria-labelledby": title.id};
  const shell = {class: "lane-menu", popover: "auto", ...named, dataset: {role: "lane-menu"}};
  return {
    title,
    hint,
    start,
    here,
    rate,
    rates,
    rateWords,
    rateLine,
    groups,
    element: h("div", shell, head, hint, groups),
  };
}

class AddMenu {
  /** @param {import("../../types").ViewContext} context */
  constructor({t, act}) {
    this.t = t;
    this.act = act;
    /** @type {Start} */ this.begin = "start";
    this.busy = false;
    /** The lane that the new one is the same as. */
    this.base = 0;
    this.shown = "";
    /** Whether another optimizer takes the rate that suits it, or keeps that of the lane it is the same as. */
    this.suiting = true;
    this.parts = partsOf({
      begin: (/** @type {Start} */ from) => this.beginAt(from),
      rates: (/** @type {boolean} */ suits) => this.setRates(suits),
      typed: (/** @type {KeyboardEvent} */ event) => this.typed(event),
    });
    this.element = this.parts.element;
  }

  /** @param {Start} from */
  beginAt(from) {
    const {start, here, hint, groups} = this.parts;
    this.begin = from;
    start.setAttribute("aria-pressed", String(from === "start"));
    here.setAttribute("aria-pressed", String(from === "here"));
    setText(hint, this.t(`lanes.from_${from}_text`));
    for (const button of groups.querySelectorAll("button"))
      button.disabled = from === "here" && button.dataset.shapes === "true";
  }

  /** @param {boolean} suits */
  setRates(suits) {
    this.suiting = suits;
    this.parts.rates.forEach((button, k) => button.setAttribute("aria-pressed", String(suits === (k === 0))));
    this.parts.groups.classList.toggle("lane-same-rate", !suits);
  }

  /** @param {Record<string, unknown>} change */
  async add(change) {
    if (this.busy) return;
    this.busy = true;
    const reply = await this.act("lane_add", {change, from: this.base, start: this.begin});
    this.busy = false;
    if (reply.ok !== false) this.element.hidePopover();
  }

  /** @param {KeyboardEvent} event */
  typed(event) {
    if (event.key !== "Enter") return;
    const {rate} = this.parts;
    const value = typedNumber(rate.value);
    if (Number.isNaN(value)) rate.setAttribute("aria-invalid", "true");
    else this.add({learning_rate: value});
  }

  /** @param {Group["choices"][number]} choice @param {string} group */
  choiceOf({label, change, shapes, rate}, group) {
    const onclick = () => this.add(rate !== undefined && this.suiting ? {...change, learning_rate: rate} : change);
    return h(
      "button",
      {type: "button", class: "lane-choice", dataset: {shapes, choice: `${group} ${label}`}, onclick},
      h("span", {}, label),
      rate !== undefined && h("small", {}, `η ${compact(rate)}`),
    );
  }

  /** @param {Group} group */
  groupOf({key, choices}) {
    const {rate, rateLine} = this.parts;
    const buttons = choices.map(choice => this.choiceOf(choice, key));
    const before = key === "optimizer" && rateLine;
    const after = key === "learning_rate" && rate;
    const title = h("h3", {}, this.t(`lanes.group_${key}`));
    const dataset = {group: key};
    return h(
      "section",
      {class: "lane-group", dataset},
      title,
      h("div", {class: "lane-choices"}, before, ...buttons, after),
    );
  }

  /** @param {State} state @param {string} name of the lane in focus */
  words({config, lane, lanes}, name) {
    const {t, parts} = this;
    const single = lanes.length < 2;
    setText(parts.title, t(single ? "lanes.same_but" : "lanes.same_as", {name: `${letterOf(lane)} (${name})`}));
    setText(parts.start, t("lanes.from_start"));
    parts.rate.placeholder = t("lanes.other_rate");
    parts.rate.setAttribute("aria-label", t("lanes.other_rate"));
    setText(parts.rateWords, t("lanes.rates"));
    explain(parts.rateLine, t("lanes.rates_title"));
    setText(parts.rates[0], t("lanes.rates_suiting"));
    setText(parts.rates[1], t("lanes.rates_same", {rate: compact(config?.optimizer.learning_rate ?? NaN)}));
  }

  /**
   * Write what there is to choose for the lane in focus, unless it is written.
   * @param {State} state
   * @param {string} name of that lane
   */
  fill(state, name) {
    const {options, config, rates, layout, lane, lanes, lang} = state;
    if (!options || !config || !layout) return;
    const key = JSON.stringify([lang, lane, lanes.length, name, config, rates, layout.sizes]);
    if (key === this.shown) return;
    this.shown = key;
    this.base = lane;
    const {rate, groups} = this.parts;
    const typing = document.activeElement === rate;
    this.words(state, name);
    this.setRates(this.suiting);
    const ends = /** @type {[number, number]} */ ([layout.sizes[0], layout.sizes[layout.sizes.length - 1]]);
    const found = choicesOf({options, config, rates}, this.t, ends, layout.landscape !== null);
    groups.replaceChildren(...found.map(group => this.groupOf(group)));
    if (typing) rate.focus();
    this.beginAt(this.begin);
  }

  get isOpen() {
    return this.element.matches(":popover-open");
  }

  /** The step that "from here" means, which goes on while the run does. @param {State} state */
  readNumbers(state) {
    if (this.isOpen) this.stepNow(state);
  }

  /** @param {State} state */
  stepNow({frame}) {
    const {here} = this.parts;
    setText(here, this.t("lanes.from_here", {n: integer(frame?.step ?? 0)}));
    here.hidden = !frame?.step;
  }

  /**
   * Open it below `anchor`.
   * @param {State} state
   * @param {string} name of the lane in focus
   * @param {HTMLElement} anchor
   */
  open(state, name, anchor) {
    const {rate} = this.parts;
    this.fill(state, name);
    rate.value = "";
    rate.removeAttribute("aria-invalid");
    this.stepNow(state);
    this.beginAt("start");
    openBelow(this.element, anchor);
  }

  /**
   * While it is open, what it offers follows the run: a rate that the run had not taken yet when it opened.
   * @param {State} state
   * @param {string} name of the lane in focus
   */
  follow(state, name) {
    if (this.isOpen) this.fill(state, name);
  }
}

/** @param {import("../../types").ViewContext} context */
export function addMenu(context) {
  return new AddMenu(context);
}
