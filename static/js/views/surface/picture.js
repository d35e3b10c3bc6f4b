// @ts-check
/** The picture itself: two sheets and those of the lanes, painted from a plane in space, from above, or a line. */

import {sheetsOf} from "../../draw/plot.js";
import {colourOf, letterOf} from "../../model/lanes.js";
import {LanePaths, lanesElsewhere} from "./lanes.js";
import {mapStage} from "./map.js";
import {onPlane} from "./modes.js";
import {Overlay} from "./overlay.js";
import {reliefStage} from "./relief.js";
import {paintPlane} from "./relief_box.js";
import {inWindow, landscapeOf, modeOf} from "./scenery.js";

/** @typedef {import("./scenery.js").Show} Show */
/** @typedef {import("./stage.js").Scenery} Scenery */
/** @typedef {import("../../draw/plot.js").Sheet} Sheet */
/** @typedef {import("../../draw/plot.js").Palette} Palette */

/** Painting at full quality may take this long while a hand turns the surface, else it is painted coarser. */
const SMOOTH = 9;

/**
 * What it takes to paint.
 * @typedef {object} Means
 * @property {import("./frame.js").SurfaceFrame} frame around it
 * @property {import("./lines.js").Lines} lines
 * @property {import("./anatomy.js").Anatomy} parts of the coming step
 * @property {import("../../types").ViewContext} context
 * @property {() => void} moved a hand has moved the picture, and it has been painted anew
 */

export class Picture {
  stages = {"3d": reliefStage(), contour: mapStage()};
  /** Whether a hand has moved a stage from its place. */
  touched = {"3d": false, contour: false};
  /** Whether a hand is moving it. */
  moving = false;
  /** Milliseconds that a painting at full quality takes. */
  cost = 0;
  /** The animation frame that is waited for. */
  waiting = 0;
  /** Whether what lies below the path must be painted anew. */
  stale = true;
  /** The palette of the empty plane. @type {Palette | null} */
  paper = null;

  /** @param {Show} show @param {Means} means */
  constructor(show, means) {
    const {frame, parts, context} = means;
    const {sheets, destroy} = sheetsOf(frame.stage, 2, () => this.repaint());
    this.show = show;
    this.means = means;
    /** @type {Sheet} */
    this.ground = sheets[0];
    /** @type {Sheet} */
    this.top = sheets[1];
    this.removeSheets = destroy;
    this.overlay = new Overlay(this.top, parts, context.t);
    this.others = new LanePaths(frame.stage, () => this.lanesScene(), context.draw);
    frame.stage.insertBefore(this.others.canvas, this.top.canvas);
    this.top.canvas.classList.add("surface-hand");
    frame.dress();
    frame.stage.append(parts.element);
    this.top.canvas.removeAttribute("aria-hidden");
  }

  /** The picture of the plane that is on show, or was last. */
  get stage() {
    return this.stages[modeOf(this.show.state) === "contour" ? "contour" : "3d"];
  }

  // A hand moves it

  /** @param {(stage: import("./stage.js").Stage) => void} change */
  turn(change) {
    const mode = modeOf(this.show.state);
    this.moving = true;
    if (!onPlane(mode)) return;
    this.touched[mode] = true;
    change(this.stages[mode]);
    this.soon();
  }

  release() {
    this.moving = false;
    this.soon();
  }

  reset() {
    const mode = modeOf(this.show.state);
    if (!onPlane(mode)) return;
    this.stages[mode].reset();
    this.touched[mode] = this.moving = false;
    this.soon();
  }

  isTouched() {
    const mode = modeOf(this.show.state);
    return onPlane(mode) && this.touched[mode];
  }

  /** Where the surface in space is seen from. */
  get camera() {
    return this.stages["3d"].seenFrom(this.ground);
  }

  /** See it from where somebody else does; null is the usual place.
   * @param {import("../../types").State["view"]["camera"]} camera */
  follow(camera) {
    const stage = this.stages["3d"];
    if (camera) stage.seeFrom(camera, this.ground);
    else stage.reset();
    this.touched["3d"] = camera !== null;
    this.soon();
  }

  /** Paint in the next animation frame. */
  soon() {
    this.stale = true;
    this.waiting ||= requestAnimationFrame(() => {
      this.waiting = 0;
      this.paint();
      this.means.moved();
    });
  }

  // Painting

  /** Paint all of it. */
  repaint() {
    this.stale = true;
    this.paint();
  }

  /** Paint what has changed: of a plane the path at least. */
  paint() {
    const {ground, others} = this;
    const {state, palette, scenery} = this.show;
    if (!state || !palette || ground.width < 8 || ground.height < 8) return;
    if (!onPlane(modeOf(state))) {
      others.paint();
      this.paintLine(palette);
      return;
    }
    if (this.stale) {
      this.stale = false;
      this.paper = scenery ? null : palette;
      if (scenery) this.paintScenery(scenery);
      else paintPlane(ground, palette);
      others.paint();
    }
    this.paintMoving();
  }

  /** The surface itself, coarser where a hand would have to wait for it. @param {Scenery} scenery */
  paintScenery(scenery) {
    const began = performance.now();
    const coarse = this.moving && this.cost > SMOOTH;
    this.stage.paint(this.ground, scenery, coarse);
    if (coarse) return;
    const took = performance.now() - began;
    this.cost = this.cost ? Math.min(this.cost * 1.5, 0.7 * this.cost + 0.3 * took) : took;
  }

  /** @param {Palette} palette */
  paintLine(palette) {
    if (!this.stale) return;
    const {lines, parts, frame} = this.means;
    this.stale = false;
    lines.paint(this.ground, palette);
    this.overlay.clear();
    parts.hide();
    frame.note("");
  }

  /** The path, the ball, and what belongs to them. */
  paintMoving() {
    const {overlay, stage} = this;
    const {frame, parts, context} = this.means;
    const {state, scenery, shown, least} = this.show;
    overlay.clear();
    if (!stage.flat) parts.hide();
    if (!scenery || !shown || !state) {
      frame.note("");
      return;
    }
    const {surface} = shown;
    const {path, points} = surface;
    const known = landscapeOf(state);
    const several = state.lanes.length > 1;
    const away = points > 0 && !inWindow(scenery.field, path[3 * points - 3], path[3 * points - 2]);
    const missing = several ? lanesElsewhere(state.lanes, state.lane).map(({id}) => letterOf(id)) : [];
    const words = [
      away && context.t("surface.outside"),
      missing.length && context.t("surface.elsewhere", {lanes: missing.join(", ")}),
    ];
    frame.note(words.filter(Boolean).join(" · "));
    overlay.paint({
      stage,
      scenery,
      surface,
      minima: known?.minima ?? [],
      lowest: known ? null : least,
      // Coral, or the colour of the lane in focus where there are several.
      colour: several ? colourOf(scenery.palette, state.lane) : scenery.palette.backward,
      lane: several ? state.lane : null,
    });
  }

  /** What the paths of the other lanes are painted on; null where there are none. */
  lanesScene() {
    const {state, scenery, palette} = this.show;
    if (!state || !scenery || !palette || state.lanes.length < 2 || !onPlane(modeOf(state))) return null;
    return {lanes: state.lanes, lane: state.lane, stage: this.stage, field: scenery.field, palette};
  }

  destroy() {
    cancelAnimationFrame(this.waiting);
    this.others.destroy();
    this.removeSheets();
  }
}
