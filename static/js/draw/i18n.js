// @ts-check
/** Words of the page: one flat table of strings per language, the same keys and placeholders in each. */

import {setAttribute} from "./dom.js";
import {explain, nameControl} from "./explain.js";
import {asGiven} from "./format.js";

/** @type {Record<string, Record<string, string>>} */
const tables = {};

/** Every language that the page speaks, by its code: what it calls itself. */
export const LANGUAGES = /** @type {const} */ ({
  en: "English",
  zh: "中文",
});

/** @typedef {keyof typeof LANGUAGES} Lang */

/** Words that the server brings, of parts that somebody has registered: by key, then by language. */
const brought = /** @type {Map<string, Record<string, string>>} */ (new Map());

/** Learn what parts are called that the page does not know. @param {Record<string, Record<string, string>>} words */
export function learn(words) {
  for (const [key, by] of Object.entries(words)) brought.set(key, by);
}

/** @param {string} lang @param {string} key @returns {string | undefined} */
function wordsOf(lang, key) {
  const known = tables[lang]?.[key];
  if (known !== undefined) return known;
  const own = brought.get(key);
  return own?.[lang] ?? own?.en ?? Object.values(own ?? {})[0];
}

export const CODES = /** @type {Lang[]} */ (Object.keys(LANGUAGES));

/**
 * The first language of a reader's that the page speaks, or English.
 * @param {readonly string[]} wishes codes as browsers write them: zh-CN
 * @returns {Lang}
 */
export function languageFor(wishes) {
  const spoken = wishes.map(wish => CODES.find(code => code === wish.toLowerCase().split("-")[0]));
  return spoken.find(Boolean) ?? "en";
}

/** The tables that a page holds which has no server to ask. @returns {typeof tables | null} */
const inlined = () => JSON.parse(globalThis.document?.getElementById?.("words")?.textContent ?? "null");

/**
 * The words from the server: those of the page's version, or as they are now, once it has another version.
 * @param {string} lang @returns {Promise<typeof tables[string]>}
 */
async function served(lang) {
  const folder = globalThis.document?.documentElement?.dataset?.words;
  const kept = folder ? await fetch(`${folder}/${lang}.json`) : null;
  return (kept?.ok ? kept : await fetch(`i18n/${lang}.json`)).json();
}

/** @param {string} lang @returns {Promise<void>} */
export async function loadLanguage(lang) {
  tables[lang] ??= inlined()?.[lang] ?? (await served(lang));
}

/** `{name}`, or a name with the forms that it asks for: `{n, plural, one {# step} other {# steps}}`. */
const PLACE = /\{(\w+)(?:, plural,((?: (?:\w+|=\d+) \{(?:[^{}]|\{\w+\})*\})+))?\}/g;
const FORM = /(\w+|=\d+) \{((?:[^{}]|\{\w+\})*)\}/g;

/** @type {Record<string, Intl.PluralRules>} */
const rules = {};

/**
 * Which form a count asks for in a language: one, two, few, many or other, as CLDR has it for `Intl.PluralRules`.
 * @param {string} lang @param {string | number} count a number, or one that is written: "1,234"
 */
export function pluralForm(lang, count) {
  rules[lang] ??= new Intl.PluralRules(lang);
  return rules[lang].select(typeof count === "number" ? count : Number(count.replaceAll(",", "") || NaN));
}

/** The forms of a placeholder by their names. @param {string} written @returns {Record<string, string>} */
const formsOf = written => Object.fromEntries([...written.matchAll(FORM)].map(([, name, words]) => [name, words]));

/**
 * A text with its placeholders filled. A count chooses among forms by the rules of the language, or by `=0` and the
 * like; `#` in a form is the count itself. A number is written as `asGiven` writes it.
 * @param {string} lang @param {string} text @param {Record<string, string | number>} params @returns {string}
 */
export function fillIn(lang, text, params) {
  return text.replace(PLACE, (place, name, written) => {
    const given = params[name];
    if (given === undefined) return place;
    const value = typeof given === "number" ? asGiven(given) : given;
    if (written === undefined) return value;
    const forms = formsOf(written);
    const form = forms[`=${value}`] ?? forms[pluralForm(lang, given)] ?? forms.other ?? "#";
    return fillIn(lang, form.replaceAll("#", value), params);
  });
}

/**
 * The string of `key` with its placeholders filled; the key itself where there is none, so that a gap is seen.
 * @param {string} lang @param {string} key @param {Record<string, string | number>} [params]
 */
export function translate(lang, key, params) {
  const text = wordsOf(lang, key) ?? key;
  return params ? fillIn(lang, text, params) : text;
}

/** Whether the language has this key. @param {string} lang @param {string} key */
export const has = (lang, key) => wordsOf(lang, key) !== undefined;

/**
 * Fill every element that names a string: `data-i18n` its text, `data-i18n-tip` what it is about, which is the name of
 * a field or of a picture, `data-i18n-keys` what its keys do.
 * @param {ParentNode} root @param {(key: string) => string} t */
export function fill(root, t) {
  for (const element of root.querySelectorAll("[data-i18n]"))
    element.textContent = t(/** @type {HTMLElement} */ (element).dataset.i18n ?? "");
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-i18n-tip]"))) {
    const words = t(element.dataset.i18nTip ?? "");
    if (element.getAttribute("role") === "group") setAttribute(element, "aria-label", words);
    else if (!/\p{L}/u.test(element.textContent ?? "") || element.matches("select, textarea"))
      nameControl(element, words);
    else explain(element, words);
  }
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-i18n-keys]")))
    setAttribute(element, "aria-description", t(`keys.${element.dataset.i18nKeys}`));
}
