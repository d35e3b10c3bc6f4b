// @ts-check
/**
 * What can be chosen about the surface: the point it goes through, how fine it becomes, its arrows, and the two
 * weights.
 */

import {h, setOptions, setText} from "../../draw/dom.js";

/** @typedef {import("../../types").State} State */

/**
 * @typedef {{through: (through: string) => void, finest: (resolution: number) => void, arrows: (on: boolean) => void,
 * penalties: (on: boolean) => void, pick: () => void}} Wishes
 */

const FINEST = [32, 64, 128];

/** @param {Wishes} wishes @param {import("../../types").ViewContext["t"]} t */
export function surfaceOptions(wishes, t) {
  const through = h("select", {
    class: "plot-select",
    dataset: {role: "surface-through"},
    onchange: () => wishes.through(through.value),
  });
  const throughLabel = h("span");
  const finest = h("select", {
    class: "plot-select",
    dataset: {role: "surface-finest"},
    onchange: () => wishes.finest(Number(finest.value)),
  });
  const finestLabel = h("span");
  const arrows = h("input", {
    type: "checkbox",
    dataset: {role: "surface-arrows"},
    onchange: () => wishes.arrows(arrows.checked),
  });
  const arrowsLabel = h("span");
  const penalties = h("input", {
    type: "checkbox",
    dataset: {role: "surface-penalties"},
    onchange: () => wishes.penalties(penalties.checked),
  });
  const penaltiesLabel = h("span");
  const penaltiesRow = h("label", {class: "surface-check"}, penalties, penaltiesLabel);
  const axes = h("span", {class: "surface-axes"});
  const pick = h("button", {
    type: "button",
    class: "plot-button",
    dataset: {role: "surface-pick"},
    onclick: () => {
      open(false);
      wishes.pick();
    },
  });
  const weights = h("div", {class: "surface-weights"}, axes, pick);
  const note = h("p");
  const element = h(
    "div",
    {class: "surface-options", hidden: true, role: "group"},
    h("label", {}, throughLabel, through),
    weights,
    h("label", {}, finestLabel, finest),
    h("label", {class: "surface-check"}, arrows, arrowsLabel),
    penaltiesRow,
    note,
  );
  const button = h(
    "button",
    {
      type: "button",
      class: "plot-button",
      dataset: {role: "surface-options"},
      "aria-expanded": "false",
      onclick: () => open(element.hidden),
    },
    "⋯",
  );
  element.addEventListener("keydown", event => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    open(false);
    button.focus();
  });
  const away = (/** @type {Event} */ event) => {
    const target = /** @type {Node} */ (event.target);
    if (!element.contains(target) && !button.contains(target)) open(false);
  };
  let said = "";

  /** @param {boolean} shown */
  function open(shown) {
    element.hidden = !shown;
    button.setAttribute("aria-expanded", String(shown));
    if (shown) document.addEventListener("pointerdown", away);
    else document.removeEventListener("pointerdown", away);
  }

  return {
    element,
    button,
    /** @param {State} state */
    update({lang, options, surface, view, plane_choice: choice, layout, config}) {
      const plane = choice?.plane ?? view.plane;
      const point = choice?.through === "auto" || !choice ? (plane === "pca" ? "mean" : "current") : choice.through;
      const normalized = layout?.normalization?.includes("batch") ?? false;
      const names = surface?.plane === "weights" ? surface.axes.join("  ") : "";
      const key = [
        lang,
        Boolean(options),
        plane,
        point,
        choice?.resolution,
        view.arrows,
        normalized,
        names,
        choice?.penalties,
        config?.l1,
        config?.l2,
      ].join();
      if (key === said) return;
      said = key;
      button.title = t("surface.options");
      button.setAttribute("aria-label", button.title);
      element.setAttribute("aria-label", button.title);
      setText(throughLabel, t("surface.through"));
      throughLabel.parentElement?.setAttribute("title", t("surface.through_title"));
      setOptions(
        through,
        (options?.through ?? ["mean", "start", "current", "end"]).map(value => ({
          value,
          label: t(`surface.through_${value}`),
        })),
      );
      through.value = point;
      setText(finestLabel, t("surface.finest"));
      setOptions(
        finest,
        FINEST.map(value => ({value: String(value), label: `${value} × ${value}`})),
      );
      finest.value = String(choice?.resolution ?? 128);
      setText(arrowsLabel, t("surface.arrows"));
      arrows.checked = view.arrows;
      setText(penaltiesLabel, t("surface.penalties"));
      penalties.checked = choice?.penalties ?? false;
      penaltiesRow.hidden = !config?.l1 && !config?.l2 && !penalties.checked;
      weights.hidden = plane !== "weights";
      setText(axes, names);
      setText(pick, t("surface.pick"));
      setText(
        note,
        t(choice?.penalties ? "surface.note_penalties" : normalized ? "surface.note_batch" : "surface.note"),
      );
    },
    destroy: () => document.removeEventListener("pointerdown", away),
  };
}
