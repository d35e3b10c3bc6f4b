// @ts-check
/** What the diagram says: to those who cannot see it, at its foot and on its buttons. */

import {setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {plain} from "../../draw/format.js";
import {numbersOf, title} from "../shared/symbols.js";

/** @typedef {import("../../types").ViewContext["t"]} Translate */

/**
 * A pick with its numbers in a sentence.
 * @param {import("../../types").Pick} pick
 * @param {import("../../types").Layout} layout
 * @param {import("../../types").Frame} frame
 * @param {Translate} t
 */
export function sentenceOf(pick, layout, frame, t) {
  const numbers = numbersOf(pick, layout, frame).map(
    ({symbol, words, value}) => `${words ? t(words) : letterOf(symbol)} ${plain(value)}`,
  );
  return `${title(pick, layout, t)}. ${numbers.join(", ")}`;
}

/** A symbol without its indices. @param {Element} symbol */
const letterOf = symbol => (symbol.localName === "mrow" ? symbol.textContent : symbol.firstElementChild?.textContent);

/** Why there is nothing to see yet. @param {import("../../types").State} state @param {Translate} t */
export function waitingWords({connection}, t) {
  return t(`network.waiting_${connection === "refused" || connection === "lost" ? connection : "open"}`);
}

/**
 * @param {import("./parts.js").Parts} parts
 * @param {boolean} matrices whether layers are, or come out of, matrices
 * @param {Translate} t
 */
export function writeWords({stage, legend, low, high, forward, backward, form, back}, matrices, t) {
  stage.setAttribute("aria-label", t("network.diagram"));
  explain(legend, t("network.legend_title"));
  setText(low, "−");
  setText(high, "+");
  setText(forward, t("network.forward"));
  setText(backward, t("network.backward"));
  setText(form, t(matrices ? "network.as_columns" : "network.as_matrices"));
  explain(form, t(matrices ? "network.as_columns_title" : "network.as_matrices_title"));
  setText(back, t("network.whole"));
  explain(back, t("network.whole_title"));
}
