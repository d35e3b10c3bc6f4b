// @ts-check
/**
 * The loss against the steps: training and test loss, the batches' losses, what was changed when, and runs left behind.
 */

import {changeWords, gather, movements, wordsOf} from "../../model/changes.js";
import {h, setText} from "../../draw/dom.js";
import {compact, integer, percent, plain} from "../../draw/format.js";
import {colourOf, letterOf, runnersOf} from "../../model/lanes.js";
import {calmly, palette as paletteOf, sheetsOf} from "../../draw/plot.js";
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
  xOf,
} from "../shared/chart.js";
import {axisEnd, clear, emptyFold, extent, foldOf, include, indexAt, lossRange} from "../shared/fold.js";
import {endOf, laneFolds, newest, reach} from "../shared/lane_curves.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Series} Series */
/** @typedef {import("../shared/chart.js").Chart} Chart */

/** Pause between two paintings, in milliseconds. */
const REST = 70;
const emptiness = emptyFold();
/** Above this ratio of greatest to least loss the axis turns logarithmic by itself. */
const WIDE = 30;

/**
 * @param {HTMLElement} root
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View}
 */
export function curvesView(root, {t, draw}) {
  const train = legend("train");
  const test = legend("test");
  const batch = legend("batch");
  const accuracy = legend("accuracy");
  const log = h("button", {
    type: "button",
    onclick: () => {
      chosen = !(chosen ?? automatic);
      again();
    },
  });
  const head = h(
    "div",
    {class: "plot-head curves-head"},
    h("div", {class: "plot-legend"}, train.element, test.element, batch.element, accuracy.element),
    log,
  );
  const stage = h("div", {class: "plot-stage curves-stage", role: "img"});
  const empty = h("div", {class: "plot-empty"}, h("strong"), h("span"));
  const cross = h("i", {class: "curves-cross", hidden: true});
  const tip = h("div", {class: "plot-tip", hidden: true});
  root.append(head, stage);

  const rivals = laneFolds();
  /** Curves of the lanes that are not in focus. @type {ReturnType<typeof rivals.take>} */ let others = [];
  const folds = {batch: emptyFold(), train: emptyFold(), test: emptyFold()};
  const seen = {batch: 0, batchStep: -1, batchLast: 0, metrics: 0, metricStep: -1, metricLast: 0};
  /** @type {State|null} */ let state = null;
  /** @type {import("../../draw/plot.js").Palette|null} */ let palette = null;
  /** @type {Chart|null} */ let chart = null;
  /** @type {boolean|null} */ let chosen = null;
  let automatic = false;
  let pointer = NaN;
  /** The present, when the curves go on beyond it. */
  let past = Infinity;
  let drawn = {
    series: /** @type {Series|null} */ (null),
    version: -1,
    lang: "",
    theme: "",
    log: /** @type {unknown} */ (null),
    step: -1,
    status: "",
    lanes: /** @type {unknown} */ (null),
  };
  const painter = calmly(paint, REST, draw);
  const {
    sheets: [sheet],
    destroy: fold,
  } = sheetsOf(stage, 1, paint);
  stage.append(empty, cross, tip);
  stage.addEventListener("pointermove", event => {
    pointer = event.clientX - stage.getBoundingClientRect().left;
    readout();
  });
  stage.addEventListener("pointerleave", () => {
    pointer = NaN;
    readout();
  });

  /** @param {string} name */
  function legend(name) {
    const label = h("span");
    const value = h("b");
    const element = h("span", {dataset: {curve: name}}, h("i", {"aria-hidden": "true"}), label, value);
    return {element, label, value};
  }

  /** Paint at once, because a hand asked for it. */
  function again() {
    painter.cancel();
    paint();
  }

  /**
   * Fold in what is new; from the beginning when the curves are not the ones that were folded before.
   * @param {Series} series
   */
  function take({batch: {step, low, high, last}, metrics}) {
    const grown = (
      /** @type {number[]} */ steps,
      /** @type {number[]} */ values,
      /** @type {number} */ n,
      /** @type {number} */ at,
      /** @type {number} */ value,
    ) => n === 0 || (steps.length >= n && steps[n - 1] === at && Object.is(values[n - 1], value));
    if (!grown(step, last, seen.batch, seen.batchStep, seen.batchLast)) {
      clear(folds.batch);
      seen.batch = 0;
    }
    if (!grown(metrics.step, metrics.loss, seen.metrics, seen.metricStep, seen.metricLast)) {
      clear(folds.train);
      clear(folds.test);
      seen.metrics = 0;
    }
    for (let k = seen.batch; k < step.length; k++) include(folds.batch, step[k], low[k], high[k], last[k]);
    for (let k = seen.metrics; k < metrics.step.length; k++) {
      include(folds.train, metrics.step[k], metrics.loss[k], metrics.loss[k], metrics.loss[k]);
      if (Number.isFinite(metrics.test_loss[k]))
        include(folds.test, metrics.step[k], metrics.test_loss[k], metrics.test_loss[k], metrics.test_loss[k]);
    }
    Object.assign(seen, {
      batch: step.length,
      batchStep: step.at(-1),
      batchLast: last.at(-1),
      metrics: metrics.step.length,
      metricStep: metrics.step.at(-1),
      metricLast: metrics.loss.at(-1),
    });
  }

  /** Curves of the other lanes but for those that exploded, which would dwarf the rest. @param {State} state */
  const calm = ({lanes}) => others.filter(({id}) => lanes.find(lane => lane.id === id)?.status.kind !== "diverged");

  /**
   * Axes for what there is. Batch losses may stand out above the curves, but not dwarf them.
   * @param {State} state
   * @returns {Chart}
   */
  function chartOf(state) {
    const {width, height, ctx} = sheet;
    const small = /** @type {import("../../draw/plot.js").Palette} */ (palette).small - 1;
    const {series} = state;
    const future = series.ahead ? series.ghosts.at(-1) : undefined; // it is of this very run: the axes stay while somebody scrubs
    const lines = [
      extent(folds.train),
      extent(folds.test),
      ...(future ? [extent(foldOf(future))] : []),
      ...(others.length ? [reach(calm(state))] : []),
    ];
    const band = extent(others.length ? emptiness : folds.batch);
    const any = lines.some(({high}) => high > -Infinity);
    const least = (/** @type {"low"|"positive"} */ key) =>
      any ? Math.min(...lines.map(line => line[key])) : band[key];
    const most = any ? Math.max(...lines.map(({high}) => high)) : band.high;
    const low = Math.max(Math.min(least("low"), band.low), least("low") - 0.5 * (most - least("low")));
    const positive = Math.max(Math.min(least("positive"), band.positive), least("positive") / 10);
    const high = Math.min(Math.max(most, band.high), 2.5 * Math.max(most, least("positive")));
    automatic =
      (automatic || most > WIDE * least("positive")) &&
      positive < Infinity &&
      seen.metrics > 1 &&
      most > 3 * least("positive");
    const logarithmic = (chosen ?? automatic) && positive < Infinity;
    const last = Math.max(
      seen.batchStep ?? 0,
      seen.metricStep ?? 0,
      ...state.series.ghosts.map(({step}) => step.at(-1) ?? 0),
      others.length ? newest(runnersOf(state)) : 0,
    );
    const plot = {
      ctx,
      palette: /** @type {import("../../draw/plot.js").Palette} */ (palette),
      log: logarithmic,
      top: 6,
      bottom: height - small * 1.75,
      range: lossRange(logarithmic ? positive : low, high, logarithmic),
    };
    return {...plot, left: roomForNumbers(plot), right: width - 10, end: axisEnd(last)};
  }

  function paint() {
    if (!state || !palette || sheet.width < 8 || sheet.height < 8) return;
    const {series, frame} = state;
    const {ctx, width, height} = sheet;
    take(series);
    others =
      state.lanes.length > 1
        ? rivals.take(
            runnersOf(state).filter(({focus}) => !focus),
            "loss",
          )
        : [];
    ctx.clearRect(0, 0, width, height);
    const own = others.length ? colourOf(palette, state.lane) : null;
    const some = seen.batch > 0 || seen.metrics > 1 || series.ghosts.length > 0;
    chart = some ? chartOf(state) : null;
    words(state, some);
    if (!chart) return;
    drawAxes(chart, t("curves.steps"));
    ctx.save();
    clipTo(chart);
    drawGhosts(chart, series.ghosts);
    if (!own) drawBand(chart, folds.batch);
    for (const {id, fold} of others) drawLine(chart, fold, colourOf(palette, id), 1.4 * palette.stroke);
    drawLine(chart, folds.test, own ?? palette.test, (own ? 1.2 : 1.7) * palette.stroke, 1, own ? [4, 3] : []);
    drawLine(chart, folds.train, own ?? palette.train, (own ? 2.2 : 1.7) * palette.stroke);
    if (past < Infinity) dimAfter(chart, past);
    ctx.restore();
    drawMarks(chart, marksOf(chart, state, past));
    if (frame) {
      for (const runner of own ? runnersOf(state) : [])
        if (!runner.focus) drawDot(chart, ...endOf(runner, "loss", past === Infinity), colourOf(palette, runner.id));
      for (const measure of /** @type {const} */ (["test_loss", "loss"]))
        drawDot(
          chart,
          ...endOf({...frame, series}, measure, past === Infinity),
          own ?? (measure === "loss" ? palette.train : palette.test),
        );
    }
    readout();
  }

  /**
   * @param {import("../shared/chart.js").Chart} chart
   * @param {State} state
   * @param {number} now the present, when there is a future after it
   */
  function marksOf(chart, {log: entries, status, series, lang, lanes, lane}, now) {
    if (!palette) return [];
    const {muted, bad, accent} = palette;
    const first = series.metrics.loss.findIndex(loss => !Number.isFinite(loss));
    /** @type {import("../shared/chart.js").Mark[]} */
    const marks = gather(movements(entries), at => xOf(chart, at)).map(({marks: edits}) => ({
      step: edits[0].step,
      text: wordsOf(edits.map(({change, before}) => changeWords(t, change, lang, before))),
      colour: muted,
      strong: false,
    }));
    const step = status.kind === "diverged" ? status.step : first >= 0 ? series.metrics.step[first] : undefined;
    if (step !== undefined) marks.push({step, text: t("curves.diverged"), colour: bad, strong: true});
    for (const one of lanes) {
      if (one.id !== lane && one.status.kind === "diverged")
        marks.push({
          step: one.status.step ?? one.step,
          text: `${letterOf(one.id)} ${t("curves.diverged")}`,
          colour: colourOf(palette, one.id),
          strong: true,
        });
    }
    if (now < Infinity) marks.push({step: now, text: t("curves.now"), colour: accent, strong: true});
    return marks;
  }

  /** Names and newest numbers. @param {State} state @param {boolean} some whether there is a curve */
  function words({frame, data}, some) {
    empty.hidden = some;
    setText(/** @type {HTMLElement} */ (empty.firstElementChild), t("curves.empty"));
    setText(/** @type {HTMLElement} */ (empty.lastElementChild), t("curves.empty_text"));
    const shown = [
      [train, "train", frame ? plain(frame.loss, 3) : ""],
      [test, "test", frame && !Number.isNaN(frame.test_loss) ? plain(frame.test_loss, 3) : ""],
      [batch, "batch", ""],
      [
        accuracy,
        data?.kind === "regression" ? "r2" : "accuracy",
        frame && Number.isFinite(frame.accuracy)
          ? data?.kind === "regression"
            ? plain(frame.accuracy, 3)
            : percent(frame.accuracy)
          : "",
      ],
    ];
    for (const [{element, label, value}, key, text] of /** @type {[ReturnType<typeof legend>, string, string][]} */ (
      shown
    )) {
      element.hidden = !some || (key === "batch" ? others.length > 0 : !text);
      setText(label, t(`curves.${key}`));
      setText(value, text);
    }
    setText(log, t("curves.log"));
    log.title = t("curves.log_title");
    log.setAttribute("aria-pressed", String(chart?.log ?? false));
    log.hidden = !some;
    stage.setAttribute(
      "aria-label",
      frame
        ? t("curves.aria", {step: integer(frame.step), loss: plain(frame.loss), test: plain(frame.test_loss)})
        : t("curves.empty"),
    );
  }

  /** The numbers at the pointer. */
  function readout() {
    const hide = !chart || !state || !(pointer >= chart.left - 3 && pointer <= chart.right + 3);
    cross.hidden = tip.hidden = hide;
    if (hide || !chart || !state) return;
    const {metrics, batch: steps, rate} = state.series;
    const wanted = ((pointer - chart.left) / (chart.right - chart.left)) * chart.end;
    const m = nearest(metrics.step, wanted);
    const b = nearest(steps.step, wanted);
    const step = metrics.step[m] ?? steps.step[b] ?? 0;
    const lines = [t("curves.step", {n: integer(step)})];
    if (m >= 0) lines.push(`${t("curves.train")} ${plain(metrics.loss[m], 4)}`);
    if (m >= 0 && Number.isFinite(metrics.test_loss[m]))
      lines.push(`${t("curves.test")} ${plain(metrics.test_loss[m], 4)}`);
    if (b >= 0)
      lines.push(
        `${t("curves.batch")} ${steps.low[b] === steps.high[b] ? plain(steps.last[b], 3) : `${plain(steps.low[b], 3)} – ${plain(steps.high[b], 3)}`}`,
      );
    if (rate.step.length)
      lines.push(t("curves.rate", {value: compact(rate.value[Math.max(0, nearest(rate.step, wanted))])}));
    setText(tip, lines.join("\n"));
    const x = xOf(chart, step);
    const room = stage.clientWidth - tip.offsetWidth - 4;
    cross.style.transform = `translateX(${Math.round(x)}px)`;
    tip.style.transform = `translate(${Math.round(x + 10 > room ? Math.max(2, x - tip.offsetWidth - 8) : x + 10)}px, 4px)`;
  }

  /** @param {number[]} steps @param {number} wanted @returns {number} −1 when there are none */
  function nearest(steps, wanted) {
    const at = indexAt(steps, wanted);
    return at + 1 < steps.length && (at < 0 || steps[at + 1] - wanted < wanted - steps[at]) ? at + 1 : at;
  }

  return {
    /** @param {State} next */
    update(next) {
      state = next;
      if (drawn.theme !== next.theme) palette = paletteOf(root);
      // Here, not when it is painted: by then the curves may have grown past this frame.
      past =
        next.frame &&
        next.frame.step < Math.max(next.series.batch.step.at(-1) ?? 0, next.series.metrics.step.at(-1) ?? 0)
          ? next.frame.step
          : Infinity;
      const step = next.frame?.step ?? -1;
      const looks = drawn.theme !== next.theme || drawn.lang !== next.lang;
      const same =
        drawn.series === next.series &&
        drawn.version === next.series.version &&
        drawn.log === next.log &&
        drawn.step === step &&
        drawn.status === next.status.kind &&
        drawn.lanes === next.lanes;
      if (same && !looks) return;
      if (drawn.series !== next.series) automatic = false;
      drawn = {
        series: next.series,
        version: next.series.version,
        lang: next.lang,
        theme: next.theme,
        log: next.log,
        step,
        status: next.status.kind,
        lanes: next.lanes,
      };
      if (next.lanes.length > 1) root.dataset.lane = String(next.lane);
      else delete root.dataset.lane;
      if (looks) again();
      else painter.request();
    },
    destroy() {
      painter.cancel();
      fold();
      head.remove();
      stage.remove();
    },
  };
}
