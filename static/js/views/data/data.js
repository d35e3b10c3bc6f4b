// @ts-check
/** The left panel: the data set and its numbers, and how the network is trained. Edits that need a restart say so. */

import {h, setOptions, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {batchSizeOf} from "../../model/epochs.js";
import {numberField} from "../shared/fields.js";
import {createWishes} from "../shared/wishes.js";
import {dataControls, MIXED} from "./controls.js";
import {landscapeFields} from "./landscape.js";
import {layoutOf} from "./layout.js";
import {Pictures} from "./pictures.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").RunConfig} RunConfig */
/** @typedef {NonNullable<State["options"]>} Options */
/** @typedef {import("../../types").ViewContext & {openSettings: () => void, openUpload: () => void}} DataContext */

/** The entry of the list that opens the window for uploads. */
const UPLOAD = "upload";

/** What the words and pictures depend on. @param {State} state @param {Options} options */
function wordKey({lang, theme}, {datasets}) {
  return [lang, theme, ...datasets.flatMap(entry => (entry.upload ? [entry.name] : []))].join(" ");
}

class DataPanel {
  /** @param {HTMLElement} root @param {DataContext} context */
  constructor(root, context) {
    this.root = root;
    this.t = context.t;
    this.act = context.act;
    this.openUpload = context.openUpload;
    /** @type {RunConfig | null} */ this.config = null;
    /** @type {State["options"]} */ this.options = null;
    this.worded = "";
    this.numbered = "";
    this.offered = "";
    /** The data set that the pictures were chosen for. */
    this.sorted = "";
    /** @type {Map<string, ReturnType<typeof numberField>>} */ this.hyperFields = new Map();
    this.wishes = createWishes(context.act);
    this.controls = dataControls(context.act, this.wishes.wish, {
      choose: () => this.choose(),
      fittingRate: name => this.fittingRate(name),
    });
    this.pictures = new Pictures(context);
    this.start = landscapeFields(context);
    const pictures = [this.pictures.sets, this.pictures.functions];
    this.layout = layoutOf(this.controls, {...context, pictures, start: this.start.element});
    const segment = {class: "plot-segment", role: "group", dataset: {i18nTip: "data.sorts"}};
    const head = h("div", {class: "data-head"}, root.querySelector("h2"), h("div", segment, ...this.pictures.sorts));
    root.append(head, this.layout.parts);
  }

  choose() {
    const {dataset} = this.controls;
    if (dataset.value === UPLOAD) {
      dataset.value = this.config?.data.name ?? "";
      this.openUpload();
    } else this.wishes.wish(dataset, "configure", {data: {name: dataset.value}});
  }

  /** On a landscape every optimizer comes with a learning rate at which it can be watched. @param {string} name
   * @returns {Record<string, number>} */
  fittingRate(name) {
    const rate = this.options?.landscapes.find(entry => entry.name === this.config?.data.name)?.rates[name];
    return rate === undefined ? {} : {learning_rate: rate};
  }

  /** The data sets to choose from, by kind. @param {Options} options */
  datasetChoices(options) {
    const {t} = this;
    const named = (/** @type {{name: string}[]} */ entries, /** @type {string} */ group) =>
      entries.map(({name}) => ({value: name, label: t(`dataset.${name}`), group}));
    const given = options.datasets.filter(entry => !entry.upload);
    const uploads = options.datasets.filter(entry => entry.upload);
    const group = t("runs.own_data");
    return [
      ...named(given, t("landscape.data_group")),
      ...named(options.landscapes, t("landscape.group")),
      ...uploads.map(({name, target}) => ({value: name, label: target ?? "", group})),
      {value: UPLOAD, label: t("upload.open"), group},
    ];
  }

  /** @param {Options} options */
  words(options) {
    const {t, controls} = this;
    const named = (/** @type {string} */ family, /** @type {string[]} */ names) =>
      names.map(name => ({value: name, label: t(`${family}.${name}`)}));
    const optimizers = options.optimizers.map(({name}) => name);
    setOptions(controls.dataset, this.datasetChoices(options));
    setOptions(controls.optimizer, named("optimizer", optimizers));
    setOptions(controls.initializer, named("initializer", options.initializers));
    setOptions(controls.loss, [{value: "", label: t("loss.auto")}, ...named("loss", options.losses)]);
  }

  /** A field for each number of the optimizer in use. @param {State} state @param {Options} options */
  buildHyperparameters({config, lang}, options) {
    const name = config?.optimizer.name;
    const entry = options.optimizers.find(one => one.name === name);
    if (!entry || this.numbered === `${name} ${lang}`) return;
    this.numbered = `${name} ${lang}`;
    const numbers = entry.hyperparameters.filter(p => typeof p.default === "number");
    this.hyperFields = new Map(
      numbers.map(({name: key, low, high}) => [
        key,
        numberField(`hyperparameter.${key}`, {low, high, role: key, commit: value => this.act("set", {[key]: value})}),
      ]),
    );
    for (const f of this.hyperFields.values()) f.words(this.t);
    this.controls.hyperparameters.replaceChildren(...[...this.hyperFields.values()].map(f => f.element));
    this.layout.folds.fit();
  }

