// @ts-check
/**
 * The paths of the other lanes over the same plane, each with its ball and letter, below the path of the lane in focus.
 */

import {colourOf} from "../../model/lanes.js";
import {calmly, sheetsOf} from "../../draw/plot.js";
import {letteredBall} from "../shared/ball.js";
import {drawStart} from "./marks.js";
import {drawPath, emptyTrace, follow} from "./path.js";

/** @typedef {import("../../types").Lane} Lane */
/**
 * @typedef {{lanes: Lane[], lane: number, stage: import("./stage.js").Stage, field: import("./field.js").Field,
 * palette: import("../../draw/plot.js").Palette}} Scene
 */

/** Pause between two paintings, in milliseconds: the path in focus is painted in every frame. */
const REST = 50;

/**
 * What a configuration's parameters are, as far as it was asked for.
 * @type {WeakMap<import("../../types").RunConfig, string>}
 */
const shapes = new WeakMap();

/** @param {import("../../types").RunConfig} config */
function shapeOf(config) {
  let shape = shapes.get(config);
  if (shape === undefined) {
    const {hidden, normalization, bias} = config.network;
    const kinds = Array.isArray(normalization) ? normalization : hidden.map(() => normalization);
    shapes.set(config, (shape = JSON.stringify([hidden, kinds, bias])));
  }
  return shape;
}

/** The lanes that no plane of the one in focus can hold: their parameters are others.
 * @param {Pick<Lane, "id" | "config">[]} lanes @param {number} focus */
export function lanesElsewhere(lanes, focus) {
  const own = lanes.find(({id}) => id === focus)?.config;
  return own ? lanes.filter(({config}) => config && shapeOf(config) !== shapeOf(own)) : [];
}

export class LanePaths {
  trace = emptyTrace();
  spot = new Float32Array(3);
  /** Whether there is nothing on the sheet. */
  blank = true;
  /** What was asked for last. */
  key = "";

  /**
   * @param {HTMLElement} parent
   * @param {() => Scene | null} sceneOf what is to be seen, null for nothing
   * @param {(run: () => void) => void} draw see gate.js
   */
  constructor(parent, sceneOf, draw) {
    const {sheets, destroy} = sheetsOf(parent, 1, () => this.paintNow());
    this.sheet = sheets[0];
    this.removeSheet = destroy;
    this.sceneOf = sceneOf;
    this.painter = calmly(() => this.paintNow(), REST, draw);
  }

  get canvas() {
    return this.sheet.canvas;
  }

  /** Paint soon, if anything has moved. @param {Lane[]} lanes */
  request(lanes) {
    const key = lanes.length > 1 ? lanes.map(placeOf).join() : "";
    if (key === this.key) return;
    this.key = key;
    this.painter.request();
  }

  /** Paint at once, because the plane or the eye has moved. */
  paint() {
    this.painter.cancel();
    this.paintNow();
  }

  paintNow() {
    const {sheet} = this;
    const scene = this.sceneOf();
    const others = scene ? scene.lanes.filter(({id, track}) => id !== scene.lane && track.points > 0) : [];
    if (this.blank && !others.length) return;
    sheet.ctx.clearRect(0, 0, sheet.width, sheet.height);
    this.blank = !others.length;
    if (!scene) return;
    for (const one of others) this.drawPath(scene, one);
    for (const one of others) this.drawBall(scene, one);
  }

  /** @param {Scene} scene @param {Lane} lane */
  drawPath({stage, field, palette}, {id, track: {path, points}}) {
    const {sheet, trace, spot} = this;
    const colour = colourOf(palette, id);
    follow(stage, field, path, points, trace);
    drawPath(sheet.ctx, trace, palette, colour);
    stage.place(path[0], path[1], spot);
    if (points > 1 && !Number.isNaN(spot[0])) drawStart(sheet.ctx, spot[0], spot[1], spot[2] > 0, palette, colour);
  }

  /** @param {Scene} scene @param {Lane} lane */
  drawBall({stage, palette}, {id, track: {path, points}}) {
    const {sheet, spot} = this;
    const at = 3 * (points - 1);
    stage.place(path[at], path[at + 1], spot);
    if (!Number.isNaN(spot[0])) letteredBall(sheet.ctx, spot[0], spot[1], spot[2] > 0, palette, id);
  }

  destroy() {
    this.painter.cancel();
    this.removeSheet();
  }
}

/** How far a lane has come. @param {Lane} lane */
const placeOf = ({id, track: {points, path}}) => `${id} ${points} ${path[3 * points - 3]}`;
