// @ts-check
/**
 * What can be chosen about the surface: the point it goes through, how fine it becomes, its arrows, and the two
 * weights.
 */

import {h, setOptions, setText} from "../../draw/dom.js";
import {explain, nameControl} from "../../draw/explain.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ViewContext["t"]} Translate */
/**
 * @typedef {{through: (through: string) => void, finest: (resolution: number) => void, arrows: (on: boolean) => void,
 * penalties: (on: boolean) => void, pick: () => void}} Wishes
 */

/** What holds before the server has told its choice. */
const UNTOLD = {through: "auto", penalties: false};

export class SurfaceOptions {
  /** What was written last. */
  said = "";

  /** @param {Wishes} wishes @param {Translate} t */
  constructor(wishes, t) {
    this.t = t;
    this.through = listOf("surface-through", value => wishes.through(value));
    this.finest = listOf("surface-finest", value => wishes.finest(Number(value)));
    this.arrows = check("surface-arrows", on => wishes.arrows(on));
    this.penalties = check("surface-penalties", on => wishes.penalties(on));
    this.axes = h("span", {class: "surface-axes"});
    this.pick = h("button", {
      type: "button",
      class: "plot-button",
      dataset: {role: "surface-pick"},
      onclick: () => {
        this.open(false);
        wishes.pick();
      },
    });
    this.weights = h("div", {class: "surface-weights"}, this.axes, this.pick);
    this.note = h("p");
    this.element = h(
      "div",
      {class: "surface-options", hidden: true, role: "group"},
      this.through.row,
      this.weights,
      this.finest.row,
      this.arrows.row,
      this.penalties.row,
      this.note,
    );
    this.button = h(
      "button",
      {
        type: "button",
        class: "plot-button",
        dataset: {role: "surface-options"},
        "aria-expanded": "false",
        onclick: () => this.open(this.element.hidden),
      },
      "⋯",
    );
  }

  /** Opened, they have the focus: they do not stand behind their button. @param {boolean} shown */
  open(shown) {
    const {element, button} = this;
    if (element.hidden === !shown) return;
    element.hidden = !shown;
    button.setAttribute("aria-expanded", String(shown));
    const change = shown ? "addEventListener" : "removeEventListener";
    document[change]("pointerdown", this.away);
    document[change]("keydown", this.key, true);
    if (!shown) return;
    /** @type {NodeListOf<HTMLElement>} */
    const controls = element.querySelectorAll("select:enabled, input:enabled, button:enabled");
    [...controls].find(control => control.checkVisibility())?.focus({preventScroll: true});
  }

  /** A press elsewhere closes them. @param {Event} event */
  away = event => {
    const target = /** @type {Node} */ (event.target);
    if (!this.element.contains(target) && !this.button.contains(target)) this.open(false);
  };

  /** Escape gives the focus back to their button, wherever it has gone meanwhile. @param {Event} event */
  key = event => {
    if (/** @type {KeyboardEvent} */ (event).key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.open(false);
    this.button.focus();
  };

  /** @param {State} state */
  update(state) {
    const chosen = chosenIn(state);
    const key = [state.lang, Boolean(state.options), ...Object.values(chosen)].join();
    if (key === this.said) return;
    this.said = key;
    this.writeNames();
    this.writeChoices(chosen, state.options?.through ?? [], state.options?.resolutions ?? []);
  }

  writeNames() {
    const {t, button, element, through, finest, arrows, penalties, pick} = this;
    nameControl(button, t("surface.options"));
    element.setAttribute("aria-label", t("surface.options"));
    setText(through.label, t("surface.through"));
    explain(through.row, t("surface.through_title"));
    setText(finest.label, t("surface.finest"));
    setText(arrows.label, t("surface.arrows"));
    setText(penalties.label, t("surface.penalties"));
    setText(pick, t("surface.pick"));
  }

  /**
   * @param {ReturnType<typeof chosenIn>} chosen
   * @param {string[]} points that the plane may go through
   * @param {number[]} resolutions that the picture may end with
   */
  writeChoices(chosen, points, resolutions) {
    const {t, through, finest, arrows, penalties} = this;
    setOptions(
      through.select,
      points.map(value => ({value, label: t(`surface.through_${value}`)})),
    );
    through.select.value = chosen.point;
    setOptions(
      finest.select,
      resolutions.map(value => ({value: String(value), label: `${value} × ${value}`})),
    );
    finest.select.value = String(chosen.resolution);
    arrows.box.checked = chosen.arrows;
    penalties.box.checked = chosen.penalties;
    penalties.row.hidden = !chosen.penalized && !chosen.penalties;
    this.weights.hidden = chosen.plane !== "weights";
    setText(this.axes, chosen.names);
    setText(this.note, t(chosen.note));
  }

  destroy() {
    document.removeEventListener("pointerdown", this.away);
    document.removeEventListener("keydown", this.key, true);
  }
}

/** What the options show of a state. @param {State} state */
export function chosenIn({surface, view, plane_choice, layout, config, options}) {
  const untold = {...UNTOLD, plane: view.plane, resolution: options?.resolutions.at(-1) ?? 0};
  const {plane, through, resolution, penalties} = plane_choice ?? untold;
  return {
    plane,
    point: pointOf(plane, through),
    resolution,
    arrows: view.arrows,
    penalties,
    penalized: Boolean(config?.l1 || config?.l2),
    names: surface?.plane === "weights" ? surface.axes.join("  ") : "",
    note: noteOf(penalties, layout?.normalization ?? []),
  };
}

/** The key of what there is to know about the losses. @param {boolean} penalties whether they are counted
 * @param {(string | null)[]} normalization per layer */
function noteOf(penalties, normalization) {
  if (penalties) return "surface.note_penalties";
  return normalization.includes("batch") ? "surface.note_batch" : "surface.note";
}

/** The point that "auto" stands for. @param {string} plane @param {string} through */
function pointOf(plane, through) {
  if (through !== "auto") return through;
  return plane === "pca" ? "mean" : "current";
}

/** A list to choose from, under its name. @param {string} role @param {(value: string) => void} chosen */
function listOf(role, chosen) {
  const select = h("select", {class: "plot-select", dataset: {role}, onchange: () => chosen(select.value)});
  const label = h("span");
  return {select, label, row: h("label", {}, label, select)};
}

/** A box to tick, before its name. @param {string} role @param {(on: boolean) => void} ticked */
function check(role, ticked) {
  const box = h("input", {type: "checkbox", dataset: {role}, onchange: () => ticked(box.checked)});
  const label = h("span");
  return {box, label, row: h("label", {class: "surface-check"}, box, label)};
}
