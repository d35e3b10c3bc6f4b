// @ts-check
/** The chips that stand for the parts of a step: which there are, which are done and which is on. */

import {h} from "../../draw/dom.js";

/** @typedef {import("./phases.js").Chip} Chip */
/** @typedef {import("../../types").ViewContext["t"]} Translate */

/** What stands on a chip. @param {Chip} chip @param {number} last layer @param {Translate} t */
export function chipWords({kind, layers: [low, high], folded}, last, t) {
  if (kind !== "layer") return t(`microscope.chip_${kind}`);
  if (folded) return `${low}–${high}`;
  return low === last ? t("microscope.chip_output") : String(low);
}

export class ChipRow {
  /** @param {(chip: Chip) => void} pressed */
  constructor(pressed) {
    this.element = h("div", {class: "microscope-chips"});
    this.pressed = pressed;
    /** What the chips were made of. */
    this.made = "";
  }

  clear() {
    this.made = "";
    this.element.replaceChildren();
  }

  /**
   * @param {Chip[]} chips
   * @param {string} on id of the one whose phase it is
   * @param {number} last layer
   * @param {string} lang
   * @param {Translate} t
   */
  paint(chips, on, last, lang, t) {
    const wanted = JSON.stringify([chips.map(({id}) => id), lang]);
    if (wanted !== this.made) {
      this.made = wanted;
      this.element.replaceChildren(...chips.map(chip => this.build(chip, last, t)));
    }
    const now = chips.findIndex(({id}) => id === on);
    [...this.element.children].forEach((element, k) => {
      element.toggleAttribute("data-done", k < now);
      if (k === now) {
        element.setAttribute("aria-current", "step");
        this.reveal(/** @type {HTMLElement} */ (element));
      } else element.removeAttribute("aria-current");
    });
  }

  /** @param {Chip} chip @param {number} last @param {Translate} t */
  build(chip, last, t) {
    const {id, kind, layers, direction, folded} = chip;
    const [low, high] = layers;
    const words = chipWords(chip, last, t);
    const layer = t(folded ? "microscope.unfold" : "microscope.layer_title", {low, high, n: low});
    return h(
      "button",
      {
        type: "button",
        class: "microscope-chip",
        tip: kind === "layer" ? layer : words,
        dataset: {chip: id, way: direction > 0 ? "forward" : direction < 0 ? "backward" : "none"},
        onclick: () => this.pressed(chip),
      },
      words,
      folded && h("i", {"aria-hidden": "true"}, "⋯"),
    );
  }

  /** Scroll to a chip where chips take more room than there is. @param {HTMLElement} chip */
  reveal({offsetTop, offsetHeight, offsetLeft, offsetWidth}) {
    const {element} = this;
    if (element.scrollHeight > element.clientHeight)
      element.scrollTop = offsetTop + offsetHeight / 2 - element.clientHeight / 2;
    if (element.scrollWidth > element.clientWidth)
      element.scrollLeft = offsetLeft + offsetWidth / 2 - element.clientWidth / 2;
  }
}
