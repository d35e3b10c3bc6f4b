// @ts-check
/**
 * The connection to the server: opens, says hello, matches replies to commands, notices silence and comes back by
 * itself; over plain requests where the network lets no socket through.
 */

import {command, decode} from "./protocol.js";
import {Letters, PROOFS} from "./letters.js";
import {causeOf} from "./outage.js";
import {oddAfter, Rival} from "./rival.js";
import {StreamSocket} from "./stream.js";

/** ms before each try to come back, the last for all that follow; ms of silence after which a connection is lost. */
const RETRY = [250, 500, 1000, 2000, 4000];
const SILENCE = 12_000;
/** ms that a socket may take to open: some networks let a request for one hang. */
const OPENING = 8000;
/** The same where one has opened before. TCP asks after 1 and 3 s again, and then only after 7. */
const REOPENING = 4000;
/** Sockets that come to nothing one after the other, while the server answers requests, until it is done without. */
const ENOUGH = 2;
/** Close codes from here on are the server's own: it was reached. */
const OURS = 4000;
/** The share by which a pause may be shorter, so that those who were lost together do not all come back at once. */
const JITTER = 0.4;

/** The reply to a command that did not reach the server, or whose answer did not come. @param {string} message */
const disconnected = message => ({ok: false, code: "disconnected", message});

/** Error codes of a hello that trying again cannot cure. */
const FINAL = new Set([
  ...["token_required", "token_wrong", "wrong_secret", "version", "bad_version"],
  ...["no_such_room", "removed", "room_locked", "bad_name", "elsewhere", "directory_lost"],
]);

/** @typedef {import("../types").Listener} Listener */
/** @typedef {import("../types").SocketEnvironment} Environment */

/** @param {string} url @param {Listener} listener @param {Environment} environment @param {() => number} random */
export function connect(url, listener, environment = globalThis, random = Math.random) {
  const connection = new Connection(url, listener, environment, random);
  connection.open();
  return connection;
}

class Connection {
  /** @type {WebSocket | StreamSocket | null} */
  socket = null;
  /** Whether anything came through this very connection, and whether a frame did: all that is large came before. */
  spoken = false;
  shown = false;
  /** Whether one has opened. */
  opened = false;
  /** ms between signs of life, as the server told; 0 where it has not. */
  heartbeat = 0;
  /** What may take the place of a socket that has gone quiet. @type {Rival | null} */
  rival = null;
  /** The code with which the last one was closed. @type {number | undefined} */
  code;
  /** Sockets that came to nothing although the server could be reached; whether it is done without them. */
  failed = 0;
  streams = false;
  /** Tries since the last welcome. */
  attempt = 0;
  nextId = 1;
  /** Whether it is not tried again. */
  closed = false;
  /** Whether this very connection was refused. */
  verdict = false;
  /** Whether a refusal is the last that the page was told: it stays to be read while it is tried again. */
  refused = false;
  /** @type {any} timers */
  silence;
  /** @type {any} */
  retry;
  /** Who waits for the reply to a command, by its id. @type {Map<number, (reply: any) => void>} */
  waiting = new Map();

  /** @param {string} url @param {Listener} listener @param {Environment} environment @param {() => number} random */
  constructor(url, listener, environment, random) {
    this.random = random;
    this.url = url;
    this.listener = listener;
    this.environment = environment;
    this.now = environment.now ?? (() => performance.now());
    this.letters = new Letters(this.now);
  }

  // For the page

  /** @param {string} op @param {Record<string, unknown>} [fields] @returns {Promise<any>} the reply, ok or not */
  request(op, fields = {}) {
    const id = this.nextId++;
    if (this.socket?.readyState !== 1) return Promise.resolve(disconnected("there is no connection"));
    return new Promise(resolve => {
      this.waiting.set(id, resolve);
      this.write(command(op, fields, id));
    });
  }

  /** Send without waiting for an answer. @param {string} op @param {Record<string, unknown>} fields */
  send(op, fields) {
    if (this.socket?.readyState === 1) this.write(command(op, fields));
  }

  /** @param {string} text */
  write(text) {
    this.letters.add();
    this.socket?.send(text);
  }

  /** Try again now, for a page that has just come back to the front. */
  retryNow() {
    if (this.socket || this.closed) return;
    this.environment.clearTimeout(this.retry);
    this.open();
  }

  close() {
    this.closed = true;
    this.environment.clearTimeout(this.retry);
    this.rival?.drop();
    this.socket?.close();
  }

  // What becomes of it

  open() {
    if (!this.refused) this.listener.connection(this.attempt ? "lost" : "connecting");
    this.use(this.make());
    this.expect(this.opened ? REOPENING : OPENING);
  }

  make() {
    const {WebSocket, Stream = StreamSocket} = this.environment;
    return new (this.streams ? Stream : WebSocket)(this.url);
  }

