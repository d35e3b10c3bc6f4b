// @ts-check
/** The race in numbers: where each lane stands, when it got to the target, which one diverged and where. */

import {h, setText} from "../../draw/dom.js";
import {integer, percent, plain} from "../../draw/format.js";
import {ascends, letterOf, reached} from "../../model/lanes.js";

/** @typedef {import("../../model/lanes.js").Runner} Runner */
/** @typedef {import("../../model/lanes.js").Measure} Measure */
/**
 * @typedef {{runners: Runner[], names: Map<number, string>, measure: Measure, target: number, regression: boolean,
 * tested: boolean}} Standing
 */

/** Share of the steps so far by which a step may be uncertain without being said so. */
const COARSE = 0.02;
const COLUMNS = /** @type {const} */ (["loss", "test_loss", "accuracy", "test_accuracy"]);

/** @param {import("../../types").ViewContext} context */
export function raceTable({t, act}) {
  const heads = h("tr");
  const body = h("tbody");
  const element = h("table", {class: "race-table", dataset: {role: "race-table"}}, h("thead", {}, heads), body);
  /**
   * @typedef {{row: HTMLElement, name: HTMLElement, cells: Record<string, HTMLElement>, steps: HTMLElement, ways:
   * HTMLButtonElement[]}} Row
   */
  /** @type {Map<number, Row>} */ const rows = new Map();
  let order = "";

  /** @param {number} id @returns {Row} */
  function rowOf(id) {
    const name = h("span", {class: "lane-name"});
    const steps = h("td", {class: "race-steps"});
    const cells = Object.fromEntries(COLUMNS.map(column => [column, h("td")]));
    const look = h(
      "button",
      {type: "button", class: "race-look", onclick: () => act("lane_focus", {lane: id})},
      h("i", {class: "lane-badge", "aria-hidden": "true"}, letterOf(id)),
      name,
    );
    const keep = h("button", {
      type: "button",
      class: "quiet",
      dataset: {act: "keep"},
      onclick: () => act("lane_promote", {lane: id}),
    });
    const remove = h(
      "button",
      {type: "button", class: "quiet", dataset: {act: "remove"}, onclick: () => act("lane_remove", {lane: id})},
      "×",
    );
    const row = h(
      "tr",
      {dataset: {lane: id}},
      h("th", {scope: "row"}, look),
      ...Object.values(cells),
      steps,
      h("td", {class: "race-ways"}, keep, remove),
    );
    return {row, name, cells, steps, ways: [keep, remove]};
  }

  /** Rows in the order of the lanes, and the words that do not move. @param {Standing} standing */
  function words({runners, names, regression, measure}) {
    for (const id of rows.keys()) if (!runners.some(runner => runner.id === id)) rows.delete(id);
    for (const {id} of runners) if (!rows.has(id)) rows.set(id, rowOf(id));
    body.replaceChildren(...runners.map(({id}) => /** @type {Row} */ (rows.get(id)).row));
    const labels = {
      loss: "race.loss",
      test_loss: "race.test_loss",
      accuracy: regression ? "race.r2" : "race.accuracy",
      test_accuracy: regression ? "race.test_r2" : "race.test_accuracy",
    };
    heads.replaceChildren(
      h("th", {}, t("race.lane")),
      ...COLUMNS.map(column => h("th", {class: column === measure ? "race-chosen" : "race-other"}, t(labels[column]))),
      h("th", {class: "race-steps"}),
      h("th"),
    );
    for (const {id, focus} of runners) {
      const {
        row,
        name,
        cells,
        ways: [keep, remove],
      } = /** @type {Row} */ (rows.get(id));
      setText(name, names.get(id) ?? "");
      row.classList.toggle("race-focus", focus);
      for (const column of COLUMNS) cells[column].classList.toggle("race-chosen", column === measure);
      setText(keep, t("race.keep"));
      keep.title = t("lanes.keep", {name: `${letterOf(id)} (${names.get(id)})`});
      remove.title = t("lanes.remove", {name: `${letterOf(id)} (${names.get(id)})`});
      remove.setAttribute("aria-label", remove.title);
    }
  }

  /** The best of a column, to be set in bold. @param {Runner[]} runners @param {Measure} column */
  function best(runners, column) {
    const values = runners
      .filter(({status}) => status.kind !== "diverged")
      .map(runner => runner[column])
      .filter(Number.isFinite);
    return values.length < 2 ? NaN : ascends(column) ? Math.max(...values) : Math.min(...values);
  }

  /** @param {Standing} standing */
  function numbers({runners, measure, target, regression, tested}) {
    const first = Math.min(...runners.map(({series}) => reached(series, target, measure)?.step ?? Infinity));
    setText(
      /** @type {HTMLElement} */ (heads.children[5]),
      t(ascends(measure) ? "race.steps_above" : "race.steps_below", {
        target: Number.isNaN(target) ? "…" : shown(measure, target, regression),
      }),
    );
    for (const column of COLUMNS) {
      const leader = best(runners, column);
      for (const runner of runners) {
        const cell = /** @type {Row} */ (rows.get(runner.id)).cells[column];
        const value = runner[column];
        setText(cell, column.startsWith("test") && !tested ? "–" : shown(column, value, regression));
        cell.classList.toggle("race-best", value === leader);
      }
    }
    for (const {id, series, status, step} of runners) {
      const {steps, row} = /** @type {Row} */ (rows.get(id));
      const there = reached(series, target, measure);
      const gone = status.kind === "diverged";
      setText(
        steps,
        [
          there ? arrival(there) : gone ? "" : t("race.not_yet"),
          gone
            ? t("lanes.diverged_at", {step: integer(status.step ?? step)})
            : status.kind === "replaying"
              ? t("race.catching_up")
              : "",
        ]
          .filter(Boolean)
          .join(" · "),
      );
      steps.title = there
        ? there.before < there.step
          ? t("race.between", {a: integer(there.before), b: integer(there.step)})
          : ""
        : "";
      steps.classList.toggle("race-best", there !== null && there.step === first && runners.length > 1);
      row.dataset.kind = status.kind;
    }
  }

  return {
    element,
    /** @param {Standing} standing @param {string} lang */
    update(standing, lang) {
      const next = JSON.stringify([
        lang,
        standing.measure,
        standing.regression,
        standing.runners.map(({id, focus}) => [id, focus, standing.names.get(id)]),
      ]);
      if (next !== order) {
        order = next;
        words(standing);
      }
      numbers(standing);
    },
  };
}

/** A step, or the bound of it where the pictures lie far apart. @param {{step: number, before: number}} there */
const arrival = ({step, before}) => (step - before > Math.max(1, COARSE * step) ? `≤ ${integer(step)}` : integer(step));

/** @param {Measure} column @param {number} value @param {boolean} regression */
function shown(column, value, regression) {
  if (Number.isNaN(value)) return "–";
  return ascends(column) && !regression ? percent(value) : plain(value, 3);
}
