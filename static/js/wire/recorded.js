// @ts-check
/**
 * A recorded run in the place of a server: the same messages by the same listener, of the steps that were recorded
 * (`server/session/recording.py` writes them). What needs a server is refused with a code of its own.
 */

import {decode} from "./protocol.js";
import {folded, historyUntil, nearest, unpacked} from "./recording.js";

/** @typedef {import("../types").Listener} Listener */
/** @typedef {import("./recording.js").Header} Header */
/** @typedef {import("./recording.js").Place} Place */

const VERSION = 1;
/** Milliseconds between two moments while it plays. */
const BEAT = 33;

/** What nobody misses: asked for by the page itself. */
const UNHEARD = new Set(["look", "anatomy", "arrivals"]);

/**
 * Play a recorded run to a listener.
 * @param {string} base64 the block as text
 * @param {Record<string, any>} options what the page can choose from
 * @param {Listener} listener
 */
export function connectRecorded(base64, options, listener) {
  const packed = Uint8Array.from(atob(base64.trim()), letter => letter.charCodeAt(0));
  const player = new Recorded(listener);
  unpacked(packed).then(block => player.open(block, options));
  return player;
}

class Recorded {
  /** @type {Header} */
  header = /** @type {any} */ (null);
  block = new ArrayBuffer(0);
  /** The number of the moment that is shown. */
  at = 0;
  seq = 0;
  playing = false;
  speed = 60;
  timer = 0;
  /** What the page was told of last. @type {{layout?: any, config?: any, data?: Place}} */
  known = {};
  /** What is inspected. @type {{target: any, over: string, unfold: string[], key: string} | null} */
  watch = null;

  /** @param {Listener} listener */
  constructor(listener) {
    this.listener = listener;
    listener.connection("connecting");
  }

  retryNow() {}

  close() {
    clearInterval(this.timer);
  }

  send() {}

  /** @param {ArrayBuffer} block @param {Record<string, any>} options */
  open(block, options) {
    const length = new DataView(block).getUint32(0, true);
    this.header = JSON.parse(new TextDecoder().decode(new Uint8Array(block, 4, length)));
    if (this.header.version !== VERSION) throw new Error(`a recording of version ${this.header.version}`);
    this.block = block.slice(4 + length);
    this.speed = this.header.state.speed;
    const {listener, header} = this;
    listener.connection("open", {ok: true});
    listener.text({kind: "welcome", keeps: false, options});
    this.show(header.moments.length - 1);
  }

  /** A message of the block. @param {Place} place */
  message([at, length]) {
    return decode(this.block.slice(at, at + length));
  }

  /** What holds at the moment that is shown: it was told with this one or an earlier one.
   * @template {"layout" | "config" | "data"} N @param {N} name */
  latest(name) {
    return this.header.moments.slice(0, this.at + 1).findLast(moment => moment[name])?.[name];
  }

  /** Layout, config and data, where they are others than those that the page knows. */
  tellChanges() {
    const {listener, known} = this;
    const [layout, config, data] = [this.latest("layout"), this.latest("config"), this.latest("data")];
    if (layout && layout !== known.layout) listener.text({kind: "layout", ...layout});
    if (config !== known.config) this.tellState();
    if (data && data !== known.data) {
      const {header, arrays} = this.message(data);
      listener.binary(header, arrays);
    }
    this.known = {layout, config, data};
  }

  tellState() {
    const {state, end} = this.header;
    const {step} = this.moment;
    const status =
      this.playing || state.status.kind === "running" ? {kind: this.playing ? "running" : "paused"} : state.status;
    const lanes = state.lanes.map((/** @type {any} */ lane) => ({...lane, step}));
    const deeds = {undo: null, redo: null};
    this.listener.text({
      kind: "state",
      ...state,
      ...deeds,
      config: this.latest("config"),
      lanes,
      playing: this.playing,
      speed: this.speed,
      status,
      step,
      furthest: end,
    });
  }

  get moment() {
    return this.header.moments[this.at];
  }

  /** What there is to see of the target at a moment. @param {number} k */
  inspectionAt(k) {
    const {watch, header} = this;
    if (!watch) return null;
    const {layer, to, from} = watch.target;
    const name = `${layer} ${to}${from === undefined ? "" : ` ${from}`} ${watch.over}`;
    const found = header.inspections[name]?.[k];
    if (!found) return null;
    const unfold = new Set(watch.unfold);
    return {...found, key: watch.key, tree: folded(found.tree, unfold), forward: folded(found.forward, unfold, "z")};
  }

  /** Moments that can be shown: while something is inspected, those at which it was. */
  get stops() {
    const all = this.header.moments.map((_, k) => k);
    return this.watch ? all.filter(k => this.inspectionAt(k)) : all;
  }

