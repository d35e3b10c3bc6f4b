// @ts-check
/**
 * Controls above the diagram: neurons, activation and normalization of every hidden layer, layers added and removed in
 * place.
 */

import {h, setOptions, setText} from "../../draw/dom.js";
import {
  activationsOf,
  addLayer,
  normalizationsOf,
  parameterCount,
  removeLayer,
  resizeLayer,
  setActivation,
  setNormalization,
} from "../shared/architecture.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ViewContext} ViewContext */
/** @typedef {import("./layout.js").Geometry} Geometry */
/** @typedef {import("../shared/architecture.js").Patch} Patch */
/**
 * Where each control belongs: a group above every column, or one bar for the layer in hand.
 * @typedef {"groups" | "bar"} Mode
 */

/** @param {ViewContext} context @param {(layer: number) => void} [moved] hears which layer is in hand now */
export function createHeader({t, act}, moved = (/** @type {number} */ layer) => {}) {
  const bar = h("div", {class: "network-bar", hidden: true});
  const heads = h("div", {class: "network-heads"});
  /** @type {Patch | null} */
  let wish = null;
  let waiting = 0;
  let current = 1;
  let built = "";
  /** @type {State | null} */
  let state = null;
  /** @type {((state: State) => void)[]} */
  let refreshers = [];

  const network = () => wish ?? /** @type {Patch} */ (state?.config?.network);

  /**
   * @param {Patch} patch
   * @param {boolean} [live] whether it asks for no more than another activation, which the weights outlive
   */
  async function ask(patch, live = false) {
    wish = patch;
    waiting++;
    refresh();
    const reply = await (live ? act("set", {activation: patch.activation}) : act("configure", {network: patch}));
    waiting--;
    if (reply.ok === false && waiting === 0) wish = null;
    refresh();
  }

  /** Whether the limits allow a network. @param {Patch} patch */
  function allowed(patch) {
    const {hidden} = patch;
    const limits = state?.options?.limits;
    const layout = state?.layout;
    if (!limits || !layout) return false;
    const count = parameterCount(layout.sizes[0], patch, layout.sizes[layout.sizes.length - 1], layout.bias);
    return (
      hidden.length <= limits.layers && hidden.every(n => n >= 1 && n <= limits.neurons) && count <= limits.parameters
    );
  }

  /** A button that asks for a patch, off where the limits or the connection forbid it.
   * @param {string} sign @param {string} name of the class @param {() => string} title @param {() => Patch} patch */
  function button(sign, name, title, patch) {
    const element = h(
      "button",
      {
        type: "button",
        class: `network-button ${name}`,
        dataset: {key: refreshers.length, restarts: ""},
        onclick: () => ask(patch()),
      },
      sign,
    );
    refreshers.push(() => {
      element.disabled = state?.connection !== "open" || !allowed(patch());
      if (element.getAttribute("aria-label") === title()) return;
      element.title = `${title()}\n↻ ${t("restart.hint")}`;
      element.setAttribute("aria-label", title());
    });
    return element;
  }

  /** @param {() => number} layer from 1 @param {boolean} words whether there is room to say "neurons" */
  function counter(layer, words) {
    const at = () => Math.min(layer(), network().hidden.length) - 1;
    const size = () => network().hidden[at()] ?? 0;
    const output = h("output", {class: "network-count"});
    refreshers.push(() =>
      setText(
        output,
        words ? t(size() === 1 ? "network.neuron_count_one" : "network.neuron_count", {n: size()}) : String(size()),
      ),
    );
    return h(
      "div",
      {class: "network-counter"},
      button(
        "−",
        "",
        () => t("network.remove_neuron", {layer: at() + 1}),
        () => resizeLayer(network(), at(), size() - 1),
      ),
      output,
      button(
        "+",
        "",
        () => t("network.add_neuron", {layer: at() + 1}),
        () => resizeLayer(network(), at(), size() + 1),
      ),
    );
  }

  /** @param {() => number} layer */
  function activation(layer) {
    const at = () => Math.min(layer(), network().hidden.length) - 1;
    const select = h("select", {
      class: "network-activation",
      dataset: {key: refreshers.length},
      onchange: () => ask(setActivation(network(), at(), select.value), true),
    });
    refreshers.push(({options, connection}) => {
      setOptions(
        select,
        (options?.activations ?? []).map(name => ({value: name, label: t(`activation.${name}`)})),
      );
      const name = activationsOf(network())[at()] ?? "";
      if (document.activeElement !== select || select.value !== name) select.value = name;
      select.disabled = connection !== "open";
      select.setAttribute("aria-label", t("network.activation", {layer: at() + 1}));
      select.title = `${t("network.activation", {layer: at() + 1})}\n${t("network.activation_live")}`;
    });
    return select;
  }

  /** A badge that says how a layer is normalized, and changes it. @param {() => number} layer */
  function normalization(layer) {
    const at = () => Math.min(layer(), network().hidden.length) - 1;
    const badge = h("span", {"aria-hidden": "true"});
    const select = h("select", {
      dataset: {key: refreshers.length, role: "layer-normalization", restarts: ""},
      onchange: () => ask(setNormalization(network(), at(), select.value || null)),
    });
    const element = h("span", {class: "network-normalization"}, badge, select);
    refreshers.push(({options, connection}) => {
      setOptions(
        select,
        ["", ...(options?.normalizations ?? [])].map(name => ({
          value: name,
          label: t(`normalization.${name || "none"}`),
        })),
      );
      const name = normalizationsOf(network())[at()] ?? "";
      if (document.activeElement !== select || select.value !== name) select.value = name;
      select.disabled = connection !== "open";
      element.classList.toggle("on", name !== "");
      setText(badge, t(`normalization.badge_${name || "none"}`));
      select.title = `${t("network.normalization_is", {layer: at() + 1, name: t(`normalization.${name || "none"}`)})}\n↻ ${t("restart.hint")}`;
      select.setAttribute("aria-label", t("network.normalization", {layer: at() + 1}));
    });
    return element;
  }

  /** @param {() => number} layer */
  const remover = layer =>
    button(
      "×",
      "network-remove",
      () => t("network.remove_layer", {layer: layer()}),
      () => removeLayer(network(), Math.min(layer(), network().hidden.length) - 1),
    );

  /**
   * Groups above the columns.
   * @param {Geometry} g
   * @param {number} pitch of the columns
   * @param {string} lastActivation
   */
  function buildGroups(g, pitch, lastActivation) {
    const last = g.sizes.length - 1;
    const width = Math.min(pitch - 6, 138);
    const groups = g.columns.slice(1, last).map((column, k) => {
      const layer = () => k + 1;
      const title = h("span", {class: "network-title"});
      refreshers.push(() => setText(title, t("network.layer", {n: k + 1})));
      const group = h(
        "div",
        {class: "network-group"},
        h("div", {class: "network-top"}, title, remover(layer)),
        counter(layer, width >= 122),
        h("div", {class: "network-kind"}, activation(layer), normalization(layer)),
      );
      group.style.left = `${column.x - width / 2}px`;
      group.style.width = `${width}px`;
      return group;
    });
    heads.replaceChildren(...groups, ...ends(g, lastActivation), ...g.columns.slice(1).map((_, k) => adder(g, k)));
  }

  /** Titles of the first and the last column. @param {Geometry} g @param {string} lastActivation */
  function ends(g, lastActivation) {
    const last = g.sizes.length - 1;
    return [0, last].map(l => {
      const title = h("span", {class: "network-title"});
      const detail = h("span", {class: "network-detail"});
      const end = h("div", {class: "network-end"}, title, detail);
      refreshers.push(() => {
        setText(title, t(l ? "network.output" : "network.input"));
        setText(
          detail,
          l ? t(`activation.${lastActivation}`) : g.image ? t("network.pixels", {n: g.sizes[0]}) : String(g.sizes[0]),
        );
      });
      end.style.left = `${l ? g.columns[l].x : Math.max(g.columns[0].x, 30)}px`;
      return end;
    });
  }

  /** The button that puts a layer between two columns. @param {Geometry} g @param {number} k */
  function adder(g, k) {
    const [left, right] = [g.columns[k], g.columns[k + 1]];
    const alone = g.columns.length === 2;
    const element = button(
      "+",
      alone ? "network-add alone" : "network-add",
      () => t("network.add_layer"),
      () => addLayer(network(), k),
    );
    if (alone) refreshers.push(() => setText(element, `+ ${t("network.hidden_layer")}`));
    element.style.left = `${(left.x + (left.lanes * left.pitch) / 2 + right.x - (right.lanes * right.pitch) / 2) / 2}px`;
    return element;
  }

  /**
   * One bar for the layer in hand, and the sizes above the columns.
   * @param {Geometry} g
   * @param {number} pitch
   * @param {string} lastActivation
   * @param {number} from layer of the first column
   * @param {number} count hidden layers of the net
   * @param {boolean} bare whether nothing stands above the drawing
   */
  function buildBar(g, pitch, lastActivation, from, count, bare) {
    const layer = () => Math.min(current, count);
    const place = h("span", {class: "network-place"});
    const tight = g.width < 430 && pitch > 24;
    refreshers.push(() =>
      setText(place, tight ? t("network.layer", {n: layer()}) : t("network.layer_of", {n: layer(), count})),
    );
    /** @param {string} sign @param {number} way @param {string} key */
    const turn = (sign, way, key) => {
      const element = h(
        "button",
        {type: "button", class: "network-button", onclick: () => choose(layer() + way)},
        sign,
      );
      refreshers.push(() => {
        element.disabled = layer() + way < 1 || layer() + way > count;
        element.title = t(key);
        element.setAttribute("aria-label", t(key));
      });
      return element;
    };
    bar.replaceChildren(
      ...(count
        ? [
            tight
              ? place
              : h(
                  "span",
                  {class: "network-bar-part"},
                  turn("‹", -1, "network.previous_layer"),
                  place,
                  turn("›", 1, "network.next_layer"),
                ),
            counter(layer, !tight),
            activation(layer),
            normalization(layer),
          ]
        : []),
      h(
        "span",
        {class: "network-bar-part"},
        button(
          "+",
          "network-add-after",
          () => t("network.add_layer_after", {n: count ? layer() : 0}),
          () => addLayer(network(), count ? layer() : 0),
        ),
        count ? remover(layer) : "",
      ),
    );
    if (bare) return heads.replaceChildren();
    const sizes = g.columns.map((column, k) => {
      const at = k + from;
      if (at < 1 || at > count) return "";
      const element = h(
        "button",
        {type: "button", class: "network-size", tabindex: -1, onclick: () => choose(at)},
        pitch >= 17
          ? from
            ? `${t("network.layer", {n: at})}${pitch > 110 ? ` · ${g.sizes[k]}` : ""}`
            : String(g.sizes[k])
          : "",
      );
      element.style.left = `${column.x}px`;
      element.style.width = `${Math.max(8, Math.min(pitch, from ? 110 : 60))}px`;
      refreshers.push(() => {
        element.setAttribute("aria-pressed", String(at === layer()));
        element.setAttribute("aria-label", t("network.layer_size", {n: at, size: g.sizes[k]}));
      });
      return element;
    });
    heads.replaceChildren(...sizes, ...(pitch > 44 && count === g.sizes.length - 2 ? ends(g, lastActivation) : []));
  }

  /** @param {number} layer */
  function choose(layer) {
    const count = network()?.hidden.length ?? 0;
    const next = Math.max(1, Math.min(count, layer));
    if (next === current) return;
    current = next;
    refresh();
    moved(current);
  }

  function refresh() {
    if (state?.config && state.layout) for (const each of refreshers) each(state);
  }

  return {
    bar,
    heads,
    choose,
    /** Build the controls for a new geometry. @param {State} next @param {Geometry} g @param {Mode} mode
     * @param {number} [from] layer of the first column
     * @param {boolean} [bare] whether nothing stands above the drawing
     */
    arrange(next, g, mode, from = 0, bare = false) {
      state = next;
      if (!next.layout || !next.config) return;
      const pitch = g.columns.length > 2 ? g.columns[2].x - g.columns[1].x : g.columns[1].x - g.columns[0].x;
      const least = pitchOf(g);
      const key = JSON.stringify([
        mode,
        from,
        bare,
        g.columns.map(c => Math.round(c.x)),
        g.sizes,
        next.layout.activations.at(-1),
        next.lang,
      ]);
      if (key === built) return;
      built = key;
      const held =
        document.activeElement instanceof HTMLElement &&
        (bar.contains(document.activeElement) || heads.contains(document.activeElement))
          ? document.activeElement.dataset.key
          : undefined;
      refreshers = [];
      bar.hidden = mode !== "bar";
      heads.dataset.mode = bare ? "bare" : mode;
      if (mode === "bar")
        buildBar(g, least, next.layout.activations.at(-1) ?? "", from, next.layout.sizes.length - 2, bare);
      else {
        bar.replaceChildren();
        buildGroups(g, Math.min(pitch, least), next.layout.activations.at(-1) ?? "");
      }
      refresh();
      if (held)
        /** @type {HTMLElement | null} */ (
          bar.querySelector(`[data-key="${held}"]`) ?? heads.querySelector(`[data-key="${held}"]`)
        )?.focus();
    },
    /** @param {State} next */
    update(next) {
      const before = state;
      state = next;
      if (
        wish &&
        next.config &&
        next.config !== before?.config &&
        (waiting === 0 || sameNetwork(wish, next.config.network))
      )
        wish = null;
      if (
        !before ||
        before.config !== next.config ||
        before.connection !== next.connection ||
        before.lang !== next.lang ||
        before.options !== next.options
      )
        refresh();
    },
  };
}

/** @param {Patch} a @param {Patch} b */
const sameNetwork = (a, b) =>
  JSON.stringify([a.hidden, activationsOf(a), normalizationsOf(a)]) ===
  JSON.stringify([b.hidden, activationsOf(b), normalizationsOf(b)]);

/** Least distance of neighbouring columns. @param {Geometry} g */
export function pitchOf(g) {
  let least = Infinity;
  for (let l = 1; l < g.columns.length; l++) least = Math.min(least, g.columns[l].x - g.columns[l - 1].x);
  return least;
}
