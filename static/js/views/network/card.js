// @ts-check
/** Two small cards on the diagram: the numbers of what the pointer is on, and the loss node. */

import {h, setText} from "../../draw/dom.js";
import {exponent, plain} from "../../draw/format.js";
import {targetsOf} from "../../model/targets.js";
import {endX, startX, startY} from "./layout.js";
import {exists, formula, m, numbersOf, symbol, title} from "../shared/symbols.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("../../types").ViewContext} ViewContext */
/** @typedef {import("./layout.js").Geometry} Geometry */

/** The numbers of a neuron or a weight. @param {ViewContext} context */
export function createCard({t}) {
  const head = h("div", {class: "network-card-head"});
  const list = h("dl", {class: "network-card-list"});
  const notes = h("p", {class: "network-card-note"});
  const element = h("div", {class: "network-card", hidden: true, "aria-hidden": "true"}, head, list, notes);
  /** @type {HTMLElement[]} */
  let values = [];
  let shown = "";

  return {
    element,
    /**
     * @param {State} state
     * @param {Geometry} g
     * @param {Pick | null} pick
     * @param {number[]} [covered] what it must not cover: left, top, right, bottom
     */
    show({layout, frame, lang, view}, g, pick, covered = pick ? extent(g, pick) : []) {
      if (!layout || !frame || frame.layout !== layout.id || !exists(pick, layout)) {
        element.hidden = true;
        return;
      }
      const rows = numbersOf(pick, layout, frame);
      const note = noteOf(pick, frame, view.focus ? null : layout);
      const key = `${JSON.stringify(pick)} ${layout.id} ${lang} ${rows.length}`;
      if (key !== shown || element.hidden) {
        head.replaceChildren(formula(symbol(pick, layout.sizes)), title(pick, layout, t));
        values = rows.map(() => h("dd"));
        list.replaceChildren(
          ...rows.flatMap((row, k) => [h("dt", {"data-part": row.role}, formula(row.symbol)), values[k]]),
        );
        shown = key;
        element.hidden = false;
        place(element, g, pick, covered);
      }
      setText(notes, t(note));
      rows.forEach((row, k) => setText(values[k], row.role === "update" && !frame.U ? "–" : plain(row.value)));
    },
    /** Put it beside its thing anew, after the drawing has changed. */
    moved() {
      shown = "";
    },
  };
}

/** What the card says about its numbers. @param {Pick} pick @param {import("../../types").Frame} frame
 * @param {import("../../types").Layout | null} layout null under the microscope, where batch normalization takes its
 * batch
 */
function noteOf(pick, frame, layout) {
  if (pick.kind === "neuron") {
    if (frame.sample < 0) return "network.card_neuron_probe";
    return layout && pick.layer > 0 && layout.blocks[pick.layer - 1].statistics !== null
      ? "network.card_neuron_running"
      : "network.card_neuron_note";
  }
  if (!frame.U) return "network.card_weight_running";
  return frame.sample < 0 ? "network.card_weight_probe" : "network.card_weight_note";
}

/**
 * What the card must not cover: left, top, right, bottom.
 * @param {Geometry} g
 * @param {Pick} pick
 * @returns {[number, number, number, number]}
 */
export function extent(g, pick) {
  const l = pick.layer;
  if (pick.kind === "neuron" && !(g.image && l === 0)) {
    const u = g.first[l] + pick.index;
    const half = g.columns[l].size / 2 + 6;
    return [g.x[u] - half, g.y[u] - half, g.x[u] + half, g.y[u] + half];
  }
  if (pick.kind === "neuron" && g.image)
    return [g.image.x, g.image.y, g.image.x + g.image.side, g.image.y + g.image.side];
  if (pick.kind === "neuron") return [0, 0, 0, 0];
  const y0 = startY(g, l, pick.from);
  const y1 = g.y[g.first[l] + pick.to];
  const half = g.columns[l].size / 2 + 4;
  return [startX(g, l, pick.from), Math.min(y0, y1) - half, endX(g, l, pick.to), Math.max(y0, y1) + half];
}

/**
 * Beside what it speaks of, inside what is seen of the drawing.
 * @param {HTMLElement} element
 * @param {Geometry} g
 * @param {Pick} pick
 * @param {number[]} covered
 */