  /** Show a moment: its history, the surface with its path, and the frame. @param {number} k */
  show(k) {
    this.at = k;
    const {header, listener, moment} = this;
    this.tellChanges();
    const history = header.history && historyUntil(this.message(header.history), moment.step);
    if (history) listener.binary(history.header, history.arrays);
    const frame = this.message(moment.frame);
    if (header.surface) {
      const surface = this.message(header.surface);
      const {path} = surface.arrays;
      const figures = frame.header.figures ?? surface.header.figures;
      listener.binary(
        {...surface.header, figures, progress: 1},
        {...surface.arrays, path: path.subarray(0, 3 * moment.path)},
      );
    }
    const inspection = this.inspectionAt(k);
    const told = {
      seq: ++this.seq,
      status: this.playing ? "running" : "paused",
      inspections: inspection ? [inspection] : [],
    };
    const tail = {batch: new Float32Array(), rates: new Float32Array(), metrics: new Float32Array(), path: undefined};
    listener.binary({...frame.header, ...told}, {...frame.arrays, ...tail});
  }

  /** @param {string} op @param {Record<string, any>} [fields] @returns {Promise<any>} */
  async request(op, fields = {}) {
    const act = /** @type {Record<string, (fields: any) => Record<string, unknown> | null>} */ (ANSWERS)[op];
    const answer = act?.call(this, fields);
    if (answer) return {ok: true, step: this.moment.step, seq: this.seq - 1, ...answer};
    if (UNHEARD.has(op)) return {ok: false, code: "superseded", message: "a recording has no such thing"};
    return {ok: false, code: "recorded", message: `${op} needs a running Backscope`};
  }

  /** @param {boolean} playing */
  turn(playing) {
    clearInterval(this.timer);
    this.playing = playing;
    if (playing) this.start();
    this.tellState();
    return {};
  }

  start() {
    const {header} = this;
    if (this.moment.step >= header.end) this.show(this.stops[0] ?? 0);
    let here = this.moment.step;
    this.timer = /** @type {any} */ (
      setInterval(() => {
        here += (this.speed || header.end / 2) * (BEAT / 1000);
        const next = this.stops.filter(k => header.moments[k].step <= here).at(-1) ?? this.at;
        if (next > this.at) this.show(next);
        if (this.moment.step >= header.end || next === this.stops.at(-1)) this.turn(false);
      }, BEAT)
    );
  }

  /** Some moments on, or back. @param {number} by */
  move(by) {
    this.turn(false);
    const stops = this.stops;
    const here = stops.indexOf(nearest(this.header.moments, stops, this.moment.step));
    this.show(stops[Math.min(stops.length - 1, Math.max(0, here + by))] ?? this.at);
    return {target: this.moment.step};
  }
}

/** What a recording can do. @type {Record<string, (this: Recorded, fields: any) => Record<string, unknown> | null>} */
const ANSWERS = {
  play() {
    return this.turn(true);
  },
  pause() {
    return this.turn(false);
  },
  step() {
    return this.move(1);
  },
  step_back() {
    return this.move(-1);
  },
  seek({step}) {
    if (this.playing) this.turn(false);
    this.show(nearest(this.header.moments, this.stops, step) ?? this.at);
    return {target: this.moment.step};
  },
  reset() {
    this.turn(false);
    this.show(0);
    return {};
  },
  speed({steps_per_second: speed}) {
    this.speed = speed;
    this.tellState();
    return {};
  },
  watch({target, over = "sample", unfold = [], key = ""}) {
    this.watch = target && {target, over, unfold, key};
    if (!target) return {};
    const {stops} = this;
    if (!stops.length) {
      this.watch = null;
      return null;
    }
    if (!stops.includes(this.at)) this.show(nearest(this.header.moments, stops, this.moment.step));
    const known = stops.filter(k => k <= this.at).map(k => this.inspectionAt(k));
    const steps = known.map(({step}) => step);
    return {inspection: known.at(-1), history: {steps, values: known.map(({value}) => value ?? null)}};
  },
  activation({layer}) {
    return this.header.curves[layer - 1] ?? null;
  },
  microscope({row}) {
    const stops = this.header.moments.map((_, k) => k).filter(k => this.header.moments[k].microscope);
    if (!stops.length) return null;
    const k = nearest(this.header.moments, stops, this.moment.step);
    const message = this.message(/** @type {Place} */ (this.header.moments[k].microscope));
    if (row !== undefined && row !== message.header.row) return null;
    if (this.playing) this.turn(false);
    if (k !== this.at) this.show(k);
    this.listener.binary(message.header, message.arrays);
    return {};
  },
};
