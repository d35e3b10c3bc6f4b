// @ts-check
/** The left panel: the data set and its numbers, and how the network is trained. Edits that need a restart say so. */

import {h, icon, setAttribute, setOptions, setText} from "../../draw/dom.js";
import {landscapeFields, paintLandscape} from "./landscape.js";
import {numberField, sliderField, field} from "../shared/fields.js";
import {paintThumbnail} from "./thumbnail.js";
import {createWishes} from "../shared/wishes.js";

/** @typedef {import("../../types").State} State */

/** What is chosen where layers differ; that is done on the diagram. */
const MIXED = "mixed";
/** The entry of the list that opens the window for uploads. */
const UPLOAD = "upload";
/** Milliseconds of an animation frame that the pictures of data sets may take. */
const PAINTING = 4;

/**
 * @param {HTMLElement} root
 * @param {import("../../types").ViewContext & {openSettings: () => void, openUpload: () => void}} context
 * @returns {import("../../types").View}
 */
export function dataView(root, context) {
  const {t, act, draw, openSettings, openUpload} = context;
  const {wish, seen, show, tick} = createWishes(act);
  const dataset = h("select", {dataset: {role: "dataset", i18nTitle: "data.dataset"}, onchange: choose});
  const thumbnails = h("div", {class: "thumbnails", role: "group", dataset: {i18nTitle: "data.dataset"}});
  const hills = h("div", {
    class: "thumbnails",
    role: "group",
    dataset: {i18nTitle: "landscape.group", role: "landscapes"},
  });
  const sorts = /** @type {const} */ (["sets", "functions"]).map(sort =>
    h("button", {
      type: "button",
      "aria-pressed": "false",
      dataset: {sort, i18n: `data.sort_${sort}`, i18nTitle: `data.sort_${sort}_title`},
      onclick: () => showSort(sort === "functions"),
    }),
  );
  /** @type {Map<string, {button: HTMLButtonElement, picture: HTMLImageElement}>} */
  const pictures = new Map();

  const noise = sliderField("data.noise", {
    min: 0,
    max: 0.5,
    step: 0.01,
    show: percent,
    live: true,
    commit: value => act("set", {noise: value}),
  });
  const samples = sliderField("data.samples", {
    min: 20,
    max: 1000,
    step: 10,
    show: String,
    commit: value => act("configure", {data: {samples: value}}),
  });
  const split = sliderField("data.test_share", {
    min: 0,
    max: 0.8,
    step: 0.05,
    show: percent,
    commit: value => act("configure", {data: {test_fraction: value}}),
  });
  const batch = sliderField("data.batch_size", {
    min: 1,
    max: 100,
    step: 1,
    show: String,
    live: true,
    commit: value => act("set", {batch_size: value}),
  });
  const fullBatch = h("input", {
    type: "checkbox",
    dataset: {role: "full-batch"},
    onchange: () => wish(fullBatch, "set", {batch_size: fullBatch.checked ? null : 10}),
  });

  const optimizer = h("select", {
    dataset: {role: "optimizer"},
    onchange: () => wish(optimizer, "set", {optimizer: optimizer.value, ...fittingRate(optimizer.value)}),
  });
  const hyperparameters = h("div", {class: "hyperparameters"});
  const activation = h("select", {
    dataset: {role: "activation"},
    onchange: () => activation.value !== MIXED && wish(activation, "set", {activation: activation.value}),
  });
  const initializer = h("select", {
    dataset: {role: "initializer"},
    onchange: () => wish(initializer, "configure", {initializer: initializer.value}),
  });
  const loss = h("select", {
    dataset: {role: "loss-function"},
    onchange: () => wish(loss, "configure", {loss: loss.value || null}),
  });
  const bias = h("input", {
    type: "checkbox",
    dataset: {role: "bias"},
    onchange: () => wish(bias, "configure", {network: {bias: bias.checked}}),
  });

  const parts = h("div", {class: "data-parts"});
  /** Parts that were folded because there was no room for all. @type {Set<HTMLDetailsElement>} */
  const folded = new Set();
  const start = landscapeFields(context);
  const begin = group("landscape.start", true, start.element);
  const points = group("data.points", true, h("div", {class: "pairs"}, samples.element, split.element));
  const everyBatch = h("label", {class: "check"}, fullBatch, h("span", {dataset: {i18n: "data.full_batch"}}));
  const kind = field("data.activation", activation);
  const shape = group(
    "data.restarts",
    true,
    field("data.initializer", initializer, "wide"),
    field("data.loss", loss, "wide"),
    h("label", {class: "check"}, bias, h("span", {dataset: {i18n: "data.bias"}})),
  );

  root.append(
    h(
      "div",
      {class: "data-head"},
      root.querySelector("h2"),
      h("div", {class: "plot-segment", role: "group", dataset: {i18nTitle: "data.sorts"}}, ...sorts),
    ),
    parts,
  );
  parts.append(
    h(
      "div",
      {class: "group"},
      h(
        "div",
        {class: "dataset-row"},
        dataset,
        h(
          "button",
          {type: "button", dataset: {role: "upload-open", i18nTitle: "upload.open"}, onclick: openUpload},
          icon("table"),
        ),
      ),
      thumbnails,
      hills,
    ),
    begin,
    points,
    group(
      "data.live",
      false,
      h("div", {class: "pairs"}, noise.element, batch.element),
      everyBatch,
      field("data.optimizer", optimizer),
      hyperparameters,
      kind,
    ),
    shape,
    h("button", {type: "button", class: "more", dataset: {role: "settings", i18n: "data.more"}, onclick: openSettings}),
  );

  /** Pictures of data sets, or of functions in their place: one of them at a time. @param {boolean} functions */
  function showSort(functions) {
    thumbnails.hidden = functions;
    hills.hidden = !functions;
    for (const button of sorts)
      button.setAttribute("aria-pressed", String((button.dataset.sort === "functions") === functions));
  }

  /**
   * A part that folds; on a phone it starts folded, so that the network is near. What it holds may start the network
   * anew: then it says so.
   * @param {string} key @param {boolean} restarts @param {HTMLElement[]} children */
  function group(key, restarts, ...children) {
    const body = h("div", {class: "group-body", dataset: restarts ? {i18nTitle: "restart.hint"} : {}}, ...children);
    const byHand = () => {
      details.dataset.hand = "true";
      folded.delete(details);
    };
    const details = h(
      "details",
      {
        class: "group",
        open: matchMedia("(min-width: 641px)").matches,
        ontoggle: () => {
          body.inert = !details.open;
        },
      },
      h("summary", {dataset: {i18n: key}, onclick: byHand}),
      body,
    );
    body.inert = !details.open;
    return details;
  }

  /**
   * Where the window is too low for all parts, fold those that start the network again; what a hand has opened or
   * folded stays so.
   */
  function fit() {
    for (const details of folded) details.open = true;
    folded.clear();
    for (const details of [shape, points]) {
      if (parts.scrollHeight <= parts.clientHeight) return;
      if (details.hidden || !details.open || details.dataset.hand) continue;
      details.open = false;
      folded.add(details);
    }
  }
  const room = new ResizeObserver(fit);
  room.observe(parts);

  function choose() {
    if (dataset.value !== UPLOAD) return wish(dataset, "configure", {data: {name: dataset.value}});
    dataset.value = present?.data.name ?? "";
    openUpload();
  }

  /** @param {number} x */
  function percent(x) {
    return `${Math.round(x * 100)} %`;
  }

  /** @param {State} state */
  function buildThumbnails(state) {
    const landscapes = state.options?.landscapes ?? [];
    for (const {name} of [...(state.options?.datasets.filter(entry => !entry.upload) ?? []), ...landscapes]) {
      if (pictures.has(name)) continue;
      const picture = h("img", {width: 88, height: 88, alt: "", draggable: false});
      const button = h(
        "button",
        {type: "button", class: "thumbnail", dataset: {name}, onclick: () => act("configure", {data: {name}})},
        picture,
      );
      pictures.set(name, {button, picture});
      (landscapes.some(entry => entry.name === name) ? hills : thumbnails).append(button);
    }
  }

  /** On a landscape every optimizer comes with a learning rate at which it can be watched. @param {string} name */
  function fittingRate(name) {
    const rate = options?.landscapes.find(entry => entry.name === present?.data.name)?.rates[name];
    return rate === undefined ? {} : {learning_rate: rate};
  }

  /** @type {import("../../types").RunConfig | null} */
  let present = null;
  /** @type {State["options"]} */
  let options = null;

  let painted = "";
  let hyperKey = "";
  /** The data set that the pictures were chosen for. */
  let sorted = "";
  /** @type {Map<string, ReturnType<typeof numberField>>} */
  let hyperFields = new Map();

  /** @param {State} state */
  const paintKey = state =>
    [
      state.lang,
      state.theme,
      ...(state.options?.datasets.flatMap(entry => (entry.upload ? [entry.name] : [])) ?? []),
    ].join(" ");

  /** @param {State} state */
  function words(state) {
    const {options} = state;
    if (!options) return;
    const named = (/** @type {{name: string}[]} */ entries, /** @type {string} */ group) =>
      entries.map(({name}) => ({value: name, label: t(`dataset.${name}`), group}));
    const uploads = options.datasets.filter(entry => entry.upload);
    const given = options.datasets.filter(entry => !entry.upload);
    setOptions(dataset, [
      ...named(given, t("landscape.data_group")),
      ...named(options.landscapes, t("landscape.group")),
      ...uploads.map(({name, target}) => ({
        value: name,
        label: t("upload.dataset", {target: target ?? ""}),
        group: t("upload.title"),
      })),
      {value: UPLOAD, label: t("upload.open"), group: t("upload.title")},
    ]);
    setOptions(
      optimizer,
      options.optimizers.map(({name}) => ({value: name, label: t(`optimizer.${name}`)})),
    );
    setOptions(
      initializer,
      options.initializers.map(name => ({value: name, label: t(`initializer.${name}`)})),
    );
    setOptions(loss, [
      {value: "", label: t("loss.auto")},
      ...options.losses.map(name => ({value: name, label: t(`loss.${name}`)})),
    ]);
    for (const [name, {button}] of pictures) {
      button.title = `${t(`dataset.${name}`)}\n↻ ${t("restart.hint")}`;
      button.setAttribute("aria-label", t(`dataset.${name}`));
    }
    if (!unpainted.length) draw(paintSome);
    unpainted = [
      ...given.map(entry => () => paintThumbnail(pictureOf(entry.name), entry, state.theme)),
      ...options.landscapes.map(entry => () => paintLandscape(pictureOf(entry.name), entry, state.theme)),
    ];
    painted = paintKey(state);
  }

  /** Pictures that are still to be painted: a few in each animation frame. @type {(() => void)[]} */
  let unpainted = [];

  function paintSome() {
    const end = performance.now() + PAINTING;
    while (unpainted.length && performance.now() < end) unpainted.shift()?.();
    if (unpainted.length) draw(paintSome);
  }

  /** @param {string} name */
  const pictureOf = name => /** @type {HTMLImageElement} */ (pictures.get(name)?.picture);

  /** @param {State} state */
  function buildHyperparameters(state) {
    const name = state.config?.optimizer.name;
    const entry = state.options?.optimizers.find(o => o.name === name);
    if (!entry || hyperKey === `${name} ${state.lang}`) return;
    hyperKey = `${name} ${state.lang}`;
    hyperFields = new Map(
      entry.hyperparameters
        .filter(p => typeof p.default === "number")
        .map(p => [
          p.name,
          numberField(`hyperparameter.${p.name}`, {
            low: p.low,
            high: p.high,
            role: p.name,
            commit: value => act("set", {[p.name]: value}),
          }),
        ]),
    );
    for (const f of hyperFields.values()) f.words(t);
    hyperparameters.replaceChildren(...[...hyperFields.values()].map(f => f.element));
    fit();
  }

  let offered = "";
  /** @param {string[]} names @param {boolean} mixed @param {string} lang */
  function offerActivations(names, mixed, lang) {
    if (offered === `${mixed} ${lang}`) return;
    offered = `${mixed} ${lang}`;
    setOptions(
      activation,
      [...names, ...(mixed ? [MIXED] : [])].map(name => ({
        value: name,
        label: t(name === MIXED ? "normalization.mixed" : `activation.${name}`),
      })),
    );
  }

  return {
    update(state) {
      const {config, data} = state;
      options = state.options;
      if (!config || !options) return;
      present = config;
      seen(config);
      const hill = Boolean(state.layout?.landscape);
      begin.hidden = !hill;
      points.hidden = batch.element.hidden = everyBatch.hidden = kind.hidden = shape.hidden = hill;
      if (hill) start.update(state);
      const other = sorted !== config.data.name;
      sorted = config.data.name;
      if (other) showSort(options.landscapes.some(({name}) => name === sorted));
      buildThumbnails(state);
      if (painted !== paintKey(state)) words(state);
      buildHyperparameters(state);
      const entry = options.datasets.find(d => d.name === config.data.name);
      root.inert = state.connection !== "open";
      show(dataset, config.data.name);
      for (const [name, {button}] of pictures) setAttribute(button, "aria-pressed", String(name === config.data.name));
      const given = Boolean(entry?.fixed);
      noise.element.hidden = given || hill;
      samples.element.hidden = given;
      split.element.hidden = given && data !== null && data.train === data.n;
      noise.set(config.data.noise);
      samples.set(config.data.samples);
      split.set(config.data.test_fraction);
      batch.range(1, Math.max(1, Math.min(100, data?.train ?? 100)));
      batch.set(config.batch_size ?? data?.train ?? 1);
      batch.element.classList.toggle("off", config.batch_size === null);
      tick(fullBatch, config.batch_size === null);
      show(optimizer, config.optimizer.name);
      for (const [name, f] of hyperFields) f.set(Number(config.optimizer[name]));
      const {activation: chosen, hidden} = config.network;
      const names = new Set(typeof chosen === "string" ? [chosen] : chosen);
      activation.disabled = hidden.length === 0;
      offerActivations(options.activations, names.size > 1, state.lang);
      show(activation, names.size > 1 ? MIXED : ([...names][0] ?? ""));
      show(initializer, config.initializer);
      initializer.disabled = config.initial !== null;
      show(loss, config.loss ?? "");
      tick(bias, config.network.bias);
      setText(loss.options[0], t("loss.auto_is", {name: t(`loss.${state.layout?.loss ?? "mse"}`)}));
      if (other) fit();
    },
    destroy() {
      room.disconnect();
      unpainted = [];
      root.replaceChildren();
    },
  };
}
