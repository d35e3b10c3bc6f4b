// @ts-check
/** Trainability maps: every pixel is a net that was trained; a drag zooms into the boundary, a click tells a run. */

import {openWindow} from "../../draw/dialog.js";
import {setText} from "../../draw/dom.js";
import {exponent, integer, percent, plain} from "../../draw/format.js";
import {palette} from "../../draw/plot.js";
import {saveBlob} from "../shared/file.js";
import {surveyWindow} from "../shared/survey_window.js";
import {allowed, around, bitmapOf, placeOf, resolved, shownAt, WHOLE, within} from "./grid.js";
import {listen} from "./input.js";
import {FoldedTables} from "../shared/numbers.js";
import {tablesOf} from "./numbers.js";
import {paintMap, paintRun} from "./painting.js";
import {makesRoom, Survey} from "./survey.js";
import {chooseFirst, createWindow, dimensionWords, listChoices, placeBox, writeAxes, writeWords} from "./window.js";
import {Zoom} from "./zoom.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("./grid.js").Range2} Range2 */
/** @typedef {import("./input.js").Point} Point */

/** Milliseconds that a run is drawn in. */
const WATCHED = 1500;

/** The window with what it shows. */
class Maps {
  /** @param {HTMLDialogElement} root @param {import("../../types").ViewContext} context */
  constructor(root, context) {
    const {t, act, announce} = context;
    this.root = root;
    this.t = t;
    this.act = act;
    this.survey = new Survey(act, done => this.paint(done));
    const ways = {
      back: () => this.goBack(),
      closer: () => this.go(around(this.range, this.share(), 0.5)),
      wider: () => this.go(around(this.range, this.share(), 2)),
    };
    this.window = createWindow(root, {
      choose: () => this.begin(),
      run: () => (this.survey.busy ? this.survey.cancel() : this.begin()),
      whole: () => this.go(WHOLE),
      save: () => this.save(),
      ...ways,
    });
    this.numbers = new FoldedTables("maps-table", t, () => tablesOf(this.drawn(), t));
    this.film = new Zoom(
      root,
      context,
      () => this.zoomed(),
      makesRoom(this.survey, () => root.open && this.begin()),
    );
    this.window.body.after(this.numbers.element, this.film.element);
    listen(this.window.picture, {
      look: at => this.look(at),
      watch: at => this.watch(at),
      frame: (from, to) => placeBox(this.window.box, from, to),
      zoom: (from, to) => this.zoom(from, to),
      move: (dx, dy) => this.move(dx, dy),
      said: () => this.window.told.textContent ?? "",
      voice: {t, announce},
      enter: () => this.watch(this.share()),
      ...ways,
    });
    /** @type {State | null} */
    this.state = null;
    /** @type {Range2} */ this.range = WHOLE;
    /** @type {Range2[]} */ this.before = [];
    /** the pixel that is looked at */
    this.row = 0;
    this.column = 0;
    /** @type {(number | null)[]} */
    this.losses = [];
    this.lang = "";
    /** What was measured of the boundary. @type {{dimension: unknown, error: number} | null} */
    this.boundary = null;
    this.note = "";
    this.request = 0;
  }

  get size() {
    return Number(this.window.selects.size.value);
  }

  /** What is asked of the server for every tile. */
  fields() {
    const {selects, seed} = this.window;
    return {
      axes: selects.axes.value,
      activation: selects.activation.value,
      width: Number(selects.width.value),
      steps: Number(selects.steps.value),
      map_seed: Math.max(0, Math.min(9999, Math.round(Number(seed.value) || 0))),
      ...this.range,
    };
  }

  /** What the tables tell. @returns {import("./numbers.js").Drawn} */
  drawn() {
    const {size, range, losses} = this;
    return {measures: this.survey.measures, size, range, axes: this.window.selects.axes.value, losses};
  }

  /** What a zoom film begins or ends with. */
  zoomed() {
    return {range: this.range, fields: this.fields(), theme: this.state?.theme ?? "light"};
  }

  begin() {
    this.losses = [];
    this.note = "";
    this.row = Math.min(this.row, this.size - 1);
    this.column = Math.min(this.column, this.size - 1);
    this.boundary = null;
    this.tellDimension();
    this.paintLosses(1);
    this.survey.begin({size: this.size, fields: this.fields()});
  }

  // The window on the plane

  /** @param {Range2} range */
  go(range, remember = true) {
    const refused = !resolved(range, this.size) ? "maps.limit" : !allowed(range) ? "maps.edge" : "";
    if (refused) {
      this.note = this.t(refused);
      return this.paint(false);
    }
    if (remember) this.before.push(this.range);
    this.range = range;
    this.begin();
  }

  goBack() {
    const range = this.before.pop();
    if (range) this.go(range, false);
  }

  /** @param {Point} from @param {Point} to */
  zoom(from, to) {
    const [left, right] = [from.x, to.x].sort((a, b) => a - b);
    const [bottom, top] = [from.y, to.y].sort((a, b) => a - b);
    this.go(within(this.range, {left, right, bottom, top}));
  }