  /** @param {string[]} names @param {boolean} mixed @param {string} lang */
  offerActivations(names, mixed, lang) {
    if (this.offered === `${mixed} ${lang}`) return;
    this.offered = `${mixed} ${lang}`;
    setOptions(
      this.controls.activation,
      [...names, ...(mixed ? [MIXED] : [])].map(name => ({
        value: name,
        label: this.t(name === MIXED ? "normalization.mixed" : `activation.${name}`),
      })),
    );
  }

  /** What a landscape has and a network has not, and the other way round. @param {State} state */
  showParts(state) {
    const hill = Boolean(state.layout?.landscape);
    const {begin, everyBatch, kind, shape} = this.layout;
    begin.hidden = !hill;
    for (const element of [this.controls.batch.element, everyBatch, kind, shape]) element.hidden = hill;
    if (hill) this.start.update(state);
  }

  /** What the list has no room for of the name of own data, which is as long as one likes, is told.
   * @param {Options["datasets"][number] | undefined} entry */
  explainChosen(entry) {
    const words = this.t("data.dataset");
    explain(this.controls.dataset, entry?.upload ? `${words}: ${entry.target}` : words);
  }

  /** @param {State} state @param {RunConfig} config @param {Options} options */
  showData({data, layout}, config, options) {
    const {noise, samples, split, batch, fullBatch, dataset} = this.controls;
    const fixed = Boolean(options.datasets.find(entry => entry.name === config.data.name)?.fixed);
    this.wishes.show(dataset, config.data.name);
    this.explainChosen(options.datasets.find(entry => entry.name === config.data.name));
    this.pictures.mark(config.data.name);
    noise.element.hidden = fixed || Boolean(layout?.landscape);
    samples.element.hidden = fixed;
    split.element.hidden = fixed && data !== null && data.train === data.n;
    this.layout.points.hidden = Boolean(layout?.landscape) || (samples.element.hidden && split.element.hidden);
    noise.set(config.data.noise);
    samples.set(config.data.samples);
    split.set(config.data.test_fraction);
    batch.range(1, Math.max(1, Math.min(100, data?.train ?? 100)));
    batch.set(batchSizeOf({config, data}));
    batch.element.classList.toggle("off", config.batch_size === null);
    this.wishes.tick(fullBatch, config.batch_size === null);
  }

  /** @param {State} state @param {RunConfig} config @param {Options} options */
  showTraining(state, config, options) {
    const {optimizer, activation, initializer, loss, bias} = this.controls;
    const {show, tick} = this.wishes;
    show(optimizer, config.optimizer.name);
    for (const [name, f] of this.hyperFields) f.set(Number(config.optimizer[name]));
    const chosen = config.network.activation;
    const names = new Set(typeof chosen === "string" ? [chosen] : chosen);
    activation.disabled = config.network.hidden.length === 0;
    this.offerActivations(options.activations, names.size > 1, state.lang);
    show(activation, names.size > 1 ? MIXED : ([...names][0] ?? ""));
    show(initializer, config.initializer);
    initializer.disabled = config.initial !== null;
    show(loss, config.loss ?? "");
    tick(bias, config.network.bias);
    setText(loss.options[0], this.t("loss.auto_is", {name: this.t(`loss.${state.layout?.loss ?? "mse"}`)}));
  }

  /** @param {State} state */
  update(state) {
    const {config, options} = state;
    this.options = options;
    if (!config || !options) return;
    this.config = config;
    this.wishes.seen(config);
    this.showParts(state);
    const other = this.sorted !== config.data.name;
    this.sorted = config.data.name;
    if (other) this.pictures.showSort(options.landscapes.some(({name}) => name === this.sorted));
    this.pictures.build(options);
    const key = wordKey(state, options);
    if (this.worded !== key) {
      this.words(options);
      this.pictures.write(options, state.theme);
      this.worded = key;
    }
    this.buildHyperparameters(state, options);
    this.root.inert = state.connection !== "open";
    this.showData(state, config, options);
    this.showTraining(state, config, options);
    if (other) this.layout.folds.fit();
  }

  destroy() {
    this.layout.folds.room.disconnect();
    this.pictures.destroy();
    this.root.replaceChildren();
  }
}

/**
 * @param {HTMLElement} root
 * @param {DataContext} context
 * @returns {import("../../types").View}
 */
export function dataView(root, context) {
  return new DataPanel(root, context);
}
