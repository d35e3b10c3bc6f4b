// @ts-check
/** The confusion matrix: how many samples of each class the network takes for each; every cell leads to its samples. */

import {h, setText} from "../../draw/dom.js";
import {percent} from "../../draw/format.js";
import {classesOf, confusion, createJudge} from "./judge.js";

/** @typedef {import("../../types").State} State */
/** The samples of a cell. @typedef {{rows: number[], truth: number, taken: number, test: boolean}} Picked */

/**
 * Share of a class that is taken for what it is; NaN where there is none of it.
 * @param {Int32Array} counts
 * @param {number} classes
 * @param {number} truth
 */
export function recall(counts, classes, truth) {
  let all = 0;
  for (let k = 0; k < classes; k++) all += counts[truth * classes + k];
  return counts[truth * classes + truth] / all;
}

/**
 * @param {HTMLElement} root @param {import("../../types").ViewContext} context
 * @param {(picked: Picked) => void} pick
 */
export function createMatrix(root, {t, draw}, pick) {
  const head = h("tr");
  const body = h("tbody");
  const table = h("table", {}, h("thead", {}, head), body);
  const total = h("output", {class: "boundary-total"});
  const note = h("p", {class: "boundary-note"});
  const sets = [false, true].map(test => h("button", {type: "button", onclick: () => look(test)}));
  const plot = h(
    "div",
    {class: "boundary-matrix"},
    h("div", {class: "boundary-cells"}, table),
    h("div", {class: "boundary-side"}, h("div", {class: "boundary-sets", role: "group"}, ...sets), total, note),
  );
  root.append(plot);
  /** @type {State | null} */
  let state = null;
  /** @type {ReturnType<typeof build> | null} */
  let scene = null;
  /** @type {ReturnType<typeof createJudge> | null} */
  let judge = null;
  let built = "";
  let onTest = false;

  /** @param {State} of */
  function build(of) {
    const layout = /** @type {import("../../types").Layout} */ (of.layout);
    const data = /** @type {import("../../types").Data} */ (of.data);
    const classes = classesOf(data);
    const names = data.class_names;
    judge?.destroy();
    judge = createJudge(layout, data, draw, write);
    const cells = Array.from({length: classes * classes}, (_, k) =>
      h("button", {
        type: "button",
        tabindex: k ? -1 : 0,
        onclick: () => open(k),
        onkeydown: (/** @type {KeyboardEvent} */ event) => walk(event, k),
      }),
    );
    const shares = names.map(() => h("td", {class: "share"}));
    head.replaceChildren(
      h("th", {class: "corner"}),
      ...names.map(name => h("th", {scope: "col"}, name)),
      h("th", {scope: "col", class: "share", title: t("boundary.class_accuracy")}, "✓"),
    );
    body.replaceChildren(
      ...names.map((name, truth) =>
        h(
          "tr",
          {},
          h("th", {scope: "row"}, name),
          ...names.map((_, taken) => h("td", {}, cells[truth * classes + taken])),
          shares[truth],
        ),
      ),
    );
    plot.style.setProperty("--classes", String(classes));
    plot.style.setProperty("--longest", String(Math.max(...names.map(name => name.length))));
    return {layout, data, classes, names, cells, shares};
  }

  /** The rows of the data that are looked at. @param {import("../../types").Data} data @returns {[number, number]} */
  const range = ({train, n}) => (onTest ? [train, n] : [0, train]);

  function write() {
    if (!scene || !judge) return;
    const {data, classes, names, cells, shares} = scene;
    const [from, to] = range(data);
    const counts = confusion(judge.labels, judge.taken, from, to, classes);
    let right = 0;
    for (let truth = 0; truth < classes; truth++) {
      let all = 0;
      for (let k = 0; k < classes; k++) all += counts[truth * classes + k];
      right += counts[truth * classes + truth];
      setText(shares[truth], all ? percent(recall(counts, classes, truth)) : "–");
      for (let taken = 0; taken < classes; taken++) {
        const cell = cells[truth * classes + taken];
        const count = counts[truth * classes + taken];
        const text = count ? String(count) : "";
        cell.style.setProperty("--share", all ? `${Math.round(100 * Math.sqrt(count / all))}%` : "0%");
        if (cell.textContent === text && cell.title) continue;
        setText(cell, text);
        cell.className = count === 0 ? "none" : truth === taken ? "right" : "wrong";
        cell.title = t("boundary.cell", {n: count, truth: names[truth], taken: names[taken]});
        cell.setAttribute("aria-label", cell.title);
      }
    }
    setText(
      total,
      to > from
        ? t("boundary.right_of", {share: percent(right / (to - from)), n: right, all: to - from})
        : t("boundary.no_test"),
    );
  }

  /** @param {boolean} test */
  function look(test) {
    onTest = test;
    mark();
    write();
  }

  function mark() {
    sets.forEach((button, k) => button.setAttribute("aria-pressed", String(onTest === Boolean(k))));
  }

  /** @param {number} cell */
  function open(cell) {
    if (!scene || !judge) return;
    const {data, classes} = scene;
    const {labels, taken} = judge;
    const [from, to] = range(data);
    const truth = Math.floor(cell / classes);
    const answer = cell % classes;
    const rows = [];
    for (let k = from; k < to; k++) if (labels[k] === truth && taken[k] === answer) rows.push(k);
    if (rows.length) pick({rows, truth, taken: answer, test: onTest});
  }

  /** @param {KeyboardEvent} event @param {number} cell */
  function walk(event, cell) {
    const classes = scene?.classes ?? 1;
    const way = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -classes, ArrowDown: classes}[event.key];
    if (!way || !scene) return;
    event.preventDefault();
    event.stopPropagation();
    const next = scene.cells[cell + way];
    if (!next || (Math.abs(way) === 1 && Math.floor(cell / classes) !== Math.floor((cell + way) / classes))) return;
    scene.cells[cell].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  function words() {
    setText(sets[0], t("boundary.training"));
    setText(sets[1], t("boundary.test"));
    setText(note, t("boundary.matrix_note"));
    table.setAttribute("aria-label", t("boundary.matrix_title"));
  }

  return {
    /** @param {State} next */
    update(next) {
      const before = state;
      const {layout, data, frame} = next;
      state = next;
      if (!layout || !data || !frame) return;
      const key = JSON.stringify([layout, next.lang]);
      if (key !== built || scene?.data !== data) {
        built = key;
        if (data.train === data.n) onTest = false;
        sets[1].disabled = data.train === data.n;
        words();
        mark();
        scene = build(next);
        judge?.request(frame);
      } else if (frame.P !== before?.frame?.P && frame.layout === layout.id) judge?.request(frame);
    },
    destroy() {
      judge?.destroy();
      plot.remove();
    },
  };
}
