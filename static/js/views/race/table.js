// @ts-check
/** The race in numbers: where each lane stands, when it got to the target, which one diverged and where. */

import {h, setText} from "../../draw/dom.js";
import {explain, nameControl} from "../../draw/explain.js";
import {integer, percent, plain} from "../../draw/format.js";
import {ascends, letterOf} from "../../model/lanes.js";

/** @typedef {import("../../model/lanes.js").Runner} Runner */
/** @typedef {import("../../model/lanes.js").Measure} Measure */
/** @typedef {ReturnType<import("./arrivals.js").Arrivals["of"]>} There */
/**
 * @typedef {{runners: Runner[], names: Map<number, string>, measure: Measure, target: number, regression: boolean,
 * tested: boolean, arrivals: import("./arrivals.js").Arrivals}} Standing
 */

const COLUMNS = /** @type {const} */ (["loss", "test_loss", "accuracy", "test_accuracy"]);

/**
 * @typedef {{row: HTMLElement, name: HTMLElement, cells: Record<string, HTMLElement>, steps: HTMLElement, keep:
 * HTMLButtonElement, remove: HTMLButtonElement}} Row
 */

/** The best of a column, to be set in bold. @param {Runner[]} runners @param {Measure} column */
function best(runners, column) {
  const values = runners
    .filter(({status}) => status.kind !== "diverged")
    .map(runner => runner[column])
    .filter(Number.isFinite);
  if (values.length < 2) return NaN;
  return ascends(column) ? Math.max(...values) : Math.min(...values);
}

/** Keys of the columns' heads. @param {boolean} regression @returns {Record<Measure, string>} */
const labelsOf = regression => ({
  loss: "race.loss",
  test_loss: "race.test_loss",
  accuracy: regression ? "race.r2" : "race.accuracy",
  test_accuracy: regression ? "race.test_r2" : "race.test_accuracy",
});

class RaceTable {
  /** @param {import("../../types").ViewContext} context */
  constructor({t, act}) {
    this.t = t;
    this.act = act;
    this.heads = h("tr");
    this.body = h("tbody");
    const head = h("thead", {}, this.heads);
    this.element = h("table", {class: "race-table", dataset: {role: "race-table"}}, head, this.body);
    /** @type {Map<number, Row>} */ this.rows = new Map();
    this.order = "";
  }

  /** @param {string} role @param {string} op @param {number} lane @param {string} [words] */
  way(role, op, lane, words) {
    const onclick = () => this.act(op, {lane});
    return h("button", {type: "button", class: "quiet", dataset: {act: role}, onclick}, ...(words ? [words] : []));
  }

  /** @param {number} id @returns {Row} */
  rowOf(id) {
    const name = h("span", {class: "lane-name"});
    const steps = h("td", {class: "race-steps"});
    const cells = Object.fromEntries(COLUMNS.map(column => [column, h("td")]));
    const look = h(
      "button",
      {type: "button", class: "race-look", onclick: () => this.act("lane_focus", {lane: id})},
      h("i", {class: "lane-badge", "aria-hidden": "true"}, letterOf(id)),
      name,
    );
    const keep = this.way("keep", "lane_promote", id);
    const remove = this.way("remove", "lane_remove", id, "×");
    const ways = h("td", {class: "race-ways"}, keep, remove);
    const row = h("tr", {dataset: {lane: id}}, h("th", {scope: "row"}, look), ...Object.values(cells), steps, ways);
    return {row, name, cells, steps, keep, remove};
  }

  /** Rows in the order of the lanes. @param {Runner[]} runners */
  arrange(runners) {
    for (const id of this.rows.keys()) if (!runners.some(runner => runner.id === id)) this.rows.delete(id);
    for (const {id} of runners) if (!this.rows.has(id)) this.rows.set(id, this.rowOf(id));
    this.body.replaceChildren(...runners.map(({id}) => this.at(id).row));
  }

  /** @param {number} id */
  at(id) {
    return /** @type {Row} */ (this.rows.get(id));
  }

