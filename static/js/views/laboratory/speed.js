// @ts-check
/**
 * The laboratory on how fast layers learn: update to weight, the way each layer has gone, and Nielsen's plot of the
 * error signal over the run.
 */

import {power} from "../../draw/format.js";
import {decades} from "../../draw/plot.js";
import {labelled, labelStride} from "../shared/gradient_scale.js";
import {HIGH, speedLayout} from "./layout.js";
import {layerColour, paintErrors} from "./nielsen.js";
import {LayersPage, nameWidth, paintMarked} from "./sheet.js";
import {onePercentAt, shareMoved, speedTip, speedWords} from "./words.js";

/** @typedef {import("./sheet.js").Page} Page */
/** @typedef {import("./sheet.js").Sheet} Sheet */
/** @typedef {import("./sheet.js").Translate} Translate */
/** @typedef {ReturnType<typeof speedLayout>} Place */

/** log₁₀ of update to weight in a healthy run (Karpathy, CS231n). */
const HEALTHY = -3;

/** @implements {Page} @extends {LayersPage<Place>} */
export class SpeedPage extends LayersPage {
  /** @param {Translate} t */
  constructor(t) {
    super(t, false);
  }

  /** @param {Sheet} sheet */
  paint(sheet) {
    const {width, height, palette, lab, names} = sheet;
    const {small} = palette;
    const place = speedLayout({width, height, small}, lab, nameWidth(sheet, names));
    this.place = place;
    paintMarked(sheet, place);
    paintScale(sheet, place);
    const every = labelStride(lab.layers, place.row, small * 1.25);
    for (let k = 0; k < lab.layers; k++) {
      paintBar(sheet, place, k);
      if (labelled(k, lab.layers, every)) paintNumbers(sheet, place, k);
    }
    paintHeads(sheet, place, this.t);
    paintErrors(sheet, place.plot, this.t);
  }

  /** @param {Sheet} sheet */
  words(sheet) {
    return speedWords(sheet, this.t);
  }

  /** @param {Sheet} sheet @param {number} k */
  tip(sheet, k) {
    return speedTip(sheet, k, this.t);
  }
}

/** @param {Sheet} sheet @param {Place} place @param {number} k */
function paintBar(sheet, {top, row, least, xOf}, k) {
  const {ctx, lab} = sheet;
  const y = top + (k + 0.5) * row - Math.min(4, row * 0.3);
  const wide = Math.max(0, xOf(Math.log10(lab.ratio[k])) - xOf(least)) || 0;
  ctx.fillStyle = layerColour(sheet, k);
  ctx.fillRect(xOf(least), y, wide, Math.max(1.5, Math.min(8, row * 0.6)));
}

/** A layer's name, how far its weights have moved, and when that was a hundredth.
 * @param {Sheet} sheet @param {Place} place @param {number} k */
function paintNumbers({ctx, palette, lab, names, marked}, {top, row, left, moved, after}, k) {
  const y = top + (k + 0.5) * row;
  ctx.textBaseline = "middle";
  ctx.textAlign = "right";
  ctx.fillStyle = marked === k ? palette.text : palette.muted;
  ctx.fillText(names[k], left - 4, y);
  ctx.fillStyle = palette.text;
  ctx.fillText(shareMoved(lab.moved[k]), moved, y);
  ctx.fillText(onePercentAt(lab, k), after, y);
}

/** Upright lines at powers of ten; what is healthy is shaded. @param {Sheet} sheet @param {Place} place */
function paintScale({ctx, palette}, {top, bottom, least, xOf}) {
  ctx.fillStyle = palette.good;
  ctx.globalAlpha = 0.12;
  ctx.fillRect(xOf(HEALTHY - 1), top, xOf(HEALTHY + 1) - xOf(HEALTHY - 1), bottom - top);
  ctx.globalAlpha = 1;
  ctx.font = `${palette.tiny}px ${palette.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.fillStyle = palette.muted;
  ctx.strokeStyle = palette.grid;
  ctx.lineWidth = palette.stroke;
  ctx.beginPath();
  for (const n of decades(least, HIGH, (xOf(HIGH) - xOf(least)) / 40)) {
    const x = Math.round(xOf(n)) + 0.5;
    ctx.moveTo(x, top);
    ctx.lineTo(x, bottom);
    ctx.fillText(power(n), x, bottom + 2);
  }
  ctx.stroke();
}

/** What the columns are. @param {Sheet} sheet @param {Place} place @param {Translate} t */
function paintHeads({ctx, palette}, {top, left, moved, after}, t) {
  ctx.font = `${palette.tiny}px ${palette.font}`;
  ctx.fillStyle = palette.muted;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  ctx.fillText("‖ΔW‖ / ‖W‖", left + 4, top / 2);
  ctx.textAlign = "right";
  ctx.fillText(t("lab.moved"), moved, top / 2);
  ctx.fillText(t("lab.one_percent"), after, top / 2);
}
