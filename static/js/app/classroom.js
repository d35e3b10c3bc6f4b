// @ts-check
/**
 * The page's part in a room: whom it follows, what of its view it shows, and what a follower's page does in place of
 * commands that are not its own.
 */

import {writeAddress} from "./choices.js";
import {heardInCopy} from "./copied_from.js";
import {FramePace} from "./frame_pace.js";
import {ELSEWHERE, glanceOf, pageOf, viewOf} from "./glance.js";
import {keptSecret, remember} from "./identity.js";
import {cameFrom, forget, fragmentOf, go, note} from "./room_link.js";

/** @typedef {import("../types").State} State */
/** @typedef {import("./room_link.js").Following} Following */

/** ms between two words on what is shown: a hand that drags a probe or turns the surface is told so often. */
const TELLING = 80;
/** Commands of a session that a follower may give. */
const ONE_S_OWN = new Set(["explain", "activation", "graph", "laboratory", "anatomy", "doing", "copy", "answer"]);
/** The name of the secret by which rooms know this browser. */
const MEMBER = "backscope.member";

/**
 * @typedef {object} Hands
 * @property {{get(): State, set(patch: Partial<State>): void}} store
 * @property {(op: string, fields?: Record<string, unknown>) => Promise<any>} request
 * @property {(op: string, fields?: Record<string, unknown>) => Promise<any>} act the same, and a refusal is said
 * @property {(op: string, fields: Record<string, unknown>) => void} send
 * @property {(text: () => string, kind?: "error" | "info") => void} say
 * @property {(key: string, params?: Record<string, string | number>) => string} t
 * @property {(bytes: number) => string} random
 * @property {(page: "simple" | "full") => void} [lookAt] shows the simple page or the whole one, without remembering
 * @property {string} owner
 */

export class Classroom {
  /** @param {Following | null} following @param {Hands} hands */
  constructor(following, hands) {
    this.following = following;
    this.hands = hands;
    /** The room that a copy was taken from, in a tab that has one. */
    this.from = following ? null : cameFrom();
    this.secret = following ? keptSecret(MEMBER) : "";
    /** What was shown last, by others and to others. @type {Record<string, any> | null} */
    this.glance = null;
    this.sent = "";
    this.pace = new FramePace();
    /** When what is shown may be told again, and whether that is waited for. */
    this.free = -Infinity;
    this.waits = false;
    /** How much of the page was shown last, and where one was said to be in a lesson. */
    this.page = "";
    this.lesson = "";
  }

  /** What a follower comes in with. */
  hello() {
    return {code: this.following?.code, name: this.following?.name, secret: this.secret};
  }

  /** Whether somebody else drives the run, whom this page follows. */
  get led() {
    return this.following !== null && !this.hands.store.get().room?.you.drives;
  }

  // What is heard

  /** @param {any} message */
  heard(message) {
    const {store} = this.hands;
    if (message.kind === "room") this.entered(message.open ? message : null);
    else if (message.kind === "point") store.set({point: message.at});
    else if (message.kind === "line") this.turned(message.cut);
    else if (message.kind === "copied_from") this.from = heardInCopy(this.from, message, this.hands);
    else if (message.kind === "glance") {
      this.glance = message.view;
      this.look();
    } else if (message.kind === "layout") this.sent = "";
    else if (message.kind === "welcome") {
      this.sent = this.lesson = "";
      this.turned(null);
    }
  }

  /** Whether anything comes from the server of the room. @param {State["cut"]} cut */
  turned(cut) {
    const {store, say, t} = this.hands;
    const before = store.get().cut;
    if (cut === before) return;
    store.set({cut});
    if (!cut && before) say(() => t("room.cut_over"));
  }

  /** @param {State["room"]} room */
  entered(room) {
    const {store} = this.hands;
    const before = store.get().room;
    if (room && this.following && room.code !== this.following.code) {
      this.following = {...this.following, code: room.code};
      writeAddress(url => (url.hash = this.following ? fragmentOf(this.following) : ""));
    }
    store.set({room, ...(room ? {} : {point: null})});
    this.ruled(room, before);
    this.turn(room, before);
  }

  /** Its rules or its driver may be others. @param {State["room"]} room @param {State["room"]} before */
  ruled(room, before) {
    if (room?.you.drives !== before?.you.drives || !before) this.sent = "";
    if (room?.locked && !before?.locked) this.look(true);
    else if (room?.own_pace !== before?.own_pace) this.look();
  }

  /** What becomes of a student is said wherever on the page they are. @param {State["room"]} room
   * @param {State["room"]} before */
  turn(room, before) {
    const {say, t} = this.hands;
    if (!this.following || !before) return;
    if (!room) say(() => t("room.closed_words"));
    else if (room.you.drives && !before.you.drives)
      say(() => t("room.you_drive", {code: room.code, name: room.you.name ?? ""}));
    else if (!room.you.drives && before.you.drives) say(() => t("room.taken_back"));
  }

