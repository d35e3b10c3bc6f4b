// @ts-check
/** Where the run stands, in numbers: step, epoch, losses and accuracy. */

import {h, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {ascii, percent} from "../../draw/format.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Frame} Frame */

/** Of huge numbers the size says it all. @param {number} x */
const brief = x => ascii(x, Math.abs(x) >= 1e6 ? 2 : 4);

/** @param {string} role @param {string} key of its label */
function readout(role, key) {
  const value = h("dd", {dataset: {role}}, "–");
  const label = h("dt", {dataset: {i18n: key}});
  return {value, label, element: h("div", {class: `readout readout-${role}`}, label, value)};
}

/**
 * @param {import("../../types").ViewContext} context
 * @returns {{element: HTMLElement, update: (state: State, frame: Frame) => void}}
 */
export function readoutsOf({t}) {
  const all = {
    step: readout("step-count", "bar.step"),
    epoch: readout("epoch", "bar.epoch"),
    loss: readout("loss", "bar.loss"),
    test: readout("test-loss", "bar.test_loss"),
    accuracy: readout("accuracy", "bar.accuracy"),
  };
  const {step, epoch, loss, test, accuracy} = all;

  /** Losses and accuracies are measured less often than steps are taken: the card says when. @param {Frame} frame */
  function showAge(frame) {
    const late = frame.measured < frame.step ? t("bar.measured", {step: frame.measured}) : "";
    explain(loss.element, late);
    explain(test.element, late);
    for (const {element} of [loss, test, accuracy]) element.classList.toggle("late", late !== "");
  }

  /** @param {State} state @param {Frame} frame @param {boolean} untested */
  function showAccuracy(state, frame, untested) {
    const regression = state.data?.kind === "regression";
    const show = regression ? ascii : percent;
    setText(accuracy.label, t(regression ? "bar.r2" : "bar.accuracy"));
    const shown = untested ? frame.accuracy : frame.test_accuracy;
    setText(accuracy.value, regression ? brief(shown) : percent(shown));
    explain(accuracy.element, t("bar.accuracy_title", {train: show(frame.accuracy), test: show(frame.test_accuracy)}));
  }

  return {
    element: h("dl", {class: "readouts"}, ...Object.values(all).map(one => one.element)),
    update(state, frame) {
      const untested = state.data?.train === state.data?.n;
      const landscape = Boolean(state.layout?.landscape);
      setText(step.value, String(frame.step));
      setText(epoch.value, String(frame.epoch));
      setText(loss.value, brief(frame.loss));
      setText(test.value, untested ? "–" : brief(frame.test_loss));
      showAge(frame);
      for (const {element} of [test, accuracy, epoch]) element.hidden = landscape;
      showAccuracy(state, frame, untested);
    },
  };
}
