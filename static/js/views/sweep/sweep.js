// @ts-check
/** A sweep: the run again with one or two numbers changed, a cell each; a click opens the cell's run as a lane. */

import {css, inkOn, sequential} from "../../draw/color.js";
import {openWindow} from "../../draw/dialog.js";
import {h, setOptions, setText} from "../../draw/dom.js";
import {nameControl} from "../../draw/explain.js";
import {chosen, compact, integer} from "../../draw/format.js";
import {cellKeys} from "../shared/key_cursor.js";
import {surveyWindow} from "../shared/survey_window.js";
import {changeOf, orderOf, QUANTITIES, scaleOf, valuesOf} from "./cells.js";
import {Survey} from "./survey.js";

/** @typedef {import("../../types").State} State */

const MEASURES = ["loss", "test_accuracy", "reached", "diverged", "gradient"];
const STEPS = [100, 200, 500, 1000, 2000];
/** What all lanes share: with it, a cell opens as the run itself. */
const SHARED = new Set(["seed", "batch_size"]);

/** The window with what it shows. */
class Sweep {
  /** @param {HTMLDialogElement} root @param {import("../../types").ViewContext} context */
  constructor(root, {t, act}) {
    this.root = root;
    this.t = t;
    this.act = act;
    this.survey = new Survey(act, () => this.paint());
    this.window = createWindow(root, {
      run: () => (this.survey.busy ? this.survey.cancel() : this.begin()),
      pick: (/** @type {"x" | "y"} */ axis) => this.pick(axis),
      colour: () => this.paint(),
    });
    /** @type {State | null} */
    this.state = null;
    this.lang = "";
    /** @type {{x: string, y: string, xs: (number | string)[], ys: (number | string)[]}} */
    this.plan = {x: "learning_rate", y: "", xs: [], ys: []};
    /** @type {Record<string, any>[]} */
    this.changes = [];
    /** @type {HTMLButtonElement[]} */
    this.cells = [];
    this.problem = "";
  }

  /** Another quantity: its usual values. @param {"x" | "y"} axis */
  pick(axis) {
    const {[axis]: select, [`${axis}Values`]: field} = /** @type {any} */ (this.window);
    field.value = QUANTITIES[select.value]?.values.join(", ") ?? "";
    field.disabled = !select.value;
  }

  begin() {
    const {x, y, xValues, yValues, steps, target} = this.window;
    const config = this.state?.config;
    const xs = valuesOf(xValues.value, x.value === "activation");
    const ys = y.value ? valuesOf(yValues.value, y.value === "activation") : [""];
    this.problem = x.value === y.value ? "sweep.same" : xs && ys ? "" : "sweep.values";
    if (this.problem || !config || !xs || !ys) return this.paint();
    this.plan = {x: x.value, y: y.value, xs, ys};
    this.changes = ys.flatMap(yValue => xs.map(xValue => changeOf(x.value, y.value, xValue, yValue, config)));
    this.fill();
    this.survey.begin(orderOf(xs.length, ys.length), this.changes, {
      steps: Number(steps.value),
      target: Number(target.value) || 0,
    });
  }

  /** A button for every cell. */
  fill() {
    const {xs, ys} = this.plan;
    this.cells = this.changes.map((_, k) =>
      h("button", {
        type: "button",
        tabindex: k ? -1 : 0,
        class: "depthmap-cell",
        dataset: {cell: k},
        onclick: () => this.open(k),
        onpointerenter: () => this.tell(k),
        onfocus: () => this.tell(k),
      }),
    );
    const row = (/** @type {string | number} */ value, /** @type {number} */ i) =>
      h(
        "tr",
        {},
        h("th", {scope: "row"}, value === "" ? "" : nameOf(value, this.plan.y, this.t)),
        ...xs.map((_x, j) => h("td", {}, this.cells[i * xs.length + j])),
      );
    const head = xs.map(value => h("th", {scope: "col"}, nameOf(value, this.plan.x, this.t)));
    this.window.table.replaceChildren(
      h("thead", {}, h("tr", {}, h("td"), ...head)),
      h("tbody", {}, ...ys.map(row).reverse()),
    );
  }

  /** @param {number} k */
  open(k) {
    const change = this.changes[k];
    const whole = [this.plan.x, this.plan.y].some(name => SHARED.has(name));
    if (whole) this.act("configure", configured(change));
    else this.act("lane_add", {change, start: "start"});
  }

  /** @param {number} k */
  tell(k) {
    const {x, y, xs, ys} = this.plan;
    const outcome = this.survey.outcomes[k];
    if (!outcome) return setText(this.window.told, "");
    const where = [
      [x, xs[k % xs.length]],
      [y, ys[Math.floor(k / xs.length)]],
    ].filter(([name]) => name);
    const said = where.map(([name, value]) => `${this.t(`sweep.q_${name}`)} ${nameOf(value, String(name), this.t)}`);
    const told = MEASURES.map(name => `${this.t(`sweep.${name}`)} ${shown(outcome[name])}`);
    setText(this.window.told, `${said.join(", ")}: ${told.join("; ")}`);
  }

  paint() {
    const {state, window, survey, t} = this;
    if (!state || !this.root.open) return;
    if (this.lang !== state.lang) {
      this.lang = state.lang;
      writeWords(window, t);
    }
    setText(window.again, t(survey.busy ? "maps.cancel" : "sweep.begin"));
    window.again.disabled = state.connection !== "open";
    window.progress.value = survey.count ? survey.done / survey.count : 0;
    window.progress.classList.toggle("idle", !survey.busy);
    const going = survey.busy && survey.done > 0;
    const words = {done: survey.done, count: survey.count, left: integer(survey.left / 1000)};
    setText(window.note, this.problem ? t(this.problem) : t(going ? "sweep.going" : "sweep.hint", words));
    this.paintCells(state);
  }