function place(element, g, pick, [left, top, right, bottom]) {
  const {offsetWidth: width, offsetHeight: height} = element;
  const scroll = element.closest(".network-scroll");
  const from = (scroll?.scrollLeft ?? 0) + 4;
  const to = from + (scroll?.clientWidth ?? g.width) - 8 - width;
  const low = g.height - height - 3;
  const x = (left + right - width) / 2;
  const y = (top + bottom - height) / 2;
  const small = g.width < 480;
  const beside = [
    [right + 8, y],
    [left - 8 - width, y],
  ];
  const over = small
    ? [
        [x, low],
        [x, 3],
      ]
    : [
        [x, bottom + 6],
        [x, top - 6 - height],
      ];
  const [below, above] = [bottom + 6 <= low && over[0][1] <= low, top - 6 - height >= 3];
  const spots = [
    [right + 8 <= to, beside[0]],
    [left - 8 - width >= from, beside[1]],
    [below, over[0]],
    [above, over[1]],
  ];
  const order = small ? spots.slice(2) : pick.kind === "weight" ? [...spots.slice(2), ...spots.slice(0, 2)] : spots;
  const [atX, atY] = /** @type {number[]} */ (
    order.find(([fits]) => fits)?.[1] ?? [small ? x : to, y > low / 2 ? 3 : low]
  );
  element.style.left = `${Math.round(Math.max(from, Math.min(to, atX)))}px`;
  element.style.top = `${Math.round(Math.max(3, Math.min(low, atY)))}px`;
}

/**
 * The loss: its number over the training set; target, output and error of the selected sample.
 * @param {ViewContext} context
 */
export function createLoss({t}) {
  const name = h("span", {class: "network-loss-name"});
  const number = h("output", {class: "network-loss-number"});
  const sample = h("div", {class: "network-loss-sample"});
  const list = h("dl");
  const element = h(
    "div",
    {class: "network-loss"},
    h("div", {class: "network-loss-head"}, formula(m("mi", "C")), name),
    number,
    sample,
    list,
  );
  /** @type {HTMLElement[]} */
  let values = [];
  let built = "";

  /**
   * The outputs that have rows: all while few, the sample's own class when many.
   * @param {State} state
   * @returns {number[]}
   */
  function outputsOf({layout, data, frame}) {
    const count = layout?.sizes.at(-1) ?? 0;
    if (count <= 2) return Array.from({length: count}, (_, j) => j);
    let target = 0;
    if (!data || !frame || !layout) return [target];
    if (frame.sample < 0) {
      const {offset} = layout.units[layout.sizes.length - 1];
      for (let j = 1; j < count; j++) if (frame.A[offset + j] > frame.A[offset + target]) target = j;
    } else for (let j = 0; j < count; j++) if (data.y[frame.sample * data.outputs + j] > 0.5) target = j;
    return [target];
  }

  return {
    element,
    /** @param {State} state */
    update(state) {
      const {layout, data, frame, lang} = state;
      element.hidden = !layout;
      if (!layout || !data) return;
      const last = layout.sizes.length - 1;
      const outputs = outputsOf(state);
      const key = `${layout.id} ${lang} ${outputs}`;
      if (key !== built) {
        built = key;
        name.textContent = t(`loss.${layout.loss}`);
        element.title = t("network.loss_title");
        values = outputs.flatMap(() => [h("dd"), h("dd"), h("dd")]);
        list.replaceChildren(
          ...outputs.flatMap((j, k) =>
            [
              ["y", "target"],
              ["a", "forward"],
              ["δ", "backward"],
            ].flatMap(([letter, part], i) => {
              const index =
                layout.sizes[last] > 1
                  ? m("msub", m("mi", letter), m("mn", data.class_names[j] ?? String(j + 1)))
                  : m("mi", letter);
              return [
                h("dt", {"data-part": part, title: t(`network.loss_${part}`)}, formula(index)),
                values[3 * k + i],
              ];
            }),
          ),
        );
      }
      const live = frame && frame.layout === layout.id ? frame : null;
      setText(number, live ? plain(live.loss) : "–");
      number.classList.toggle("bad", live !== null && !Number.isFinite(live.loss));
      const probing = live !== null && live.sample < 0;
      element.classList.toggle("probing", probing);
      setText(sample, probing ? t("network.probe") : live ? t("network.sample", {n: live.sample + 1}) : "");
      const targets = live && !probing ? targetsOf(data, live.sample, state.config) : null;
      outputs.forEach((j, k) => {
        const u = layout.units[last].offset + j;
        const figures = live ? [targets?.[j] ?? NaN, live.A[u], live.D[u]] : [NaN, NaN, NaN];
        figures.forEach((x, i) => setText(values[3 * k + i], live && !(probing && i !== 1) ? brief(x) : "–"));
      });
    },
  };
}

/** @param {number} x */
const brief = x =>
  Number.isInteger(x) ? String(x).replace("-", "−") : Math.abs(x) < 0.00095 ? exponent(x, 1) : plain(x, 2);
