// @ts-check
/**
 * When what is painted: edges, neurons and pulses each on a sheet of their own, in slices of an animation frame, as
 * often as they change and no more often than is seen.
 */

import {paintedBy} from "../../draw/repaint.js";
import {focusOfPart, frameOf, inward} from "./window.js";
import {waveOf} from "./focus.js";
import {drawHealth, healthOf} from "./health.js";
import {createRhythm} from "./rhythm.js";
import {createSheets} from "./sheets.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("./scene.js").Scene} Scene */
/** ms between two repaints while frames stream in, of many edges, and ms of computing per animation frame. */
const GAP = 40;
const MANY_GAP = 60;
const BUDGET = 1.8;

/** The same number all through an animation frame. */
export function frameTime() {
  const time = document.timeline.currentTime;
  return typeof time === "number" ? time : performance.now();
}

export class Painter {
  /** @param {import("./network.js").Diagram} diagram */
  constructor(diagram) {
    this.diagram = diagram;
    this.sheets = createSheets(diagram.parts.stage, 3);
    const [edges, pulses, nodes] = this.sheets.sheets;
    this.edgeSheet = edges;
    this.pulseSheet = pulses;
    this.nodeSheet = nodes;
    for (const {canvas} of [edges, nodes]) paintedBy(canvas, () => this.repaint());
    this.rhythm = createRhythm();
    /** parameters being drawn @type {Float32Array} */
    this.P = new Float32Array(0);
    /** what has to be painted anew; `lines` are edges whose pictures are still good */
    this.stale = {edges: false, lines: false, maps: false, nodes: false};
    /** what is being computed, slice by slice */
    this.busy = {edges: false, maps: false};
    /** when each was last begun */
    this.since = {edges: -Infinity, nodes: -Infinity};
    /** whether a frame has been asked for, and the frame in which pulses were last painted */
    this.pending = false;
    this.ticked = 0;
    /** whether pulses go on, and whether any are on their sheet */
    this.pulsing = false;
    this.pulsesShown = false;
  }

  /** Paint a new scene from the beginning. */
  restart() {
    const {stale, busy, since} = this;
    stale.edges = stale.maps = stale.nodes = true;
    since.edges = since.nodes = -Infinity;
    busy.edges = busy.maps = false;
    this.P = frameOf(this.diagram.state)?.P ?? this.P;
  }

  /** New parameters. @param {Float32Array} P */
  take(P) {
    this.P = P;
    this.stale.edges = this.stale.maps = true;
  }

  /** Draw what has to be drawn now, and come back if something is left. */
  tick() {
    const now = frameTime();
    const {state, scene, room} = this.diagram;
    if (document.hidden || !state || !room.width) return;
    if (scene && this.fits(state, scene)) {
      const deadline = performance.now() + BUDGET;
      this.paintEdges(state, scene, now, deadline);
      this.paintNodes(state, scene, now, deadline);
      if (this.ticked !== now) this.paintPulses(state, scene, now);
      this.ticked = now;
    }
    if (this.isLeft()) this.again();
  }

  /**
   * In the frame of an update: tick, unless that was done and something is still being computed.
   * @param {number} now
   */
  tickOnce(now) {
    if (this.ticked !== now || (!this.busy.edges && !this.busy.maps)) this.tick();
  }

  /** Whether scene and parameters are those of the state. @param {State} state @param {Scene} scene */
  fits(state, scene) {
    const {layout} = scene;
    return frameOf(state) !== null && layout.id === state.layout?.id && this.P.length === layout.parameters;
  }

  /** Whether something is left to be painted. */
  isLeft() {
    const {stale, busy} = this;
    return stale.edges || stale.lines || stale.maps || stale.nodes || busy.edges || busy.maps || this.pulsing;
  }

  again() {
    if (this.pending) return;
    this.pending = true;
    this.diagram.context.draw(() => {
      this.pending = false;
      this.tick();
    });
  }

  /** @param {State} state @param {Scene} scene @param {number} now @param {number} deadline */
  paintEdges({view}, scene, now, deadline) {
    const {stale, busy, since, P} = this;
    const changes = view.focus?.changes ?? null;
    const drawn = changes ?? P;
    if (stale.edges && !busy.edges && now - since.edges >= (scene.edges.rasterized ? MANY_GAP : GAP)) {
      scene.edges.begin(drawn, changes !== null);
      stale.edges = false;
      busy.edges = true;
      since.edges = now;
    }
    const ready = busy.edges && scene.edges.advance(deadline);
    if (ready) busy.edges = false;
    if (!ready && !stale.lines) return;
    stale.lines = false;
    this.drawEdges(view, scene);
    this.diagram.edgesPainted(scene.edges.unit, changes !== null);
  }

