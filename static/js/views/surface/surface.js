// @ts-check
/** The loss of the real network on a plane through its parameters, with the path of the descent lying on it. */

import {compact, plain} from "../../draw/format.js";
import {colourOf} from "../../model/lanes.js";
import {calmly, palette as paletteOf, sheetsOf} from "../../draw/plot.js";
import {filled, heightsOf, known, lossAt, lowest, near, scaleOf, slopeAt} from "./field.js";
import {createAnatomy, drawLanding} from "./anatomy.js";
import {onPlane, surfaceFrame} from "./frame.js";
import {handOn} from "./hand.js";
import {lanePaths, letteredBall} from "./lanes.js";
import {createLines} from "./lines.js";
import {mapStage} from "./map.js";
import {drawArrow, drawBall, drawLowest, drawPath, drawStart, drawTruth, drawWord, emptyTrace, follow} from "./path.js";
import {paintPlane, reliefStage} from "./relief.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Surface} Surface */
/** @typedef {import("./stage.js").Scenery} Scenery */
/** @typedef {import("./field.js").Field} Field */

/**
 * @typedef {(ctx: CanvasRenderingContext2D, x: number, y: number, behind: boolean, palette:
 * import("../../draw/plot.js").Palette, colour: string) => void} Landmark
 */

/** Painting at full quality may take this long while a hand turns the surface, else it is painted coarser. */
const SMOOTH = 9;

/**
 * @param {HTMLElement} root
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View}
 */
