// @ts-check
/** How far the gradient reaches: the norms of δ and ∂W in every layer, on one log scale, now and lately. */

import {h, setText} from "../../draw/dom.js";
import {exponent, plain} from "../../draw/format.js";
import {letterOf} from "../../model/lanes.js";
import {calmly, palette as paletteOf, sheetsOf} from "../../draw/plot.js";
import {paintColumns} from "./columns.js";
import {axisFor, exponents, fitted} from "../shared/gradient_scale.js";
import {othersOf, sayOthers} from "./lanes.js";
import {paintRows} from "./rows.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("./rows.js").Picture} Picture */

const REST = 70;
/** The fit is a mean over this many of the newest frames, because single batches jitter. */
const FRAMES = 16;

/**
 * @param {HTMLElement} root
 * @param {import("../../types").ViewContext & {openCures: () => void}} context
 * @returns {import("../../types").View}
 */
export function gradientsView(root, {t, choose, draw, openCures}) {
  const legend = /** @type {const} */ (["delta", "gradient"]).map(name => ({
    name,
    element: h("span", {dataset: {norm: name}}, h("i", {"aria-hidden": "true"}), h("span")),
  }));
  const company = h("span", {class: "gradients-lanes", hidden: true});
  const factor = h("output", {class: "gradients-factor"});
  const cures = h("button", {type: "button", class: "cures-open", dataset: {role: "cures"}, onclick: openCures});
  const laboratory = h("button", {
    type: "button",
    class: "lab-open-button",
    dataset: {role: "laboratory"},
    onclick: () => choose({laboratory: !state?.view.laboratory}),
  });
  const head = h(
    "div",
    {class: "plot-head gradients-head"},
    h("div", {class: "plot-legend"}, ...legend.map(({element}) => element), company),
    factor,
    cures,
    laboratory,
  );
  const stage = h("div", {class: "plot-stage", role: "img"});
  const empty = h("div", {class: "plot-empty"}, h("strong"), h("span"));
  const tip = h("div", {class: "plot-tip", hidden: true});
  const clip = h("output", {class: "gradients-clip", dataset: {role: "clipping"}});
  root.append(head, stage);

  /** @type {State|null} */ let state = null;
  /** @type {import("../../draw/plot.js").Palette|null} */ let palette = null;
  /** @type {import("../shared/gradient_scale.js").Axis|null} */ let axis = null;
  /** @type {ReturnType<typeof paintRows>|null} */ let laid = null;
  /** @type {{x: number, y: number}|null} */ let pointer = null;
  /** @type {import("./lanes.js").Other[]} */ let others = [];
  let drawn = {
    version: -1,
    seq: -1,
    layout: /** @type {unknown} */ (null),
    lang: "",
    theme: "",
    hover: -1,
    series: /** @type {unknown} */ (null),
  };
  const painter = calmly(paint, REST, draw);
  const {
    sheets: [sheet],
    destroy: fold,
  } = sheetsOf(stage, 1, paint);
  stage.append(empty, clip, tip);
  stage.addEventListener("pointermove", event => {
    const {left, top} = stage.getBoundingClientRect();
    pointer = {x: event.clientX - left, y: event.clientY - top};
    again();
  });
  stage.addEventListener("pointerleave", () => {
    pointer = null;
    again();
  });

  function again() {
    painter.cancel();
    paint();
  }

  function paint() {
    if (!state || !palette || sheet.width < 8 || sheet.height < 8) return;
    const {frame, layout, series} = state;
    const {ctx, width, height} = sheet;
    ctx.clearRect(0, 0, width, height);
    const norms = frame && layout && frame.layout === layout.id && frame.step > 0 ? frame.norms : null;
    words(norms);
    company.hidden = !norms || state.lanes.length < 2 || Boolean(layout?.landscape);
    clipping(norms ? (frame?.clipping ?? null) : null);
    laid = null;
    if (!norms || !layout) return readout();
    const layers = norms.delta.length;
    others = layout.landscape ? [] : othersOf(state, palette, layers);
    const history = historyOf(series.norms, layers);
    axis = axisFor(
      axis,
      exponents([
        norms.delta,
        norms.gradient,
        ...others.flatMap(({delta, gradient}) => [delta, gradient]),
        ...history.delta,
        ...history.gradient,
      ]),
    );
    const fit = layout.landscape ? null : fitted(history.delta.length ? history.delta.slice(-FRAMES) : [norms.delta]);
    name(others);
    sentence(
      fit,
      Math.min(FRAMES, history.delta.length),
      norms.delta.every(x => x === 0) && norms.gradient.every(x => x === 0),
    );
    /** @type {Picture} */
    const picture = {
      ctx,
      width,
      height,
      palette,
      theme: state.theme,
      layers,
      axis,
      fit,
      delta: norms.delta,
      gradient: norms.gradient,
      others,
      history,
      names: layout.landscape
        ? ["x", "y"]
        : Array.from({length: layers}, (_, k) => (k === layers - 1 ? t("gradients.out") : String(k + 1))),
      past: t("gradients.history"),
      marked: markedLayer(layers),
    };
    laid = width >= 2.4 * height ? paintColumns(picture) : paintRows(picture);
    readout();
    describe.request();
  }

  /** The picture in words, for those who cannot see it. */
  const describe = calmly(
    () => {
      const delta = state?.frame?.norms.delta ?? [];
      stage.setAttribute(
        "aria-label",
        t("gradients.aria", {layers: Array.from(delta, (norm, k) => `${k + 1}: ${plain(norm, 2)}`).join(", ")}),
      );
    },
    1000,
    draw,
  );

  /** Rows of the same network only. @param {import("../../types").Series["norms"]} norms @param {number} layers */
  function historyOf({delta, gradient}, layers) {
    const from = delta.findLastIndex(row => row.length !== layers) + 1;
    return {delta: from ? delta.slice(from) : delta, gradient: from ? gradient.slice(from) : gradient};
  }

  /** The layer under the pointer here, or chosen in the diagram; −1 for none. @param {number} layers */
  function markedLayer(layers) {
    const here = pointer && laid ? laid.layerAt(pointer.x, pointer.y) : -1;
    if (here >= 0) return here;
    const pick = state?.view.hover ?? state?.view.selected;
    return pick && pick.layer >= 1 && pick.layer <= layers ? pick.layer - 1 : -1;
  }

  /**
   * What the slope says, in words.
   * @param {ReturnType<typeof fitted>} fit
   * @param {number} frames
   * @param {boolean} zero in every layer
   */
  function sentence(fit, frames, zero) {
    const kind = !fit ? "" : fit.factor < 0.6 ? "_vanishing" : fit.factor > 1.7 ? "_exploding" : "";
    const brief = sheet.width < 60 * (palette?.small ?? 11.5) && sheet.width > 560 ? "_brief" : "";
    setText(
      factor,
      fit ? t(`gradients.factor${kind}${brief}`, {factor: plain(fit.factor, 2)}) : zero ? t("gradients.all_zero") : "",
    );
    factor.title = fit ? t("gradients.factor_title", {n: frames}) : "";
    factor.dataset.kind = stage.dataset.kind = kind.slice(1);
  }

  let named = "";
  /** Letters of the lanes whose marks stand beside the dots. @param {typeof others} others */
  function name(others) {
    const letters = others.map(({id}) => id).join();
    company.title = t("gradients.lanes_title");
    if (letters === named) return;
    named = letters;
    company.replaceChildren(...others.map(({id}) => h("i", {class: "lane-badge", dataset: {lane: id}}, letterOf(id))));
  }

  /** What clipping does to the gradient. @param {import("../../types").Frame["clipping"]} did */
  function clipping(did) {
    clip.hidden = !did?.steps;
    if (!did?.steps) return;
    setText(
      clip,
      t("gradients.clip", {
        before: plain(did.before, 3),
        after: plain(did.after, 3),
        share: Math.round((100 * did.clipped) / did.steps),
      }),
    );
    clip.title = t("gradients.clip_title", {n: did.steps, clipped: did.clipped});
  }

  /** @param {import("../../types").Frame["norms"]|null} norms */
  function words(norms) {
    for (const {name, element} of legend) {
      const landscape = Boolean(state?.layout?.landscape);
      setText(
        /** @type {HTMLElement} */ (element.lastElementChild),
        t(landscape ? `landscape.size_${name}` : `gradients.${name}`),
      );
      element.title = t(landscape ? `landscape.size_${name}_title` : `gradients.${name}_title`);
      element.hidden = !norms;
    }
    setText(cures, t("cures.open"));
    cures.title = t("cures.open_title");
    setText(laboratory, t("lab.open"));
    laboratory.title = t("lab.open_title");
    laboratory.hidden = Boolean(state?.layout?.landscape);
    laboratory.setAttribute("aria-expanded", String(state?.view.laboratory ?? false));
    empty.hidden = norms !== null;
    setText(/** @type {HTMLElement} */ (empty.firstElementChild), t("gradients.empty"));
    setText(/** @type {HTMLElement} */ (empty.lastElementChild), t("gradients.empty_text"));
    if (!norms) sentence(null, 0, false);
  }

  function readout() {
    const layer = pointer && laid ? laid.layerAt(pointer.x, pointer.y) : -1;
    const norms = state?.frame?.norms;
    const layout = state?.layout;
    tip.hidden = layer < 0 || !norms || !layout;
    if (tip.hidden || !pointer || !norms || !layout) return;
    if (layout.landscape) {
      setText(
        tip,
        t("landscape.slope_tip", {
          name: "xy"[layer],
          gradient: exponent(norms.delta[layer], 3),
          update: exponent(norms.update[layer], 3),
          weight: exponent(norms.weight[layer], 3),
        }),
      );
      return placeTip(pointer);
    }
    const last = layer === norms.delta.length - 1;
    const number = (/** @type {number} */ x) => exponent(x, 3);
    setText(
      tip,
      t("gradients.tip", {
        layer: last ? t("gradients.output") : t("gradients.layer", {n: layer + 1}),
        units: t("gradients.units", {
          n: layout.sizes[layer + 1],
          activation: t(`activation.${layout.activations[layer]}`),
        }),
        delta: number(norms.delta[layer]),
        gradient: number(norms.gradient[layer]),
        weight: number(norms.weight[layer]),
        update: number(norms.update[layer]),
      }) + sayOthers(others, layer, t),
    );
    placeTip(pointer);
  }

  /** @param {{x: number, y: number}} pointer */
  function placeTip(pointer) {
    const x = pointer.x + 14 + tip.offsetWidth > sheet.width ? pointer.x - 12 - tip.offsetWidth : pointer.x + 14;
    tip.style.transform = `translate(${Math.round(Math.max(2, x))}px, ${Math.round(Math.max(2, Math.min(sheet.height - tip.offsetHeight - 2, pointer.y - tip.offsetHeight / 2)))}px)`;
  }

  return {
    /** @param {State} next */
    update(next) {
      state = next;
      if (drawn.theme !== next.theme) palette = paletteOf(root);
      if (drawn.layout !== next.layout || drawn.series !== next.series) axis = null;
      const hover = (next.view.hover ?? next.view.selected)?.layer ?? -1;
      const seq = next.frame?.seq ?? -1;
      const looks = drawn.theme !== next.theme || drawn.lang !== next.lang || drawn.hover !== hover;
      if (!looks && drawn.seq === seq && drawn.version === next.series.version && drawn.layout === next.layout) return;
      drawn = {
        version: next.series.version,
        seq,
        layout: next.layout,
        lang: next.lang,
        theme: next.theme,
        hover,
        series: next.series,
      };
      if (looks) again();
      else painter.request();
    },
    destroy() {
      painter.cancel();
      describe.cancel();
      fold();
      head.remove();
      stage.remove();
    },
  };
}
