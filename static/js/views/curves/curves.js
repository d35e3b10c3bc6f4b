// @ts-check
/**
 * The loss against the steps: training and test loss, the batches' losses, what was changed when, and runs left behind.
 */

import {calmly, palette as paletteOf, sheetsOf} from "../../draw/plot.js";
import {colourOf, runnersOf} from "../../model/lanes.js";
import {
  clipTo,
  dimAfter,
  drawAxes,
  drawBand,
  drawDot,
  drawGhosts,
  drawLine,
  drawMarks,
  roomForNumbers,
  stepAt,
  xOf,
} from "../shared/chart.js";
import {axisEnd, emptyFold, extent, foldOf, lossRange} from "../shared/fold.js";
import {keyCursor} from "../shared/key_cursor.js";
import {endOf, laneFolds, newest, reach} from "../shared/lane_curves.js";
import {saidBy} from "../shared/tip.js";
import {marksIn, same} from "./drawn.js";
import {CurvesFrame} from "./frame.js";
import {marksOf, nearest, presentOf, readingAt, spanOf} from "./scene.js";
import {SeriesFolds} from "./series_folds.js";
import {delayOf, drawDelay, laneMeasure, shareRange, showsShares} from "./shares.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ViewContext} ViewContext */
/** @typedef {import("../../draw/plot.js").Palette} Palette */
/** @typedef {import("../shared/chart.js").Chart} Chart */
/** @typedef {{state: State, palette: Palette}} Show what is painted */

/** Pause between two paintings, in milliseconds. */
const REST = 70;
const NO_BAND = extent(emptyFold());

/**
 * @param {HTMLElement} root
 * @param {ViewContext} context
 * @returns {import("../../types").View}
 */
export function curvesView(root, context) {
  return new CurvesView(root, context);
}

class CurvesView {
  /** Of losses and of accuracies, and which of them are shown. */
  losses = new SeriesFolds();
  shares = new SeriesFolds("accuracy");
  folds = this.losses;
  rivals = laneFolds();
  /** Curves of the lanes that are not in focus. @type {ReturnType<CurvesView["rivals"]["take"]>} */
  others = [];
  /** @type {State | null} */
  state = null;
  /** @type {Palette | null} */
  palette = null;
  /** The chart that was painted last. @type {Chart | null} */
  chart = null;
  /** Whether the axis is logarithmic: as a hand chose it, and by itself. @type {boolean | null} */
  chosen = null;
  automatic = false;
  /** Where the pointer is on the stage; NaN for nowhere. */
  pointer = NaN;
  /** The present, when the curves go on beyond it; else Infinity. */
  present = Infinity;
  /** What was told last. @type {ReturnType<typeof marksIn> | null} */
  drawn = null;

  /** @param {HTMLElement} root @param {ViewContext} context */
  constructor(root, {t, act, draw, announce, choose, view}) {
    this.root = root;
    this.t = t;
    this.frame = new CurvesFrame(root, t, {
      turnLog: () => this.turnLog(),
      turn: name => choose({[name]: !view()[name]}),
      goBack: () => act("undo", {ghost: true}),
    });
    const {stage} = this.frame;
    this.painter = calmly(() => this.paint(), REST, draw);
    const {sheets, destroy} = sheetsOf(stage, 1, () => this.paint());
    this.sheet = sheets[0];
    this.removeSheet = destroy;
    this.frame.dress();
    stage.addEventListener("pointermove", event => this.point(event.clientX - stage.getBoundingClientRect().left));
    stage.addEventListener("pointerleave", () => this.point(NaN));
    keyCursor(
      stage,
      "curves",
      {t, announce},
      {
        move: (dx, dy, shift) => this.walk(shift ? 10 * dx : dx),
        said: () => saidBy(this.frame.tip),
        leave: () => this.point(NaN),
        keys: {Home: () => this.walk(-Infinity), End: () => this.walk(Infinity)},
      },
    );
  }

