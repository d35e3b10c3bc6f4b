// @ts-check
/** The controls of a hidden layer: its neurons, activation and normalization, and the button that removes it. */

import {h, setAttribute, setOptions, setText} from "../../draw/dom.js";
import {typedCount} from "../../draw/entry.js";
import {explain} from "../../draw/explain.js";
import {integer} from "../../draw/format.js";
import {
  activationsOf,
  normalizationsOf,
  removeLayer,
  resizeLayer,
  setActivation,
  setNormalization,
} from "../shared/architecture.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../shared/architecture.js").Patch} Patch */
/** A layer from 1, that may be another one at every refresh. @typedef {() => number} Layer */

export class Controls {
  /** @param {import("../../types").ViewContext["t"]} t @param {import("./wanted.js").WantedNetwork} wanted */
  constructor(t, wanted) {
    this.t = t;
    this.wanted = wanted;
    /** each brings a control up to date @type {((state: State) => void)[]} */
    this.refreshers = [];
    /** how many controls there are of a kind @type {Map<string, number>} */
    this.kinds = new Map();
  }

  /** Forget all controls. */
  clear() {
    this.refreshers = [];
    this.kinds.clear();
  }

  /** @param {(state: State) => void} refresher */
  onRefresh(refresher) {
    this.refreshers.push(refresher);
  }

  refresh() {
    const {state} = this.wanted;
    if (state?.config && state.layout) for (const each of this.refreshers) each(state);
  }

  /** By this a control is found again after all have been built anew, though there are more or fewer of others now.
   * @param {string} kind */
  keyOf(kind) {
    const n = this.kinds.get(kind) ?? 0;
    this.kinds.set(kind, n + 1);
    return `${kind} ${n}`;
  }

  /** Index of a layer among the hidden ones, while there are any. @param {Layer} layer */
  indexOf(layer) {
    return Math.min(layer(), this.wanted.network.hidden.length) - 1;
  }

  /**
   * A button that asks for a patch, off where the limits or the connection forbid it.
   * @param {string} sign
   * @param {string} name of the class
   * @param {() => string} title
   * @param {() => Patch} patch
   */
  button(sign, name, title, patch) {
    const {t, wanted} = this;
    const element = h(
      "button",
      {
        type: "button",
        class: `network-button ${name}`,
        dataset: {key: this.keyOf(`${name} ${sign}`), restarts: ""},
        onclick: () => wanted.ask(patch()),
      },
      sign,
    );
    this.onRefresh(() => {
      element.disabled = !wanted.connected || !wanted.allows(patch());
      if (element.getAttribute("aria-label") === title()) return;
      explain(element, `${title()}\n↻ ${t("restart.hint")}`);
      setAttribute(element, "aria-label", title());
    });
    return element;
  }

  /** How many neurons, to step or to type. @param {Layer} layer
   * @param {boolean} words whether there is room to say "neurons" */
  counter(layer, words) {
    const {t, wanted} = this;
    const size = () => wanted.network.hidden[this.indexOf(layer)] ?? 0;
    /** @param {string} sign @param {string} key @param {number} change */
    const stepper = (sign, key, change) =>
      this.button(
        sign,
        "",
        () => t(key, {layer: this.indexOf(layer) + 1}),
        () => resizeLayer(wanted.network, this.indexOf(layer), size() + change),
      );
    const less = stepper("−", "network.remove_neuron", -1);
    const count = this.count(layer, size, words);
    return h("div", {class: "network-counter"}, less, count, stepper("+", "network.add_neuron", 1));
  }

