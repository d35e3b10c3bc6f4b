// @ts-check
/** The race: all lanes' curves in one chart, the target that they run for, and the table of who got there when. */

import {h, setOptions, setText} from "../../draw/dom.js";
import {typedNumber} from "../../draw/entry.js";
import {explain, nameControl} from "../../draw/explain.js";
import {nameKeeper} from "../../model/lane_names.js";
import {ascends, fairTarget, letterOf, racing, runnersOf} from "../../model/lanes.js";
import {tested} from "../../model/measures.js";
import {calmly, palette as paletteOf, sheetsOf} from "../../draw/plot.js";
import {xOf, yOf} from "../shared/chart.js";
import {keyCursor} from "../shared/key_cursor.js";
import {placeAlong, saidBy} from "../shared/tip.js";
import {Arrivals} from "./arrivals.js";
import {raceChart} from "./chart.js";
import {partsOf} from "./parts.js";
import {numbersAt, valueAt, wide} from "./reading.js";
import {raceTable} from "./table.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../model/lanes.js").Measure} Measure */

/** Pause between two paintings, in milliseconds. */
const REST = 60;
/** Places along the steps that the arrow keys go to. */
const PLACES = 50;
const MEASURES = /** @type {Measure[]} */ (["loss", "test_loss", "accuracy", "test_accuracy"]);

class Race {
  /** @param {HTMLElement} root @param {import("../../types").ViewContext} context */
  constructor(root, context) {
    this.root = root;
    this.t = context.t;
    /** @type {State | null} */ this.state = null;
    /** @type {import("../../draw/plot.js").Palette | null} */ this.palette = null;
    /** @type {import("../shared/chart.js").Chart | null} */ this.drawn = null;
    /** @type {Measure} */ this.measure = "loss";
    /** What the user aims at; null for a fair target. @type {number | null} */ this.wish = null;
    /** Whether the user wants a logarithmic axis. @type {boolean | null} */ this.chosen = null;
    this.automatic = false;
    this.open = false;
    this.theme = "";
    this.held = false;
    /** @type {{x: number, y: number} | null} */ this.pointer = null;
    this.parts = partsOf({
      close: () => context.choose({race: false}),
      measure: () => this.chooseMeasure(),
      log: () => this.toggleLog(),
      typed: () => this.typed(),
      typing: event => this.typing(event),
    });
    this.table = raceTable(context);
    this.chart = raceChart();
    this.names = nameKeeper();
    this.arrivals = new Arrivals(context.act, () => this.state && this.readNumbers(this.state));
    root.append(this.parts.head, h("div", {class: "race-scroll"}, this.table.element), this.parts.stage);
    this.sheets = sheetsOf(this.parts.stage, 1, () => this.paint());
    this.parts.stage.append(this.parts.cross, this.parts.tip, this.parts.empty);
    this.painter = calmly(() => this.paint(), REST, context.draw);
    this.listen(this.parts.stage, context);
  }

  get target() {
    if (this.wish !== null) return this.wish;
    if (!this.state) return NaN;
    return fairTarget(
      runnersOf(this.state).map(({series}) => series),
      this.measure,
    );
  }

  get regression() {
    return this.state?.data?.kind === "regression";
  }

  get inPercent() {
    return ascends(this.measure) && !this.regression;
  }

  again() {
    this.painter.cancel();
    this.paint();
    if (this.state) this.readNumbers(this.state);
  }

  chooseMeasure() {
    this.measure = /** @type {Measure} */ (this.parts.measures.value);
    this.wish = null;
    this.again();
  }

  toggleLog() {
    this.chosen = !(this.chosen ?? this.automatic);
    this.again();
  }

  typed() {
    const {goal} = this.parts;
    const value = goal.value.trim() === "" ? null : typedNumber(goal.value, this.inPercent);
    const outside = value !== null && this.inPercent && (value < 0 || value > 100);
    if (Number.isNaN(value) || outside) return goal.setAttribute("aria-invalid", "true");
    goal.removeAttribute("aria-invalid");
    this.wish = value !== null && this.inPercent ? value / 100 : value;
    this.again();
  }

  /** @param {KeyboardEvent} event */
  typing(event) {
    if (event.key === "Enter") this.typed();
    if (event.key === "Escape") this.parts.goal.blur();
  }

  /** A press or a drag in the chart sets the target; the pointer reads the numbers. @param {HTMLElement} stage
   * @param {import("../shared/key_cursor.js").Voice} voice */
  listen(stage, voice) {
    stage.addEventListener("pointerdown", event => {
      if (!this.drawn || event.button !== 0) return;
      this.held = true;
      stage.setPointerCapture(event.pointerId);
      this.aim(event);
    });
    stage.addEventListener("pointermove", event => {
      const box = stage.getBoundingClientRect();
      this.pointer = {x: event.clientX - box.left, y: event.clientY - box.top};
      if (this.held) this.aim(event);
      else this.readout();
    });
    for (const name of ["pointerup", "pointercancel"])
      stage.addEventListener(name, () => {
        this.held = false;
      });
    stage.addEventListener("pointerleave", () => this.leave());
    keyCursor(stage, "race", voice, {
      move: (dx, dy, shift) => this.walk(shift ? 10 * dx : dx),
      said: () => saidBy(this.parts.tip),
      leave: () => this.leave(),
    });
  }

  leave() {
    this.pointer = null;
    this.readout();
  }

