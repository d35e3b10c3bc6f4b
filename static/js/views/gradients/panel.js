// @ts-check
/** The panel of the gradients: legend, factor, buttons and the stage with its words. Decides nothing. */

import {h, hide, setAttribute, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {letterOf} from "../../model/lanes.js";

/** @typedef {import("../../types").ViewContext["t"]} Translate */

export class Panel {
  /** @param {HTMLElement} root @param {{openCures: () => void, turnLaboratory: () => void}} hands */
  constructor(root, {openCures, turnLaboratory}) {
    this.legend = /** @type {const} */ (["delta", "gradient"]).map(name => {
      const words = h("span");
      return {name, words, element: h("span", {dataset: {norm: name}}, h("i", {"aria-hidden": "true"}), words)};
    });
    this.company = h("span", {class: "gradients-lanes", hidden: true});
    this.factor = h("output", {class: "gradients-factor"});
    this.cures = button("cures-open", "cures", openCures);
    this.laboratory = button("lab-open-button", "laboratory", turnLaboratory);
    this.head = h(
      "div",
      {class: "plot-head gradients-head"},
      h("div", {class: "plot-legend"}, ...this.legend.map(({element}) => element), this.company),
      this.factor,
      this.cures,
      this.laboratory,
    );
    this.stage = h("div", {class: "plot-stage"});
    this.emptyTitle = h("strong");
    this.emptyText = h("span");
    this.empty = h("div", {class: "plot-empty"}, this.emptyTitle, this.emptyText);
    this.tip = h("div", {class: "plot-tip", hidden: true});
    this.clip = h("output", {class: "gradients-clip", dataset: {role: "clipping"}});
    root.append(this.head, this.stage);
    this.badges = "";
  }

  /** What lies over the canvas. */
  cover() {
    this.stage.append(this.empty, this.clip, this.tip);
  }

  /**
   * Names of norms and buttons.
   * @param {{landscape: boolean, empty: boolean, laboratory: boolean}} now `laboratory`: whether it is open
   * @param {Translate} t
   */
  name({landscape, empty, laboratory}, t) {
    for (const {name, words, element} of this.legend) {
      const key = landscape ? `landscape.size_${name}` : `gradients.${name}`;
      setText(words, t(key));
      explain(element, t(`${key}_title`));
      hide(element, empty);
    }
    setText(this.cures, t("cures.open"));
    explain(this.cures, t("cures.open_title"));
    setText(this.laboratory, t("lab.open"));
    explain(this.laboratory, t("lab.open_title"));
    hide(this.laboratory, landscape);
    setAttribute(this.laboratory, "aria-expanded", String(laboratory));
    hide(this.empty, !empty);
    setText(this.emptyTitle, t("gradients.empty"));
    setText(this.emptyText, t(landscape ? "gradients.empty_function" : "gradients.empty_text"));
  }

  /** @param {string} words @param {string} title @param {string} kind "vanishing", "exploding" or "" */
  sayFactor(words, title, kind) {
    setText(this.factor, words);
    explain(this.factor, title);
    this.factor.dataset.kind = this.stage.dataset.kind = kind;
  }

  /** Letters of the lanes whose marks stand beside the dots. @param {number[]} lanes @param {string} title */
  showLanes(lanes, title) {
    explain(this.company, title);
    const badges = lanes.join();
    if (badges === this.badges) return;
    this.badges = badges;
    this.company.replaceChildren(...lanes.map(id => h("i", {class: "lane-badge", dataset: {lane: id}}, letterOf(id))));
  }

  remove() {
    this.head.remove();
    this.stage.remove();
  }
}

/** @param {string} name @param {string} role @param {() => void} onclick */
const button = (name, role, onclick) => h("button", {type: "button", class: name, dataset: {role}, onclick});
