// @ts-check
/** The controls of the settings: each knows how to ask for what it stands for. */

import {h} from "../../draw/dom.js";
import {field, numberField, sliderField} from "../shared/fields.js";

const percent = (/** @type {number} */ x) => `${Math.round(x * 100)} %`;

/** Numbers that a run can be told live: `null` is "off". */
export const LIVE = [
  ...["l1", "l2", "clip_value", "clip_norm", "gradient_noise"],
  ...["replacement_rate", "maturity_threshold", "utility_decay"],
];
/** What is chosen where layers differ; that is done on the diagram. */
export const MIXED = "mixed";
export const STOPPING = ["steps", "epochs", "loss", "gradient", "patience"];

/** @typedef {import("../../types").ViewContext["act"]} Act */
/** @typedef {ReturnType<typeof import("../shared/wishes.js").createWishes>["wish"]} Wish */

/** Number fields by name. @param {string[]} names @param {(name: string) => Parameters<typeof numberField>} describe
 * @returns {Record<string, ReturnType<typeof numberField>>} */
function numbers(names, describe) {
  return Object.fromEntries(names.map(name => [name, numberField(...describe(name))]));
}

/** Shares from `min` to `max`. @param {string} name @param {number} min @param {number} max @param {number} step
 * @param {(value: number) => void} commit @param {boolean} [live] */
function share(name, min, max, step, commit, live = false) {
  return sliderField(`setting.${name}`, {min, max, step, show: percent, live, commit});
}

/** What changes while the run goes on. @param {Act} act @param {Wish} wish */
function liveControls(act, wish) {
  const set = (/** @type {Record<string, unknown>} */ fields) => act("set", fields);
  const schedule = h("select", {
    dataset: {role: "schedule"},
    onchange: () => wish(schedule, "set", {schedule: {name: schedule.value}}),
  });
  const engine = h("select", {
    dataset: {role: "engine"},
    onchange: () => wish(engine, "set", {engine: engine.value}),
  });
  const live = numbers(LIVE, name => [
    `setting.${name}`,
    {role: name, optional: name.startsWith("clip"), commit: value => set({[name]: value})},
  ]);
  const stopping = numbers(STOPPING, name => [
    `setting.stop_${name}`,
    {
      role: `stop-${name}`,
      optional: true,
      commit: value => set({stopping: {[name]: value}}),
    },
  ]);
  const dropout = share("dropout", 0, 0.9, 0.05, value => set({dropout: value}));
  const smoothing = share("label_smoothing", 0, 0.5, 0.05, value => set({label_smoothing: value}));
  const wrong = share("label_noise", 0, 0.5, 0.01, value => set({label_noise: value}), true);
  const scheduleNumbers = h("div", {class: "hyperparameters"});
  const engineNow = h("p", {class: "note", dataset: {role: "engine-now"}});
  return {schedule, scheduleNumbers, engine, engineNow, live, stopping, dropout, smoothing, wrong};
}

/** What starts the run anew. @param {Act} act @param {Wish} wish */
function restartControls(act, wish) {
  const configure = (/** @type {Record<string, unknown>} */ fields) => act("configure", fields);
  const normalization = h("select", {
    dataset: {role: "normalization"},
    onchange: () =>
      normalization.value !== MIXED &&
      wish(normalization, "configure", {network: {normalization: normalization.value || null}}),
  });
  const residual = h("input", {
    type: "checkbox",
    dataset: {role: "residual"},
    onchange: () => wish(residual, "configure", {network: {residual: residual.checked}}),
  });
  const precision = h("select", {
    dataset: {role: "precision"},
    onchange: () => wish(precision, "configure", {precision: precision.value}),
  });
  const classes = sliderField("setting.classes", {
    min: 3,
    max: 8,
    step: 1,
    show: String,
    commit: value => configure({data: {classes: value}}),
  });
  const tasks = numberField("setting.steps_per_task", {
    role: "steps-per-task",
    optional: true,
    commit: value => configure({data: {steps_per_task: value}}),
  });
  const balance = share("balance", 0.1, 1, 0.05, value => configure({data: {balance: value}}));
  const standardize = h("input", {
    type: "checkbox",
    dataset: {role: "standardize"},
    onchange: () => wish(standardize, "configure", {data: {standardize: standardize.checked}}),
  });
  const residualField = h("label", {class: "check"}, residual, h("span", {dataset: {i18n: "setting.residual"}}));
  return {normalization, residual, residualField, precision, classes, balance, standardize, tasks};
}

/** @param {Act} act @param {Wish} wish */
export function settingsControls(act, wish) {
  return {...liveControls(act, wish), ...restartControls(act, wish)};
}

/** @typedef {ReturnType<typeof settingsControls>} Controls */

/** @param {string} key @param {HTMLElement[]} children */
function part(key, ...children) {
  const dataset = key === "data.restarts" ? {i18nTip: "restart.hint"} : {};
  return h("section", {class: "group-body", dataset}, h("h3", {dataset: {i18n: key}}), ...children);
}

/** @param {HTMLElement[]} children */
const pairs = (...children) => h("div", {class: "pairs"}, ...children);

/** Whether keys without Ctrl do anything. @param {import("../../types").PageContext["shortcuts"]} shortcuts */
function keysBox({on, set}) {
  const onchange = () => set(box.checked);
  const box = h("input", {type: "checkbox", dataset: {role: "shortcuts"}, checked: on(), onchange});
  return h("label", {class: "check"}, box, h("span", {dataset: {i18n: "setting.shortcuts"}}));
}

/** The window: its head with the way out, and the controls in their parts. @param {Controls} c
 * @param {() => void} close
 * @param {import("../../types").PageContext["shortcuts"]} shortcuts */
export function settingsWindow(c, close, shortcuts) {
  const way = {type: "button", class: "quiet", dataset: {role: "settings-close", i18nTip: "setting.close"}};
  const title = h("h2", {id: "title-settings", dataset: {i18n: "setting.title"}});
  const standardize = h("label", {class: "check"}, c.standardize, h("span", {dataset: {i18n: "setting.standardize"}}));
  const normalization = field("setting.normalization", c.normalization, "wide");
  const sliders = [c.live.l1, c.live.l2, c.dropout, c.smoothing, c.classes, c.balance, c.wrong, c.tasks];
  for (const element of [...sliders.map(one => one.element), c.residualField, normalization, standardize])
    element.classList.add("only-network");
  const head = h("div", {class: "dialog-head"}, title, h("button", {...way, onclick: close}, "×"));
  const body = h(
    "div",
    {class: "settings"},
    part(
      "data.live",
      field("setting.schedule", c.schedule, "wide"),
      c.scheduleNumbers,
      pairs(...LIVE.map(name => c.live[name].element)),
      c.dropout.element,
      c.smoothing.element,
      c.wrong.element,
      field("setting.engine", c.engine, "wide"),
      c.engineNow,
    ),
    part("setting.stop", pairs(...STOPPING.map(name => c.stopping[name].element))),
    part("setting.keys", keysBox(shortcuts)),
    part(
      "data.restarts",
      normalization,
      c.residualField,
      field("setting.precision", c.precision, "wide"),
      c.classes.element,
      c.balance.element,
      c.tasks.element,
      standardize,
    ),
  );
  return {head, body};
}
