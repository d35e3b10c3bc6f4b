// @ts-check
/** What a run is called that nobody has named. */

import {shape} from "../draw/format.js";
import {has} from "../draw/i18n.js";

/**
 * The data and hidden layers of a run: "Circle, 6-3".
 * @param {{data?: string, hidden?: number[]}} run
 * @param {(key: string, params?: Record<string, string | number>) => string} t
 * @param {string} lang
 * @returns {string}
 */
export function runName({data = "", hidden = []}, t, lang) {
  const told = has(lang, `dataset.${data}`) ? t(`dataset.${data}`) : t("runs.own_data");
  return hidden.length ? `${told}, ${shape(hidden)}` : told;
}
