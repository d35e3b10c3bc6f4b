// @ts-check
/** The prepared class in the teacher's window: questions and states in their order, each shown by one press. */

import {h, setText} from "../../draw/dom.js";
import {nameControl} from "../../draw/explain.js";
import {OF_THE_RUN} from "../../model/plan.js";
import {saveFile} from "../shared/file.js";
import {SureButton} from "../shared/sure.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").PlannedItem} Item */
/** @typedef {import("../../types").ViewContext["t"]} Translate */

/** What an item is, in words; never which choice is right. @param {Item} item @param {Translate} t @returns {string} */
export function itemWords(item, t) {
  if (!("question" in item)) return item.name || t("plan.state");
  const {kind, step, rate, text, choices} = item.question;
  if (OF_THE_RUN.has(kind)) return t(`plan.ask_${kind}`, {step, rate});
  return choices.length ? `${text} (${choices.join(" / ")})` : text;
}

export class PlanList {
  /** `change` is asked to have a question changed, `changed` told that it need not be any more.
   * @param {import("../../types").PageContext} context
   * @param {{change(at: number, question: import("../../types").PlannedQuestion): void, done(): void}} ask */
  constructor({t, plan}, ask) {
    this.t = t;
    this.plan = plan;
    this.ask = ask;
    this.painted = "";
    /** Which state of the list is being renamed; -1 for none. */
    this.renames = -1;
    this.title = h("h3");
    this.words = h("p", {class: "share-words"});
    this.list = h("ol", {class: "share-files plan-list", dataset: {role: "plan-items"}});
    this.name = h("input", {type: "text", maxlength: 200, autocomplete: "off", dataset: {role: "plan-name"}});
    this.here = h("button", {type: "submit", dataset: {role: "plan-here"}});
    const state = h("form", {class: "share-line", novalidate: ""}, this.name, this.here);
    state.onsubmit = event => {
      event.preventDefault();
      this.keepState();
    };
    this.rewind = this.button("plan-rewind", () => plan.rewind());
    this.save = this.button("plan-save", () => saveFile(plan.file()));
    this.clear = new SureButton("plan-clear", () => this.empty());
    this.fileWords = h("span");
    this.file = h("input", {type: "file", accept: ".json,application/json", dataset: {role: "plan-file"}});
    this.file.onchange = () => {
      const [chosen] = this.file.files ?? [];
      if (chosen) plan.openFile(chosen);
      this.file.value = "";
    };
    const open = h("label", {class: "share-choose"}, this.fileWords, this.file);
    const line = h("div", {class: "plan-line"}, this.rewind, this.save, open, this.clear.element);
    this.element = h("section", {class: "plan"}, this.title, this.words, this.list, state, line);
  }

  /** @param {string} role @param {() => void} onclick */
  button(role, onclick) {
    return h("button", {type: "button", dataset: {role}, onclick});
  }

  /** Keep the run as it stands, or give a kept one another name. */
  keepState() {
    const {plan, renames} = this;
    const name = this.name.value.trim();
    const renamed = this.items[renames];
    if (renamed && !("question" in renamed)) plan.put(renames, {...renamed, name});
    else {
      const kept = plan.here(name);
      if (!kept || !plan.add(kept)) return;
    }
    this.name.value = "";
    this.renames = -1;
    this.named();
  }

  empty() {
    this.plan.clear();
    this.settle();
  }

  /** Items have other places: what was being changed may be elsewhere. */
  settle() {
    this.renames = -1;
    this.ask.done();
    this.named();
  }

  /** @type {Item[]} */
  items = [];

  /** @param {State} state */
  update({plan, room, lang}) {
    const key = JSON.stringify([lang, plan, room !== null]);
    if (key === this.painted) return;
    this.painted = key;
    this.items = plan.items;
    const some = plan.items.length > 0;
    setText(this.words, this.t(some ? "plan.words" : "plan.none"));
    this.rewind.hidden = !room || plan.next === 0;
    this.save.hidden = this.clear.element.hidden = !some;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    const role = this.list.contains(focused) ? focused?.dataset.role : undefined;
    const place = [...this.list.children].findIndex(row => row.contains(focused));
    this.list.replaceChildren(...plan.items.map((item, at) => this.row(item, at, plan.next, room !== null)));
    if (role) this.focusAgain(role, place);
  }

  /** The list was written anew under the hand: the focus stays with what was moved, or as near as can be.
   * @param {string} role @param {number} place */
  focusAgain(role, place) {
    const by = {"plan-up": -1, "plan-down": 1}[role] ?? 0;
    const row = this.list.children[Math.min(place + by, this.list.children.length - 1)];
    const wanted = row?.querySelector(`[data-role="${role}"]:enabled`) ?? row?.querySelector("button:enabled");
    (wanted instanceof HTMLElement ? wanted : this.name).focus();
  }

  /** @param {Item} item @param {number} at @param {number} next @param {boolean} open whether there is a class */
  row(item, at, next, open) {
    const {t, plan} = this;
    const words = itemWords(item, t);
    const asks = "question" in item;
    const go = h(
      "button",
      {type: "button", class: at === next ? "primary" : "", dataset: {role: "plan-go"}, onclick: () => plan.go(at)},
      t(asks ? "ask.send" : "plan.set"),
    );
    go.setAttribute("aria-label", `${go.textContent}: ${words}`);
    go.hidden = !open;
    const move = (/** @type {number} */ by) => {
      plan.move(at, by);
      this.settle();
    };
    const up = this.small("up", "↑", words, () => move(-1), at > 0);
    const down = this.small("down", "↓", words, () => move(1), at < this.items.length - 1);
    const edit = this.small("edit", "✎", words, () => this.edit(item, at));
    const remove = this.small("remove", "×", words, () => {
      plan.remove(at);
      this.settle();
    });
    const state = at === next ? "next" : at < next ? "done" : "later";
    const told = h("div", {}, h("span", {class: "plan-words"}, words));
    const buttons = h("div", {class: "share-buttons"}, go, up, down, edit, remove);
    return h("li", {dataset: {state, kind: asks ? "question" : "state"}}, told, buttons);
  }

  /** A button that is a sign. @param {string} role @param {string} sign @param {string} words
   * @param {() => void} onclick @param {boolean} [on] */
  small(role, sign, words, onclick, on = true) {
    const button = h(
      "button",
      {type: "button", class: "quiet", disabled: !on, dataset: {role: `plan-${role}`}, onclick},
      sign,
    );
    nameControl(button, `${this.t(`plan.${role}`)}: ${words}`);
    return button;
  }

  /** @param {Item} item @param {number} at */
  edit(item, at) {
    this.settle();
    if ("question" in item) {
      this.ask.change(at, item.question);
      return;
    }
    this.renames = at;
    this.name.value = item.name;
    this.named();
    this.name.focus();
  }

  named() {
    const {t} = this;
    setText(this.here, t(this.renames < 0 ? "plan.keep_state" : "plan.rename"));
    this.clear.write(t("plan.clear"), t("plan.clear_sure"));
  }

  write() {
    const {t} = this;
    this.painted = "";
    setText(this.title, t("plan.title"));
    this.name.placeholder = t("plan.name");
    this.name.setAttribute("aria-label", t("plan.name"));
    setText(this.rewind, t("plan.rewind"));
    setText(this.save, t("plan.save"));
    setText(this.fileWords, t("plan.open"));
    this.named();
  }
}
