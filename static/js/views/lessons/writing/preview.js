// @ts-check
/** A step as a student will see it, made of what the server has read; or what is wrong, and in which step. */

import {h, setText} from "../../../draw/dom.js";
import {faultsOf, liveText} from "../expressions.js";
import {faultWords} from "../faults.js";
import {stepOf} from "../frame.js";
import {NOTHING, quantitiesOf} from "../quantities.js";

/** @typedef {import("../../../types").State} State */
/** @typedef {import("../faults.js").Fault} Fault */

export class Preview {
  /**
   * @param {object} hands
   * @param {import("../lesson.js").LessonContext} hands.context
   * @param {() => State | null} hands.state
   * @param {(fault: {file: string, line: number}) => {label: string, go: () => void} | null} hands.where finds the step
   */
  constructor({context, state, where}) {
    this.context = context;
    this.state = state;
    this.where = where;
    /** @type {import("../nodes.js").Live[]} */
    this.lives = [];
    this.faults = h("div", {class: "writing-faults", role: "status", dataset: {role: "writing-faults"}});
    this.step = h("div", {class: "lesson-body writing-preview", dataset: {role: "writing-preview"}});
    this.element = h("section", {}, h("h3", {}, context.t("writing.preview")), this.faults, this.step);
  }

  /** Whether it could not be read. */
  get broken() {
    return this.step.classList.contains("stale");
  }

  /** @param {any} reply of the server @param {number} at which step */
  show(reply, at) {
    const {t, wordsOf} = this.context;
    if (reply.ok === false) {
      const {fault} = reply;
      const words = fault ? faultWords(fault, t, wordsOf) : (wordsOf?.(reply) ?? reply.message);
      this.faults.replaceChildren(this.line(fault ?? null, words));
      this.step.classList.add("stale");
      return;
    }
    const faults = faultsOf(reply.lesson).map(({file, line, key, params}) =>
      this.line({file, line}, t("lesson.fault", {file, line, words: t(key, params)})),
    );
    this.faults.replaceChildren(...faults);
    this.step.classList.remove("stale");
    const step = reply.lesson.steps[at];
    if (!step) return this.clear();
    const quantity = () => quantitiesOf(/** @type {State} */ (this.state()), NOTHING);
    const shown = stepOf(step, {
      t,
      serial: "preview",
      chosen: answer => shown.question?.show(answer),
      checked() {},
      quantity,
    });
    shown.question?.show(0);
    this.lives = shown.lives;
    this.step.replaceChildren(...shown.parts);
    this.update();
  }

  clear() {
    this.lives = [];
    this.step.replaceChildren();
  }

  /** @param {{file: string, line: number} | null} fault @param {string} words */
  line(fault, words) {
    const place = fault && this.where(fault);
    const go = place && h("button", {type: "button", class: "quiet", onclick: place.go}, place.label);
    return h("p", {class: "lesson-broken"}, words, " ", go || null);
  }

  /** Numbers of the run in the words. */
  update() {
    const state = this.state();
    if (!state) return;
    const quantity = quantitiesOf(state, NOTHING);
    for (const {element, expression} of this.lives) setText(element, liveText(expression, quantity));
  }
}
