// @ts-check
/** The numbers of the map, asked for row by row: training goes on meanwhile. */

import {Turns} from "../shared/turns.js";
import {rowsOf} from "./cells.js";

/** @typedef {import("./cells.js").Cell} Cell */

/** Share of a survey that has just begun: not 0, which means rest. */
const BEGUN = 0.001;

/** One survey at a time: a later beginning, or a cancel, ends an earlier one. */
export class Survey {
  /**
   * @param {import("../../types").ViewContext["act"]} act
   * @param {() => void} changed hears of every row, of the beginning and of the end
   */
  constructor(act, changed) {
    this.turns = new Turns(act);
    this.changed = changed;
    /** how much is done, 0 at rest */
    this.share = 0;
  }

  /** @param {Cell[]} cells whose ratios are found @param {{activation: string, initializer: string}} choice */
  async begin(cells, choice) {
    const ask = this.turns.begin();
    const rows = rowsOf(cells);
    for (const cell of cells) cell.ratio = undefined;
    this.reach(BEGUN);
    for (const [k, row] of rows.entries()) {
      const reply = await ask("depth_map", {
        depth: row.depth,
        widths: row.cells.map(cell => cell.width),
        ...choice,
        normalization: row.kind,
      });
      if (!reply) return;
      if (reply.ok === false) break;
      const ratios = /** @type {(number | null)[]} */ (reply.ratios);
      row.cells.forEach((cell, i) => (cell.ratio = ratios[i]));
      this.reach((k + 1) / rows.length);
    }
    this.reach(0);
  }

  cancel() {
    this.turns.end();
    this.reach(0);
  }

  /** @param {number} share */
  reach(share) {
    this.share = share;
    this.changed();
  }
}