  /** @param {WebSocket | StreamSocket} socket */
  use(socket) {
    this.socket = socket;
    this.spoken = this.shown = false;
    this.letters = new Letters(this.now);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.greet();
    socket.onmessage = /** @param {{data: any}} event */ event => {
      this.spoken = true;
      this.read(event.data);
    };
    socket.onclose = /** @param {{code: number} | undefined} event */ event => {
      if ((event?.code ?? 0) >= OURS) this.spoken = true;
      this.code = event?.code;
      this.lost();
    };
  }

  greet() {
    this.opened = true;
    this.heard();
    this.request(this.listener.greeting ?? "hello", this.listener.hello()).then(reply => this.answered(reply));
  }

  /** The hello was answered. @param {any} reply */
  answered(reply) {
    if (reply.ok) {
      this.attempt = 0;
      this.refused = false;
      this.listener.connection("open", reply);
    } else if (reply.code !== "disconnected") {
      this.closed = FINAL.has(reply.code);
      this.verdict = this.refused = true;
      this.listener.connection("refused", reply);
      this.socket?.close();
    }
  }

  /**
   * A sign of life: when none follows, a rival is called, and when none follows for long, the connection is lost.
   * @param {boolean} both whether it shows that what was sent has come too
   */
  heard(both = true) {
    if (this.rival && !both) return;
    this.rival?.drop();
    this.rival = null;
    const quiet = this.shown ? oddAfter(this.heartbeat, this.random()) : 0;
    if (quiet === 0 || quiet >= SILENCE) this.expect(SILENCE);
    else this.after(quiet, () => this.doubt(SILENCE - quiet));
  }

  /** It has gone quiet. @param {number} left ms until it is lost */
  doubt(left) {
    if (this.rival) return;
    this.expect(left);
    this.send("ping", {});
    const {environment} = this;
    this.rival = new Rival(
      () => this.make(),
      REOPENING,
      environment,
      socket => {
        const old = this.socket;
        this.leave();
        old?.close();
        this.listener.connection("lost");
        this.use(socket);
        this.greet();
      },
    );
  }

  /** Give it up where nothing comes for so long. @param {number} ms */
  expect(ms) {
    this.after(ms, () => {
      const silent = this.socket;
      this.lost(this.spoken ? 0 : ms);
      silent?.close();
    });
  }

  /** @param {number} ms of silence @param {() => void} then */
  after(ms, then) {
    this.environment.clearTimeout(this.silence);
    this.silence = this.environment.setTimeout(then, ms);
  }

  /**
   * Why it is lost. Where sockets came to nothing although the server answers requests, it may be the network that lets
   * none through.
   * @param {boolean} spoken whether anything came through the socket that was lost
   */
  async examine(spoken) {
    if (spoken) this.failed = 0;
    const cause = await causeOf(this.url, this.code, this.environment);
    if (!this.closed && this.attempt > 0) this.listener.cause?.(cause);
    if (!spoken && !this.streams) this.failed = cause === "blocked" ? this.failed + 1 : 0;
    if (this.failed < ENOUGH || this.streams || this.spoken) return;
    this.streams = true;
    this.listener.blocked?.();
    this.retryNow();
  }

  /** @param {string | ArrayBuffer} data */
  read(data) {
    if (typeof data === "string") {
      this.readText(JSON.parse(data));
      return;
    }
    const {header, arrays} = decode(data);
    const frame = header.kind === "frame";
    this.shown ||= frame;
    if (frame) this.letters.answered();
    this.heard(frame);
    this.listener.binary(header, arrays, data.byteLength);
  }

  /** @param {any} message */
  readText(message) {
    const {kind, heard, heartbeat} = message;
    if (kind === "beat" && this.shown && this.letters.late(heard ?? Infinity)) this.doubt(SILENCE);
    else this.heard(PROOFS.has(kind));
    if (kind !== "reply") {
      if (kind === "welcome") this.heartbeat = 1000 * heartbeat;
      this.listener.text(message);
      return;
    }
    this.waiting.get(message.id)?.(message);
    this.waiting.delete(message.id);
  }

  /** @param {number} [waited] ms for which a try has hung: they are a pause already */
  lost(waited = 0) {
    const {environment, listener} = this;
    if (!this.socket) return;
    this.leave();
    if (this.closed) return;
    this.examine(this.spoken);
    if (!this.verdict) {
      this.refused = false;
      listener.connection("lost");
    }
    this.verdict = false;
    const pause = Math.max(RETRY[0], RETRY[Math.min(this.attempt++, RETRY.length - 1)] - waited);
    this.retry = environment.setTimeout(() => this.open(), pause * (1 - JITTER * this.random()));
  }

  /** Have done with the socket, and with all that waits for it. */
  leave() {
    const {socket, waiting} = this;
    if (socket) socket.onclose = socket.onmessage = socket.onopen = null;
    this.socket = null;
    this.rival?.drop();
    this.rival = null;
    this.environment.clearTimeout(this.silence);
    for (const resolve of waiting.values()) resolve(disconnected("the connection was lost"));
    waiting.clear();
  }
}
