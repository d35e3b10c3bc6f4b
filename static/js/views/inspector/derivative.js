// @ts-check
/** The derivative of what is inspected: the chain rule's tree, the gradient that was streamed, and a difference. */

import {h, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {plain} from "../../draw/format.js";
import {gradientSteps, letterOf} from "../shared/symbols.js";
import {Live} from "./math.js";
import {isParameter} from "./scene.js";
import {Tree} from "./tree.js";
import {sayVerdict} from "./verdict.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("../../types").ViewContext["t"]} Translate */

export class DerivativeSection {
  /**
   * @param {Translate} t @param {ConstructorParameters<typeof Tree>[0]} hands @param {() => void} measure
   * @param {() => void} openGraph
   */
  constructor(t, hands, measure, openGraph) {
    this.t = t;
    this.tree = new Tree(hands);
    this.title = h("h4", {});
    this.gradient = new Live(4);
    this.words = h("span");
    const number = h("output", {dataset: {role: "inspector-streamed"}}, this.gradient.node);
    this.steps = h("div", {class: "inspector-steps", dataset: {role: "inspector-steps"}});
    this.streamed = h("div", {}, h("p", {class: "inspector-streamed"}, this.words, number), this.steps);
    this.check = h("button", {
      type: "button",
      class: "inspector-check",
      dataset: {role: "inspector-check"},
      onclick: measure,
    });
    this.graph = h("button", {
      type: "button",
      class: "inspector-check",
      dataset: {role: "inspector-graph"},
      onclick: openGraph,
    });
    const verdict = {class: "inspector-verdict", "aria-live": "polite", dataset: {role: "inspector-verdict"}};
    this.verdict = h("div", verdict);
    this.element = h(
      "section",
      {class: "inspector-chain"},
      this.title,
      this.tree.element,
      this.streamed,
      h("div", {class: "inspector-measure"}, this.check, this.graph, this.verdict),
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
    setText(this.graph, t("graph.open"));
    explain(this.graph, t("graph.open_title"));
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

  /** ∂C/∂w of the last batch, and what penalties, noise and clipping made of it. @param {Scene} scene */
  showStreamed({layout, pick, found, batch}) {
    const shown = isParameter(pick) && batch;
    this.streamed.hidden = !shown;
    if (!shown) return;
    const {slope = found.gradient, penalty, noise, clipped} = found;
    this.gradient.set(slope);
    setText(this.words, this.t("inspector.streamed", {w: letterOf(pick, layout.sizes), n: found.samples ?? 0}));
    const parts = {penalty: penalty || null, noise: noise || null, used: clipped === slope ? null : clipped};
    this.steps.replaceChildren(
      ...gradientSteps(parts).map(({words, value}) =>
        h(
          "p",
          {class: "inspector-streamed"},
          h("span", {}, this.t(words)),
          h("output", {dataset: {role: words}}, plain(value, 4)),
        ),
      ),
    );
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
