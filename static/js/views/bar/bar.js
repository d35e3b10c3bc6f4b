// @ts-check
/** The top bar: what is running and how fast, where it stands, and the learning rate, always in reach. */

import {h, icon, setAttribute, setOptions, setText} from "../../draw/dom.js";
import {explain, nameControl} from "../../draw/explain.js";
import {LANGUAGES} from "../../draw/i18n.js";
import {rateControl} from "./rate.js";
import {readoutsOf} from "./readouts.js";
import {presetFinder} from "../../model/preset.js";
import {iconButton, transportOf} from "./transport.js";
import {undoButtons} from "./undo.js";

/** Letters of a preset's name that have room beside the other controls on a phone. */
const SHORT = 8;
/** A letter that takes the room of nearly two. */
const WIDE = /[\u2e80-\uffef]/g;
const THEMES = ["light", "dark", "projector"];
/** Stands among the presets for the gallery. */
const GALLERY = "gallery";

/** @typedef {import("../../types").State} State */
/** @typedef {Record<"openShare" | "openMeanings" | "openGallery", () => void>} Openers */
/** @typedef {import("../../types").PageContext & Openers} PageContext */

/** @param {string} role @param {(value: string) => void} chosen @param {string} [style] */
function choice(role, chosen, style = "") {
  const select = h("select", {
    ...(style ? {class: style} : {}),
    dataset: {role, i18nTip: `bar.${role}`},
    onchange: () => chosen(select.value),
  });
  return select;
}

/** @param {() => void} onclick */
function reseedButton(onclick) {
  const seed = h("span", {class: "seed"});
  const button = h("button", {class: "quiet", type: "button", dataset: {role: "reseed"}, onclick}, icon("dice"), seed);
  return {button, seed};
}

const brandOf = () =>
  h("h1", {class: "brand"}, h("img", {src: "icon.svg", alt: "", width: 24, height: 24}), "Backscope");

/** @param {(value: string) => void} chosen */
function languageChoice(chosen) {
  const select = choice("language", chosen);
  setOptions(
    select,
    Object.entries(LANGUAGES).map(([value, label]) => ({value, label})),
  );
  return select;
}

/** Opens the page that says what the numbers mean. @param {() => void} onclick */
const meaningsButton = onclick =>
  h("button", {class: "quiet meanings-open", type: "button", dataset: {role: "meanings"}, onclick}, "?");

/** Opens the list of lessons, and puts a lesson away. @param {() => void} onclick */
const lessonsButton = onclick =>
  h(
    "button",
    {type: "button", class: "lessons-open", dataset: {role: "lessons"}, "aria-expanded": "false", onclick},
    icon("book"),
    h("span", {class: "lessons-word", dataset: {i18n: "lesson.title"}}),
  );

/** @param {PageContext["setPage"]} setPage */
function pageSwitch(setPage) {
  const words = h("span");
  const attributes = {class: "page-open", type: "button", dataset: {role: "page"}};
  const button = h("button", attributes, icon("sliders"), words);
  /** What it does now; a phone shows the picture alone. @param {State["page"]} page @param {PageContext["t"]} t */
  function write(page, t) {
    const other = page === "simple" ? "full" : "simple";
    const name = t(`bar.page_${other}`);
    button.onclick = () => setPage(other);
    setText(words, name);
    nameControl(button, name);
  }
  return {button, write};
}

/**
 * All presets, those of networks and those of landscapes apart. Above them, where it is none of them any more, which
 * the run began as: that can be chosen again then.
 * @param {State} state
 * @param {{name: string, changed: boolean} | null} standing
 * @param {PageContext["t"]} t
 */
function presetChoices({options}, standing, t) {
  const landscapes = new Set(options?.landscapes.map(({name}) => name));
  const named = (options?.presets ?? []).map(({name, config: {data}}) => ({
    value: name,
    label: t(`preset.${name}`),
    group: t(landscapes.has(data.name) ? "landscape.group" : "landscape.network_group"),
  }));
  const gallery = {value: GALLERY, label: t("gallery.title")};
  if (standing && !standing.changed) return [gallery, ...named];
  const label = standing ? t("bar.changed_preset", {name: t(`preset.${standing.name}`)}) : t("bar.choose_preset");
  return [{value: "", label}, gallery, ...named];
}

