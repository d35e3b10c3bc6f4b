// @ts-check
/** A parameter by itself: its value to edit, its way and its gradient's, its axis of the surface and its last step. */

import {h} from "../../draw/dom.js";
import {letterOf, symbol} from "../shared/symbols.js";
import {Editor} from "./edit.js";
import {createSparkline} from "./history.js";
import {math, op} from "./math.js";
import {isParameter, parameterOf} from "./scene.js";
import {createSurfaceAxes} from "./surface.js";
import {createUpdate} from "./update.js";

/** @typedef {import("./scene.js").Scene} Scene */

export class ValueSection {
  /** @param {import("../../types").ViewContext} context */
  constructor(context) {
    this.editor = new Editor(context);
    this.axes = createSurfaceAxes(context);
    this.values = createSparkline(context, "weight");
    this.gradients = createSparkline(context, "gradient");
    this.step = createUpdate(context);
    const ways = h("div", {class: "inspector-ways"}, this.values.element, this.gradients.element);
    this.element = h("section", {class: "inspector-value"}, this.editor.element, this.axes.element, ways);
  }

  clear() {
    this.values.clear();
    this.gradients.clear();
  }

  /** @param {Scene} scene @param {import("./watch.js").Watch} watch */
  show({state, layout, pick, found, palette}, watch) {
    const own = isParameter(pick);
    const {index, parameter} = parameterOf(pick, found, layout);
    this.element.hidden = index < 0;
    const value = own ? found.value : state.frame?.P[index];
    if (index >= 0 && value !== null && value !== undefined) {
      const name = () => math(symbol(parameter, layout.sizes), op("="));
      this.editor.update(index, value, name, state.connection === "open");
      this.axes.update(state, index);
    }
    this.values.element.hidden = this.gradients.element.hidden = !own;
    if (own) {
      this.values.update(watch.values, palette, palette.text, !state.playing);
      this.gradients.update(watch.gradients, palette, palette.backward, !state.playing);
    }
    const terms = own ? found.terms : undefined;
    this.step.update(found.formula, terms, letterOf(pick, layout.sizes), state.lang);
  }

  /** An input has none. @param {string} lang */
  hide(lang) {
    this.element.hidden = true;
    this.step.update(undefined, undefined, "x", lang);
  }
}
