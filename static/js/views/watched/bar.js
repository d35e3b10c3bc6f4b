// @ts-check
/** The bar of a watched run: what is trained, where it stands, and how the page looks. */

import {h, setOptions, setText} from "../../draw/dom.js";
import {integer, plain} from "../../draw/format.js";
import {LANGUAGES} from "../../draw/i18n.js";
import {standingOf} from "../../model/watched.js";

/** @typedef {import("../../types").WatchedContext} WatchedContext */
/** @typedef {import("../../types").WatchedState} WatchedState */

const THEMES = ["light", "dark", "projector"];

/** @param {HTMLElement} root @param {WatchedContext} context */
export function barView(root, {t, setTheme, setLanguage}) {
  const title = h("h1");
  const what = h("span", {class: "watched-what", dataset: {role: "watched-what"}});
  const step = h("output", {dataset: {role: "watched-step"}});
  const loss = h("output", {dataset: {role: "watched-loss-now"}});
  const standing = h("strong", {class: "watched-standing", role: "status", dataset: {role: "watched-standing"}});
  const lang = h("select", {class: "plot-select", dataset: {role: "watched-language"}});
  const theme = h("select", {class: "plot-select", dataset: {role: "watched-theme"}});
  lang.onchange = () => setLanguage(lang.value);
  theme.onchange = () => setTheme(theme.value);
  const about = h("p", {class: "watched-about"});
  root.append(h("div", {class: "watched-line"}, title, what, step, loss, standing, lang, theme), about);

  return {
    /** @param {WatchedState} state */
    update(state) {
      const {watched, numbers} = state;
      const now = numbers?.losses.at(-1) ?? NaN;
      const stands = standingOf(state);
      setText(title, t("watched.title"));
      setText(what, watched ? whatIs(watched, t) : "");
      setText(step, t("watched.step", {n: integer(watched?.step ?? 0)}));
      setText(loss, Number.isFinite(now) ? t("watched.loss_now", {loss: plain(now, 4)}) : "");
      setText(standing, t(`watched.standing_${stands}`));
      standing.dataset.standing = stands;
      setText(about, t(watched?.events ? "watched.about_events" : "watched.about"));
      setOptions(
        lang,
        Object.entries(LANGUAGES).map(([value, label]) => ({value, label})),
      );
      setOptions(
        theme,
        THEMES.map(value => ({value, label: t(`theme.${value}`)})),
      );
      lang.value = state.lang;
      theme.value = state.theme;
      lang.setAttribute("aria-label", t("bar.language"));
      theme.setAttribute("aria-label", t("bar.theme"));
    },
    destroy: () => root.replaceChildren(),
  };
}

/** What is trained by what, or which files were read.
 * @param {import("../../types").Watched} watched @param {WatchedContext["t"]} t */
const whatIs = ({events, model = "", optimizer = ""}, t) =>
  events ? t("watched.events", {name: events}) : t("watched.what", {model, optimizer});
