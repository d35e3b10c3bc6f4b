// @ts-check
/**
 * Cures for vanishing and exploding gradients as buttons, and the run before them beside the run with them, at the same
 * step.
 */

import {toggleWindow} from "../../draw/dialog.js";
import {setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {integer} from "../../draw/format.js";
import {letterOf} from "../../model/lanes.js";
import {calmly} from "../../draw/plot.js";
import {CuredLane} from "./cured_lane.js";
import {better, figureWords} from "./figures.js";
import {taken} from "./pair.js";
import {createRecords, rowAt} from "./record.js";
import {CuresWindow, paintCaption} from "./window.js";

/** @typedef {Record<"openDepthMap" | "openMaps" | "openSweep", () => void>} Openers */
/** @typedef {import("../../types").ViewContext & Openers} Context */
/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Lane} Lane */
/** @typedef {import("./record.js").Row} Row */
/** @typedef {import("./pair.js").Pair} Pair */

/** ms between two writings of the table. */
const REST = 200;

/**
 * A window that leaves the gradients in sight; training goes on. The first cure opens a lane beside the run: what can
 * act at once begins from here, what cannot takes both back to step 0. Later cures change that lane.
 * @param {HTMLDialogElement} root
 * @param {Context} context
 * @returns {import("../../types").View & {toggle: () => void}}
 */
export function curesView(root, context) {
  return new Cures(root, context);
}

class Cures {
  /** @param {HTMLDialogElement} root @param {Context} context */
  constructor(root, {t, act, draw, openDepthMap, openMaps, openSweep}) {
    this.root = root;
    this.t = t;
    /** @type {State | null} */
    this.state = null;
    this.named = "";
    /** The newest frame that the records have. */
    this.seen = -1;
    this.records = createRecords();
    this.lane = new CuredLane(act, () => this.state);
    this.window = new CuresWindow(root, {
      take: cure => this.lane.apply(cure).then(() => this.write()),
      keep: () => this.lane.keep(),
      openDepthMap,
      openMaps,
      openSweep,
    });
    this.painter = calmly(() => this.write(), REST, draw);
  }

  toggle() {
    toggleWindow(this.root);
    this.named = "";
    this.write();
  }

  write() {
    const {state, root, window, records, t} = this;
    if (!state || !root.open) return;
    if (this.named !== state.lang) {
      this.named = state.lang;
      window.name(t);
    }
    const {pair} = this.lane;
    this.writeButtons(state, pair);
    const now = records.rows(pair?.now.id ?? state.lane).at(-1) ?? null;
    const then = pair && now ? rowAt(records.rows(pair.before.id), now.step) : null;
    window.showTable(pair !== null);
    if (pair) this.compare(pair, then, now);
    else setText(window.said, t("cures.nothing"));
    const regression = state.data?.kind === "regression";
    window.paintFigures(name => {
      const before = figureWords(name, then, regression);
      const after = figureWords(name, now, regression);
      return {before, now: after, better: before === after ? "" : better(name, then, now)};
    });
  }

  /** @param {State} state @param {Pair | null} pair */
  writeButtons({config, connection}, pair) {
    const cured = pair?.now.config ?? config;
    this.window.paintButtons(cure => {
      const pressed = cured !== null && cure.has(cured);
      const possible = cured !== null && (pressed ? Boolean(cure.off) : cure.fields(cured) !== null);
      return {pressed, disabled: connection !== "open" || !possible};
    });
  }

  /** What is said above the two columns. @param {Pair} pair @param {Row | null} then @param {Row | null} now */
  compare({before, now: cured}, then, now) {
    const {t, window} = this;
    const names = taken(before.config, cured.config).map(({name, off}) =>
      off ? t("cures.without", {name: t(`cures.${name}`)}) : t(`cures.${name}`),
    );
    const [one, other] = [letterOf(before.id), letterOf(cured.id)];
    setText(window.said, t("cures.taken", {names: names.join(", ") || t("cures.none")}));
    setText(window.keep, t("cures.keep", {lane: other}));
    explain(window.keep, t("cures.keep_title", {lane: other, other: one}));
    paintCaption(window.before, before.id, t("cures.before"), this.stepWords(before, then));
    paintCaption(window.now, cured.id, t("cures.now"), this.stepWords(cured, now));
    const still = cured.step === 0 && !this.state?.playing;
    setText(window.hint, t(still ? "cures.hint_start" : "cures.hint", {one, other}));
  }

  /** Where a lane stands. @param {Lane} lane @param {Row | null} row */
  stepWords({status}, row) {
    return status.kind === "diverged"
      ? this.t("lanes.diverged_at", {step: integer(status.step ?? row?.step ?? 0)})
      : this.t("cures.step", {step: integer(row?.step ?? 0)});
  }

  /** @param {State} next */
  update(next) {
    const {frame, layout, config, data} = next;
    const before = this.state;
    this.state = next;
    if (before?.config && config && JSON.stringify(before.config.data) !== JSON.stringify(config.data)) {
      this.records.clear();
      this.seen = -1;
    }
    if (frame && layout && frame.layout === layout.id && frame.seq !== this.seen) {
      this.seen = frame.seq;
      this.record(next, frame, data?.train === data?.n);
    }
    if (this.root.open) this.painter.request();
  }

  /** @param {State} state @param {import("../../types").Frame} frame @param {boolean} untested no test set */
  record({lanes, lane}, frame, untested) {
    const {records} = this;
    records.keep(lanes.map(({id}) => id));
    records.see(lane, frame, untested);
    for (const {norms, ...other} of lanes)
      if (other.id !== lane && norms) records.see(other.id, {...other, norms}, untested);
  }

  destroy() {
    this.painter.cancel();
    this.root.replaceChildren();
  }
}
