// @ts-check
/**
 * More of what a run can be told: schedule, regularization, clipping, normalization, stopping rules, and how data are
 * made.
 */

import {toggleWindow} from "../../draw/dialog.js";
import {setOptions, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {numberField} from "../shared/fields.js";
import {createWishes} from "../shared/wishes.js";
import {LIVE, MIXED, settingsControls, settingsWindow, STOPPING} from "./controls.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").RunConfig} RunConfig */
/** @typedef {NonNullable<State["options"]>} Options */

/**
 * Whether some hidden layers could pass on what came before them, all do, or a part of those that could.
 * @param {RunConfig["network"]} network
 */
export function residualOf({hidden, residual}) {
  const possible = hidden.some((n, k) => k > 0 && n === hidden[k - 1]);
  const several = Array.isArray(residual);
  const some = several ? residual.some(Boolean) : residual;
  const missing = several && residual.some((on, k) => !on && k > 0 && hidden[k] === hidden[k - 1]);
  return {possible, checked: possible && some, indeterminate: several && some && missing};
}

class Settings {
  /** @param {HTMLDialogElement} root @param {import("../../types").PageContext} context */
  constructor(root, {t, act, shortcuts}) {
    this.root = root;
    this.t = t;
    this.act = act;
    this.wishes = createWishes(act);
    this.controls = settingsControls(act, this.wishes.wish);
    this.worded = "";
    this.scheduled = "";
    /** @type {Map<string, ReturnType<typeof numberField>>} */
    this.scheduleFields = new Map();
    const {head, body} = settingsWindow(this.controls, () => root.close(), shortcuts);
    /** What rests while there is no connection. */
    this.body = body;
    root.append(head, body);
  }

  /** A field for each number of the schedule in use. @param {State} state @param {RunConfig} config */
  buildScheduleNumbers(state, config) {
    const {name} = config.schedule;
    const entry = state.options?.schedules.find(one => one.name === name);
    if (!entry || this.scheduled === `${name} ${state.lang}`) return;
    this.scheduled = `${name} ${state.lang}`;
    this.scheduleFields = new Map(
      entry.hyperparameters.map(p => [
        p.name,
        numberField(`hyperparameter.${p.name}`, {
          role: `schedule-${p.name}`,
          low: p.low,
          high: p.high,
          commit: value => this.setSchedule(config, p.name, value),
        }),
      ]),
    );
    this.controls.scheduleNumbers.replaceChildren(...[...this.scheduleFields.values()].map(f => f.element));
    for (const f of this.scheduleFields.values()) f.words(this.t);
  }

  /** @param {RunConfig} config @param {string} name @param {number | null} value */
  setSchedule(config, name, value) {
    const others = Object.fromEntries([...this.scheduleFields].map(([key, f]) => [key, f.value()]));
    return this.act("set", {schedule: {...config.schedule, ...others, [name]: value}});
  }

  /** @param {State} state @param {Options} options */
  words(state, options) {
    if (this.worded === state.lang) return;
    this.worded = state.lang;
    setOptions(
      this.controls.schedule,
      options.schedules.map(({name}) => ({value: name, label: this.t(`schedule.${name}`)})),
    );
    setOptions(
      this.controls.precision,
      options.precisions.map(name => ({value: name, label: this.t(`precision.${name}`)})),
    );
    setOptions(
      this.controls.engine,
      options.engines.map(name => ({value: name, label: this.t(`engine.${name}`)})),
    );
  }

  /** @param {RunConfig} config */
  showLive(config) {
    const {schedule, live, dropout, smoothing, stopping} = this.controls;
    this.wishes.show(schedule, config.schedule.name);
    for (const [name, f] of this.scheduleFields) f.set(Number(config.schedule[name]));
    for (const name of LIVE) live[name].set(/** @type {Record<string, any>} */ (config)[name]);
    dropout.set(config.network.dropout);
    smoothing.set(config.label_smoothing);
    for (const name of STOPPING) stopping[name].set(config.stopping[name]);
  }

  /** @param {RunConfig} config @param {Options} options */
  showNetwork(config, options) {
    const {normalization, residual, residualField} = this.controls;
    const chosen = config.network.normalization;
    const kinds = [
      {value: "", label: this.t("normalization.none")},
      ...options.normalizations.map(name => ({value: name, label: this.t(`normalization.${name}`)})),
    ];
    const mixed = Array.isArray(chosen);
    setOptions(normalization, mixed ? [...kinds, {value: MIXED, label: this.t("normalization.mixed")}] : kinds);
    this.wishes.show(normalization, mixed ? MIXED : (chosen ?? ""));
    const {possible, checked, indeterminate} = residualOf(config.network);
    this.wishes.tick(residual, checked);
    residual.indeterminate = indeterminate;
    residual.disabled = !possible && !residual.checked;
    explain(residualField, this.t(possible ? "setting.residual_title" : "setting.residual_none"));
  }

  /** @param {State} state @param {RunConfig} config @param {Options} options */
  showData(state, config, options) {
    const {precision, classes, balance, wrong, standardize, tasks} = this.controls;
    const entry = options.datasets.find(d => d.name === config.data.name);
    const regression = state.data?.kind === "regression";
    this.wishes.show(precision, config.precision);
    classes.element.hidden = !entry?.many;
    balance.element.hidden = regression || Boolean(entry?.fixed);
    wrong.element.hidden = regression;
    classes.set(config.data.classes);
    balance.set(config.data.balance);
    tasks.set(config.data.steps_per_task ?? null);
    wrong.set(config.data.label_noise);
    this.wishes.tick(standardize, config.data.standardize ?? Boolean(entry?.standardize));
  }

  /** What takes the steps, and why not the other. @param {State} state @param {RunConfig} config */
  showEngine({engine}, config) {
    this.wishes.show(this.controls.engine, config.engine);
    const lack = engine?.lack;
    const what = lack ? this.t(`engine.lack_${lack.kind}`, {name: lack.name}) : "";
    const words = engine ? this.t("engine.now", {name: this.t(`engine.${engine.name}`)}) : "";
    setText(this.controls.engineNow, [words, what].filter(Boolean).join(" "));
  }

  toggle() {
    toggleWindow(this.root);
  }

  /** @param {State} state */
  update(state) {
    const {config, options} = state;
    if (!this.root.open || !config || !options) return;
    this.wishes.seen(config);
    this.words(state, options);
    this.buildScheduleNumbers(state, config);
    this.body.inert = state.connection !== "open";
    this.showLive(config);
    this.showNetwork(config, options);
    this.showData(state, config, options);
    this.showEngine(state, config);
  }

  destroy() {
    this.root.replaceChildren();
  }
}

/**
 * A window beside the page's left panel; training stays in sight and goes on.
 * @param {HTMLDialogElement} root
 * @param {import("../../types").PageContext} context
 * @returns {import("../../types").View & {toggle: () => void}}
 */
export function settingsView(root, context) {
  return new Settings(root, context);
}
