// @ts-check
/** The loss of the real network on a plane through its parameters, with the path of the descent lying on it. */

import {setAttribute} from "../../draw/dom.js";
import {calmly, palette as paletteOf} from "../../draw/plot.js";
import {Anatomy} from "./anatomy.js";
import {openExplorer} from "./explorer.js";
import {lowest} from "./field.js";
import {SurfaceFrame} from "./frame.js";
import {handOn} from "./hand.js";
import {Lines} from "./lines.js";
import {onPlane} from "./modes.js";
import {Picture} from "./picture.js";
import {Reading} from "./reading.js";
import {emptyKey, modeOf, received, sceneryOf, spokenOf} from "./scenery.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ViewContext} ViewContext */

/** Milliseconds between two paintings of a line, and between two readings of the figures. */
const LINE_REST = 70;
const FIGURES_REST = 120;

/**
 * @param {HTMLElement} root
 * @param {ViewContext} context
 * @returns {import("../../types").View}
 */
export function surfaceView(root, context) {
  return new SurfaceView(root, context);
}

/**
 * What decides whether words or picture must be others.
 * @typedef {{lang: string, theme: string, planes: unknown, mode: string, path: number, figures: unknown,
 * lanes: number}} Marks
 */
/** @type {Readonly<Marks>} */
const NOTHING = {lang: "", theme: "", planes: null, mode: "", path: -1, figures: null, lanes: 0};

/** @param {import("./scenery.js").Show} show @param {State} state @returns {Marks} */
function marksOf({shown}, state) {
  const {lang, theme, options: planes, lanes} = state;
  const {figures, path_version: path = -1} = shown?.surface ?? {};
  return {lang, theme, planes, mode: modeOf(state), path, figures, lanes: lanes.length};
}

class SurfaceView {
  /** @type {import("./scenery.js").Show} */
  show = {state: null, shown: null, scenery: null, least: null, palette: null};
  /** @param {State} state */
  readNumbers = state => this.frame.figures.read(state);
  /** What was told last. @type {Marks} */
  drawn = {...NOTHING};
  /** A plane that was asked for and has not come yet. */
  asked = "";
  /** What the line on show was painted for. */
  seen = "";
  /** From where the surface was shown last, by others or to others. */
  camera = "null";

  /** @param {HTMLElement} root @param {ViewContext} context */
  constructor(root, context) {
    const {t, draw} = context;
    const frame = new SurfaceFrame(root, this.wishes(context), t);
    const lines = new Lines(context, () => this.lineCame());
    const parts = new Anatomy(context, () => draw(() => this.partsCame()));
    this.root = root;
    this.context = context;
    this.frame = frame;
    this.lines = lines;
    this.parts = parts;
    this.picture = new Picture(this.show, {frame, lines, parts, context, moved: () => this.handMoved()});
    this.reading = new Reading(this.show, {frame, lines, context}, this.picture);
    const {canvas} = this.picture.top;
    const grip = this.grip();
    this.letGo = handOn(canvas, grip);
    this.reading.listen(canvas, grip);
    this.linePainter = calmly(() => this.paintLine(), LINE_REST, draw);
    this.figures = calmly(() => this.tellFigures(), FIGURES_REST, draw);
  }

  get mode() {
    return modeOf(this.show.state);
  }

  // What is asked for

  /** What the controls ask for. @param {ViewContext} context @returns {import("./frame.js").Wishes} */
  wishes({act, choose}) {
    return {
      choosePlane: plane => this.choosePlane(plane),
      through: through => act("surface", {through}),
      finest: resolution => act("surface", {resolution}),
      arrows: arrows => choose({arrows}),
      penalties: penalties => act("surface", {penalties}),
      pick: () => choose({picking: []}),
      stop: () => act("surface_stop"),
      chooseMode: surface => choose({surface}),
      chooseLog: log_loss => choose({log_loss}),
      explore: () => this.explore(),
      reset: () => this.picture.reset(),
    };
  }

  /** What a hand on the picture does. @returns {import("./hand.js").Grip} */
  grip() {
    const {picture} = this;
    return {
      drag: (dx, dy) => picture.turn(stage => stage.drag(dx, dy)),
      zoom: (factor, x, y) => picture.turn(stage => stage.zoom(factor, x, y)),
      reset: () => picture.reset(),
      release: () => picture.release(),
      hover: place => this.reading.rest(place),
      click: ({x, y}) => this.reading.startAt(picture.stage.pick(x, y)),
    };
  }

  /** @param {string} plane */
  async choosePlane(plane) {
    const {act, choose} = this.context;
    this.asked = plane;
    choose({plane, picking: plane === "weights" ? [] : null});
    if ((await act("surface", {plane})).ok === false) this.asked = "";
  }

  /** The large picture, in a window of its own. */
  explore() {
    const {state, shown, scenery} = this.show;
    if (!state || !shown || !scenery) return;
    openExplorer({
      ...shown,
      scale: scenery.scale,
      theme: state.theme,
      lang: state.lang,
      step: state.frame?.step ?? 0,
      palette: paletteOf(this.root),
      t: this.context.t,
    });
  }

  // What has come

