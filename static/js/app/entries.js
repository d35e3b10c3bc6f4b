// @ts-check
/**
 * Fields to type a number into, all over the page: a bad entry is said in words, and the last good value comes back
 * when the field is left. A field marks a bad entry by `aria-invalid`; `data-low` and `data-high` may say its range.
 */

/** @typedef {{t: (key: string, params?: Record<string, string | number>) => string, say: (words: string) => void,
 * refresh: () => void}} Hands `refresh` has every view write what it stands for */

const NUMBERS = 'input[inputmode="decimal"]';

/** What is wrong with an entry; empty where it is a number, whose range the server judges in words of its own.
 * @param {Hands["t"]} t @param {string} entry @param {{low?: string, high?: string}} bounds */
export function entryWords(t, entry, {low, high}) {
  const text = entry.trim().replace("−", "-").replace(",", ".").replace("%", "");
  if (text !== "" && !Number.isNaN(Number(text))) return "";
  const range = low === undefined || high === undefined ? "" : t("entry.range", {low, high});
  return `${text === "" ? t("entry.empty") : t("entry.no_number", {value: entry.trim()})} ${range}`.trim();
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