  /** @param {State} next */
  update(next) {
    const {drawn, root} = this;
    const marks = marksIn(next);
    this.state = next;
    if (drawn?.theme !== next.theme) this.palette = paletteOf(root);
    // Here, not when it is painted: by then the curves may have grown past this frame.
    this.present = presentOf(next);
    const looks = drawn?.theme !== marks.theme || drawn.lang !== marks.lang;
    if (!looks && same(drawn, marks)) return;
    if (drawn?.series !== next.series) this.automatic = false;
    this.drawn = marks;
    if (next.lanes.length > 1) root.dataset.lane = String(next.lane);
    else delete root.dataset.lane;
    if (looks) this.paintNow();
    else this.painter.request();
  }

  /** @param {State} state */
  readNumbers(state) {
    this.frame.read(state);
  }

  /** A hand turns the axis. */
  turnLog() {
    this.chosen = !(this.chosen ?? this.automatic);
    this.paintNow();
  }

  /** @param {number} x of the pointer; NaN for nowhere */
  point(x) {
    this.pointer = x;
    this.readout();
  }

  /** The keys go to another of the steps that were measured. @param {number} ways @returns {boolean} */
  walk(ways) {
    const {chart, state} = this;
    const steps = state?.series.metrics.step ?? [];
    if (!chart || !ways || !steps.length) return false;
    const here = Number.isNaN(this.pointer) ? Infinity : stepAt(chart, this.pointer);
    const from = here === Infinity ? steps.length - (ways < 0 ? 0 : 1) : nearest(steps, here);
    this.point(xOf(chart, steps[Math.min(steps.length - 1, Math.max(0, from + ways))]));
    return true;
  }

  /** The numbers at the pointer. */
  readout() {
    const {chart, state, pointer, frame, t} = this;
    if (!chart || !state || !(pointer >= chart.left - 3 && pointer <= chart.right + 3)) {
      frame.point(null);
      return;
    }
    const {step, lines} = readingAt(state, stepAt(chart, pointer), t);
    frame.point({x: xOf(chart, step), text: lines.join("\n")});
  }

  // Painting

  /** Paint at once, because a hand asked for it. */
  paintNow() {
    this.painter.cancel();
    this.paint();
  }

  paint() {
    const {sheet, state, palette} = this;
    if (!state || !palette || sheet.width < 8 || sheet.height < 8) return;
    const folds = (this.folds = showsShares(state) ? this.shares : this.losses);
    folds.take(state.series);
    this.others = this.takeOthers(state);
    sheet.ctx.clearRect(0, 0, sheet.width, sheet.height);
    const some = folds.batches.count > 0 || folds.metrics.count > 1 || leftIn(state).length > 0;
    this.chart = some ? this.chartOf({state, palette}) : null;
    if (this.chart) this.paintChart(this.chart, {state, palette});
    // Not before it is painted: letters on a canvas settle the styles of a page that has been written to.
    this.frame.words(state, {some, log: this.chart?.log ?? false, several: this.others.length > 0});
    this.readout();
  }

  /** @param {Chart} chart @param {Show} show */
  paintChart(chart, show) {
    const {state, palette} = show;
    drawAxes(chart, this.t("curves.steps"));
    this.drawCurves(chart, show);
    drawMarks(
      chart,
      marksOf(state, this.present, step => xOf(chart, step), palette, this.t),
    );
    this.drawEnds(chart, show);
    const delay = showsShares(state) ? delayOf(state) : null;
    if (delay) drawDelay(chart, delay, this.t);
  }

  /** @param {State} state */
  takeOthers(state) {
    if (state.lanes.length < 2) return [];
    const rivals = runnersOf(state).filter(({focus}) => !focus);
    return this.rivals.take(rivals, laneMeasure(state));
  }

  /** Axes for what there is. @param {Show} show @returns {Chart} */
  chartOf({state, palette}) {
    const {sheet, folds, others} = this;
    const end = axisEnd(this.lastStep(state));
    if (showsShares(state)) return this.shareChart({state, palette}, end);
    const span = spanOf(this.extents(state), others.length ? NO_BAND : extent(folds.batch));
    this.automatic = (this.automatic || span.wide) && span.steep && span.logs && folds.metrics.count > 1;
    const log = (this.chosen ?? this.automatic) && span.logs;
    const plot = {
      ctx: sheet.ctx,
      palette,
      log,
      top: 6,
      bottom: sheet.height - palette.tiny * 1.75,
      range: lossRange(log ? span.positive : span.low, span.high, log),
    };
    const powers = state.view.log_steps;
    return {...plot, powers, left: roomForNumbers(plot), right: sheet.width - 10, end};
  }