  /** @param {State} next */
  update(next) {
    this.show.state = next;
    this.follow(next);
    this.receive(next);
    this.tell(next);
    this.paintNew(next);
    this.drawn = marksOf(this.show, next);
  }

  /** In a room, see the surface from where it is shown. @param {State} next */
  follow({room, strays, view: {camera}}) {
    if (!room || room.you.drives || strays) return;
    const text = JSON.stringify(camera);
    if (text === this.camera) return;
    this.camera = text;
    this.picture.follow(camera);
  }

  /** Who drives the run of a room shows from where. @param {State} state */
  tellCamera({room}) {
    if (!room?.you.drives) return;
    const camera = this.picture.isTouched() ? this.picture.camera : null;
    const text = JSON.stringify(camera);
    if (text === this.camera) return;
    this.camera = text;
    this.context.choose({camera});
  }

  /** Take over what has arrived. @param {State} next */
  receive(next) {
    const {drawn, picture, show, mode} = this;
    if (drawn.theme !== next.theme) show.palette = paletteOf(this.root);
    this.lines.update(next, mode);
    this.parts.update(next, onPlane(mode) && next.view.arrows && next.surface !== null);
    if (drawn.mode !== mode) picture.stale = true;
    if (next.plane_choice?.plane === this.asked) this.asked = "";
    show.shown = received(show.shown, next.surface);
    this.arrange(next);
  }

  /** Say what is known around the picture. @param {State} next */
  tell(next) {
    const {drawn, frame, picture, mode} = this;
    if (drawn.lang !== next.lang || drawn.planes !== next.options) frame.words(next);
    frame.toolbar.update(next, picture.isTouched(), this.asked);
    this.tellProgress(next);
    if (onPlane(mode)) this.tellPlane(next);
    else this.updateLine(next);
  }

  /** Paint and read out what is not as it was. @param {State} next */
  paintNew(next) {
    const {drawn, picture} = this;
    const {figures, path, lanes, mode, lang} = marksOf(this.show, next);
    const known = drawn.figures === figures && drawn.lang === lang;
    if (!known || drawn.mode !== mode) this.figures.request();
    picture.others.request(next.lanes);
    const painted = known && drawn.path === path && drawn.lanes === lanes;
    if (picture.stale || !painted) picture.paint();
  }

  /** Heights and colours for what is shown. @param {State} state */
  arrange(state) {
    const {show, picture} = this;
    const {shown, palette, scenery} = show;
    if (!shown || !palette) {
      picture.stale ||= scenery !== null || palette !== picture.paper;
      show.scenery = null;
      return;
    }
    const next = sceneryOf(scenery, shown, state, palette);
    if (next === scenery) return;
    show.scenery = next;
    show.least = lowest(shown.field);
    picture.stale = true;
  }

  /** Paint the line on show where it must be another. @param {State} state */
  updateLine({theme, lang, view, frame: numbers}) {
    const {mode, frame, context} = this;
    const rate = mode === "sharpness" && [numbers?.step, numbers?.learning_rate];
    const sight = [mode, theme, lang, view.log_loss, rate].join();
    if (sight !== this.seen) this.linePainter.request();
    this.seen = sight;
    if (this.lines.ready()) frame.empty(null);
    else frame.empty(context.t("surface.empty_lines"), context.t(`surface.empty_${mode}_text`));
  }

  lineCame() {
    if (onPlane(this.mode)) return;
    this.frame.empty(null);
    this.paintLine();
  }

  paintLine() {
    this.picture.repaint();
    this.figures.request();
  }

  partsCame() {
    if (onPlane(this.mode)) this.picture.paint();
  }

  handMoved() {
    const {state} = this.show;
    if (state) {
      this.frame.toolbar.update(state, this.picture.isTouched(), this.asked);
      if (modeOf(state) === "3d") this.tellCamera(state);
    }
    this.reading.tell();
  }

  // Words

  /** Why there is nothing to see, and what to do. @param {State} state */
  tellPlane(state) {
    const {frame, context, show} = this;
    if (show.scenery) {
      frame.empty(null);
      return;
    }
    const key = emptyKey(state);
    frame.empty(context.t(key), context.t(`${key}_text`));
    frame.note("");
  }

  /** @param {State} state */
  tellProgress({computing: {share, resolution, laid}, surface}) {
    if (!onPlane(this.mode)) this.frame.progress(1, 0, null);
    else this.frame.progress(resolution ? share : (surface?.progress ?? 1), resolution, laid);
  }

  tellFigures() {
    const {frame, lines, picture, show, context} = this;
    if (!onPlane(this.mode)) {
      frame.figures.showLine(lines.figures(), lines.words());
      return;
    }
    const surface = show.shown?.surface ?? null;
    frame.figures.showPlane(surface, show.state);
    const words = surface ? spokenOf(surface, context.t) : context.t("panel.surface");
    setAttribute(picture.top.canvas, "aria-label", words);
  }

  destroy() {
    this.figures.cancel();
    this.linePainter.cancel();
    this.lines.destroy();
    this.parts.destroy();
    this.letGo();
    this.picture.destroy();
    this.frame.destroy();
  }
}
