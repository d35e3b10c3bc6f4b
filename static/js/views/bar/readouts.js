// @ts-check
/** Where the run stands, in numbers: step, epoch, losses and accuracy, each by the name of what it is of. */

import {h, hide, setAttribute, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {integer, percent, plain} from "../../draw/format.js";
import {behind} from "../../model/lanes.js";
import {leading, meaningOf, nameOf, numberOf, rated, tested} from "../../model/measures.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Frame} Frame */
/** @typedef {import("../../model/measures.js").Field} Field */
/** @typedef {ReturnType<typeof readout>} Readout */

/** Of huge numbers the size says it all. @param {number} x */
const brief = x => plain(x, Math.abs(x) >= 1e6 ? 2 : 4);

/** @param {string} role */
function readout(role) {
  const value = h("dd", {dataset: {role}}, "–");
  const label = h("dt");
  return {value, label, element: h("div", {class: `readout readout-${role}`}, label, value)};
}

/**
 * @param {import("../../types").ViewContext} context
 * @returns {{element: HTMLElement, update: (state: State, frame: Frame) => void}}
 */
export function readoutsOf({t}) {
  const [step, epoch] = ["step-count", "epoch"].map(readout);
  const [loss, objective, test, accuracy] = ["loss", "objective", "test-loss", "accuracy"].map(readout);

  /**
   * A number under its own name; what it means exactly is told on demand.
   * @param {Readout} where @param {Field} field @param {State} state @param {Frame} frame
   */
  function write({element, label, value}, field, state, frame) {
    const name = nameOf(field, state);
    const number = numberOf(field, frame);
    const late = frame.measured < frame.step;
    setText(label, t(`measure.${name}`));
    setText(value, name.endsWith("_accuracy") ? percent(number) : brief(number));
    explain(element, meaningOf(name, state, t, late ? frame.measured : null));
    setAttribute(value, "data-measure", name);
    element.classList.toggle("late", late);
  }

  /** Losses and accuracies are measured less often than steps are taken: then it is said of which step they are.
   * @param {Frame} frame */
  function writeStep({step: now, measured, epoch: passed}) {
    setText(step.label, measured < now ? t("bar.step_measured", {step: measured}) : t("bar.step"));
    setText(epoch.label, t("bar.epoch"));
    setText(step.value, integer(now));
    setText(epoch.value, integer(passed));
    explain(epoch.element, t("bar.epoch_title"));
  }

  return {
    element: h("dl", {class: "readouts"}, ...[step, epoch, loss, objective, test, accuracy].map(one => one.element)),
    update(state, frame) {
      const landscape = Boolean(state.layout?.landscape);
      writeStep(frame);
      setAttribute(step.value, "aria-busy", String(behind(state)));
      write(loss, "loss", state, frame);
      write(objective, "objective", state, frame);
      write(test, "test_loss", state, frame);
      write(accuracy, leading(state.data), state, frame);
      hide(epoch.element, landscape);
      hide(accuracy.element, landscape || !rated(state.data));
      hide(test.element, landscape || !tested(state.data));
      hide(objective.element, frame.penalty === null);
    },
  };
}
