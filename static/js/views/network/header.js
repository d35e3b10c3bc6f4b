// @ts-check
/**
 * Controls above the diagram: neurons, activation and normalization of every hidden layer, layers added and removed in
 * place.
 */

import {h} from "../../draw/dom.js";
import {Controls} from "./controls.js";
import {barParts, sizesAbove} from "./header_bar.js";
import {groupsAbove} from "./header_groups.js";
import {pitchOf} from "./layout.js";
import {WantedNetwork} from "./wanted.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("./layout.js").Geometry} Geometry */
/**
 * Where each control belongs: a group above every column, or one bar for the layer in hand.
 * @typedef {"groups" | "bar"} Mode
 */

export class Header {
  /**
   * @param {import("../../types").ViewContext} context
   * @param {(layer: number) => void} moved hears which layer is in hand now
   */
  constructor({t, act}, moved) {
    this.moved = moved;
    this.bar = h("div", {class: "network-bar", hidden: true});
    this.heads = h("div", {class: "network-heads"});
    this.wanted = new WantedNetwork(act, () => this.controls.refresh());
    this.controls = new Controls(t, this.wanted);
    /** the layer in hand */
    this.current = 1;
    /** what the controls were built for */
    this.built = "";
  }

  /** Take a layer in hand. @param {number} layer */
  choose(layer) {
    const count = this.wanted.network?.hidden.length ?? 0;
    const next = Math.max(1, Math.min(count, layer));
    if (next === this.current) return;
    this.current = next;
    this.controls.refresh();
    this.moved(next);
  }

  /**
   * Build the controls for a new geometry.
   * @param {State} next
   * @param {Geometry} g
   * @param {Mode} mode
   * @param {number} [from] layer of the first column
   * @param {boolean} [bare] whether nothing stands above the drawing
   */
  arrange(next, g, mode, from = 0, bare = false) {
    this.wanted.state = next;
    const {layout, config, lang} = next;
    if (!layout || !config) return;
    const lastActivation = layout.activations.at(-1) ?? "";
    const columns = g.columns.map(c => Math.round(c.x));
    const key = JSON.stringify([mode, from, bare, columns, g.sizes, lastActivation, lang]);
    if (key === this.built) return;
    this.built = key;
    const held = this.heldKey();
    this.controls.clear();
    this.bar.hidden = mode !== "bar";
    this.heads.dataset.mode = bare ? "bare" : mode;
    if (mode === "bar") {
      this.buildBar({g, pitch: pitchOf(g), from, count: layout.sizes.length - 2, lastActivation}, bare);
    } else {
      this.bar.replaceChildren();
      this.heads.replaceChildren(...groupsAbove(this.controls, g, pitchOf(g), lastActivation));
    }
    this.controls.refresh();
    this.holdAgain(held);
  }

  /** @param {import("./header_bar.js").Below} below @param {boolean} bare */
  buildBar(below, bare) {
    const hand = {
      layer: () => Math.min(this.current, below.count),
      choose: (/** @type {number} */ layer) => this.choose(layer),
    };
    this.bar.replaceChildren(...barParts(this.controls, hand, below));
    this.heads.replaceChildren(...(bare ? [] : sizesAbove(this.controls, hand, below)));
  }

  /** The key of the control that has the focus. */
  heldKey() {
    const {activeElement} = document;
    const ours = this.bar.contains(activeElement) || this.heads.contains(activeElement);
    return ours && activeElement instanceof HTMLElement ? activeElement.dataset.key : undefined;
  }

  /**
   * Give the focus back to the control that has taken the place of the one that had it.
   * @param {string | undefined} key
   */
  holdAgain(key) {
    if (!key) return;
    const selector = `[data-key="${key}"]`;
    /** @type {HTMLElement | null} */ (this.bar.querySelector(selector) ?? this.heads.querySelector(selector))?.focus();
  }

  /** @param {State} next */
  update(next) {
    const before = this.wanted.state;
    this.wanted.seen(next);
    this.wanted.state = next;
    if (
      !before ||
      before.config !== next.config ||
      before.connection !== next.connection ||
      before.lang !== next.lang ||
      before.options !== next.options
    )
      this.controls.refresh();
  }
}