  /** @param {State["view"]} view @param {Scene} scene */
  drawEdges({focus}, scene) {
    const {ctx} = this.edgeSheet;
    this.edgeSheet.clear();
    const aim = focusOfPart(focus, scene.part);
    const aimed = focus ? null : this.diagram.gaze.aimed();
    scene.edges.draw(ctx, aimed, focus?.changes ?? this.P, aim ? (aim.weights ?? [0, 0]) : undefined);
    scene.dimEdges(ctx, aim);
  }

  /** Paint edges and neurons once more, as they are. */
  repaint() {
    const {state, scene} = this.diagram;
    if (!state || !scene || !this.fits(state, scene)) return;
    this.drawEdges(state.view, scene);
    this.nodeSheet.clear();
    this.drawNodes(this.nodeSheet.ctx, state, scene);
  }

  /** @param {State} state @param {Scene} scene @param {number} now @param {number} deadline */
  paintNodes(state, scene, now, deadline) {
    const {stale, busy, since} = this;
    if (stale.maps && !busy.maps && this.mapsMayBegin(now)) {
      scene.pictures?.begin(this.P, frameOf(state)?.S ?? new Float32Array(0));
      stale.maps = false;
      busy.maps = true;
      since.nodes = now;
    }
    if (busy.maps && (scene.pictures?.advance(deadline) ?? true)) {
      busy.maps = false;
      stale.nodes = true;
      this.diagram.mapsPainted();
    }
    if (!stale.nodes || (busy.maps && since.nodes === now)) return;
    stale.nodes = false;
    this.nodeSheet.clear();
    this.drawNodes(this.nodeSheet.ctx, state, scene);
  }

  /** Maps rest in frames in which the edges are repainted, unless nothing was shown for long. @param {number} now */
  mapsMayBegin(now) {
    const {edges, nodes} = this.since;
    return now - nodes >= GAP && (edges !== now || nodes < now - 4 * GAP);
  }

  /**
   * Neurons, skips and all marks on them.
   * @param {CanvasRenderingContext2D} ctx
   * @param {State} state
   * @param {Scene} scene
   */
  drawNodes(ctx, state, scene) {
    const {part} = scene;
    const {hover, selected, highlight, picking, focus} = state.view;
    const frame = frameOf(state);
    const within = (/** @type {Pick[]} */ picks) => picks.flatMap(pick => inward(pick, part) ?? []);
    scene.nodes.draw(ctx, scene.frame(frame), inward(hover, part), inward(selected, part));
    scene.drawSkips(ctx, frame);
    drawHealth(ctx, scene, healthOf(state));
    if (highlight) scene.highlight(ctx, {...highlight, picks: within(highlight.picks)});
    if (picking?.length) scene.highlight(ctx, {flow: "forward", picks: within(picking.map(({pick}) => pick))});
    scene.dimNodes(ctx, focusOfPart(focus, part));
    if (focus?.parameter) scene.highlight(ctx, {flow: "backward", picks: within([focus.parameter])});
  }

  /** @param {State} state @param {Scene} scene @param {number} now */
  paintPulses(state, scene, now) {
    const frame = scene.frame(frameOf(state));
    if (!frame) return;
    const {rhythm, pulseSheet} = this;
    const {still} = this.diagram;
    const {ctx} = pulseSheet;
    const aim = focusOfPart(state.view.focus, scene.part);
    const wave = still.matches ? null : aim ? waveOf(aim, now) : rhythm.at(now, scene.pulses.gaps);
    const glows = still.matches && state.playing;
    if (this.pulsesShown) pulseSheet.clear();
    this.pulsesShown = wave !== null || glows;
    if (wave && wave.direction < 0 && frame.sample < 0)
      scene.pulses.forget(); // a probe has no error to send back
    else if (wave) scene.pulses.draw(ctx, frame, wave);
    else if (glows) scene.pulses.drawStill(ctx, frame);
    else scene.pulses.forget();
    this.pulsing = !still.matches && (aim ? wave !== null : rhythm.runs(now));
  }
}