  /** Words for a refusal that a room explains; null where it does not. @param {{code: string}} reply */
  wordsOf({code}) {
    const {room} = this.hands.store.get();
    if (code !== "no_right" || !room?.you.host || !room.driver) return null;
    return this.hands.t("room.student_drives", {name: room.driver.name});
  }

  /** Show what the other one shows, unless one looks elsewhere. @param {boolean} [back] */
  look(back = false) {
    const {store} = this.hands;
    const state = store.get();
    const {room} = state;
    const led = room && !room.you.drives;
    if (!led || !this.glance || (state.strays && !back && !room.locked)) return;
    store.set({strays: false, view: {...state.view, ...viewOf(this.glance, state)}});
    if (state.strays) this.doing("follows");
    const page = pageOf(this.glance);
    if (page && page !== this.page) this.hands.lookAt?.(page);
    this.page = page ?? "";
  }

  // What is shown

  /** The view may be another one: who drives shows it, a few times a second. @param {State} state */
  show(state) {
    if (!state.room?.you.drives || state.connection !== "open" || this.waits) return;
    const glance = glanceOf(state);
    const text = JSON.stringify(glance);
    if (text === this.sent) return;
    const wait = this.free - performance.now();
    if (wait > 0) {
      this.waits = true;
      setTimeout(() => {
        this.waits = false;
        this.show(this.hands.store.get());
      }, wait);
      return;
    }
    this.free = performance.now() + TELLING;
    this.sent = text;
    this.hands.send("glance", {view: glance});
  }

  /**
   * In a copy from a room, its teacher hears where one is in a lesson.
   * @param {{lesson: string, step: number, of: number, done: boolean, stuck: boolean}} at
   */
  learns(at) {
    const text = JSON.stringify(at);
    if (!this.from || text === this.lesson || this.hands.store.get().connection !== "open") return;
    this.lesson = text;
    this.hands.send("lesson_at", at);
  }

  /** The lesson that everybody is to go through alone; "" for none. */
  get task() {
    const {lesson = null} = this.glance ?? {};
    const {room} = this.hands.store.get();
    return this.led && room?.own_pace && typeof lesson === "string" && /^[\w-]+$/.test(lesson) ? lesson : "";
  }

  /** @param {import("../types").Place | null} at */
  point(at) {
    this.hands.send("point", {at});
    this.hands.store.set({point: at});
  }

  /** A frame has come. @param {number} bytes */
  took(bytes) {
    this.pace.size = bytes;
  }

  /** A frame has been drawn: `tell` asks for the next. @param {() => void} tell */
  drawn(tell) {
    this.pace.drawn(this.led, tell);
  }

  // What a follower does

  /** What of a choice may be made; who follows and chooses otherwise looks elsewhere.
   * @param {Partial<State["view"]>} patch */
  chosen(patch) {
    const {store, say, t} = this.hands;
    const {room, strays} = store.get();
    if (!this.led || !Object.keys(patch).some(name => ELSEWHERE.has(name))) return patch;
    if (room?.locked) {
      say(() => t("room.locked_view"));
      return {};
    }
    if (!strays) {
      store.set({strays: true});
      this.doing("looks");
    }
    return patch;
  }

  /** @param {string} what */
  doing(what) {
    if (this.following) this.hands.request("doing", {what});
  }

  /** Whether a command is not this page's to give. @param {string} op */
  rests(op) {
    return this.led && !ONE_S_OWN.has(op);
  }

  /**
   * What happens in place of it.
   * @param {string} op
   * @param {Record<string, unknown>} [fields]
   * @returns {Promise<any>}
   */
  async instead(op, fields = {}) {
    const {store, request, say, t} = this.hands;
    if (op === "watch") {
      if (!fields.target) return {ok: true};
      const reply = await request("explain", fields);
      return reply.ok === false ? reply : {...reply, history: {}};
    }
    if (op === "microscope") {
      const {microscope} = store.get();
      if (microscope) store.set({microscope: {...microscope}});
      return {ok: true};
    }
    if (navigator.userActivation?.isActive) say(() => t("room.rests"));
    return {ok: false, code: "superseded", message: `${op} is for who drives the run`};
  }

  /** Take the run as it is seen into a session of one's own. @returns {Promise<any>} the refusal, if it is one */
  async copy() {
    const {store, act, random, owner} = this.hands;
    const {task} = this;
    const mine = {session: random(9), secret: random(24)};
    const reply = await act("copy", {...mine, owner, step: store.get().frame?.step ?? 0});
    if (reply.ok === false) return reply;
    remember({...mine, preset: null});
    note(this.following);
    go("", task);
    return reply;
  }

  /** Go back to the room that the copy came from. */
  back() {
    const {from} = this;
    if (from) go(fragmentOf(from));
  }

  /** Leave: to one's own run. */
  leave() {
    forget();
    go("");
  }
}
