// @ts-check
/** The strip of lanes in the bar: who runs, in which colour, how far down; add, look at, keep or remove one. */

import {h, setText} from "../../draw/dom.js";
import {explain, nameControl} from "../../draw/explain.js";
import {integer, plain} from "../../draw/format.js";
import {nameKeeper} from "../../model/lane_names.js";
import {letterOf, runnersOf} from "../../model/lanes.js";
import {nameOf} from "../../model/measures.js";
import {addMenu} from "./add.js";
import {openBelow} from "../shared/below.js";

/** @typedef {import("../../types").State} State */

/** @typedef {{element: HTMLElement, button: HTMLButtonElement, name: HTMLElement, loss: HTMLElement}} Chip */

/** A button of the strip. @param {string} role @param {string} style @param {() => void} onclick
 * @param {Record<string, string>} [more] @param {string} [words] */
function stripButton(role, style, onclick, more = {}, words = "") {
  return h("button", {type: "button", class: style, dataset: {role}, ...more, onclick}, ...(words ? [words] : []));
}

/** What can be done with the lane in focus: keep it alone, or remove it. */
class Decisions {
  /** @param {(op: string) => void} decide */
  constructor(decide) {
    const button = (/** @type {string} */ role, /** @type {string} */ op) =>
      h("button", {
        type: "button",
        role: "menuitem",
        dataset: {role},
        onclick: () => {
          this.element.hidePopover();
          decide(op);
        },
      });
    this.keep = button("lane-keep", "lane_promote");
    this.remove = button("lane-remove", "lane_remove");
    const shell = {class: "lane-menu lane-decisions", popover: "auto", role: "menu"};
    this.element = h("div", shell, this.keep, this.remove);
  }

  /** @param {HTMLElement} anchor @param {string} keep @param {string} remove words */
  open(anchor, keep, remove) {
    setText(this.keep, keep);
    setText(this.remove, remove);
    this.element.setAttribute("aria-label", anchor.getAttribute("aria-label") ?? "");
    openBelow(this.element, anchor);
  }
}

class LaneStrip {
  /** @param {HTMLElement} root @param {import("../../types").ViewContext} context */
  constructor(root, context) {
    this.root = root;
    this.t = context.t;
    this.act = context.act;
    /** @type {State | null} */ this.state = null;
    /** @type {Map<number, Chip>} */ this.chips = new Map();
    /** @type {unknown[]} */ this.drawn = [];
    this.names = nameKeeper();
    this.phone = matchMedia("(max-width: 640px)");
    this.menu = addMenu(context);
    this.strip = h("div", {class: "lane-strip", role: "group", dataset: {role: "lanes"}});
    this.add = stripButton("lane-add", "lane-add", () => this.openMenu(), {"aria-haspopup": "dialog"});
    this.race = stripButton("race", "lane-race", () => context.choose({race: !this.state?.view.race}));
    this.more = stripButton("lane-more", "lane-more", () => this.openChoices(), {"aria-haspopup": "menu"}, "⋯");
    this.decisions = new Decisions(op => this.state && this.act(op, {lane: this.state.lane}));
    root.append(this.strip, this.add, this.race, this.menu.element, this.decisions.element);
    this.room = new ResizeObserver(() => this.fit());
    this.room.observe(root);
  }

  /** @param {number} id @returns {string} */
  nameOf(id) {
    return (this.state && this.names(this.state, this.t).get(id)) ?? "";
  }

  openMenu() {
    if (this.state) this.menu.open(this.state, this.nameOf(this.state.lane), this.add);
  }

  openChoices() {
    if (!this.state) return;
    const name = `${letterOf(this.state.lane)} (${this.nameOf(this.state.lane)})`;
    this.decisions.open(this.more, this.t("lanes.keep", {name}), this.t("lanes.remove", {name}));
  }

  /** @param {number} id */
  focus(id) {
    if (id !== this.state?.lane) this.act("lane_focus", {lane: id});
  }

  /** @param {number} id @returns {Chip} */
  chipOf(id) {
    const name = h("span", {class: "lane-name"});
    const loss = h("b", {class: "lane-loss", dataset: {measure: "train_loss"}});
    const badge = h("i", {class: "lane-badge", "aria-hidden": "true"}, letterOf(id));
    const onclick = () => this.focus(id);
    const button = h("button", {type: "button", class: "lane-focus", onclick}, badge, name, loss);
    return {element: h("div", {class: "lane-chip", dataset: {lane: id}}, button), button, name, loss};
  }