  /** Axes for accuracies. @param {Show} show @param {number} end @returns {Chart} */
  shareChart({state, palette}, end) {
    const {sheet, folds, others} = this;
    const range = shareRange([folds.train, folds.test, ...others.map(({fold}) => fold)]);
    const bottom = sheet.height - palette.tiny * 1.75;
    const plot = {ctx: sheet.ctx, palette, log: false, top: 6, bottom, range, powers: state.view.log_steps};
    return {...plot, left: roomForNumbers(plot), right: sheet.width - 10, end};
  }

  /** What the curves span, but for those of lanes that exploded: they would dwarf the rest. @param {State} state */
  extents({series, lanes, ghost}) {
    const {folds, others} = this;
    // A future is of this very run: the axes stay while somebody scrubs.
    const future = series.ahead ? series.ghosts.at(-1) : undefined;
    const exploded = new Set(lanes.filter(({status}) => status.kind === "diverged").map(({id}) => id));
    const calm = others.filter(({id}) => !exploded.has(id));
    return [
      extent(folds.train),
      extent(folds.test),
      ...(future ? [extent(foldOf(future))] : []),
      // How low runs came that were left is there to be seen; how high they were may dwarf the rest.
      ...(ghost && series.ghost ? [{...extent(foldOf(series.ghost)), high: -Infinity}] : []),
      ...(others.length ? [reach(calm)] : []),
    ];
  }

  /** @param {State} state */
  lastStep(state) {
    const ghosts = leftIn(state).map(({step}) => step.at(-1) ?? 0);
    return Math.max(0, this.folds.last, ...ghosts, this.others.length ? newest(runnersOf(state)) : 0);
  }

  /** @param {Chart} chart @param {Show} show */
  drawCurves(chart, {state, palette}) {
    const {folds, others, present} = this;
    const {stroke} = palette;
    const own = others.length ? colourOf(palette, state.lane) : null;
    chart.ctx.save();
    clipTo(chart);
    if (folds === this.losses) {
      drawGhosts(chart, leftIn(state));
      if (!own) drawBand(chart, folds.batch);
    }
    for (const {id, fold} of others) drawLine(chart, fold, colourOf(palette, id), 1.4 * stroke);
    drawLine(chart, folds.test, own ?? palette.test, (own ? 1.2 : 1.7) * stroke, 1, own ? [4, 3] : []);
    drawLine(chart, folds.train, own ?? palette.train, (own ? 2.2 : 1.7) * stroke);
    if (present < Infinity) dimAfter(chart, present);
    chart.ctx.restore();
  }

  /** Dots where the curves are now. @param {Chart} chart @param {Show} show */
  drawEnds(chart, {state, palette}) {
    const {frame, series, lane} = state;
    if (!frame) return;
    const atHead = this.present === Infinity;
    const several = this.others.length > 0;
    const {own: mine, held} = this.folds;
    for (const runner of several ? runnersOf(state) : [])
      if (!runner.focus) drawDot(chart, ...endOf(runner, laneMeasure(state), atHead), colourOf(palette, runner.id));
    const own = several ? colourOf(palette, lane) : null;
    drawDot(chart, ...endOf({...frame, series}, held, atHead), own ?? palette.test);
    drawDot(chart, ...endOf({...frame, series}, mine, atHead), own ?? palette.train);
  }

  destroy() {
    this.painter.cancel();
    this.removeSheet();
    this.frame.destroy();
  }
}

/** Curves that were left behind. @param {State} state */
const leftIn = ({series, ghost}) =>
  ghost && series.ghost ? [...new Set([...series.ghosts, series.ghost])] : series.ghosts;
