// @ts-check
/** The loss of a watched run at the steps that were looked at. */

import {h, setText} from "../../draw/dom.js";
import {integer} from "../../draw/format.js";
import {palette as paletteOf, sheetsOf} from "../../draw/plot.js";
import {drawAxes, roomForNumbers, xOf, yOf} from "../shared/chart.js";

/** @typedef {import("../../types").WatchedContext} WatchedContext */
/** @typedef {import("../../types").WatchedState} WatchedState */

/** A loss that spans so many times its least is shown on a log scale. */
const WIDE = 30;

/** @param {HTMLElement} root @param {WatchedContext} context */
export function lossView(root, {t}) {
  const title = h("h2", {id: "title-watched-loss"});
  const empty = h("p", {class: "watched-empty", dataset: {role: "watched-no-loss"}});
  const stage = h("div", {class: "plot-stage", role: "img"});
  root.append(title, stage, empty);
  /** @type {WatchedState | null} */
  let state = null;
  const paint = () => {
    if (state?.numbers?.losses.length) paintLoss(sheet, state, paletteOf(root), t);
  };
  const {sheets, destroy} = sheetsOf(stage, 1, paint);
  const sheet = sheets[0];

  return {
    /** @param {WatchedState} next */
    update(next) {
      const before = state;
      state = next;
      const {numbers} = next;
      const none = !numbers?.losses.length;
      setText(title, t("watched.loss"));
      stage.hidden = none;
      empty.hidden = !none;
      const unknown = next.watched?.events ? "watched.no_loss_events" : "watched.no_loss";
      setText(empty, t(numbers ? unknown : "lab.empty"));
      if (numbers && !none)
        stage.setAttribute("aria-label", t("watched.loss_said", {n: integer(numbers.loss_steps.at(-1) ?? 0)}));
      if (before?.numbers !== numbers || before?.theme !== next.theme || before?.lang !== next.lang) paint();
    },
    destroy() {
      destroy();
      root.replaceChildren();
    },
  };
}

/** Ends of the loss axis, and whether it is logarithmic. @param {Float32Array} losses
 * @returns {{range: [number, number], log: boolean}} */
export function rangeOf(losses) {
  const finite = Array.from(losses).filter(Number.isFinite);
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  if (low > 0 && high / low > WIDE) return {range: [low / 1.2, high * 1.2], log: true};
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  return {range: [low >= 0 ? Math.max(0, low - room) : low - room, high + room], log: false};
}

/** @param {import("../../draw/plot.js").Sheet} sheet @param {WatchedState} state
 * @param {import("../../draw/plot.js").Palette} palette @param {WatchedContext["t"]} t */
function paintLoss({ctx, width, height}, {numbers}, palette, t) {
  const {loss_steps: steps, losses} = numbers ?? {loss_steps: new Float32Array(), losses: new Float32Array()};
  ctx.clearRect(0, 0, width, height);
  if (!losses.some(Number.isFinite) || width < 60 || height < 40) return;
  const {range, log} = rangeOf(losses);
  const measure = {ctx, palette, range, log, top: 8, bottom: height - palette.tiny * 1.9};
  const chart = {
    ...measure,
    left: 6 + roomForNumbers(measure),
    right: width - 12,
    end: Math.max(1, steps[steps.length - 1]),
  };
  drawAxes(chart, t("watched.steps"));
  ctx.strokeStyle = palette.train;
  ctx.lineWidth = 1.6 * palette.stroke;
  ctx.beginPath();
  let down = false;
  losses.forEach((loss, k) => {
    if (!Number.isFinite(loss)) {
      down = false;
      return;
    }
    if (down) ctx.lineTo(xOf(chart, steps[k]), yOf(chart, loss));
    else ctx.moveTo(xOf(chart, steps[k]), yOf(chart, loss));
    down = true;
  });
  ctx.stroke();
}