  /** Chips for the lanes there are, in their order. @param {State} state */
  build({lanes, lane}) {
    const {chips} = this;
    for (const id of chips.keys()) if (!lanes.some(one => one.id === id)) chips.delete(id);
    for (const {id} of lanes) if (!chips.has(id)) chips.set(id, this.chipOf(id));
    this.strip.replaceChildren(...lanes.map(({id}) => /** @type {Chip} */ (chips.get(id)).element));
    chips.get(lane)?.element.append(this.more);
    this.root.dataset.count = String(lanes.length);
  }

  /**
   * Names that have no room are heard alone, that of the lane in focus last: they stand in the race too. A phone has a
   * second line instead.
   */
  fit() {
    const {strip} = this;
    if (strip.hidden) return;
    const all = [...this.chips.values()];
    const focus = all.filter(({button}) => button.ariaPressed === "true");
    for (const {name} of all) name.classList.remove("spoken");
    if (this.phone.matches) return;
    for (const {name} of [...all.filter(chip => !focus.includes(chip)).reverse(), ...focus]) {
      if (strip.scrollWidth <= strip.clientWidth) return;
      name.classList.add("spoken");
    }
  }

  /** @param {State} state */
  words({lanes, lane, data, layout}) {
    const {t} = this;
    for (const {id, status, step} of lanes) {
      const chip = this.chips.get(id);
      if (!chip) continue;
      const name = this.nameOf(id);
      const focus = id === lane;
      setText(chip.name, name);
      chip.button.setAttribute("aria-pressed", String(focus));
      chip.element.dataset.kind = status.kind;
      const gone = status.kind === "diverged";
      const standing = gone
        ? t("lanes.diverged_at", {step: integer(status.step ?? step)})
        : t(focus ? "lanes.in_focus" : "lanes.focus");
      const measure = t(`measure.${nameOf("loss", {data, layout})}`);
      explain(chip.button, `${letterOf(id)} · ${name}\n${measure}\n${standing}`);
    }
    nameControl(this.more, t("lanes.more"));
    this.strip.setAttribute("aria-label", t("lanes.title"));
  }

  /** The lanes' losses, and the step that a lane from here would begin at. @param {State} state */
  readNumbers(state) {
    this.menu.readNumbers(state);
    if (state.lanes.length < 2) return;
    for (const {id, loss, status} of runnersOf(state)) {
      const chip = this.chips.get(id);
      const shown = Number.isNaN(loss) ? "" : plain(loss, 3);
      if (chip) setText(chip.loss, status.kind === "diverged" ? "✕" : shown);
    }
  }

  /** The buttons beside the strip. @param {State} state */
  buttons({lanes, connection, frame, view, options}) {
    const {t, add, race} = this;
    const many = lanes.length > 1;
    const most = options?.limits.lanes ?? 1;
    this.strip.hidden = race.hidden = !many;
    add.hidden = lanes.length >= most;
    add.disabled = connection !== "open" || !frame;
    setText(add, t("lanes.add"));
    explain(add, t("lanes.add_title", {n: most}));
    setText(race, t("lanes.race"));
    explain(race, t("lanes.race_title"));
    race.setAttribute("aria-pressed", String(many && view.race));
  }

  /** Whether what changes more seldom than the losses has changed. @param {State} next */
  changed(next) {
    const lanes = next.lanes.flatMap(({id, config, status}) => [id, config, status.kind]);
    const {lang, layout, connection, lane, view} = next;
    const key = [lang, layout, connection, lane, view.race, next.frame === null, ...lanes];
    const same = key.length === this.drawn.length && key.every((one, k) => one === this.drawn[k]);
    this.drawn = key;
    return !same;
  }

  /** @param {State} next */
  update(next) {
    this.state = next;
    if (this.changed(next)) {
      this.build(next);
      this.words(next);
      this.buttons(next);
      this.fit();
      this.menu.follow(next, this.nameOf(next.lane));
    }
  }

  destroy() {
    this.room.disconnect();
    this.root.replaceChildren();
  }
}

/**
 * @param {HTMLElement} root
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View}
 */
export function lanesView(root, context) {
  return new LaneStrip(root, context);
}
