// @ts-check
/** A zoom film: from the window on show out to the whole map, or from there in; every picture is a map of its own. */

import {h, setOptions, setText} from "../../draw/dom.js";
import {fixed, integer} from "../../draw/format.js";
import {palette} from "../../draw/plot.js";
import {saveBlob} from "../shared/file.js";
import {filmControls, savedWords} from "../shared/film_controls.js";
import {Filming, shotsOf} from "../shared/filming.js";
import {WHOLE} from "./grid.js";
import {paintMap} from "./painting.js";
import {Survey} from "./survey.js";

/** @typedef {import("./grid.js").Range2} Range2 */
/** What the window shows: its range, and what is asked of the server for it.
 * @typedef {{range: Range2, fields: Record<string, unknown>, theme: import("../../types").Theme}} Shown */

const SIZES = [32, 64, 128];
/** Pixels: a side of the map, and the lines above and below it. */
const SIDE = 720;
const LINE = 40;

/**
 * The window at a share of the way from one to another, by the same factor for each part of it; one point stays
 * where it is. Pure.
 * @param {Range2} from @param {Range2} to @param {number} share 0…1 @returns {Range2}
 */
export function onTheWay(from, to, share) {
  /** @type {(a: [number, number], b: [number, number]) => [number, number]} */
  const side = ([low, high], [lowest, highest]) => {
    const [narrow, wide] = [high - low, highest - lowest];
    const width = narrow * (wide / narrow) ** share;
    const part = wide === narrow ? share : (width - narrow) / (wide - narrow);
    const begin = low + (lowest - low) * part;
    return share === 1 ? [lowest, highest] : [begin, begin + width];
  };
  return {x: side(from.x, to.x), y: side(from.y, to.y)};
}

/** How many times the whole map is enlarged. @param {Range2} range */
export const enlarged = ({x: [low, high]}) => (WHOLE.x[1] - WHOLE.x[0]) / (high - low);

export class Zoom {
  /** @type {() => string} */
  note = () => "";
  map = document.createElement("canvas");

  /** @param {HTMLDialogElement} root @param {import("../../types").ViewContext} context @param {() => Shown} shown
   * @param {{pause: () => void, resume: () => void}} map what is on its way there makes room for a film */
  constructor(root, {t, act}, shown, map) {
    this.root = root;
    this.t = t;
    this.shown = shown;
    this.onShow = map;
    this.survey = new Survey(act, () => {});
    this.filming = new Filming(() => this.tell());
    this.summary = h("summary", {dataset: {role: "maps-film"}});
    this.controls = filmControls(t, {press: () => this.press(), choose: () => this.choose()}, "zoom");
    const onchange = () => this.choose();
    this.way = h("select", {onchange, dataset: {role: "maps-film-way"}});
    this.size = h("select", {onchange, dataset: {role: "maps-film-size"}});
    this.words = [this.way, this.size].map(field => ({field, words: h("span")}));
    const own = this.words.map(({field, words}) => h("label", {}, words, field));
    const {labels, begin, progress, told, missing} = this.controls;
    const line = h("div", {class: "maps-controls"}, ...own, ...labels, begin, progress);
    const ontoggle = () => this.controls.find();
    this.element = h("details", {class: "maps-numbers", ontoggle}, this.summary, line, told, missing);
    root.addEventListener("close", () => this.cancel());
  }

  write() {
    const {t, way, size} = this;
    setText(this.summary, t("maps.film"));
    this.words.forEach(({words}, k) => setText(words, t(["maps.film_way", "maps.film_size"][k])));
    setOptions(
      way,
      ["out", "in"].map(value => ({value, label: t(`maps.film_${value}`)})),
    );
    setOptions(
      size,
      SIZES.map(n => ({value: String(n), label: `${n} × ${n}`})),
    );
    this.controls.write();
    this.tell();
  }

  choose() {
    this.note = () => "";
    this.tell();
  }

  /** Why no film can be made, in words; "" where one can. */
  problem() {
    const key = enlarged(this.shown().range) < 1.01 ? "maps.film_whole" : this.controls.problem();
    return key && this.t(key);
  }

  tell() {
    const {filming, controls} = this;
    const problem = filming.busy ? "" : this.problem();
    controls.begin.disabled = problem !== "";
    for (const {field} of this.words) field.disabled = filming.busy;
    controls.tell(filming, problem || this.note());
  }

  press() {
    if (this.filming.busy) this.cancel();
    else this.make().catch(reportError);
  }

  cancel() {
    this.filming.cancel();
    this.survey.cancel();
  }

  /** A map did not come: the server has gone, or refused it. */
  lose() {
    this.cancel();
    this.note = () => this.t("maps.film_lost");
  }

  async make() {
    const {t, filming, survey, way} = this;
    const {range, fields, theme} = this.shown();
    const chosen = this.controls.chosen();
    const size = Number(this.size.value);
    const title = t("maps.film_title", {activation: t(`activation.${fields.activation}`), width: String(fields.width)});
    const out = way.value === "out";
    const shots = shotsOf(chosen.pictures, share => (out ? share : 1 - share));
    const film = {width: SIDE, height: SIDE + 2 * LINE, rate: chosen.rate, title};
    this.onShow.pause();
    this.note = () => t("film.cancelled");
    try {
      const blob = await filming.make(chosen.form, film, shots, async (share, ctx, goes) => {
        const here = onTheWay(range, WHOLE, share);
        await survey.begin({size, fields: {...fields, ...here}});
        if (!goes()) return;
        if (survey.share < 1) return this.lose();
        paintMap(this.map, survey.measures, size, theme);
        this.paint(ctx, title, here);
      });
      const name = `backscope-zoom.${chosen.form}`;
      if (blob) {
        saveBlob(blob, name);
        this.note = () => savedWords(blob, name, chosen, t);
      }
    } catch (error) {
      this.note = () => t("film.failed");
      reportError(error);
    } finally {
      this.onShow.resume();
      this.tell();
    }
  }

  /** @param {CanvasRenderingContext2D} ctx @param {string} title @param {Range2} range */
  paint(ctx, title, range) {
    const colours = palette(this.root);
    const times = enlarged(range);
    const middle = (/** @type {[number, number]} */ [low, high]) => fixed((low + high) / 2, 3);
    ctx.fillStyle = colours.panel;
    ctx.fillRect(0, 0, ctx.canvas.width, ctx.canvas.height);
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(this.map, 0, LINE, SIDE, SIDE);
    ctx.fillStyle = colours.text;
    ctx.font = `${LINE / 2}px ${colours.font}`;
    ctx.textBaseline = "middle";
    ctx.textAlign = "center";
    ctx.fillText(title, SIDE / 2, LINE / 2, SIDE - LINE);
    const words = {times: integer(times), x: middle(range.x), y: middle(range.y)};
    ctx.fillText(this.t("maps.film_line", words), SIDE / 2, SIDE + 1.5 * LINE, SIDE - LINE);
  }
}
