// @ts-check
/**
 * More of what a run can be told: schedule, regularization, clipping, normalization, stopping rules, and how data are
 * made.
 */

import {h, setOptions} from "../../draw/dom.js";
import {field, numberField, sliderField} from "../shared/fields.js";
import {createWishes} from "../shared/wishes.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").RunConfig} RunConfig */

const percent = (/** @type {number} */ x) => `${Math.round(x * 100)} %`;

/** Numbers that a run can be told live: `null` is "off". */
const LIVE = ["l1", "l2", "clip_value", "clip_norm", "gradient_noise"];
/** What is chosen where layers differ; that is done on the diagram. */
const MIXED = "mixed";
const STOPPING = ["steps", "epochs", "loss", "gradient", "patience"];

/**
 * A window beside the page's left panel; training stays in sight and goes on.
 * @param {HTMLDialogElement} root
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View & {toggle: () => void}}
 */
export function settingsView(root, {t, act}) {
  const {wish, seen, show, tick} = createWishes(act);
  const set = (/** @type {Record<string, unknown>} */ fields) => act("set", fields);
  const configure = (/** @type {Record<string, unknown>} */ fields) => act("configure", fields);

  const schedule = h("select", {
    dataset: {role: "schedule"},
    onchange: () => wish(schedule, "set", {schedule: {name: schedule.value}}),
  });
  const scheduleNumbers = h("div", {class: "hyperparameters"});
  const live = Object.fromEntries(
    LIVE.map(name => [
      name,
      numberField(`setting.${name}`, {
        role: name,
        optional: name.startsWith("clip"),
        commit: value => set({[name]: value}),
      }),
    ]),
  );
  const dropout = sliderField("setting.dropout", {
    min: 0,
    max: 0.9,
    step: 0.05,
    show: percent,
    commit: value => set({dropout: value}),
  });
  const smoothing = sliderField("setting.label_smoothing", {
    min: 0,
    max: 0.5,
    step: 0.05,
    show: percent,
    commit: value => set({label_smoothing: value}),
  });
  const stopping = Object.fromEntries(
    STOPPING.map(name => [
      name,
      numberField(`setting.stop_${name}`, {
        role: `stop-${name}`,
        optional: true,
        commit: value => set({stopping: {[name]: value}}),
      }),
    ]),
  );
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
  const residualField = h("label", {class: "check"}, residual, h("span", {dataset: {i18n: "setting.residual"}}));
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
  const balance = sliderField("setting.balance", {
    min: 0.1,
    max: 1,
    step: 0.05,
    show: percent,
    commit: value => configure({data: {balance: value}}),
  });
  const wrong = sliderField("setting.label_noise", {
    min: 0,
    max: 0.5,
    step: 0.01,
    show: percent,
    live: true,
    commit: value => set({label_noise: value}),
  });
  const standardize = h("input", {
    type: "checkbox",
    dataset: {role: "standardize"},
    onchange: () => wish(standardize, "configure", {data: {standardize: standardize.checked}}),
  });

  root.append(
    h(
      "header",
      {class: "dialog-head"},
      h("h2", {id: "title-settings", dataset: {i18n: "setting.title"}}),
      h(
        "button",
        {
          type: "button",
          class: "quiet",
          dataset: {role: "settings-close", i18nTitle: "setting.close"},
          onclick: () => root.close(),
        },
        "×",
      ),
    ),
    h(
      "div",
      {class: "settings"},
      part(
        "data.live",
        field("setting.schedule", schedule, "wide"),
        scheduleNumbers,
        pairs(
          live.l1.element,
          live.l2.element,
          live.clip_value.element,
          live.clip_norm.element,
          live.gradient_noise.element,
        ),
        dropout.element,
        smoothing.element,
        wrong.element,
      ),
      part("setting.stop", pairs(...STOPPING.map(name => stopping[name].element))),
      part(
        "data.restarts",
        field("setting.normalization", normalization, "wide"),
        residualField,
        field("setting.precision", precision, "wide"),
        classes.element,
        balance.element,
        h("label", {class: "check"}, standardize, h("span", {dataset: {i18n: "setting.standardize"}})),
      ),
    ),
  );

  const places = [live.l1, live.l2, dropout, smoothing, classes, balance, wrong].map(({element}) => element);
  for (const element of [
    ...places,
    residualField,
    /** @type {HTMLElement} */ (normalization.closest("label")),
    /** @type {HTMLElement} */ (standardize.closest("label")),
  ])
    element.classList.add("only-network");

  /** @param {string} key @param {HTMLElement[]} children */
  function part(key, ...children) {
    const dataset = key === "data.restarts" ? {i18nTitle: "restart.hint"} : {};
    return h("section", {class: "group-body", dataset}, h("h3", {dataset: {i18n: key}}), ...children);
  }

  /** @param {HTMLElement[]} children */
  function pairs(...children) {
    return h("div", {class: "pairs"}, ...children);
  }

  let scheduleKey = "";
  let wordsKey = "";
  /** @type {Map<string, ReturnType<typeof numberField>>} */
  let scheduleFields = new Map();

  /** @param {State} state @param {RunConfig} config */
  function buildScheduleNumbers(state, config) {
    const {name} = config.schedule;
    const entry = state.options?.schedules.find(s => s.name === name);
    if (!entry || scheduleKey === `${name} ${state.lang}`) return;
    scheduleKey = `${name} ${state.lang}`;
    scheduleFields = new Map(
      entry.hyperparameters.map(p => [
        p.name,
        numberField(`hyperparameter.${p.name}`, {
          role: `schedule-${p.name}`,
          low: p.low,
          high: p.high,
          commit: value =>
            set({
              schedule: {
                ...config.schedule,
                ...Object.fromEntries([...scheduleFields].map(([key, f]) => [key, f.value()])),
                [p.name]: value,
              },
            }),
        }),
      ]),
    );
    scheduleNumbers.replaceChildren(...[...scheduleFields.values()].map(f => f.element));
    for (const f of scheduleFields.values()) f.words(t);
  }

  /** @param {State} state */
  function words(state) {
    const {options} = state;
    if (!options || wordsKey === state.lang) return;
    wordsKey = state.lang;
    setOptions(
      schedule,
      options.schedules.map(({name}) => ({value: name, label: t(`schedule.${name}`)})),
    );
    setOptions(
      precision,
      options.precisions.map(name => ({value: name, label: t(`precision.${name}`)})),
    );
  }

  return {
    toggle() {
      if (root.open) root.close();
      else root.show();
    },
    update(state) {
      const {config, options} = state;
      if (!root.open || !config || !options) return;
      seen(config);
      words(state);
      buildScheduleNumbers(state, config);
      root.inert = state.connection !== "open";
      show(schedule, config.schedule.name);
      for (const [name, f] of scheduleFields) f.set(Number(config.schedule[name]));
      for (const name of LIVE) live[name].set(/** @type {Record<string, any>} */ (config)[name]);
      dropout.set(config.network.dropout);
      smoothing.set(config.label_smoothing);
      for (const name of STOPPING) stopping[name].set(config.stopping[name]);
      const {normalization: chosen} = config.network;
      const kinds = [
        {value: "", label: t("normalization.none")},
        ...options.normalizations.map(name => ({value: name, label: t(`normalization.${name}`)})),
      ];
      setOptions(
        normalization,
        Array.isArray(chosen) ? [...kinds, {value: MIXED, label: t("normalization.mixed")}] : kinds,
      );
      show(normalization, Array.isArray(chosen) ? MIXED : (chosen ?? ""));
      const {hidden, residual: skips} = config.network;
      const possible = hidden.some((n, k) => k > 0 && n === hidden[k - 1]);
      tick(residual, possible && (Array.isArray(skips) ? skips.some(Boolean) : skips));
      residual.indeterminate =
        Array.isArray(skips) &&
        skips.some(Boolean) &&
        skips.some((on, k) => !on && k > 0 && hidden[k] === hidden[k - 1]);
      residual.disabled = !possible && !residual.checked;
      residualField.title = t(possible ? "setting.residual_title" : "setting.residual_none");
      show(precision, config.precision);
      const entry = options.datasets.find(d => d.name === config.data.name);
      const regression = state.data?.kind === "regression";
      classes.element.hidden = !entry?.many;
      balance.element.hidden = regression || Boolean(entry?.fixed);
      wrong.element.hidden = regression;
      classes.set(config.data.classes);
      balance.set(config.data.balance);
      wrong.set(config.data.label_noise);
      tick(standardize, config.data.standardize ?? Boolean(entry?.standardize));
    },
    destroy() {
      root.replaceChildren();
    },
  };
}
