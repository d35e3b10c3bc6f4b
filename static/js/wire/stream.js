// @ts-check
/**
 * Stands in for a WebSocket where a network lets none through: messages come down in one long response, and go up in
 * requests of their own.
 */

const PREFIX = 5;
const TEXT = 0;
const CLOSE = 2;
const CHANNEL = "X-Backscope-Channel";

/** Cuts what arrives in pieces of any size into messages. */
export class Messages {
  rest = new Uint8Array(0);

  /**
   * @param {Uint8Array} piece
   * @returns {{kind: number, payload: Uint8Array<ArrayBuffer>}[]} those that are whole; each has memory of its own
   */
  feed(piece) {
    let bytes = piece;
    if (this.rest.length) {
      bytes = new Uint8Array(this.rest.length + piece.length);
      bytes.set(this.rest);
      bytes.set(piece, this.rest.length);
    }
    const found = [];
    let at = 0;
    for (;;) {
      const left = bytes.length - at;
      if (left < PREFIX) break;
      const length = new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(1, true);
      if (left < PREFIX + length) break;
      found.push({kind: bytes[at], payload: bytes.slice(at + PREFIX, at + PREFIX + length)});
      at += PREFIX + length;
    }
    this.rest = bytes.slice(at);
    return found;
  }
}

/** @typedef {(url: string, options: RequestInit) => Promise<Response>} Fetch */

/** What of a WebSocket's interface the connection uses. */
export class StreamSocket {
  /** 0 connecting, 1 open, 3 closed */
  readyState = 0;
  binaryType = "arraybuffer";
  /** @type {(() => void) | null} */
  onopen = null;
  /** @type {((event: {data: any}) => void) | null} */
  onmessage = null;
  /** @type {((event: {code: number}) => void) | null} */
  onclose = null;
  /** Commands that wait for the request before them. @type {string[]} */
  waiting = [];
  sending = false;
  key = "";
  gone = new AbortController();

  /** @param {string} url of the WebSocket that is not to be had @param {Fetch} [fetch] */
  constructor(url, fetch = (address, options) => globalThis.fetch(address, options)) {
    this.url = url.replace(/^ws/, "http").replace(/\/ws\/([^/]*)$/, "/stream/$1");
    this.fetch = fetch;
    this.listen();
  }

  /** Read until the response ends, however it does. */
  async listen() {
    let code = 1006;
    try {
      const {ok, body} = await this.ask(this.url);
      if (ok && body) code = await this.read(body.getReader());
    } catch {
      // it has been cut
    }
    this.end(code);
  }

  /** @param {ReadableStreamDefaultReader<Uint8Array>} reader @returns {Promise<number>} the code of its end */
  async read(reader) {
    const messages = new Messages();
    for (;;) {
      const {done, value} = await reader.read();
      if (done) return 1006;
      for (const {kind, payload} of messages.feed(value)) {
        if (kind === CLOSE) return payload[0] + 256 * payload[1];
        this.take(kind === TEXT ? new TextDecoder().decode(payload) : payload.buffer);
      }
    }
  }

  /** The first message names the channel; all others are for the page. @param {string | ArrayBuffer} data */
  take(data) {
    if (this.readyState === 1) this.onmessage?.({data});
    else if (this.readyState === 0 && typeof data === "string") {
      this.key = JSON.parse(data).key;
      this.readyState = 1;
      this.onopen?.();
    }
  }

  /** @param {string} text */
  send(text) {
    this.waiting.push(text);
    if (!this.sending) this.flush();
  }

  /** Send what waits, one request after the other: so commands arrive in their order. */
  async flush() {
    this.sending = true;
    try {
      while (this.waiting.length && this.readyState === 1) {
        const {ok} = await this.ask(`${this.url}/up`, this.waiting.splice(0).join("\n"));
        if (!ok) this.end(1006);
      }
    } catch {
      this.end(1006);
    }
    this.sending = false;
  }

  /** @param {string} url @param {string} [body] */
  ask(url, body = "") {
    const headers = {[CHANNEL]: this.key};
    return this.fetch(url, {method: "POST", body, headers, cache: "no-store", signal: this.gone.signal});
  }

  close() {
    this.end(1000);
  }

  /** @param {number} code */
  end(code) {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.gone.abort();
    this.onclose?.({code});
  }
}
