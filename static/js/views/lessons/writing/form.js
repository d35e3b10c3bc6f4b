// @ts-check
/** What a step of a lesson has, to be written: its words in each language, where it begins, and what it waits for. */

import {h} from "../../../draw/dom.js";
import {nameControl} from "../../../draw/explain.js";
import {LANGUAGES} from "../../../draw/i18n.js";
import {LOOKS} from "../look.js";
import {hasPart, shownOf} from "./draft.js";

/** @typedef {import("./draft.js").Draft} Draft */
/** @typedef {import("./draft.js").Part} Part */
/** @typedef {import("./draft.js").Step} Step */
/**
 * @typedef {object} Hands what the form can do
 * @property {import("../../../types").ViewContext["t"]} t
 * @property {(lang: string, at: number, text: string) => void} write
 * @property {(patch: Partial<Step>) => void} set
 * @property {(part: Part, on: boolean) => void} part
 * @property {() => void} record
 * @property {() => void} visit
 * @property {() => void} follow lets the step go on from where the student is
 * @property {() => void} point
 */

const PARTS = /** @type {const} */ (["do", "question", "check", "hint"]);
/** Seconds after which a hint is told, unless the lesson says otherwise. */
const HINT_AFTER = 40;
const TOLERANCE = 0.02;

/** A button with words.
 * @param {string} role @param {string} words @param {() => void} onclick @param {string} [style] */
export const button = (role, words, onclick, style = "") =>
  h("button", {type: "button", class: style || null, dataset: {role}, onclick}, words);

/** @param {string} words @param {HTMLElement} control */
export const labelled = (words, control) => h("label", {class: "writing-field"}, h("span", {}, words), control);

/** A number that somebody types. @param {string} role @param {number} value
 * @param {[number, number, number]} range low, high, step @param {(value: number) => void} took */
export function numberField(role, value, [low, high, step], took) {
  const input = h("input", {type: "number", min: low, max: high, step, value, dataset: {role}});
  input.oninput = () => input.checkValidity() && input.value !== "" && took(Number(input.value));
  return input;
}

/** A line that somebody types. @param {string} role @param {string} value @param {(text: string) => void} took */
export function lineField(role, value, took) {
  const input = h("input", {type: "text", spellcheck: "false", autocomplete: "off", value, dataset: {role}});
  input.oninput = () => took(input.value.trim());
  return input;
}

/** The words of the head or of a step, one text for each language, side by side.
 * @param {Draft} draft @param {number} at -1 for the head @param {Pick<Hands, "t" | "write">} hands */
export function textsOf(draft, at, {t, write}) {
  const texts = Object.entries(draft.words).map(([lang, {head, steps}]) => {
    const value = shownOf(at < 0 ? head : steps[at]);
    const text = h("textarea", {
      class: "writing-text",
      lang,
      rows: at < 0 ? 4 : 9,
      dataset: {role: "writing-text", lang},
    });
    text.value = value;
    text.oninput = () => write(lang, at, text.value);
    nameControl(text, t("writing.text_in", {language: LANGUAGES[/** @type {"en"} */ (lang)] ?? lang}));
    return text;
  });
  return h("div", {class: "writing-texts"}, ...texts);
}

/** Where the step begins. @param {Step} step @param {number} at @param {Hands} hands */
function startOf({state}, at, {t, record, visit, follow}) {
  const told = state
    ? h("code", {class: "writing-state", dataset: {role: "writing-state"}}, JSON.stringify(state))
    : h("p", {class: "writing-state", dataset: {role: "writing-state"}}, t("writing.goes_on"));
  const buttons = [
    button("writing-record", t("writing.record"), record, "primary"),
    button("writing-visit", t("writing.visit"), visit),
    ...(state && at > 0 ? [button("writing-follow", t("writing.follow"), follow)] : []),
  ];
  return groupOf(t("writing.start"), told, h("div", {class: "writing-row"}, ...buttons));
}

/** @param {string} words @param {...(Node | null)} inside */
const groupOf = (words, ...inside) => h("fieldset", {class: "writing-group"}, h("legend", {}, words), ...inside);