export function surfaceView(root, context) {
  const {t, act, choose, draw} = context;
  const stages = {"3d": reliefStage(), contour: mapStage()};
  const touched = {"3d": false, contour: false};
  const trace = emptyTrace();
  const spot = new Float32Array(3);
  const ball = new Float32Array(3);
  const end = new Float32Array(3);
  /** @type {State|null} */ let state = null;
  /** The surface on show: the newest one that can be seen. @type {Surface|null} */ let shown = null;
  /** @type {Field|null} */ let field = null;
  /** @type {Scenery|null} */ let scenery = null;
  /** @type {ReturnType<typeof lowest>} */ let least = null;
  /** @type {import("../../draw/plot.js").Palette|null} */ let palette = null;
  /** The palette of the empty plane. @type {import("../../draw/plot.js").Palette|null} */ let paper = null;
  let drawn = {
    lang: "",
    theme: "",
    planes: /** @type {unknown} */ (null),
    mode: "",
    path: -1,
    figures: /** @type {unknown} */ (null),
    lanes: 0,
  };
  /** The height scale that was asked for. */
  let wanted = false;
  /** A plane that was asked for and has not come yet. */
  let asked = "";
  /** What the line on show was painted for. */
  let seen = "";
  let moving = false;
  let cost = 0;
  let waiting = 0;
  let stale = true;
  /** @type {{x: number, y: number}|null} */ let pointer = null;

  const frame = surfaceFrame(
    root,
    {
      async choosePlane(plane) {
        asked = plane;
        choose({plane, picking: plane === "weights" ? [] : null});
        if ((await act("surface", {plane})).ok === false) asked = "";
      },
      through: through => act("surface", {through}),
      finest: resolution => act("surface", {resolution}),
      arrows: arrows => choose({arrows}),
      penalties: penalties => act("surface", {penalties}),
      pick: () => choose({picking: []}),
      stop: () => act("surface_stop"),
      chooseMode: surface => choose({surface}),
      chooseLog: log_loss => choose({log_loss}),
      explore: () => shown && state && field && explore(shown, field, state),
      reset,
    },
    t,
  );
  const lines = createLines(context, () => {
    if (onPlane(mode())) return;
    stale = true;
    frame.empty(null);
    paint();
    figures.request();
  });
  const parts = createAnatomy(context, () =>
    draw(() => {
      if (onPlane(mode())) paint();
    }),
  );
  const {sheets, destroy: fold} = sheetsOf(frame.stage, 2, () => {
    stale = true;
    paint();
  });
  const others = lanePaths(
    frame.stage,
    () =>
      state && field && shown && scenery && palette && onPlane(mode()) && state.lanes.length > 1
        ? {lanes: state.lanes, lane: state.lane, stage: stageOf(), field, palette}
        : null,
    draw,
  );
  frame.stage.insertBefore(others.canvas, sheets[1].canvas);
  sheets[1].canvas.classList.add("surface-hand");
  frame.dress();
  frame.stage.append(parts.element);
  sheets[1].canvas.setAttribute("role", "img");
  const letGo = handOn(sheets[1].canvas, {
    drag(dx, dy) {
      moving = true;
      turn(stage => stage.drag(dx, dy));
    },
    zoom(factor, x, y) {
      moving = true;
      turn(stage => stage.zoom(factor, x, y));
    },
    reset,
    release() {
      moving = false;
      soon();
    },
    hover(place) {
      pointer = place;
      readout();
    },
    click(at) {
      const place = landscape() && shown && onPlane(mode()) && stageOf().pick(at.x, at.y);
      if (place) act("configure", {initial: [place.alpha, place.beta].map(x => +x.toPrecision(5))});
    },
  });
  const linePainter = calmly(
    () => {
      stale = true;
      paint();
      figures.request();
    },
    70,
    draw,
  );
  const figures = calmly(
    () => {
      if (!onPlane(mode())) return frame.line(lines.figures(), lines.words());
      frame.figures(t, shown);
      const {plane_loss, loss} = shown?.figures ?? {plane_loss: NaN, loss: NaN};
      sheets[1].canvas.setAttribute(
        "aria-label",
        shown
          ? t("surface.aria", {
              plane: t(`surface.plane_${shown.plane}`),
              plane_loss: plain(plane_loss),
              loss: plain(loss),
            })
          : "",
      );
    },
    120,
    draw,
  );

  /** The function on show, where it takes the place of a network. */
  function landscape() {
    const name = state?.layout?.landscape;
    return name ? (state?.options?.landscapes.find(entry => entry.name === name) ?? null) : null;
  }

  /** Coral, or the colour of the lane in focus where there are several. */
  function ink() {
    const known = /** @type {import("../../draw/plot.js").Palette} */ (palette);
    return state && state.lanes.length > 1 ? colourOf(known, state.lane) : known.backward;
  }

  function mode() {
    return state?.view.surface ?? "3d";
  }

  /** The picture of the plane that is on show, or was last. */
  function stageOf() {
    const now = mode();
    return stages[now === "contour" ? "contour" : "3d"];
  }

  /** @param {(stage: import("./stage.js").Stage) => void} change */
  function turn(change) {
    const now = mode();
    if (now !== "3d" && now !== "contour") return;
    touched[now] = true;
    change(stages[now]);
    soon();
  }

  function reset() {
    const now = mode();
    if (now !== "3d" && now !== "contour") return;
    stages[now].reset();
    touched[now] = moving = false;
    soon();
  }

  function isTouched() {
    const now = mode();
    return (now === "3d" || now === "contour") && touched[now];
  }

  /** Paint in the next animation frame, because a hand has moved something. */
  function soon() {
    stale = true;
    if (!waiting) {
      waiting = requestAnimationFrame(() => {
        waiting = 0;
        if (state) frame.choices(state, isTouched(), asked);
        paint();
        readout();
      });
    }
  }

  /**
   * Take over what has arrived, or keep what is shown until enough of the new grid is there.
   * @param {Surface|null} next
   */
  function receive(next) {
    if (!next) {
      shown = field = null;
      return;
    }
    if (shown && shown.grid === next.grid && shown.plane_id === next.plane_id) {
      shown = next;
      return;
    }
    const fresh = {resolution: next.resolution, grid: next.grid, alpha: next.alpha, beta: next.beta};
    const share = next.progress < 1 ? known(fresh) : 1;
    if (share < 1 && shown?.plane_id === next.plane_id && field) field = filled(field, fresh);
    else if (share >= 0.5) field = fresh;
    else {
      if (!field) shown = null;
      return;
    }
    shown = next;
  }

  /** Heights and colours for what is shown; the same object while nothing of it changes. @param {State} state */
  function arrange({view: {log_loss}, theme}) {
    if (!field || !shown || !palette) {
      stale ||= scenery !== null || palette !== paper;
      scenery = null;
      paper = palette;
      return;
    }
    const names = /** @type {[string, string]} */ ([shown.axes[0] ?? "α", shown.axes[1] ?? "β"]);
    if (
      scenery &&
      scenery.field === field &&
      scenery.theme === theme &&
      scenery.palette === palette &&
      wanted === log_loss
    )
      return;
    const {path, points} = shown;
    const last = 3 * (points - 1);
    const ends = points
      ? [lossAt(field, path[0], path[1]), lossAt(field, path[last], path[last + 1])].filter(Number.isFinite)
      : [];
    const next = scaleOf(field.grid, log_loss, Math.max(...ends));
    const scale = scenery && wanted === log_loss && near(scenery.scale, next) ? scenery.scale : next;
    wanted = log_loss;
    least = lowest(field);
    scenery = {field, scale, heights: heightsOf(scale, field.grid), theme, palette, names};
    stale = true;
  }

  function paint() {
    const {width, height} = sheets[0];
    if (!state || !palette || width < 8 || height < 8) return;
    if (!onPlane(mode())) {
      others.paint();
      return paintLine(palette);
    }
    if (stale) {
      stale = false;
      if (!scenery) paintPlane(sheets[0], palette);
      else {
        const began = performance.now();
        const coarse = moving && cost > SMOOTH;
        stageOf().paint(sheets[0], scenery, coarse);
        if (!coarse)
          cost = cost
            ? Math.min(cost * 1.5, 0.7 * cost + 0.3 * (performance.now() - began))
            : performance.now() - began;
      }
      others.paint();
    }
    paintPath();
  }

  /** @param {import("../../draw/plot.js").Palette} ink */
  function paintLine(ink) {
    if (!stale) return;
    stale = false;
    lines.paint(sheets[0], ink);
    sheets[1].ctx.clearRect(0, 0, sheets[1].width, sheets[1].height);
    parts.hide();
    frame.note("");
  }

  function paintPath() {
    const {ctx, width, height} = sheets[1];
    ctx.clearRect(0, 0, width, height);
    if (!stageOf().flat) parts.hide();
    if (!scenery || !shown || !palette || !field) return frame.note("");
    const stage = stageOf();
    const {path, points} = shown;
    const at = 3 * (points - 1);
    const colour = ink();
    follow(stage, field, path, points, trace);
    drawPath(ctx, trace, palette, colour);
    stage.place(points ? path[at] : NaN, points ? path[at + 1] : NaN, ball);
    const known = landscape();
    for (const [a, b] of known?.minima ?? []) {
      stage.place(a, b, spot);
      landmark(ctx, drawLowest, t("surface.minimum"), palette.text);
    }
    if (least && !known) {
      stage.place(least.alpha, least.beta, spot);
      landmark(ctx, drawLowest, t("surface.lowest"), palette.text);
    }
    if (points > 1) {
      stage.place(path[0], path[1], spot);
      landmark(ctx, drawStart, t("surface.start"), colour);
    }
    if (points > 0) present(ctx, path[at], path[at + 1]);
    else frame.note("");
  }

  /** A mark and its word at `spot`, where there is room for it.
   * @param {CanvasRenderingContext2D} ctx @param {Landmark} paintMark @param {string} word @param {string} colour */
  function landmark(ctx, paintMark, word, colour) {
    if (!palette || Number.isNaN(spot[0])) return;
    paintMark(ctx, spot[0], spot[1], spot[2] > 0, palette, colour);
    const crowded = Math.abs(ball[0] - spot[0] - 24) < 40 && Math.abs(ball[1] - spot[1]) < 16;
    const aside = 9 * palette.stroke;
    const wide = word.length * palette.small * (/[\u3000-\u9fff]/.test(word) ? 1.05 : 0.66);
    const fits = spot[0] + aside + wide < sheets[1].width;
    if (!spot[2] && !crowded) drawWord(ctx, word, fits ? spot[0] + aside : spot[0] - aside - wide, spot[1], palette);
  }

  /** The ball where the run is now. @param {CanvasRenderingContext2D} ctx @param {number} a @param {number} b */
  function present(ctx, a, b) {
    if (!shown || !palette || !field) return;
    const stage = stageOf();
    const {alpha, beta} = field;
    const [x, y, behind] = ball;
    const inside = a >= alpha[0] && a <= alpha[1] && b >= beta[0] && b <= beta[1];
    frame.note(inside ? "" : t("surface.outside"));
    if (!inside) {
      // At the border it left by, hollow.
      stage.place(Math.min(alpha[1], Math.max(alpha[0], a)), Math.min(beta[1], Math.max(beta[0], b)), spot);
      if (!Number.isNaN(spot[0])) drawBall(ctx, spot[0], spot[1], true, palette, ink());
    }
    if (Number.isNaN(x)) return;
    const next = parts.landing(a, b);
    if (next) {
      stage.place(next[0], next[1], spot);
      drawLanding(ctx, ball, spot, palette);
    }
    if (stage.flat) {
      if (
        !parts.draw(
          ctx,
          stage,
          ball,
          palette,
          scenery?.names ?? ["α", "β"],
          x > sheets[1].width / 2 && y > sheets[1].height / 2,
        )
      )
        slopeArrow(ctx, a, b);
    } else if (shown.figures.parameters !== 2) {
      stage.lift(a, b, shown.figures.loss, end);
      drawTruth(ctx, x, y, end[1], palette);
    }
    if (state && state.lanes.length > 1) letteredBall(ctx, x, y, behind > 0, palette, state.lane);
    else drawBall(ctx, x, y, behind > 0, palette, ink());
  }

  /**
   * Down the slope of the plane's loss; longer where it is steeper.
   * @param {CanvasRenderingContext2D} ctx
   * @param {number} a
   * @param {number} b
   */
  function slopeArrow(ctx, a, b) {
    if (!field || !scenery || !palette) return;
    const [slopeA, slopeB] = slopeAt(field, a, b);
    const {alpha, beta} = field;
    const wide = alpha[1] - alpha[0];
    const high = beta[1] - beta[0];
    const steep = Math.hypot(slopeA * wide, slopeB * high) / (scenery.scale.high - scenery.scale.low);
    const reach = 1e-3 / Math.hypot(slopeA / high, slopeB / wide);
    if (!Number.isFinite(reach)) return;
    stages.contour.place(a - slopeA * reach, b - slopeB * reach, end);
    const dx = end[0] - ball[0];
    const dy = end[1] - ball[1];
    const size = Math.hypot(dx, dy);
    const length = Math.min(46, Math.max(15, 46 * Math.sqrt(steep))) * Math.sqrt(palette.stroke);
    if (size > 0) drawArrow(ctx, ball[0], ball[1], (dx / size) * length, (dy / size) * length, palette, ink());
  }

  function readout() {
    if (!onPlane(mode())) {
      const text = pointer ? lines.read(pointer) : "";
      return frame.point(pointer && text ? {...pointer, text} : null);
    }
    const place = pointer && shown && field && stageOf().pick(pointer.x, pointer.y);
    if (!pointer || !place || !field || !shown) return frame.point(null);
    const {alpha: a, beta: b} = place;
    const loss = lossAt(field, a, b);
    const high = scenery?.scale.high ?? Infinity;
    const params = {
      a: plain(a),
      b: plain(b),
      loss: plain(loss),
      x: shown.axes[0] ?? "α",
      y: shown.axes[1] ?? "β",
      high: compact(high),
    };
    const text = t(loss > high ? "surface.tip_clipped" : "surface.tip", params);
    frame.point({...pointer, text: landscape() ? `${text} · ${t("surface.click_start")}` : text});
  }

  /**
   * Plotly's large picture; its code is fetched only here.
   * @param {Surface} surface
   * @param {Field} field
   * @param {State} state
   */
  async function explore(surface, field, state) {
    const {openExplorer} = await import("./plotly.js");
    openExplorer({
      surface,
      field,
      scale: /** @type {Scenery} */ (scenery).scale,
      theme: state.theme,
      lang: state.lang,
      step: state.frame?.step ?? 0,
      palette: paletteOf(root),
      t,
    });
  }

  /** @param {State} next */
  function update(next) {
    state = next;
    if (drawn.theme !== next.theme) palette = paletteOf(root);
    lines.update(next, mode());
    parts.update(next, onPlane(mode()) && next.view.arrows && next.surface !== null);
    if (drawn.lang !== next.lang || drawn.planes !== next.options) frame.words(t, next);
    if (drawn.mode !== mode()) stale = true;
    if (next.plane_choice?.plane === asked) asked = "";
    receive(next.surface);
    arrange(next);
    frame.choices(next, isTouched(), asked);
    const {share, resolution} = next.computing;
    const flat = onPlane(mode());
    frame.progress(t, !flat ? 1 : resolution ? share : (next.surface?.progress ?? 1), flat ? resolution : 0);
    if (!flat) {
      const sight = [
        mode(),
        next.theme,
        next.lang,
        next.view.log_loss,
        mode() === "sharpness" && [next.frame?.step, next.frame?.learning_rate],
      ].join();
      if (sight !== seen) linePainter.request();
      seen = sight;
      if (lines.ready()) frame.empty(null);
      else frame.empty(t("surface.empty_lines"), t(`surface.empty_${mode()}_text`));
    } else if (scenery) frame.empty(null);
    else words(next);
    if (drawn.figures !== shown?.figures || drawn.mode !== mode() || drawn.lang !== next.lang) figures.request();
    others.request(next.lanes);
    if (
      stale ||
      drawn.path !== (shown?.path_version ?? -1) ||
      drawn.figures !== shown?.figures ||
      drawn.lanes !== next.lanes.length
    )
      paint();
    drawn = {
      lang: next.lang,
      theme: next.theme,
      planes: next.options,
      mode: mode(),
      path: shown?.path_version ?? -1,
      figures: shown?.figures,
      lanes: next.lanes.length,
    };
  }

  /** Why there is nothing to see, and what to do. @param {State} state */
  function words({surface, frame: numbers, view, connection}) {
    const kind =
      connection !== "open" && !numbers
        ? "connecting"
        : surface
          ? "computing"
          : view.plane === "pca" && !numbers?.step
            ? "pca"
            : "computing";
    frame.empty(t(`surface.empty_${kind}`), t(`surface.empty_${kind}_text`));
    frame.note("");
  }

  return {
    update,
    destroy() {
      cancelAnimationFrame(waiting);
      figures.cancel();
      linePainter.cancel();
      lines.destroy();
      parts.destroy();
      letGo();
      others.destroy();
      fold();
      frame.destroy();
    },
  };
}