  /** @param {State} state */
  paintCells({theme, connection}) {
    const measure = this.window.colour.value;
    const values = this.survey.outcomes.map(outcome => outcome?.[measure] ?? null);
    const scale = scaleOf(values, measure);
    this.cells.forEach((cell, k) => {
      const value = values[k];
      const colour = typeof value === "number" ? sequential(0.1 + 0.8 * scale(value), theme) : null;
      setText(cell, this.survey.outcomes[k] ? shown(value) : "");
      cell.style.backgroundColor = colour ? css(colour) : "";
      cell.style.color = colour ? inkOn(colour) : "";
      cell.disabled = connection !== "open";
      cell.setAttribute("aria-label", this.t("sweep.cell", {name: this.t(`sweep.${measure}`), value: shown(value)}));
    });
  }

  show() {
    openWindow(this.root);
    this.lang = "";
    this.paint();
  }

  /** @param {State} next */
  update(next) {
    const before = this.state;
    this.state = next;
    if (!next.options || !next.config) return;
    if (before?.lang !== next.lang) this.list();
    if (this.root.open && (before?.theme !== next.theme || before.lang !== next.lang)) this.paint();
  }

  list() {
    const {window, t} = this;
    const first = !window.x.value;
    const names = Object.keys(QUANTITIES).map(value => ({value, label: t(`sweep.q_${value}`)}));
    setOptions(window.x, names);
    setOptions(window.y, [{value: "", label: t("sweep.none")}, ...names]);
    setOptions(
      window.colour,
      MEASURES.map(value => ({value, label: t(`sweep.${value}`)})),
    );
    if (!first) return;
    window.x.value = "learning_rate";
    window.y.value = "initializer_scale";
    window.colour.value = "loss";
    this.pick("x");
    this.pick("y");
  }
}

/** A change in the words of `configure`. @param {Record<string, any>} change */
function configured({learning_rate, activation, ...rest}) {
  const patch = /** @type {Record<string, any>} */ ({...rest});
  if (learning_rate !== undefined) patch.optimizer = {...patch.optimizer, learning_rate};
  if (activation !== undefined) patch.network = {...patch.network, activation};
  return patch;
}

/** @param {number | string} value @param {string} name @param {import("../../types").ViewContext["t"]} t */
const nameOf = (value, name, t) =>
  name === "activation" ? t(`activation.${value}`) : typeof value === "number" ? chosen(value) : value;

/** @param {number | null | undefined} value */
const shown = value => (typeof value === "number" ? compact(value) : "–");

/** @param {HTMLDialogElement} root
 * @param {{run: () => void, pick: (axis: "x" | "y") => void, colour: () => void}} hands */
function createWindow(root, {run, pick, colour: recolour}) {
  const title = h("h2", {id: "title-sweep"});
  const close = h("button", {type: "button", class: "quiet", onclick: () => root.close()}, "×");
  const x = h("select", {dataset: {role: "sweep-x"}, onchange: () => pick("x")});
  const y = h("select", {dataset: {role: "sweep-y"}, onchange: () => pick("y")});
  const xValues = h("input", {type: "text", dataset: {role: "sweep-x-values"}});
  const yValues = h("input", {type: "text", dataset: {role: "sweep-y-values"}});
  const steps = h("select", {}, ...STEPS.map(n => h("option", {value: n, selected: n === 200}, integer(n))));
  const target = h("input", {type: "number", value: 0.1, step: "any"});
  const colour = h("select", {dataset: {role: "sweep-colour"}, onchange: recolour});
  const again = h("button", {type: "button", dataset: {role: "sweep-run"}, onclick: run});
  const progress = h("progress", {max: 1});
  const fields = Object.entries({x, xValues, y, yValues, steps, target, colour}).map(([name, field]) => ({
    name,
    field,
    words: h("span"),
  }));
  const lead = h("p", {class: "maps-lead"});
  const table = h("table", {class: "depthmap-table"});
  cellKeys(table);
  const told = h("output", {class: "maps-told", dataset: {role: "sweep-told"}});
  const note = h("output", {class: "maps-state", dataset: {role: "sweep-note"}});
  const labels = fields.map(({field, words}) => h("label", {}, words, field));
  root.append(
    h("div", {class: "dialog-head"}, title, close),
    h("div", {class: "maps"}, lead, h("div", {class: "maps-controls"}, ...labels, again, progress), note, table, told),
  );
  return {
    title,
    close,
    x,
    y,
    xValues,
    yValues,
    steps,
    target,
    colour,
    again,
    progress,
    fields,
    lead,
    table,
    told,
    note,
  };
}

/** @param {ReturnType<typeof createWindow>} window @param {import("../../types").ViewContext["t"]} t */
function writeWords({title, close, lead, fields, table}, t) {
  setText(title, t("sweep.title"));
  setText(lead, t("sweep.lead"));
  for (const {name, words} of fields) setText(words, t(`sweep.field_${name}`));
  nameControl(close, t("setting.close"));
  table.setAttribute("aria-label", t("sweep.title"));
}

/**
 * A window; training goes on, the sweep is computed beside it.
 * @param {HTMLDialogElement} root
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View & {toggle: () => void}}
 */
export function sweepView(root, context) {
  return surveyWindow(root, new Sweep(root, context));
}
