// @ts-check
/**
 * At which step each lane got to the target. Full losses are taken at some steps only, so the curves tell the latest
 * step that it can have been; the server takes the way once more and tells the first.
 */

import {reached} from "../../model/lanes.js";

/** @typedef {import("../../model/lanes.js").Runner} Runner */
/** @typedef {import("../../model/lanes.js").Measure} Measure */
/** @typedef {{measure: Measure, target: number}} Goal */

/** Answers kept: a target that is dragged leaves many. */
const MOST = 300;

/** What an answer is about: the lane, the goal, and the point of its curve that is there.
 * @param {Runner} runner @param {Goal} goal @param {number} latest */
function keyOf({id, series}, {measure, target}, latest) {
  const value = series.metrics[measure][series.metrics.step.indexOf(latest)];
  return [id, measure, target, latest, value].join(" ");
}

export class Arrivals {
  /** @param {import("../../types").ViewContext["act"]} act @param {() => void} told when there is an answer */
  constructor(act, told) {
    this.act = act;
    this.told = told;
    /** @type {Map<string, number | null>} */ this.answers = new Map();
    this.asking = false;
  }

  /** When a lane got there; not `exact` where only the latest step is known.
   * @param {Runner} runner @param {Goal} goal @returns {ReturnType<typeof reached>} */
  of(runner, goal) {
    const there = reached(runner.series, goal.target, goal.measure);
    if (!there || there.exact) return there;
    const step = this.answers.get(keyOf(runner, goal, there.step)) ?? null;
    return step === null ? there : {step, exact: true};
  }

  /** Ask for what is not known yet, one question at a time. @param {Runner[]} runners @param {Goal} goal */
  async ask(runners, goal) {
    if (this.asking || !Number.isFinite(goal.target)) return;
    /** @type {Map<string, number>} */
    const open = new Map();
    for (const runner of runners) {
      const there = reached(runner.series, goal.target, goal.measure);
      const key = there && !there.exact ? keyOf(runner, goal, there.step) : null;
      if (key !== null && !this.answers.has(key)) open.set(key, runner.id);
    }
    if (!open.size) return;
    this.asking = true;
    /** @type {any} */
    const reply = await this.act("arrivals", goal);
    this.asking = false;
    if (this.answers.size > MOST) this.answers.clear();
    for (const [key, id] of open) this.answers.set(key, reply.arrivals?.[id] ?? null);
    this.told();
  }
}
