// @ts-check
/** The race: all lanes' curves in one chart, the target that they run for, and the table of who got there when. */

import {h, setOptions, setText} from "../../draw/dom.js";
import {integer, percent, plain} from "../../draw/format.js";
import {nameKeeper} from "../../model/lane_names.js";
import {ascends, fairTarget, letterOf, racing, runnersOf} from "../../model/lanes.js";
import {calmly, palette as paletteOf, sheetsOf} from "../../draw/plot.js";
import {xOf, yOf} from "../shared/chart.js";
import {indexAt} from "../shared/fold.js";
import {raceChart} from "./chart.js";
import {raceTable} from "./table.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../model/lanes.js").Measure} Measure */

/** Pause between two paintings, in milliseconds. */
const REST = 60;
/** Above this ratio of greatest to least loss the axis turns logarithmic by itself. */
const WIDE = 30;
const MEASURES = /** @type {Measure[]} */ (["loss", "test_loss", "accuracy", "test_accuracy"]);

/**
 * @param {HTMLElement} root a panel that stands where the diagram is while it is open
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View}
 */
export function raceView(root, context) {
  const {t, choose, draw} = context;
  const title = h("h2", {id: "title-race"});
  const close = h(
    "button",
    {type: "button", class: "quiet race-close", dataset: {role: "race-close"}, onclick: () => choose({race: false})},
    "×",
  );
  const measures = h("select", {
    class: "plot-select",
    dataset: {role: "race-measure"},
    onchange: () => {
      measure = /** @type {Measure} */ (measures.value);
      wish = null;
      again();
    },
  });
  const log = h("button", {
    type: "button",
    class: "plot-button",
    onclick: () => {
      chosen = !(chosen ?? automatic);
      again();
    },
  });
  const goal = h("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    spellcheck: "false",
    class: "race-goal",
    dataset: {role: "race-target"},
    onchange: typed,
    onkeydown: typing,
    oninput: () => goal.removeAttribute("aria-invalid"),
  });
  const goalWords = h("span");
  const stage = h("div", {class: "plot-stage race-stage", role: "img"});
  const cross = h("i", {class: "curves-cross", hidden: true});
  const tip = h("div", {class: "plot-tip", hidden: true});
  const empty = h("div", {class: "plot-empty"}, h("span"));
  const table = raceTable(context);
  const chart = raceChart();
  const names = nameKeeper();
  root.append(
    h(
      "div",
      {class: "race-head"},
      title,
      h("span", {class: "spacer"}),
      measures,
      log,
      h("label", {class: "race-target"}, goalWords, goal),
      close,
    ),
    h("div", {class: "race-scroll"}, table.element),
    stage,
  );
  const {
    sheets: [sheet],
    destroy: fold,
  } = sheetsOf(stage, 1, paint);
  stage.append(cross, tip, empty);

  /** @type {State | null} */ let state = null;
  /** @type {import("../../draw/plot.js").Palette | null} */ let palette = null;
  /** @type {import("../shared/chart.js").Chart | null} */ let drawn = null;
  /** @type {Measure} */ let measure = "loss";
  /** What the user aims at; null for a fair target. @type {number | null} */ let wish = null;
  /** @type {boolean | null} */ let chosen = null;
  let automatic = false;
  let open = false;
  let theme = "";
  let held = false;
  /** @type {{x: number, y: number} | null} */ let pointer = null;
  const painter = calmly(paint, REST, draw);

  const target = () =>
    wish ??
    (state
      ? fairTarget(
          runnersOf(state).map(({series}) => series),
          measure,
        )
      : NaN);

  function again() {
    painter.cancel();
    paint();
  }

  function typed() {
    const words = goal.value.trim().replace(",", ".").replace("%", "");
    const value = words === "" ? null : Number(words);
    if (Number.isNaN(value)) return goal.setAttribute("aria-invalid", "true");
    goal.removeAttribute("aria-invalid");
    wish = value === null ? null : inPercent() ? value / 100 : value;
    again();
  }

  /** @param {KeyboardEvent} event */
  function typing(event) {
    if (event.key === "Enter") typed();
    if (event.key === "Escape") goal.blur();
  }

  const regression = () => state?.data?.kind === "regression";
  const inPercent = () => ascends(measure) && !regression();

  stage.addEventListener("pointerdown", event => {
    if (!drawn || event.button !== 0) return;
    held = true;
    stage.setPointerCapture(event.pointerId);
    aim(event);
  });
  stage.addEventListener("pointermove", event => {
    const box = stage.getBoundingClientRect();
    pointer = {x: event.clientX - box.left, y: event.clientY - box.top};
    if (held) aim(event);
    else readout();
  });
  for (const name of ["pointerup", "pointercancel"])
    stage.addEventListener(name, () => {
      held = false;
    });
  stage.addEventListener("pointerleave", () => {
    pointer = null;
    readout();
  });

  /** The target goes where the pointer is. @param {PointerEvent} event */
  function aim(event) {
    if (!drawn) return;
    const {
      top,
      bottom,
      range: [low, high],
      log: logarithmic,
    } = drawn;
    const y = event.clientY - stage.getBoundingClientRect().top;
    const share = Math.min(1, Math.max(0, (bottom - y) / (bottom - top)));
    wish = Number((logarithmic ? low * (high / low) ** share : low + share * (high - low)).toPrecision(2));
    again();
  }

  function paint() {
    if (!state || !palette || !open) return;
    const runners = runnersOf(state);
    const aims = target();
    const {lang, series, data} = state;
    if (!ascends(measure)) automatic = wide(runners);
    drawn = chart.paint(sheet, {
      runners,
      ghosts: series.ghosts,
      measure,
      log: chosen ?? automatic,
      target: aims,
      palette,
      head: (state.frame?.step ?? 0) >= state.furthest,
      words: {
        steps: t("curves.steps"),
        diverged: runner => `${letterOf(runner.id)} ${t("curves.diverged")}`,
      },
    });
    empty.hidden = drawn !== null;
    table.update(
      {
        runners,
        names: names(state, t),
        measure,
        target: aims,
        regression: regression(),
        tested: data !== null && data.train < data.n,
      },
      lang,
    );
    if (document.activeElement !== goal || held)
      goal.value = Number.isNaN(aims) ? "" : inPercent() ? String(+(100 * aims).toPrecision(3)) : String(aims);
    words();
    readout();
  }

  /** @param {import("../../model/lanes.js").Runner[]} runners */
  function wide(runners) {
    const values = runners.map(runner => runner[measure]).filter(value => value > 0 && Number.isFinite(value));
    const first = runners[0].series.metrics[measure][0];
    return values.length > 0 && first > WIDE * Math.min(...values);
  }

  function words() {
    if (!state) return;
    setText(title, t("race.title"));
    setText(goalWords, t(inPercent() ? "race.target_percent" : "race.target"));
    goal.title = t("race.target_title");
    setText(/** @type {HTMLElement} */ (empty.firstElementChild), t("race.empty"));
    setOptions(
      measures,
      MEASURES.map(value => ({
        value,
        label: t(`race.measure_${ascends(value) && regression() ? value.replace("accuracy", "r2") : value}`),
      })),
    );
    measures.value = measure;
    measures.title = t("race.measure");
    setText(log, t("curves.log"));
    log.title = t("curves.log_title");
    log.hidden = ascends(measure);
    log.setAttribute("aria-pressed", String(drawn?.log ?? false));
    close.title = t("race.close");
    close.setAttribute("aria-label", close.title);
    stage.setAttribute("aria-label", t("race.chart"));
  }

  /** The lanes' numbers at the pointer. */
  function readout() {
    const hide = !drawn || !state || !pointer || held || !(pointer.x >= drawn.left - 3 && pointer.x <= drawn.right + 3);
    cross.hidden = tip.hidden = hide;
    if (hide || !drawn || !state || !pointer) return;
    const wanted = ((pointer.x - drawn.left) / (drawn.right - drawn.left)) * drawn.end;
    const runners = runnersOf(state);
    const places = runners.map(({series: {metrics}}) => indexAt(metrics.step, wanted));
    const step = Math.max(...runners.map(({series: {metrics}}, k) => metrics.step[places[k]] ?? 0));
    const show = (/** @type {number} */ value) => (inPercent() ? percent(value) : plain(value, 3));
    setText(
      tip,
      [
        t("curves.step", {n: integer(step)}),
        ...runners.map(({id, series: {metrics}}, k) => `${letterOf(id)} ${show(metrics[measure][places[k]] ?? NaN)}`),
      ].join("\n"),
    );
    const x = xOf(drawn, step);
    const room = sheet.width - tip.offsetWidth - 4;
    cross.style.transform = `translateX(${Math.round(x)}px)`;
    tip.style.transform = `translate(${Math.round(x + 10 > room ? Math.max(2, x - tip.offsetWidth - 8) : x + 10)}px, 4px)`;
    stage.classList.toggle("race-near", Math.abs(pointer.y - yOf(drawn, target())) < 6);
  }

  /** @param {boolean} wanted */
  function show(wanted) {
    if (wanted === open) return;
    open = wanted;
    root.hidden = !open;
    const page = root.closest(".page");
    if (page instanceof HTMLElement) page.toggleAttribute("data-race", open);
    if (open && matchMedia("(max-width: 1100px)").matches) root.scrollIntoView({block: "nearest"});
  }

  return {
    update(next) {
      const before = state;
      state = next;
      show(racing(next));
      if (!open) return;
      if (theme !== next.theme) palette = paletteOf(root);
      if (theme !== next.theme || before?.lang !== next.lang) again();
      else if (before?.lanes !== next.lanes || before.frame !== next.frame || before.series !== next.series)
        painter.request();
      theme = next.theme;
    },
    destroy() {
      painter.cancel();
      fold();
      show(false);
      root.replaceChildren();
    },
  };
}