  /** The keys go to another place of the steps. @param {number} ways @returns {boolean} */
  walk(ways) {
    const {drawn, pointer} = this;
    if (!drawn || !ways) return false;
    const x = (pointer?.x ?? drawn.right) + (ways * (drawn.right - drawn.left)) / PLACES;
    this.pointer = {x: Math.min(drawn.right, Math.max(drawn.left, x)), y: 0};
    this.readout();
    return true;
  }

  /** The target goes where the pointer is. @param {PointerEvent} event */
  aim(event) {
    if (!this.drawn) return;
    this.wish = valueAt(this.drawn, event.clientY - this.parts.stage.getBoundingClientRect().top);
    this.again();
  }

  paint() {
    const {state, palette, measure, t} = this;
    if (!state || !palette || !this.open) return;
    const runners = runnersOf(state);
    const target = this.target;
    if (!ascends(measure)) this.automatic = wide(runners, measure);
    this.drawn = this.chart.paint(this.sheets.sheets[0], {
      runners,
      ghosts: state.series.ghosts,
      measure,
      log: this.chosen ?? this.automatic,
      target,
      palette,
      head: (state.frame?.step ?? 0) >= state.furthest,
      words: {steps: t("curves.steps"), diverged: runner => `${letterOf(runner.id)} ${t("curves.diverged")}`},
    });
    this.parts.empty.hidden = this.drawn !== null;
    this.showGoal(target);
    this.words();
    this.readout();
  }

  /** The table, told together with all other losses on the page. @param {State} state */
  readNumbers(state) {
    if (!this.open) return;
    const {measure, target, regression, arrivals, t} = this;
    const [runners, names] = [runnersOf(state), this.names(state, t)];
    this.table.update({runners, names, measure, target, regression, tested: tested(state.data), arrivals}, state.lang);
    const follows = state.room !== null && !state.room.you.drives;
    if (!this.held && !follows && state.connection === "open") arrivals.ask(runners, {measure, target});
  }

  /** @param {number} target */
  showGoal(target) {
    const {goal} = this.parts;
    if (this.inPercent) Object.assign(goal.dataset, {low: 0, high: 100});
    else for (const end of ["low", "high"]) delete goal.dataset[end];
    if (document.activeElement === goal && !this.held) return;
    const text = this.inPercent ? String(+(100 * target).toPrecision(3)) : String(target);
    goal.value = Number.isNaN(target) ? "" : text;
  }

  words() {
    const {t, parts} = this;
    setText(parts.title, t("race.title"));
    setText(parts.goalWords, t(this.inPercent ? "race.target_percent" : "race.target"));
    explain(parts.goal, t("race.target_title"));
    setText(/** @type {HTMLElement} */ (parts.empty.firstElementChild), t("race.empty"));
    setOptions(
      parts.measures,
      MEASURES.map(value => ({
        value,
        label: t(`race.measure_${ascends(value) && this.regression ? value.replace("accuracy", "r2") : value}`),
      })),
    );
    parts.measures.value = this.measure;
    nameControl(parts.measures, t("race.measure"));
    setText(parts.log, t("curves.log"));
    explain(parts.log, t("curves.log_title"));
    parts.log.hidden = ascends(this.measure);
    parts.log.setAttribute("aria-pressed", String(this.drawn?.log ?? false));
    nameControl(parts.close, t("race.close"));
    parts.stage.setAttribute("aria-label", t("race.chart"));
  }

  /** The lanes' numbers at the pointer. */
  readout() {
    const {drawn, state, pointer, parts} = this;
    const near = drawn && state && pointer && !this.held && pointer.x >= drawn.left - 3 && pointer.x <= drawn.right + 3;
    parts.cross.hidden = parts.tip.hidden = !near;
    if (!near) return;
    const wanted = ((pointer.x - drawn.left) / (drawn.right - drawn.left)) * drawn.end;
    const {step, lines} = numbersAt(wanted, runnersOf(state), this.measure, this.inPercent, this.t);
    setText(parts.tip, lines.join("\n"));
    placeAlong(parts.tip, parts.cross, xOf(drawn, step), this.sheets.sheets[0].width);
    parts.stage.classList.toggle("race-near", Math.abs(pointer.y - yOf(drawn, this.target)) < 6);
  }

  /** @param {boolean} wanted */
  show(wanted) {
    if (wanted === this.open) return;
    this.open = wanted;
    this.root.hidden = !wanted;
    const page = this.root.closest(".page");
    if (page instanceof HTMLElement) page.toggleAttribute("data-race", wanted);
    if (wanted && matchMedia("(max-width: 1100px)").matches) this.root.scrollIntoView({block: "nearest"});
  }

  /** @param {State} next */
  update(next) {
    const before = this.state;
    this.state = next;
    this.show(racing(next));
    if (!this.open) return;
    const changed = this.theme !== next.theme || before?.lang !== next.lang;
    if (this.theme !== next.theme) this.palette = paletteOf(this.root);
    if (changed) this.again();
    else if (before?.lanes !== next.lanes || before.frame !== next.frame || before.series !== next.series)
      this.painter.request();
    else this.showGoal(this.target); // a field that was refused an entry has its target back
    this.theme = next.theme;
  }

  destroy() {
    this.painter.cancel();
    this.sheets.destroy();
    this.show(false);
    this.root.replaceChildren();
  }
}

/**
 * @param {HTMLElement} root a panel that stands where the diagram is while it is open
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View}
 */
export function raceView(root, context) {
  return new Race(root, context);
}
