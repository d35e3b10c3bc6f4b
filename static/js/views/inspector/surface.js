// @ts-check
/** From a parameter to the loss surface: as one of the two weights whose plane is shown. */

import {h, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";

/** @param {import("../../types").ViewContext} context */
export function createSurfaceAxes({t, act, choose}) {
  const label = h("span");
  const axes = /** @type {const} */ (["α", "β"]).map((name, axis) =>
    h("button", {type: "button", dataset: {role: `inspector-axis-${axis}`}, onclick: () => show(axis)}, name),
  );
  const element = h("div", {class: "inspector-axes", role: "group"}, label, ...axes);
  let index = -1;
  /** @type {import("../../types").State | null} */ let state = null;

  /** @param {number} axis */
  function show(axis) {
    const before = state?.plane_choice?.weights ?? [0, 1];
    const fixed = (state?.layout?.blocks ?? []).filter(block => block.fixed);
    const trained = (/** @type {number} */ k) =>
      !fixed.some(({offset, rows, cols}) => k >= offset + (rows - 1) * cols && k < offset + rows * cols);
    let other = before[1 - axis];
    for (let k = 0; other === index || !trained(other); k++) other = k;
    choose({plane: "weights", picking: null});
    act("surface", {plane: "weights", weights: axis ? [other, index] : [index, other]});
  }

  return {
    element,
    /** @param {import("../../types").State} next @param {number} place in θ, −1 for none */
    update(next, place) {
      state = next;
      index = place;
      const choice = next.plane_choice;
      setText(label, t("inspector.on_surface"));
      axes.forEach((button, axis) => {
        explain(button, t("inspector.on_surface_title", {axis: axis ? "β" : "α"}));
        button.setAttribute("aria-pressed", String(choice?.plane === "weights" && choice.weights[axis] === place));
      });
    },
  };
}