/** Which parts the words have. @param {Draft} draft @param {number} at @param {Hands} hands */
function partsOf(draft, at, {t, part}) {
  const buttons = PARTS.map(name => {
    const on = hasPart(draft, at, name);
    const made = button(`writing-part-${name}`, t(`writing.part_${name}`), () => part(name, !on));
    made.setAttribute("aria-pressed", String(on));
    return made;
  });
  return groupOf(t("writing.parts"), h("div", {class: "writing-row"}, ...buttons));
}

/** What is asked: which answer is right, or what the number comes to. @param {Step} step @param {Hands} hands */
function asked({question, check}, {t, set}) {
  const right =
    question &&
    labelled(
      t("writing.right"),
      numberField("writing-right", question.right, [1, 6, 1], value => set({question: {right: value}})),
    );
  if (!check) return [right ?? null];
  const change = (/** @type {Partial<NonNullable<Step["check"]>>} */ patch) => set({check: {...check, ...patch}});
  const value = lineField("writing-value", check.value, text => change({value: text}));
  const share = numberField("writing-tolerance", 100 * (check.tolerance ?? TOLERANCE), [0.01, 50, 0.01], percent =>
    change({tolerance: percent / 100}),
  );
  const slips = h("textarea", {rows: 2, spellcheck: "false", dataset: {role: "writing-slips"}});
  slips.value = (check.slips ?? []).join("\n");
  const lines = () => slips.value.split("\n").map(line => line.trim());
  slips.oninput = () => change({slips: lines().filter(Boolean)});
  return [
    right ?? null,
    labelled(t("writing.value"), value),
    labelled(t("writing.tolerance"), share),
    labelled(t("writing.slips"), slips),
  ];
}

/** What is framed while the step is shown. @param {Step} step @param {Hands} hands */
function looksOf({look = []}, {t, set, point}) {
  const chips = look.map(name => {
    const chip = button("writing-unlook", `${LOOKS.includes(name) ? t(`look.${name}`) : name} ×`, () =>
      set({look: look.filter(other => other !== name)}),
    );
    nameControl(chip, t("writing.unlook", {name: LOOKS.includes(name) ? t(`look.${name}`) : name}));
    return chip;
  });
  const others = LOOKS.filter(name => !look.includes(name)).map(name => h("option", {value: name}, t(`look.${name}`)));
  const more = h(
    "select",
    {dataset: {role: "writing-look"}},
    h("option", {value: ""}, t("writing.look_more")),
    ...others,
  );
  more.onchange = () => more.value && set({look: [...look, more.value]});
  nameControl(more, t("writing.look_more"));
  const row = h("div", {class: "writing-row"}, ...chips, button("writing-point", t("writing.point"), point), more);
  return groupOf(t("writing.looks"), row);
}

/**
 * What completes the step.
 * @param {Draft} draft @param {number} at @param {Hands} hands @param {HTMLElement} suggestions
 */
function untilOf(draft, at, {t, set}, suggestions) {
  const step = draft.lesson.steps[at];
  const field = lineField("writing-until", step.until ?? "", text => set({until: text || undefined}));
  const hint =
    hasPart(draft, at, "hint") &&
    labelled(
      t("writing.hint_after"),
      numberField("writing-hint-after", step.hint_after ?? HINT_AFTER, [5, 600, 1], value => set({hint_after: value})),
    );
  return groupOf(t("writing.done_when"), labelled(t("writing.until"), field), suggestions, hint || null);
}

/**
 * The whole form of a step.
 * @param {Draft} draft @param {number} at @param {Hands} hands @param {HTMLElement} suggestions
 */
export function formOf(draft, at, hands, suggestions) {
  const step = draft.lesson.steps[at];
  return h(
    "div",
    {class: "writing-form"},
    startOf(step, at, hands),
    textsOf(draft, at, hands),
    partsOf(draft, at, hands),
    ...asked(step, hands),
    looksOf(step, hands),
    untilOf(draft, at, hands, suggestions),
  );
}
