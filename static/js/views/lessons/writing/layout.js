// @ts-check
/** The parts of the editor of lessons besides the form of a step: its tools, the languages, and the list of steps. */

import {h} from "../../../draw/dom.js";
import {nameControl} from "../../../draw/explain.js";
import {CODES, LANGUAGES} from "../../../draw/i18n.js";
import {shownOf, withLesson} from "./draft.js";
import {button, formOf, labelled, lineField, numberField} from "./form.js";

/** @typedef {import("./editor.js").Editor} Editor */
/** @typedef {import("./draft.js").Draft} Draft */

/** What can be done with the whole lesson. @param {Editor} editor */
export function toolsOf(editor) {
  const {t, exchange, kept} = editor;
  const chooser = h("input", {type: "file", multiple: true, accept: ".zip,.json,.md", hidden: true});
  chooser.onchange = () => exchange.takeFiles([...(chooser.files ?? [])]);
  const undo = button("writing-undo", t("writing.undo"), () => editor.undo());
  undo.disabled = editor.past.length === 0;
  const before = kept.before();
  return h(
    "div",
    {class: "writing-row"},
    button("writing-play", t("writing.play"), () => editor.play(), "primary"),
    button("writing-link", t("writing.link"), () => exchange.link()),
    button("writing-save", t("writing.save"), () => exchange.save()),
    button("writing-save-parts", t("writing.save_parts"), () => exchange.saveParts()),
    button("writing-open", t("writing.open"), () => chooser.click()),
    button("writing-new", t("writing.new"), () => editor.replace(editor.fresh())),
    before && button("writing-before", t("writing.before"), () => editor.another(before)),
    undo,
    chooser,
  );
}

/** In which languages it is written. @param {Draft} draft @param {Editor} editor */
export function languagesOf(draft, editor) {
  const spoken = Object.keys(draft.words);
  const boxes = CODES.map(lang => {
    const on = spoken.includes(lang);
    const box = h("input", {type: "checkbox", dataset: {role: "writing-language", lang}});
    box.checked = on;
    box.disabled = on && spoken.length < 2;
    box.onchange = () => editor.speak(lang, box.checked);
    return h("label", {class: "check"}, box, LANGUAGES[lang]);
  });
  return h("div", {class: "writing-row", role: "group", "aria-label": editor.t("writing.languages")}, ...boxes);
}

/** Its name and how long it takes. @param {Draft} draft @param {Editor} editor */
export function aboutOf(draft, editor) {
  const {t} = editor;
  const change = (/** @type {(draft: Draft) => Draft} */ how) =>
    editor.draft && editor.commit(how(editor.draft), false);
  const name = lineField("writing-name", draft.name, text => change(now => ({...now, name: text})));
  const minutes = numberField("writing-minutes", draft.lesson.minutes, [1, 60, 1], value =>
    change(now => withLesson(now, {minutes: value})),
  );
  return h("div", {class: "writing-row"}, labelled(t("writing.name"), name), labelled(t("writing.minutes"), minutes));
}

/** A step in the list; the one that is open has its form and its picture below. @param {Draft} draft
 * @param {number} at @param {Editor} editor */
export function stepItem(draft, at, editor) {
  const {t} = editor;
  const title = shownOf(draft.words[editor.lang].steps[at])
    .split("\n")[0]
    .replace(/^\s*##\s*/, "");
  const n = at + 1;
  const open = button("writing-step", `${n} · ${title}`, () => editor.choose(at), "quiet");
  open.setAttribute("aria-expanded", String(at === editor.at));
  const tool = (/** @type {string} */ role, /** @type {string} */ sign, /** @type {() => void} */ act) => {
    const made = button(`writing-${role}`, sign, act, "quiet");
    nameControl(made, t(`writing.${role}`, {n}));
    return made;
  };
  const up = tool("up", "↑", () => editor.move(at, at - 1));
  const down = tool("down", "↓", () => editor.move(at, at + 1));
  const remove = tool("remove", "×", () => editor.remove(at));
  up.disabled = at === 0;
  down.disabled = at === draft.lesson.steps.length - 1;
  remove.disabled = draft.lesson.steps.length === 1;
  const head = h("div", {class: "writing-step-head"}, open, up, down, remove);
  if (at !== editor.at) return h("li", {}, head);
  const form = formOf(draft, at, editor.form(), editor.suggestions.element);
  return h("li", {class: "open"}, head, form, editor.preview.element);
}
