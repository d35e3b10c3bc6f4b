// @ts-check
/** The derivative of what is inspected: the chain rule's tree, the gradient that was streamed, and a difference. */

import {h, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {letterOf} from "../shared/symbols.js";
import {Live} from "./math.js";
import {isParameter} from "./scene.js";
import {Tree} from "./tree.js";
import {sayVerdict} from "./verdict.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("../../types").ViewContext["t"]} Translate */

export class DerivativeSection {
  /** @param {Translate} t @param {ConstructorParameters<typeof Tree>[0]} hands @param {() => void} measure */
  constructor(t, hands, measure) {
    this.t = t;
    this.tree = new Tree(hands);
    this.title = h("h4", {});
    this.gradient = new Live(4);
    this.penalty = new Live(4);
    this.words = h("span");
    const number = h("output", {dataset: {role: "inspector-streamed"}}, this.gradient.node);
    this.streamed = h("p", {class: "inspector-streamed"}, this.words, number);
    this.check = h("button", {
      type: "button",
      class: "inspector-check",
      dataset: {role: "inspector-check"},
      onclick: measure,
    });
    const verdict = {class: "inspector-verdict", "aria-live": "polite", dataset: {role: "inspector-verdict"}};
    this.verdict = h("div", verdict);
    this.element = h(
      "section",
      {class: "inspector-chain"},
      this.title,
      this.tree.element,
      this.streamed,
      h("div", {class: "inspector-measure"}, this.check, this.verdict),
    );
  }

  /** What was measured no longer holds. */
  clear() {
    this.verdict.replaceChildren();
    delete this.verdict.dataset.agree;
    this.tree.clear();
  }

  /** @param {Pick} pick */
  name(pick) {
    const {t} = this;
    setText(this.check, t("inspector.check"));
    explain(this.check, t("inspector.check_title"));
    const error = pick.layer ? "inspector.error" : "inspector.input_error";
    setText(this.title, t(isParameter(pick) ? "inspector.chain" : error));
    this.verdict.replaceChildren();
    this.tree.clear();
  }

  /** @param {Scene} scene */
  show({state, layout, found}) {
    this.element.hidden = !found.tree;
    if (found.tree) this.tree.update(found.tree, layout.sizes, found.rows ?? [], state.lang);
    this.tree.hover(state.view.hover);
  }

  /** The gradient as it came with the frame, and what penalties added. @param {Scene} scene */
  showStreamed({layout, pick, found, batch}) {
    const shown = isParameter(pick) && batch;
    const regular = shown && Boolean(found.penalty);
    this.streamed.hidden = !shown;
    this.gradient.set(found.gradient);
    if (regular) this.penalty.set(found.penalty);
    const key = regular ? "inspector.streamed_penalty" : "inspector.streamed";
    const names = {w: letterOf(pick, layout.sizes), penalty: this.penalty.node.data};
    setText(this.words, this.t(key, names));
  }

  /** @param {boolean} on */
  showChecking(on) {
    this.check.disabled = on;
    setText(this.check, this.t(on ? "inspector.checking" : "inspector.check"));
  }

  /** @param {Record<string, unknown>} reply */
  sayMeasured(reply) {
    sayVerdict(this.verdict, /** @type {any} */ (reply), this.t);
  }
}
