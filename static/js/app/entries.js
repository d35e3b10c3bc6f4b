// @ts-check
/**
 * Fields to type a number into, all over the page: a bad entry is said in words, and the last good value comes back
 * when the field is left. A field marks a bad entry by `aria-invalid`; `data-low` and `data-high` may say its range.
 */

import {typedCount, typedNumber} from "../draw/entry.js";

/** @typedef {{t: (key: string, params?: Record<string, string | number>) => string, say: (words: string) => void,
 * refresh: () => void}} Hands `refresh` has every view write what it stands for */

const NUMBERS = 'input[inputmode="decimal"]';

/**
 * What is wrong with an entry; empty where it is a number, whose range the server judges in words of its own, unless
 * the field is judged here.
 * @param {Hands["t"]} t @param {string} entry
 * @param {{low?: string, high?: string, judged?: string, whole?: string}} field `whole` where it takes no fractions
 */
export function entryWords(t, entry, {low, high, judged, whole}) {
  const value = entry.trim();
  const kind = kindOf(entry, whole !== undefined);
  if (kind === "outside" && judged !== "here") return "";
  const range = low === undefined || high === undefined ? "" : t("entry.range", {low, high});
  return `${t(`entry.${kind}`, {value})} ${range}`.trim();
}

/** What can be wrong with an entry: its range, where it is a number. @param {string} entry @param {boolean} whole */
function kindOf(entry, whole) {
  if (entry.trim() === "") return "empty";
  if (Number.isNaN(typedNumber(entry))) return "no_number";
  return whole && Number.isNaN(typedCount(entry)) ? "no_whole" : "outside";
}

/**
 * Watch all fields of a document.
 * @param {Document} page
 * @param {Hands} hands
 */
export function watchEntries(page, hands) {
  /** What stood in a field when somebody came to it. @type {WeakMap<HTMLInputElement, string>} */
  const before = new WeakMap();
  const bad = (/** @type {HTMLInputElement} */ field) => field.getAttribute("aria-invalid") === "true";

  /** @param {HTMLInputElement} field */
  function restore(field) {
    field.value = before.get(field) ?? "";
    field.removeAttribute("aria-invalid");
    hands.refresh();
  }

  page.addEventListener("focusin", ({target}) => {
    if (target instanceof HTMLInputElement && target.matches(NUMBERS) && !bad(target)) before.set(target, target.value);
  });
  page.addEventListener("focusout", ({target}) => {
    if (!(target instanceof HTMLInputElement) || !target.matches(NUMBERS)) return;
    queueMicrotask(() => bad(target) && restore(target)); // once the observer has had its say
  });
  new MutationObserver(changes => {
    for (const {target, oldValue} of changes) {
      const field = /** @type {HTMLInputElement} */ (target);
      if (!field.matches(NUMBERS) || !bad(field) || oldValue === "true") continue;
      const words = entryWords(hands.t, field.value, field.dataset);
      if (words) hands.say(words);
      if (page.activeElement !== field) restore(field);
    }
  }).observe(page.body, {subtree: true, attributeFilter: ["aria-invalid"], attributeOldValue: true});
}
