// @ts-check
/**
 * The connection to the server: opens, says hello, matches replies to commands, notices silence and comes back by
 * itself.
 */

import {command, decode} from "./protocol.js";

const RETRY = [250, 500, 1000, 2000, 4000];
const SILENCE = 25_000;

/** Error codes of a hello that trying again cannot cure. */
const FINAL = new Set(["token_required", "wrong_secret", "version", "bad_version"]);

/**
 * @typedef {object} Listener
 * @property {() => Record<string, unknown>} hello fields of the hello, asked for at every connection
 * @property {(message: any) => void} text a message with a `kind` that is no reply
 * @property {(header: Record<string, any>, arrays: Record<string, any>) => void} binary
 * @property {(connection: "connecting"|"open"|"lost"|"refused", reply?: any) => void} connection
 */

/**
 * @param {string} url
 * @param {Listener} listener
 * @param {{WebSocket: typeof WebSocket, setTimeout: (f: () => void, ms: number) => any, clearTimeout: (t: any) =>
 * void}} environment
 */
export function connect(url, listener, environment = globalThis) {
  /** @type {WebSocket | null} */
  let socket = null;
  let attempt = 0;
  let nextId = 1;
  let closed = false;
  /**
   * Whether this connection was refused, and whether a refusal is the last that the page was told: it stays to be read
   * while it is tried again.
   */
  let verdict = false;
  let refused = false;
  /** @type {any} timers */
  let silence;
  /** @type {any} */
  let retry;
  /** @type {Map<number, {resolve: (reply: any) => void}>} */
  const waiting = new Map();

  function open() {
    if (!refused) listener.connection(attempt ? "lost" : "connecting");
    socket = new environment.WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      heard();
      request("hello", listener.hello()).then(welcomeOrRefusal);
    };
    socket.onmessage = event => {
      heard();
      if (typeof event.data === "string") text(JSON.parse(event.data));
      else {
        const {header, arrays} = decode(event.data);
        listener.binary(header, arrays);
      }
    };
    socket.onclose = lost;
  }

  /** @param {any} reply */
  function welcomeOrRefusal(reply) {
    if (reply.ok) {
      attempt = 0;
      refused = false;
      listener.connection("open", reply);
    } else if (reply.code !== "disconnected") {
      closed = FINAL.has(reply.code);
      verdict = refused = true;
      listener.connection("refused", reply);
      socket?.close();
    }
  }

  function heard() {
    environment.clearTimeout(silence);
    silence = environment.setTimeout(() => {
      const silent = socket;
      lost();
      silent?.close();
    }, SILENCE);
  }

  function lost() {
    if (!socket) return;
    socket.onclose = socket.onmessage = socket.onopen = null;
    socket = null;
    environment.clearTimeout(silence);
    for (const {resolve} of waiting.values())
      resolve({ok: false, code: "disconnected", message: "the connection was lost"});
    waiting.clear();
    if (closed) return;
    if (!verdict) {
      refused = false;
      listener.connection("lost");
    }
    verdict = false;
    retry = environment.setTimeout(open, RETRY[Math.min(attempt++, RETRY.length - 1)]);
  }

  /** @param {any} message */
  function text(message) {
    if (message.kind !== "reply") return listener.text(message);
    waiting.get(message.id)?.resolve(message);
    waiting.delete(message.id);
  }

  /** @param {string} op @param {Record<string, unknown>} [fields] @returns {Promise<any>} the reply, ok or not */
  function request(op, fields = {}) {
    const id = nextId++;
    return new Promise(resolve => {
      if (socket?.readyState !== 1)
        return resolve({ok: false, code: "disconnected", message: "there is no connection"});
      waiting.set(id, {resolve});
      socket.send(command(op, fields, id));
    });
  }

  open();
  return {
    request,
    /** Send without waiting for an answer. @param {string} op @param {Record<string, unknown>} fields */
    send(op, fields) {
      if (socket?.readyState === 1) socket.send(command(op, fields));
    },
    /** Try again now, for a page that has just come back to the front. */
    retryNow() {
      if (socket || closed) return;
      environment.clearTimeout(retry);
      open();
    },
    close() {
      closed = true;
      environment.clearTimeout(retry);
      socket?.close();
    },
  };
}