  /** The words that do not move. @param {Standing} standing */
  words({runners, names, regression, measure}) {
    const {t} = this;
    this.arrange(runners);
    const labels = labelsOf(regression);
    this.heads.replaceChildren(
      h("th", {}, t("race.lane")),
      ...COLUMNS.map(column => h("th", {class: column === measure ? "race-chosen" : "race-other"}, t(labels[column]))),
      h("th", {class: "race-steps"}),
      h("td"),
    );
    for (const {id, focus} of runners) {
      const {row, name, cells, keep, remove} = this.at(id);
      const whole = `${letterOf(id)} (${names.get(id)})`;
      setText(name, names.get(id) ?? "");
      row.classList.toggle("race-focus", focus);
      for (const column of COLUMNS) cells[column].classList.toggle("race-chosen", column === measure);
      setText(keep, t("race.keep"));
      explain(keep, t("lanes.keep", {name: whole}));
      nameControl(remove, t("lanes.remove", {name: whole}));
    }
  }

  /** @param {Standing} standing */
  numbers({runners, measure, target, regression, tested, arrivals}) {
    const aim = Number.isNaN(target) ? "…" : shown(measure, target, regression);
    const above = ascends(measure) ? "race.steps_above" : "race.steps_below";
    setText(/** @type {HTMLElement} */ (this.heads.children[5]), this.t(above, {target: aim}));
    for (const column of COLUMNS) {
      const leader = best(runners, column);
      for (const runner of runners) {
        const cell = this.at(runner.id).cells[column];
        const value = runner[column];
        setText(cell, column.startsWith("test") && !tested ? "–" : shown(column, value, regression));
        cell.classList.toggle("race-best", value === leader);
      }
    }
    const there = runners.map(runner => arrivals.of(runner, {measure, target}));
    const first = runners.length > 1 ? Math.min(...there.map(one => one?.step ?? Infinity)) : NaN;
    runners.forEach((runner, k) => this.arrivalOf(runner, there[k], first));
  }

  /** When a lane got there, or why it has not. @param {Runner} runner @param {There} there
   * @param {number} first step at which one arrived, NaN where there is no other */
  arrivalOf({id, status, step}, there, first) {
    const {steps, row} = this.at(id);
    setText(steps, this.arrivalWords(there, status, step));
    explain(steps, there && !there.exact ? this.t("race.at_latest", {b: integer(there.step)}) : "");
    steps.classList.toggle("race-best", there !== null && there.step === first);
    row.dataset.kind = status.kind;
  }

  /** @param {There} there @param {Runner["status"]} status @param {number} step */
  arrivalWords(there, status, step) {
    const gone = status.kind === "diverged";
    const words = [];
    if (there) words.push(arrival(there));
    else if (!gone) words.push(this.t("race.not_yet"));
    if (gone) words.push(this.t("lanes.diverged_at", {step: integer(status.step ?? step)}));
    else if (status.kind === "replaying") words.push(this.t("race.catching_up"));
    return words.join(" · ");
  }

  /** @param {Standing} standing @param {string} lang */
  update(standing, lang) {
    const lanes = standing.runners.map(({id, focus}) => [id, focus, standing.names.get(id)]);
    const next = JSON.stringify([lang, standing.measure, standing.regression, lanes]);
    if (next !== this.order) {
      this.order = next;
      this.words(standing);
    }
    this.numbers(standing);
  }
}

/** @param {import("../../types").ViewContext} context */
export function raceTable(context) {
  return new RaceTable(context);
}

/** A step, or the latest that it can have been. @param {{step: number, exact: boolean}} there */
const arrival = ({step, exact}) => (exact ? integer(step) : `≤ ${integer(step)}`);

/** @param {Measure} column @param {number} value @param {boolean} regression */
function shown(column, value, regression) {
  if (Number.isNaN(value)) return "–";
  return ascends(column) && !regression ? percent(value) : plain(value, 3);
}
