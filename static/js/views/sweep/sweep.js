// @ts-check
/**
 * A sweep: the run again with other numbers. Over one number curves over several seeds, over two a heat map with a cell
 * each; a click opens the run as a lane.
 */

import {openWindow} from "../../draw/dialog.js";
import {setOptions, setText} from "../../draw/dom.js";
import {integer} from "../../draw/format.js";
import {surveyWindow} from "../shared/survey_window.js";
import {changeOf, orderOf, QUANTITIES, seedsInOrder, valuesOf} from "./cells.js";
import {SweepCurves} from "./curves.js";
import {HeatMap} from "./heat_map.js";
import {Survey} from "./survey.js";
import {arrange, createWindow, writeWords} from "./window.js";
import {CURVES, measureName, MEASURES, placeName} from "./words.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").SweepWish} SweepWish */
/**
 * What is swept: with a second quantity a heat map, else curves, whose rows are seeds: the run's own first.
 * @typedef {{x: string, y: string, xs: (number | string)[], ys: (number | string)[], seeds: number[]}} Plan
 */

/** What all lanes share: with it, a cell opens as the run itself. */
const SHARED = ["seed", "batch_size"];
/** @type {Plan} */
const NOTHING = {x: "learning_rate", y: "", xs: [], ys: [], seeds: []};

/** The window with what it shows. */
class Sweep {
  /** @type {State | null} */ state = null;
  /** The languages that the window and its lists were written in. */
  lang = "";
  listed = "";
  /** What a preset asked for last. @type {SweepWish | null} */ wish = null;
  plan = NOTHING;
  /** @type {Record<string, any>[]} */ changes = [];
  problem = "";
  /** What was opened last, in words. */
  opened = "";

  /** @param {HTMLDialogElement} root @param {import("../../types").ViewContext} context */
  constructor(root, context) {
    const {t, act, choose} = context;
    this.root = root;
    this.t = t;
    this.act = act;
    this.survey = new Survey(act, () => this.paint());
    this.curves = new SweepCurves(context, (column, row) => this.open(row * this.plan.xs.length + column));
    this.map = new HeatMap(t, cell => this.open(cell));
    this.window = createWindow(root, [this.map.element, this.curves.element], {
      run: () => (this.survey.busy ? this.survey.cancel() : this.begin()),
      pick: (/** @type {"x" | "y"} */ axis) => this.pick(axis),
      colour: () => this.paint(),
    });
    root.addEventListener("close", () => choose({sweep: null}));
  }

  /** Another quantity: its usual values. What was computed is of other axes, and goes. @param {"x" | "y"} axis */
  pick(axis) {
    const {[axis]: select, [`${axis}Values`]: field} = /** @type {any} */ (this.window);
    field.value = QUANTITIES[select.value]?.values.join(", ") ?? "";
    this.clear();
  }

  clear() {
    this.plan = NOTHING;
    this.survey.clear();
    if (this.state) this.listMeasures(this.state);
    this.paint();
  }

  begin() {
    const {x, y, xValues, yValues, seeds, steps, target} = this.window;
    const config = this.state?.config;
    const xs = valuesOf(xValues.value, x.value === "activation");
    const ys = y.value ? valuesOf(yValues.value, y.value === "activation") : [""];
    this.problem = x.value === y.value ? "sweep.same" : xs && ys ? "" : "sweep.values";
    this.opened = "";
    if (this.problem || !config || !xs || !ys) return this.paint();
    const count = y.value ? 0 : x.value === "seed" ? 1 : Number(seeds.value);
    this.plan = {x: x.value, y: y.value, xs, ys, seeds: Array.from({length: count}, (_, k) => config.seed + k)};
    this.changes = changesOf(this.plan, config);
    if (y.value) this.map.fill(this.plan);
    const order = y.value ? orderOf(xs.length, ys.length) : seedsInOrder(xs.length, count);
    const fields = {steps: Number(steps.value), target: Number(target.value) || 0};
    this.survey.begin(order, this.changes, fields, Math.max(1, count));
  }

  /** A cell's run, as a lane or as the run itself. @param {number} k */
  async open(k) {
    const {plan, t} = this;
    const change = this.changes[k];
    const whole = SHARED.some(name => name in change);
    const reply = await (whole
      ? this.act("configure", configured(change))
      : this.act("lane_add", {change, start: "start"}));
    if (reply.ok === false) return;
    const row = Math.floor(k / plan.xs.length);
    const places = [placeName(plan.x, plan.xs[k % plan.xs.length], t)];
    if (plan.y) places.push(placeName(plan.y, plan.ys[row], t));
    else if (plan.x !== "seed") places.push(placeName("seed", plan.seeds[row], t));
    this.opened = t(whole ? "sweep.opened_run" : "sweep.opened_lane", {place: places.join(", ")});
    this.paint();
  }

