// @ts-check
/**
 * The gradient laboratory: how the error signal fares in every layer, why, how fast layers learn, and what batch
 * normalization does.
 */

import {setText} from "../../draw/dom.js";
import {calmly, palette as paletteOf, sheetsOf} from "../../draw/plot.js";
import {shortNames} from "../shared/layer_names.js";
import {placeTip, saidBy} from "../shared/tip.js";
import {listen} from "./input.js";
import {pagesOf} from "./pages.js";
import {Panel} from "./panel.js";
import {Readings} from "./readings.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Laboratory} Laboratory */
/** @typedef {import("./sheet.js").Sheet} Sheet */
/** @typedef {import("./sheet.js").Page} Page */
/** @typedef {import("./panel.js").PageName} PageName */

/** ms between two paintings. */
const REST = 50;
/** Smaller than this, in px, there is nothing to paint on. */
const LEAST = 40;
/** px that an arrow key goes along the past of a layer. */
const ALONG = 8;
/** In a window up to this width, in px, panels lie in one column. */
const COLUMN = 1100;
/** What the words and the names are made of. */
const LOOKS = /** @type {const} */ (["theme", "lang", "layout", "hover", "config", "lanes"]);

/**
 * @param {HTMLElement} root a panel, hidden while the laboratory is closed
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View}
 */
export function labView(root, context) {
  return new LaboratoryPanel(root, context);
}

class LaboratoryPanel {
  /** @param {HTMLElement} root @param {import("../../types").ViewContext} context */
  constructor(root, {t, act, choose, draw, announce, watched = false}) {
    this.root = root;
    this.t = t;
    this.choose = choose;
    /** @type {State | null} */
    this.state = null;
    /** @type {import("../../draw/plot.js").Palette | null} */
    this.palette = null;
    /** @type {{x: number, y: number} | null} */
    this.pointer = null;
    /** What had the keyboard when the laboratory was opened. @type {Element | null} */
    this.held = null;
    this.open = false;
    /** Layers from 0: under the pointer and chosen, −1 for none. */
    this.marked = -1;
    this.chosen = -1;
    /** @type {PageName} */
    this.page = "rows";
    /** @type {ReturnType<LaboratoryPanel["looks"]> | null} */
    this.drawn = null;
    /** @type {Record<PageName, Page> & {rows: import("./rows.js").RowsPage}} */
    this.pages = pagesOf(t, watched);
    this.readings = new Readings(
      act,
      () => (this.open ? this.state : null),
      () => this.pages[this.page].over,
    );
    this.panel = this.build(root, act, announce, watched);
    this.painter = calmly(() => this.paint(), REST, draw);
    const {sheets, destroy} = sheetsOf(this.panel.stage, 1, () => this.paint());
    this.canvas = sheets[0];
    this.fold = destroy;
    this.panel.cover();
  }

  /** @param {HTMLElement} root @param {import("../../types").ViewContext["act"]} act
   * @param {import("../../types").ViewContext["announce"]} announce @param {boolean} watched */
  build(root, act, announce, watched) {
    const shut = () => this.shut();
    const turn = (/** @type {PageName} */ page) => this.turn(page);
    const hands = {
      shut,
      turn,
      toggleAxis: () => {
        this.pages.rows.toggle();
        this.renew();
      },
      turnStrip: () => {
        this.pages.rows.turn();
        this.renew();
      },
      addBatch: () => act("configure", {network: {normalization: "batch"}}),
    };
    const panel = new Panel(root, hands, watched);
    listen(panel, {
      shut,
      turn,
      page: () => this.page,
      point: at => this.point(at),
      press: () => {
        if (this.marked >= 0 && this.pages[this.page].choosing) this.pick(this.marked);
      },
      move: (dx, dy) => this.moveChoice(dx, dy),
      said: () => saidBy(this.panel.tip),
      voice: {t: this.t, announce},
    });
    return panel;
  }

  shut() {
    this.choose({laboratory: false});
  }

  /** More than numbers has changed: all is named and painted at once. */
  renew() {
    this.name();
    this.paintNow();
  }

  /** @param {PageName} page */
  turn(page) {
    this.page = page;
    this.marked = -1;
    this.chooseLayer();
    this.renew();
    this.readings.wish();
  }

  /** @param {number} layer */
  pick(layer) {
    this.chosen = layer;
    this.paintNow();
  }

  /** The keys choose another layer, or look at another time of it. @param {number} dx @param {number} dy
   * @returns {boolean} whether there is a layer to choose */
  moveChoice(dx, dy) {
    const {place} = this.pages[this.page];
    if (!place) return false;
    const {width} = this.canvas;
    const x = this.pointer?.x ?? width - 1;
    this.pick(Math.min(place.layers - 1, Math.max(0, this.chosen - dy)));
    this.point({
      x: Math.min(width - 1, Math.max(0, x + dx * ALONG)),
      y: place.top + (this.chosen + 0.5) * place.row,
    });
    return true;
  }

