// @ts-check
/** The laboratory's pages. */

import {MODES} from "./modes.js";
import {NOISE} from "./noise.js";
import {NormPage} from "./norm.js";
import {OverRunPage} from "./over_run.js";
import {RowsPage} from "./rows.js";
import {SpeedPage} from "./speed.js";
import {TASKS} from "./tasks.js";
import {WhyPage} from "./why.js";

/** @param {import("./sheet.js").Translate} t @param {boolean} watched whether the run is somebody's own */
export const pagesOf = (t, watched) => ({
  rows: new RowsPage(t, watched),
  why: new WhyPage(t),
  speed: new SpeedPage(t),
  norm: new NormPage(t),
  modes: new OverRunPage(t, MODES),
  noise: new OverRunPage(t, NOISE),
  tasks: new OverRunPage(t, TASKS),
});
