// @ts-check
/**
 * The connection to the server: opens, says hello, matches replies to commands, notices silence and comes back by
 * itself; over plain requests where the network lets no socket through.
 */

import {command, decode} from "./protocol.js";
import {disconnected, holding, Letters, PROOFS} from "./letters.js";
import {Outage} from "./outage.js";
import {FINAL, Patience} from "./patience.js";
import {Rival} from "./rival.js";
import {StreamSocket} from "./stream.js";

/** ms of silence after which a connection is lost. */
const SILENCE = 12_000;
/** ms that a page which has come back to the front, or online, gives its socket to answer. */
const ANSWER = 500;
/** Close codes from here on are the server's own: it was reached. */
const OURS = 4000;

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
  /** When it was made, and whether because nothing came through the last one: this network loses packets. */
  made = 0;
  hasty = false;
  /** What it has of what is large and seldom changes: the server's marks, as a hello says. @type {{has?: object}} */
  held = {};
  /** ms between signs of life, as the server told; 0 where it has not. */
  heartbeat = 0;
  /** What may take the place of a socket that has gone quiet. @type {Rival | null} */
  rival = null;
  /** The code with which the last one was closed. @type {number | undefined} */
  code;
  /** Whether it is done without sockets. */
  streams = false;
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
    this.patience = new Patience(random);
    this.outage = new Outage(url, environment);
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

  /** Try again now, for a page that has just come back to the front, or online: what hung before may hang for long. */
  retryNow() {
    if (this.closed) return;
    if (this.socket?.readyState === 1) {
      if (!this.shown || this.rival) return;
      this.send("ping", {});
      this.after(ANSWER, () => this.doubt(SILENCE));
      return;
    }
    this.leave()?.close();
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
    if (!this.refused) this.listener.connection(this.patience.attempt ? "lost" : "connecting");
    this.use(this.make());
    this.expect(this.patience.opening());
  }

  make() {
    this.made = this.now();
    const {WebSocket, Stream = StreamSocket} = this.environment;
    return new (this.streams ? Stream : WebSocket)(this.url);
  }

  /** @param {WebSocket | StreamSocket} socket */
  use(socket) {
    this.socket = socket;
    this.spoken = this.shown = false;
    this.letters = new Letters(this.now);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.patience.opened(this.now() - this.made);
      this.greet();
    };
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
    this.heard();
    const {greeting = "hello"} = this.listener;
    this.request(greeting, {...this.listener.hello(), ...this.held}).then(reply => this.answered(reply));
    const most = this.hasty ? this.patience.firstWord() : SILENCE;
    if (most < SILENCE) this.after(most, () => this.doubt(SILENCE - most));
  }

  /** The hello was answered. @param {any} reply */
  answered(reply) {
    if (reply.ok) {
      this.patience.welcomed();
      this.hasty = this.refused = false;
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
    if (this.rival) this.patience.proven();
    this.rival?.drop();
    this.rival = null;
    this.listener.quiet?.(false);
    const quiet = this.shown ? this.patience.quiet(this.heartbeat) : 0;
    if (quiet === 0 || quiet >= SILENCE) this.expect(SILENCE);
    else this.after(quiet, () => this.doubt(SILENCE - quiet));
  }

  /** It has gone quiet. @param {number} left ms until it is lost */
  doubt(left) {
    if (this.rival) return;
    this.listener.quiet?.(true);
    this.expect(left);
    this.send("ping", {});
    const {environment} = this;
    this.rival = new Rival(
      () => this.make(),
      this.patience,
      environment,
      socket => {
        this.leave()?.close();
        this.hasty = true;
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
      this.hasty = true;
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
   * Tell why it is lost. Where sockets came to nothing although the server answers requests, it may be the network that
   * lets none through.
   * @param {number} waited ms for which it hung
   */
  async examine(waited) {
    const cause = await this.outage.examine(this.spoken, waited, this.code);
    if (cause === null) return;
    if (!this.closed && this.patience.attempt > 0) this.listener.cause?.(cause);
    if (!this.outage.blocked || this.streams || this.spoken) return;
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
    this.held = holding(this.held, header.kind, header.mark);
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
      this.held = holding(this.held, "options", message.mark);
      this.listener.text(message);
      return;
    }
    this.waiting.get(message.id)?.(message);
    this.waiting.delete(message.id);
  }

  /** @param {number} [waited] ms for which a try has hung */
  lost(waited = 0) {
    const {environment, listener} = this;
    if (!this.socket) return;
    this.leave();
    if (this.closed) return;
    this.examine(waited);
    if (!this.verdict) {
      this.refused = false;
      listener.connection("lost");
    }
    this.verdict = false;
    this.retry = environment.setTimeout(() => this.open(), this.patience.pause(waited > 0));
  }

  /** Have done with the socket, and with all that waits for it; return it. */
  leave() {
    const {socket, waiting} = this;
    if (socket) socket.onclose = socket.onmessage = socket.onopen = null;
    this.socket = null;
    this.rival?.drop();
    this.rival = null;
    this.environment.clearTimeout(this.silence);
    for (const resolve of waiting.values()) resolve(disconnected("the connection was lost"));
    waiting.clear();
    return socket;
  }
}
