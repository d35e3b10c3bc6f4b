// @ts-check
/** Words of the page: one flat table of strings per language, the same keys and placeholders in each. */

/** @type {Record<string, Record<string, string>>} */
const tables = {};

export const LANGUAGES = /** @type {const} */ (["en", "zh"]);

/** @param {string} lang @returns {Promise<void>} */
export async function loadLanguage(lang) {
  if (!tables[lang]) tables[lang] = await (await fetch(`i18n/${lang}.json`)).json();
}

/**
 * The string of `key` with `{name}` placeholders filled; the key itself where there is none, so that a gap is seen.
 * @param {string} lang @param {string} key @param {Record<string, string | number>} [params]
 */
export function translate(lang, key, params) {
  const text = tables[lang]?.[key] ?? key;
  return params ? text.replace(/\{(\w+)\}/g, (whole, name) => String(params[name] ?? whole)) : text;
}

/** Whether the language has this key. @param {string} lang @param {string} key */
export const has = (lang, key) => key in (tables[lang] ?? {});

/** Fill every element that names a string: `data-i18n` its text, `data-i18n-title` its title and accessible name.
 * @param {ParentNode} root @param {(key: string) => string} t */
export function fill(root, t) {
  for (const element of root.querySelectorAll("[data-i18n]"))
    element.textContent = t(/** @type {HTMLElement} */ (element).dataset.i18n ?? "");
  for (const element of root.querySelectorAll("[data-i18n-title]")) {
    const words = t(/** @type {HTMLElement} */ (element).dataset.i18nTitle ?? "");
    element.setAttribute("title", words);
    if (!element.textContent?.trim() || element.matches("select, input")) element.setAttribute("aria-label", words);
  }
}