  paint() {
    const {state, window, survey, plan, t} = this;
    if (!state || !this.root.open) return;
    if (this.lang !== state.lang) {
      this.lang = state.lang;
      writeWords(window, t);
    }
    arrange(window, !window.y.value, window.x.value !== "seed");
    setText(window.again, t(survey.busy ? "maps.cancel" : "sweep.begin"));
    window.again.disabled = state.connection !== "open";
    window.progress.value = survey.count ? survey.done / survey.count : 0;
    window.progress.classList.toggle("idle", !survey.busy);
    setText(window.note, this.noteWords());
    const [lines, cells] = [plan.seeds.length > 0, plan.ys.length > 0 && plan.seeds.length === 0];
    this.curves.element.hidden = !lines;
    this.map.element.hidden = !cells;
    const measure = /** @type {any} */ (window.colour.value);
    if (cells) this.map.show(state, survey.outcomes, measure);
    const {outcomes, targets} = survey;
    if (lines) this.curves.show(state, {name: plan.x, values: plan.xs, seeds: plan.seeds, measure, outcomes, targets});
  }

  /** What is wrong, how far it is, what was opened, or what can be done. */
  noteWords() {
    const {survey, t} = this;
    if (this.problem) return t(this.problem);
    const words = {done: survey.done, count: survey.count, left: integer(survey.left / 1000)};
    if (survey.busy && survey.done > 0) return t("sweep.going", words);
    return this.opened || t("sweep.hint");
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
    if (this.listed !== next.lang) this.list(next);
    if (next.view.sweep && next.view.sweep !== this.wish) this.follow(next.view.sweep);
    this.wish = next.view.sweep;
    const looks = before?.theme !== next.theme || before?.lang !== next.lang || before?.connection !== next.connection;
    if (this.root.open && looks) this.paint();
  }

  /** Open with what a preset asks for: a press begins it. @param {SweepWish} wish */
  follow({x, values, seeds, steps, measure}) {
    const {window} = this;
    window.x.value = x;
    window.y.value = "";
    this.pick("x");
    window.xValues.value = values.join(", ");
    window.seeds.value = String(seeds);
    window.steps.value = String(steps);
    window.colour.value = measure;
    this.show();
    window.again.focus();
  }

  /** @param {State} state */
  list(state) {
    const {window, t} = this;
    const first = !this.listed;
    this.listed = state.lang;
    const names = Object.keys(QUANTITIES).map(value => ({value, label: t(`sweep.q_${value}`)}));
    setOptions(window.x, names);
    setOptions(window.y, [{value: "", label: t("sweep.none")}, ...names]);
    if (first) {
      window.x.value = "learning_rate";
      window.y.value = "initializer_scale";
      this.pick("x");
      this.pick("y");
    }
    this.listMeasures(state);
  }

  /** What can be drawn: curves of a measure are of both sets. @param {State} state */
  listMeasures(state) {
    const {window, t} = this;
    const kept = window.colour.value;
    const known = window.y.value ? MEASURES : CURVES;
    setOptions(
      window.colour,
      known.map(value => ({
        value,
        label: window.y.value ? measureName(/** @type {any} */ (value), state, t) : t(`sweep.curves_${value}`),
      })),
    );
    window.colour.value = /** @type {string[]} */ (known).includes(kept) ? kept : kept.replace("test_", "") || "loss";
  }
}

/** The change of each cell, row by row. @param {Plan} plan @param {import("../../types").RunConfig} config */
function changesOf({x, y, xs, ys, seeds}, config) {
  if (y) return ys.flatMap(up => xs.map(value => changeOf(x, y, value, up, config)));
  // The run's own seed is no change, so that its cells open as lanes.
  return seeds.flatMap((seed, row) => xs.map(value => changeOf(x, row ? "seed" : "", value, seed, config)));
}

/** A change in the words of `configure`. @param {Record<string, any>} change */
function configured({learning_rate, activation, ...rest}) {
  const patch = /** @type {Record<string, any>} */ ({...rest});
  if (learning_rate !== undefined) patch.optimizer = {...patch.optimizer, learning_rate};
  if (activation !== undefined) patch.network = {...patch.network, activation};
  return patch;
}

/**
 * A window; training goes on, the sweep is computed beside it.
 * @param {HTMLDialogElement} root
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View & {toggle: () => void}}
 */
export function sweepView(root, context) {
  const sweep = new Sweep(root, context);
  const view = surveyWindow(root, sweep);
  return {
    ...view,
    destroy() {
      sweep.curves.destroy();
      view.destroy();
    },
  };
}