/** The presets with the mark of the one that the run stands on. @param {PageContext} context */
function presetChoice({t, usePreset, openGallery}) {
  const find = presetFinder();
  let marked = "";
  const use = (/** @type {string} */ name) => {
    if (name !== GALLERY) return usePreset(name);
    select.value = marked;
    openGallery();
  };
  const select = choice("preset", use, "preset");
  const mark = (/** @type {State} */ state) => {
    if (!state.options) return;
    const standing = find(state);
    setOptions(select, presetChoices(state, standing, t));
    const value = standing && !standing.changed ? standing.name : "";
    marked = value;
    if (select.value !== value) select.value = value;
    const words = t("bar.preset"); // the card tells a name that has no room
    explain(select, standing ? `${words}: ${select.selectedOptions[0]?.text}` : words);
    select.toggleAttribute("data-long", lengthOf(select.selectedOptions[0]?.text ?? "") > SHORT);
  };
  return {select, mark};
}

/** How long words are, in letters. @param {string} text */
const lengthOf = text => text.length + 0.7 * (text.match(WIDE) ?? []).length;

/** How the run is doing: seen, and heard when it changes. @param {HTMLElement} element @param {State} state
 * @param {import("../../types").ViewContext} context */
function showStatus(element, state, {t, announce}) {
  const {connection, status} = state;
  const word = connection !== "open" ? connection : state.cut || state.quiet ? "last" : status.kind;
  const words = t(`status.${word}`, {what: t(`status.${status.kind}`)}); // the last that is known, where nothing comes
  setText(element, words);
  if (element.dataset.kind !== word) announce("status", words);
  element.dataset.kind = word;
}

/** What it is and how it looks: the bar's first row. @param {PageContext} context */
function headOf(context) {
  const preset = presetChoice(context);
  const language = languageChoice(context.setLanguage);
  const theme = choice("theme", context.setTheme);
  const {button: reseed, seed} = reseedButton(() => context.act("reseed"));
  const status = h("span", {class: "status", dataset: {role: "status"}});
  const undo = undoButtons(context);
  const page = pageSwitch(context.setPage);
  const meanings = meaningsButton(() => context.openMeanings());
  const gallery = iconButton("gallery", "gallery", "bar.gallery", () => context.openGallery());
  const share = iconButton("share", "share", "bar.share", () => context.openShare());
  const lessons = lessonsButton(() => context.choose({lesson: context.view().lesson === null ? "" : null}));
  const lanes = h("div", {class: "lanes", dataset: {part: "lanes"}});
  const left = [brandOf(), preset.select, gallery, reseed, undo.element, status, lanes];
  const element = h("div", {class: "bar-top"}, ...left, page.button, lessons, meanings, share, language, theme);
  return {element, preset, language, theme, reseed, seed, status, undo, page, meanings, lessons};
}

/**
 * @param {HTMLElement} root
 * @param {PageContext} context
 * @returns {import("../../types").View}
 */
export function barView(root, context) {
  const {t} = context;
  const transport = transportOf(context);
  const readouts = readoutsOf(context);
  const rate = rateControl(context);
  const head = headOf(context);
  const {preset, language, theme, reseed, seed, status, undo, page, meanings, lessons} = head;
  const shown = {lang: "", theme: "", page: ""};
  root.append(head.element, h("div", {class: "bar-main"}, transport.element, readouts.element, rate.element));

  /** What changes with language, theme and page alone. @param {State} state */
  function words(state) {
    setOptions(
      theme,
      THEMES.map(value => ({value, label: t(`theme.${value}`)})),
    );
    transport.words();
    nameControl(meanings, t("meaning.title"));
    Object.assign(shown, {lang: state.lang, theme: state.theme, page: state.page});
    page.write(state.page, t);
    theme.value = state.theme;
    language.value = state.lang;
  }

  return {
    update(state) {
      const {frame, config} = state;
      if (state.lang !== shown.lang || state.theme !== shown.theme || state.page !== shown.page) words(state);
      preset.mark(state);
      transport.update(state);
      undo.update(state);
      reseed.disabled = state.connection !== "open" || frame === null;
      if (config) {
        setText(seed, t("bar.seed", {n: String(config.seed)}));
        explain(reseed, t(state.layout?.landscape ? "bar.reseed_landscape" : "bar.reseed"));
      }
      if (frame) readouts.update(state, frame);
      showStatus(status, state, context);
      rate.update(state);
      setAttribute(lessons, "aria-expanded", String(state.view.lesson !== null));
    },
    destroy() {
      root.replaceChildren();
    },
  };
}
