// @ts-check
/** What a finite difference says about a derivative: both numbers, how far they are apart, and whether they agree. */

import {h} from "../../draw/dom.js";
import {exponent, plain} from "../../draw/format.js";

/**
 * @typedef {{at: number, analytic: number | null, numeric: number | null, error: number | null, relative: number |
 * null, kink: boolean}} Measured
 */

/** @param {HTMLElement} verdict @param {Measured} reply @param {import("../../types").ViewContext["t"]} t */
export function sayVerdict(verdict, {at, analytic, numeric, error, relative, kink}, t) {
  const number = (/** @type {string} */ role, /** @type {number | null} */ value, digits = 8) =>
    h("output", {dataset: {role, value: String(value)}}, value === null ? "–" : plain(value, digits));
  if (kink || analytic === null || numeric === null || error === null) {
    verdict.replaceChildren(h("p", {}, t("inspector.kink", {step: at})));
    return;
  }
  const agree = Math.abs(numeric - analytic) <= error + 1e-15;
  verdict.dataset.agree = String(agree);
  verdict.replaceChildren(
    h(
      "dl",
      {},
      h("dt", {}, t("inspector.chain_rule")),
      h("dd", {}, number("inspector-analytic", analytic)),
      h("dt", {}, t("inspector.difference")),
      h(
        "dd",
        {},
        number("inspector-numeric", numeric),
        h("small", {}, " ± "),
        h("output", {dataset: {role: "inspector-error", value: String(error)}}, exponent(error, 1)),
      ),
      h("dt", {}, t("inspector.relative")),
      h(
        "dd",
        {},
        h("output", {dataset: {role: "inspector-relative", value: String(relative)}}, exponent(relative ?? NaN, 1)),
      ),
    ),
    h("p", {}, t(agree ? "inspector.agree" : "inspector.disagree", {step: at})),
  );
}
