// @ts-check
/** How the page looks: its theme, its language, and how much it shows; from the address, from memory, by hand. */

import {CODES, languageFor, loadLanguage} from "../draw/i18n.js";
import {keep, pick, recall} from "./choices.js";

/** @typedef {{lang: import("../types").Lang, theme: import("../types").Theme, page: "simple" | "full"}} Appearance */

const THEMES = /** @type {import("../types").Theme[]} */ (["light", "dark", "projector"]);
const PAGES = /** @type {("simple" | "full")[]} */ (["simple", "full"]);

/** As the address asks, else as it was last, else as the system is; a first visit sees the simple page.
 * @param {Record<"lang" | "theme" | "page", string | null>} address @returns {Appearance} */
export function appearanceOf(address) {
  const own = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const lang = pick(address.lang, recall("lang"), languageFor(navigator.languages), CODES);
  const theme = pick(address.theme, recall("theme"), own, THEMES);
  const page = pick(address.page, recall("page"), "simple", PAGES);
  document.documentElement.lang = lang;
  Object.assign(document.documentElement.dataset, {theme, page});
  return {lang, theme, page};
}

/** What changes it, and remembers. @param {(patch: Partial<Appearance>) => void} set */
export function appearanceSetters(set) {
  return {
    /** @param {string} value */
    setTheme(value) {
      const theme = pick(value, null, "light", THEMES);
      document.documentElement.dataset.theme = theme;
      keep("theme", theme);
      set({theme});
    },
    /** @param {string} value */
    setPage(value) {
      const page = pick(value, null, "full", PAGES);
      document.documentElement.dataset.page = page;
      keep("page", page);
      set({page});
    },
    /** Show the page as somebody else does; it is not remembered. @param {"simple" | "full"} page */
    lookAt(page) {
      document.documentElement.dataset.page = page;
      set({page});
    },
    /** @param {string} value */
    async setLanguage(value) {
      const lang = pick(value, null, "en", CODES);
      await loadLanguage(lang);
      document.documentElement.lang = lang;
      keep("lang", lang);
      set({lang});
    },
  };
}