  /**
   * The field of the counter: in words while it rests, a bare number while somebody is in it.
   * @param {Layer} layer
   * @param {() => number} size
   * @param {boolean} words
   */
  count(layer, size, words) {
    const {t, wanted} = this;
    const rest = () => (words ? t("network.neuron_count", {n: size()}) : integer(size()));
    const field = h("input", {
      class: "network-count",
      inputmode: "decimal",
      autocomplete: "off",
      dataset: {key: this.keyOf("neurons"), role: "layer-neurons", restarts: "", low: "1", judged: "here", whole: ""},
      onfocus: () => {
        field.value = String(size());
        field.select();
      },
      oninput: () => field.removeAttribute("aria-invalid"),
      onblur: () => setTimeout(write), // once the watch over all fields has had its say
      onchange: () => {
        const neurons = typedCount(field.value);
        const good = neurons >= 1 && neurons <= (wanted.state?.options?.limits.neurons ?? Infinity);
        field.setAttribute("aria-invalid", String(!good));
        if (good && neurons !== size()) wanted.ask(resizeLayer(wanted.network, this.indexOf(layer), neurons));
      },
    });
    const write = () => {
      if (document.activeElement !== field) field.value = rest();
    };
    this.onRefresh(({options}) => {
      const title = t("network.neurons", {layer: this.indexOf(layer) + 1});
      write();
      field.size = Math.max(2, field.value.length);
      field.dataset.high = integer(options?.limits.neurons ?? 0);
      field.disabled = !wanted.connected;
      setAttribute(field, "aria-label", title);
      explain(field, `${title}\n↻ ${t("restart.hint")}`);
    });
    return field;
  }

  /** @param {Layer} layer */
  activation(layer) {
    const {t, wanted} = this;
    const select = h("select", {
      class: "network-activation",
      dataset: {key: this.keyOf("activation")},
      onchange: () => wanted.ask(setActivation(wanted.network, this.indexOf(layer), select.value), true),
    });
    this.onRefresh(({options}) => {
      const names = options?.activations ?? [];
      const title = t("network.activation", {layer: this.indexOf(layer) + 1});
      setOptions(
        select,
        names.map(name => ({value: name, label: t(`activation.${name}`)})),
      );
      showChoice(select, activationsOf(wanted.network)[this.indexOf(layer)] ?? "");
      select.disabled = !wanted.connected;
      setAttribute(select, "aria-label", title);
      explain(select, `${title}\n${t("network.activation_live")}`);
    });
    return select;
  }

  /** A badge that says how a layer is normalized, and changes it. @param {Layer} layer */
  normalization(layer) {
    const {t, wanted} = this;
    const badge = h("span", {"aria-hidden": "true"});
    const select = h("select", {
      dataset: {key: this.keyOf("normalization"), role: "layer-normalization", restarts: ""},
      onchange: () => wanted.ask(setNormalization(wanted.network, this.indexOf(layer), select.value || null)),
    });
    const element = h("span", {class: "network-normalization"}, badge, select);
    this.onRefresh(({options}) => {
      const names = ["", ...(options?.normalizations ?? [])];
      const name = normalizationsOf(wanted.network)[this.indexOf(layer)] ?? "";
      const called = t(`normalization.${name || "none"}`);
      const number = this.indexOf(layer) + 1;
      setOptions(
        select,
        names.map(value => ({value, label: t(`normalization.${value || "none"}`)})),
      );
      showChoice(select, name);
      select.disabled = !wanted.connected;
      element.classList.toggle("on", name !== "");
      setText(badge, t(`normalization.badge_${name || "none"}`));
      explain(select, `${t("network.normalization_is", {layer: number, name: called})}\n↻ ${t("restart.hint")}`);
      setAttribute(select, "aria-label", t("network.normalization", {layer: number}));
    });
    return element;
  }

  /** @param {Layer} layer */
  remover(layer) {
    return this.button(
      "×",
      "network-remove",
      () => this.t("network.remove_layer", {layer: layer()}),
      () => removeLayer(this.wanted.network, this.indexOf(layer)),
    );
  }
}

/**
 * Show a value, but leave a list alone that is in hand and shows it already.
 * @param {HTMLSelectElement} select
 * @param {string} value
 */
function showChoice(select, value) {
  if (document.activeElement !== select || select.value !== value) select.value = value;
}