  /** @param {{x: number, y: number} | null} at */
  point(at) {
    const before = this.marked;
    this.pointer = at;
    this.marked = at ? this.pages[this.page].layerAt(at.x, at.y) : -1;
    if (before !== this.marked) this.paintNow();
    else this.showTip();
  }

  paintNow() {
    this.painter.cancel();
    this.paint();
  }

  /** @returns {Sheet | null} */
  sheetNow() {
    const {state, palette, canvas, marked, chosen} = this;
    const {laboratory: lab, layout} = state ?? {};
    if (!state || !palette || !lab || !layout || lab.layout !== layout.id) return null;
    return {
      ctx: canvas.ctx,
      width: canvas.width,
      height: canvas.height,
      palette,
      state,
      lab,
      layout,
      names: shortNames(lab.layers, this.t),
      marked: marked >= 0 ? marked : hovered(state),
      chosen,
    };
  }

  paint() {
    const {canvas, panel} = this;
    if (!this.open || !this.palette) return;
    const sheet = this.sheetNow();
    canvas.ctx.clearRect(0, 0, canvas.width, canvas.height);
    panel.empty.hidden = sheet !== null;
    if (!sheet || canvas.width < LEAST || canvas.height < LEAST) {
      panel.silence();
      return this.showTip();
    }
    this.chooseLayer(sheet.lab);
    sheet.chosen = this.chosen;
    const page = this.pages[this.page];
    page.paint(sheet);
    panel.say(page.words(sheet), page.detail?.(sheet) ?? [], `${this.page} ${this.chosen}`);
    this.showTip();
  }

  /**
   * Details are of the layer that passes on least, until somebody chooses another one.
   * @param {Laboratory | null | undefined} [lab]
   */
  chooseLayer(lab = this.state?.laboratory) {
    if (lab && !(this.chosen >= 0 && this.chosen < lab.layers)) this.chosen = flattest(lab);
  }

  showTip() {
    const {pointer, marked, panel} = this;
    const sheet = pointer && marked >= 0 ? this.sheetNow() : null;
    panel.tip.hidden = !sheet;
    if (!sheet || !pointer) return;
    setText(panel.tip, this.pages[this.page].tip(sheet, marked, pointer.x));
    placeTip(panel.tip, pointer, this.canvas);
  }

  name() {
    const {state, panel, page, pages, t} = this;
    const {lanes = [], lane = 0, layout} = state ?? {};
    const normalization = layout?.normalization ?? [];
    pages.rows.suit(state?.laboratory ?? null);
    const labels = {
      page,
      samples: state?.laboratory?.samples ?? 0,
      fixed: pages.rows.fixed,
      norm: pages.rows.norm,
      offered: normalization.length > 1 && !normalization.includes("batch"),
      choosing: pages[page].choosing,
    };
    panel.name(labels, t);
    panel.nameLane(lane, lanes.length > 1, t);
  }

  /** @param {boolean} on */
  opened(on) {
    this.open = on;
    this.panel.show(on);
    if (on) {
      this.held = document.activeElement;
      this.chosen = -1;
      this.readings.hurry();
      this.panel.close.focus({preventScroll: true});
      if (window.innerWidth <= COLUMN) this.root.scrollIntoView({block: "start"});
    } else {
      this.readings.stop();
      if (this.held instanceof HTMLElement && this.held.isConnected) this.held.focus({preventScroll: true});
    }
  }

  /** What the picture is made of. @param {State} state */
  looks(state) {
    const {theme, lang, layout, config, laboratory, lanes} = state;
    return {theme, lang, layout, config, laboratory, lanes: lanes.length, hover: hovered(state)};
  }

  /** @param {State} next */
  update(next) {
    this.state = next;
    if (next.view.laboratory !== this.open) this.opened(next.view.laboratory);
    if (!this.open) return;
    if (next.view.microscope || next.layout?.landscape) return this.shut();
    this.draw(next);
    this.readings.wish();
  }

  /** Numbers are painted at a calm pace, all else at once. @param {State} next */
  draw(next) {
    const before = this.drawn;
    const now = this.looks(next);
    this.drawn = now;
    if (before?.theme !== now.theme) this.palette = paletteOf(this.root);
    if (before?.layout !== now.layout) this.chosen = -1;
    if (!before?.laboratory || LOOKS.some(name => before[name] !== now[name])) this.renew();
    else if (before.laboratory !== now.laboratory) this.painter.request();
  }

  destroy() {
    this.readings.stop();
    this.painter.cancel();
    this.fold();
    this.root.replaceChildren();
  }
}

/** The layer that the diagram is pointed at; −1 for none. @param {State} state */
function hovered({view: {hover}, laboratory}) {
  const layers = laboratory?.layers ?? 0;
  return hover && hover.layer >= 1 && hover.layer <= layers ? hover.layer - 1 : -1;
}

/** The hidden layer whose slopes pass on least. @param {Laboratory} lab */
export function flattest({layers, slope_part}) {
  let found = 0;
  for (let k = 1; k < layers - 1; k++) if (slope_part[k] < slope_part[found]) found = k;
  return found;
}
