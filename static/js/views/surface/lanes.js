// @ts-check
/**
 * The paths of the other lanes over the same plane, each with its ball and letter, below the path of the lane in focus.
 */

import {colourOf, letterOf} from "../../model/lanes.js";
import {letter} from "../../draw/lettering.js";
import {calmly, sheetsOf} from "../../draw/plot.js";
import {drawBall, drawPath, drawStart, emptyTrace, follow} from "./path.js";

/** @typedef {import("../../types").Lane} Lane */
/** @typedef {import("../../draw/plot.js").Palette} Palette */
/**
 * @typedef {{lanes: Lane[], lane: number, stage: import("./stage.js").Stage, field: import("./field.js").Field,
 * palette: Palette}} Scene
 */

/** Pause between two paintings, in milliseconds: the path in focus is painted in every frame. */
const REST = 50;

/**
 * @param {HTMLElement} parent
 * @param {() => Scene | null} sceneOf what is to be seen, null for nothing
 * @param {(run: () => void) => void} draw see gate.js
 */
export function lanePaths(parent, sceneOf, draw) {
  const {
    sheets: [sheet],
    destroy,
  } = sheetsOf(parent, 1, paint);
  const trace = emptyTrace();
  const spot = new Float32Array(3);
  const painter = calmly(paint, REST, draw);
  let blank = true;
  let key = "";

  function paint() {
    const scene = sceneOf();
    const others = scene ? scene.lanes.filter(({id, track}) => id !== scene.lane && track.points > 0) : [];
    if (blank && !others.length) return;
    sheet.ctx.clearRect(0, 0, sheet.width, sheet.height);
    blank = !others.length;
    if (!scene) return;
    for (const one of others) path(scene, one);
    for (const one of others) ball(scene, one);
  }

  /** @param {Scene} scene @param {Lane} lane */
  function path({stage, field, palette}, {id, track: {path, points}}) {
    const colour = colourOf(palette, id);
    follow(stage, field, path, points, trace);
    drawPath(sheet.ctx, trace, palette, colour);
    stage.place(path[0], path[1], spot);
    if (points > 1 && !Number.isNaN(spot[0])) drawStart(sheet.ctx, spot[0], spot[1], spot[2] > 0, palette, colour);
  }

  /** @param {Scene} scene @param {Lane} lane */
  function ball({stage, palette}, {id, track: {path, points}}) {
    const at = 3 * (points - 1);
    stage.place(path[at], path[at + 1], spot);
    if (!Number.isNaN(spot[0])) letteredBall(sheet.ctx, spot[0], spot[1], spot[2] > 0, palette, id);
  }

  return {
    canvas: sheet.canvas,
    /** Paint soon, if anything has moved. @param {Lane[]} lanes */
    request(lanes) {
      const next =
        lanes.length > 1
          ? lanes.map(({id, track}) => `${id} ${track.points} ${track.path[3 * track.points - 3]}`).join()
          : "";
      if (next === key) return;
      key = next;
      painter.request();
    },
    /** Paint at once, because the plane or the eye has moved. */
    paint() {
      painter.cancel();
      paint();
    },
    destroy() {
      painter.cancel();
      destroy();
    },
  };
}

/**
 * A ball that says whose it is.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {boolean} behind
 * @param {Palette} palette @param {number} id of the lane */
export function letteredBall(ctx, x, y, behind, palette, id) {
  const r = 7 * Math.sqrt(palette.stroke);
  const size = palette.small - 1.5;
  const colour = colourOf(palette, id);
  if (behind) drawBall(ctx, x, y, true, palette, colour);
  else {
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 7);
    ctx.fillStyle = colour;
    ctx.fill();
    ctx.strokeStyle = palette.panel;
    ctx.lineWidth = 1.6;
    ctx.stroke();
  }
  letter(ctx, letterOf(id), x, y, {
    font: `700 ${size}px ${palette.font}`,
    size,
    colour: behind ? colour : palette.panel,
    centred: true,
  });
}