  // The pixel that is looked at

  /** The present pixel as a point. @returns {Point} */
  share() {
    return {x: (this.column + 0.5) / this.size, y: (this.row + 0.5) / this.size};
  }

  /** @param {Point} at */
  look({x, y}) {
    this.column = Math.min(this.size - 1, Math.floor(x * this.size));
    this.row = Math.min(this.size - 1, Math.floor(y * this.size));
    this.tell();
  }

  /** @param {number} dx @param {number} dy */
  move(dx, dy) {
    const held = (/** @type {number} */ k) => Math.min(this.size - 1, Math.max(0, k));
    this.column = held(this.column + dx);
    this.row = held(this.row + dy);
    this.tell();
  }

  tell() {
    const {t, window, size} = this;
    const measure = this.survey.measures.length ? shownAt(this.survey.measures, size, this.row, this.column) : NaN;
    const {x, y} = this.share();
    window.cursor.hidden = false;
    Object.assign(window.cursor.style, {left: `${100 * x}%`, bottom: `${100 * y}%`});
    const fate = Number.isNaN(measure) ? "unknown" : measure < 0 ? "converged" : "diverged";
    setText(
      window.told,
      t(`maps.told_${window.selects.axes.value}`, {
        x: exponent(10 ** placeOf(this.range.x, size, this.column), 4),
        y: exponent(10 ** placeOf(this.range.y, size, this.row), 4),
        fate: t(`maps.${fate}`, {measure: plain(Math.abs(measure), 4)}),
      }),
    );
  }

  /** Train the pixel once more, and watch its loss. @param {Point} at */
  async watch(at) {
    this.look(at);
    const {size, row, column} = this;
    const reply = await this.act("map_run", {...this.fields(), size, row, column});
    if (reply.ok === false) return;
    this.losses = /** @type {(number | null)[]} */ (reply.losses);
    this.numbers.write();
    cancelAnimationFrame(this.request);
    const begun = performance.now();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const frame = () => {
      const share = still ? 1 : Math.min(1, (performance.now() - begun) / WATCHED);
      this.paintLosses(share);
      if (share < 1) this.request = requestAnimationFrame(frame);
    };
    frame();
  }

  /** @param {number} share */
  paintLosses(share) {
    paintRun(this.window.run, this.losses, palette(this.root), share);
  }

  // What is shown

  /** @param {boolean} done */
  paint(done) {
    const {state, window, survey, t} = this;
    if (!state || !this.root.open) return;
    if (this.lang !== state.lang) {
      this.lang = state.lang;
      this.tellDimension();
      writeWords(window, t);
      this.film.write();
    }
    if (survey.measures.length) paintMap(window.picture, survey.measures, this.size, state.theme);
    setText(window.buttons.again, t(survey.busy ? "maps.cancel" : "maps.again"));
    window.buttons.back.disabled = this.before.length === 0;
    window.progress.value = survey.share;
    window.progress.classList.toggle("idle", !survey.busy);
    setText(window.state, this.note || this.standing());
    writeAxes(window, this.range, t);
    this.tell();
    this.numbers.write();
    this.film.tell();
    if (done) this.measure();
  }

  /** How far it is, and what trains. */
  standing() {
    const {share, left, engine, busy} = this.survey;
    if (!engine) return this.t("maps.begins");
    const words = {share: percent(share), left: integer(left / 1000), engine: this.t(`maps.engine_${engine}`)};
    return this.t(busy ? "maps.going" : share === 1 ? "maps.done" : "maps.stopped", words);
  }

  /** The boundary's dimension, when all pixels are there. */
  async measure() {
    const {survey} = this;
    const mine = survey.turns.turn;
    const bitmap = bitmapOf(survey.measures, this.size);
    if (!bitmap) return;
    const {ok, dimension, error} = await this.act("box_dimension", {bitmap});
    if (ok === false || mine !== survey.turns.turn) return;
    this.boundary = {dimension, error: Number(error)};
    this.tellDimension();
  }

  tellDimension() {
    setText(this.window.dimension, this.boundary ? dimensionWords(this.boundary, this.t) : "");
  }

  save() {
    this.window.picture.toBlob(blob => blob && saveBlob(blob, "trainability.png"));
  }

  show() {
    openWindow(this.root);
    this.lang = "";
    if (this.survey.share < 1) this.begin();
    else this.paint(false);
  }

  /** @param {State} next */
  update(next) {
    const before = this.state;
    this.state = next;
    if (!next.options) return;
    if (before?.lang !== next.lang || !this.window.selects.size.value) {
      const first = !this.window.selects.size.value;
      listChoices(this.window, next.options.activations, this.t);
      if (first) chooseFirst(this.window);
    }
    if (!this.root.open || (before?.theme === next.theme && before.lang === next.lang)) return;
    this.paint(false);
    this.paintLosses(1);
  }
}

/**
 * A window; training goes on, the map is computed beside it.
 * @param {HTMLDialogElement} root
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View & {toggle: () => void}}
 */
export function mapsView(root, context) {
  return surveyWindow(root, new Maps(root, context));
}
