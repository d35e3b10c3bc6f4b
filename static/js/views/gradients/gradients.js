// @ts-check
/** How far the gradient reaches: the norms of δ and ∂W in every layer, on one log scale, now and lately. */

import {setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {calmly, palette as paletteOf, sheetsOf} from "../../draw/plot.js";
import {axisFor, exponents, fitted} from "../shared/gradient_scale.js";
import {keyCursor} from "../shared/key_cursor.js";
import {shortNames} from "../shared/layer_names.js";
import {placeTip, saidBy} from "../shared/tip.js";
import {paintColumns} from "./columns.js";
import {othersOf} from "./lanes.js";
import {Panel} from "./panel.js";
import {historyOf, markedLayer, normsOf} from "./picture.js";
import {paintRows} from "./rows.js";
import {ariaWords, clippingWords, factorWords, kindOf, LENGTHS, tipWords} from "./words.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("./picture.js").Picture} Picture */
/** @typedef {import("./picture.js").Norms} Norms */

/** ms between two paintings, and between two descriptions in words. */
const REST = 70;
const DESCRIBED = 1000;
/** Smaller than this, in px, there is nothing to paint on. */
const LEAST = 8;
/** From this ratio of width to height on, layers stand as columns. */
const WIDE = 2.4;
/** What the legend and the buttons beside the sentence take, in sizes of small letters. */
const BESIDE = 37.5;

/**
 * @param {HTMLElement} root
 * @param {import("../../types").ViewContext & {openCures: () => void}} context
 * @returns {import("../../types").View}
 */
export function gradientsView(root, context) {
  return new Gradients(root, context);
}

class Gradients {
  /** @param {HTMLElement} root @param {import("../../types").ViewContext & {openCures: () => void}} context */
  constructor(root, {t, choose, draw, announce, openCures}) {
    this.root = root;
    this.t = t;
    /** @type {State | null} */
    this.state = null;
    /** @type {import("../../draw/plot.js").Palette | null} */
    this.palette = null;
    /** @type {import("../shared/gradient_scale.js").Axis | null} */
    this.axis = null;
    /** What was painted where. @type {import("./layout.js").Laid | null} */
    this.laid = null;
    /** @type {{x: number, y: number} | null} */
    this.pointer = null;
    /** @type {import("./lanes.js").Other[]} */
    this.others = [];
    /** @type {ReturnType<Gradients["looks"]> | null} */
    this.drawn = null;
    this.panel = new Panel(root, {
      openCures,
      turnLaboratory: () => choose({laboratory: !this.state?.view.laboratory}),
    });
    /** Whether words had room, by their shape, digits apart: a canvas that changes its letters takes its time.
     * @type {{width: number, palette: import("../../draw/plot.js").Palette | null, known: Map<string, boolean>}} */
    this.room = {width: 0, palette: null, known: new Map()};
    this.painter = calmly(() => this.paint(), REST, draw);
    this.describer = calmly(() => this.describe(), DESCRIBED, draw);
    const {sheets, destroy} = sheetsOf(this.panel.stage, 1, () => this.paint());
    this.sheet = sheets[0];
    this.fold = destroy;
    this.panel.cover();
    this.listen(this.panel.stage, announce);
  }

  /** @param {HTMLElement} stage @param {import("../../types").ViewContext["announce"]} announce */
  listen(stage, announce) {
    stage.addEventListener("pointermove", event => {
      const {left, top} = stage.getBoundingClientRect();
      this.point({x: event.clientX - left, y: event.clientY - top});
    });
    stage.addEventListener("pointerleave", () => this.point(null));
    keyCursor(
      stage,
      "gradients",
      {t: this.t, announce},
      {
        move: (dx, dy) => this.walk(dx || -dy),
        said: () => saidBy(this.panel.tip),
        leave: () => this.point(null),
      },
    );
  }

  /** @param {{x: number, y: number} | null} at */
  point(at) {
    this.pointer = at;
    this.paintNow();
  }

  /** The keys go to a layer beside. @param {number} way @returns {boolean} */
  walk(way) {
    const layers = (this.state && normsOf(this.state)?.delta.length) ?? 0;
    if (!this.laid || !layers) return false;
    const from = this.under < 0 ? (way > 0 ? -1 : layers) : this.under;
    this.point(this.laid.placeOf(Math.min(layers - 1, Math.max(0, from + way))));
    return true;
  }

  paintNow() {
    this.painter.cancel();
    this.paint();
  }

  /** The layer under the pointer, as it was painted last; −1 for none. */
  get under() {
    return this.pointer && this.laid ? this.laid.layerAt(this.pointer.x, this.pointer.y) : -1;
  }

  paint() {
    const {state, palette, sheet} = this;
    if (!state || !palette || sheet.width < LEAST || sheet.height < LEAST) return;
    const norms = normsOf(state);
    const {under} = this;
    sheet.ctx.clearRect(0, 0, sheet.width, sheet.height);
    this.name(state, norms);
    this.laid = null;
    if (norms) this.paintNorms(state, palette, norms, under);
    this.readout();
    if (norms) this.describer.request();
  }

  /**
   * @param {State} state
   * @param {import("../../draw/plot.js").Palette} palette
   * @param {Norms} norms
   * @param {number} under the layer under the pointer, as it was painted last
   */
  paintNorms(state, palette, norms, under) {
    const {sheet, t} = this;
    const layers = norms.delta.length;
    const landscape = Boolean(state.layout?.landscape);
    this.others = landscape ? [] : othersOf(state, palette, layers);
    /** @type {Picture} */
    const picture = {
      ...this.numbersOf(state, norms),
      ctx: sheet.ctx,
      width: sheet.width,
      height: sheet.height,
      palette,
      theme: state.theme,
      layers,
      others: this.others,
      names: landscape ? ["x", "y"] : shortNames(layers, t),
      past: t("gradients.history"),
      marked: markedLayer(under, state.view, layers),
    };
    this.say(picture, landscape);
    this.laid = sheet.width >= WIDE * sheet.height ? paintColumns(picture) : paintRows(picture);
  }

  /** What norms and buttons are called, and what clipping does. @param {State} state @param {Norms | null} norms */
  name({layout, view, lanes, frame}, norms) {
    const {panel, t} = this;
    const landscape = Boolean(layout?.landscape);
    panel.name({landscape, empty: !norms, laboratory: view.laboratory}, t);
    if (!norms) panel.sayFactor("", "", "");
    if (!panel.stage.hasAttribute("aria-label")) this.describe();
    panel.company.hidden = !norms || lanes.length < 2 || landscape;
    this.sayClipping(norms ? (frame?.clipping ?? null) : null);
  }

  /**
   * What there is to see now and lately, and on which axis.
   * @param {State} state
   * @param {Norms} norms
   * @returns {Pick<Picture, "delta" | "gradient" | "history" | "axis" | "fit">}
   */
  numbersOf({series, layout}, {delta, gradient}) {
    const history = historyOf(series.norms, delta.length);
    const shown = [delta, gradient, ...this.others.flatMap(other => [other.delta, other.gradient])];
    this.axis = axisFor(this.axis, exponents([...shown, ...history.delta, ...history.gradient]));
    const fit = layout?.landscape ? null : fitted([delta]);
    return {delta, gradient, history, axis: this.axis, fit};
  }

  /** Which lanes there are, and what the slope says. @param {Picture} picture @param {boolean} landscape */
  say({delta, gradient, fit}, landscape) {
    const {t, panel} = this;
    const lanes = this.others.map(({id}) => id);
    panel.showLanes(lanes, t("gradients.lanes_title"));
    const zero = delta.every(x => x === 0) && gradient.every(x => x === 0);
    let words = "";
    for (const length of LENGTHS) {
      words = factorWords(fit, {zero, length, landscape}, t);
      if (this.fits(words)) break;
    }
    const title = fit ? t("gradients.factor_title") : "";
    panel.sayFactor(words, title, kindOf(fit));
  }

  /** Whether words have room between the legend and the buttons; where it is narrow they take lines of their own.
   * @param {string} words */
  fits(words) {
    const {palette, sheet, room} = this;
    const {width, ctx} = sheet;
    if (width <= 560 || !palette) return true;
    if (room.width !== width || room.palette !== palette) this.room = {width, palette, known: new Map()};
    const {known} = this.room;
    const shape = words.replace(/\d/g, "0");
    const fits = known.get(shape);
    if (fits !== undefined) return fits;
    ctx.font = `600 ${palette.small}px ${palette.font}`;
    known.set(shape, ctx.measureText(shape).width < width - BESIDE * palette.small);
    return known.get(shape) === true;
  }

  /** @param {import("../../types").Frame["clipping"]} did */
  sayClipping(did) {
    const {clip} = this.panel;
    clip.hidden = !did?.steps;
    if (!did?.steps) return;
    setText(clip, clippingWords(did, this.t));
    explain(clip, this.t("gradients.clip_title", {n: did.steps, clipped: did.clipped}));
  }

  /** The picture in words, for those who cannot see it. */
  describe() {
    this.panel.stage.setAttribute("aria-label", ariaWords(this.state?.frame?.norms.delta ?? [], this.t));
  }

  readout() {
    const {state, pointer, under, panel} = this;
    const norms = state?.frame?.norms;
    const layout = state?.layout;
    panel.tip.hidden = under < 0 || !norms || !layout;
    if (panel.tip.hidden || !pointer || !norms || !layout) return;
    setText(panel.tip, tipWords(norms, under, layout, this.others, this.t));
    placeTip(panel.tip, pointer, this.sheet);
  }

  /** What the picture is made of. @param {State} state */
  looks({theme, lang, layout, series, frame, view}) {
    const hover = (view.hover ?? view.selected)?.layer ?? -1;
    return {theme, lang, hover, layout, series, version: series.version, seq: frame?.seq ?? -1};
  }

  /** Numbers are painted at a calm pace, all else at once. @param {State} next */
  update(next) {
    this.state = next;
    const now = this.looks(next);
    const before = this.drawn;
    const changed = (/** @type {keyof typeof now} */ name) => !before || before[name] !== now[name];
    if (changed("theme")) this.palette = paletteOf(this.root);
    if (changed("layout") || changed("series")) this.axis = null;
    const looks = changed("theme") || changed("lang") || changed("hover");
    if (!looks && !changed("seq") && !changed("version") && !changed("layout")) return;
    this.drawn = now;
    if (looks) this.paintNow();
    else this.painter.request();
  }

  destroy() {
    this.painter.cancel();
    this.describer.cancel();
    this.fold();
    this.panel.remove();
  }
}
