// @ts-check
/**
 * The laboratory on batch normalization: z before and after it, and the statistics of the batch beside those that the
 * net predicts with.
 */

import {compact} from "../../draw/format.js";
import {labelled, labelStride} from "../shared/gradient_scale.js";
import {paintHistogram} from "./curve.js";
import {normLayout} from "./layout.js";
import {LayersPage, nameWidth, paintBands} from "./sheet.js";
import {paintStatistics} from "./statistics.js";
import {normTip, normWords} from "./words.js";

/** @typedef {import("./sheet.js").Page} Page */
/** @typedef {import("./sheet.js").Sheet} Sheet */
/** @typedef {import("./sheet.js").Translate} Translate */
/** @typedef {ReturnType<typeof normLayout>} Place */

/** @implements {Page} @extends {LayersPage<Place>} */
export class NormPage extends LayersPage {
  /** @param {Translate} t */
  constructor(t) {
    super(t, true);
  }

  /** @param {Sheet} sheet */
  paint(sheet) {
    const {ctx, width, height, palette, lab, layout, names} = sheet;
    const {small} = palette;
    const layers = lab.layers - 1;
    this.place = null;
    if (layers < 1) return;
    const batch = layout.normalization.includes("batch");
    const place = normLayout({width, height, small}, layers, nameWidth(sheet, names.slice(0, -1)), batch);
    this.place = place;
    paintBands(sheet, place);
    const every = labelStride(layers, place.row, small * 1.25);
    for (let k = 0; k < layers; k++) {
      paintRow(sheet, place, k);
      if (labelled(k, layers + 1, every)) paintWords(sheet, place, k, this.t);
    }
    ctx.font = `${palette.tiny}px ${palette.font}`;
    ctx.fillStyle = palette.muted;
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    ctx.fillText(this.t("lab.before"), place.left, place.top / 2);
    ctx.fillText(this.t("lab.after"), place.second, place.top / 2);
    if (batch) paintStatistics(sheet, place.statistics, this.t);
  }

  /** @param {Sheet} sheet */
  words(sheet) {
    return normWords(sheet, this.t);
  }

  /** @param {Sheet} sheet @param {number} k */
  tip(sheet, k) {
    return normTip(sheet, k, this.t);
  }
}

/** A layer's z before normalization and behind it, or only z. @param {Sheet} sheet @param {Place} place
 * @param {number} k */
function paintRow({ctx, palette, lab, layout}, {top, row, left, second, plot}, k) {
  const normal = Boolean(layout.normalization[k]);
  const y = top + k * row + 1;
  const height = row - 2;
  const box = {x: left, y, width: plot, height};
  paintHistogram(ctx, lab, k, box, palette.muted, normal ? lab.z_counts : lab.counts);
  if (normal) paintHistogram(ctx, lab, k, {...box, x: second}, palette.forward);
  ctx.strokeStyle = palette.grid;
  ctx.lineWidth = palette.stroke;
  ctx.beginPath();
  for (const x of normal ? [left, second] : [left]) {
    ctx.moveTo(x, y + height + 0.5);
    ctx.lineTo(x + plot, y + height + 0.5);
    ctx.moveTo(x + plot / 2, y);
    ctx.lineTo(x + plot / 2, y + height);
  }
  ctx.stroke();
}

/** A layer's name and how far its histograms reach. @param {Sheet} sheet @param {Place} place @param {number} k
 * @param {Translate} t */
function paintWords({ctx, palette, lab, layout, names}, {top, row, left, second, plot}, k, t) {
  const normal = Boolean(layout.normalization[k]);
  const y = top + k * row + 1 + (row - 2) / 2;
  const reach = (/** @type {Float32Array} */ of) => `±${compact(+of[k].toPrecision(3))}`;
  ctx.textBaseline = "middle";
  ctx.textAlign = "right";
  ctx.fillStyle = palette.muted;
  ctx.fillText(names[k], left - 5, y);
  ctx.textAlign = "left";
  ctx.fillText(reach(normal ? lab.z_reach : lab.reach), left + plot + 4, y);
  if (normal) ctx.fillText(reach(lab.reach), second + plot + 4, y);
  else ctx.fillText(t("lab.not_normalized"), second, y);
}
