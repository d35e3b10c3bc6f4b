import assert from "node:assert/strict";
import test from "node:test";
import {Messages, StreamSocket} from "../../../static/js/wire/stream.js";

const settle = () => new Promise(resolve => setTimeout(resolve, 5));

/** A message as the server packs it. */
function packed(kind, payload) {
  const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : Uint8Array.from(payload);
  const message = new Uint8Array(5 + bytes.length);
  message[0] = kind;
  new DataView(message.buffer).setUint32(1, bytes.length, true);
  message.set(bytes, 5);
  return message;
}

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

test("messages are found whatever pieces they come in", () => {
  const all = joined(packed(0, "ä{}"), packed(1, [1, 2, 3, 4]), packed(0, ""), packed(2, [164, 15]));
  for (let size = 1; size <= all.length; size++) {
    const messages = new Messages();
    const found = [];
    for (let at = 0; at < all.length; at += size) found.push(...messages.feed(all.subarray(at, at + size)));
    assert.deepEqual(
      found.map(({kind, payload}) => [kind, [...payload]]),
      [
        [0, [...new TextEncoder().encode("ä{}")]],
        [1, [1, 2, 3, 4]],
        [0, []],
        [2, [164, 15]],
      ],
    );
    assert.equal(found[1].payload.byteOffset, 0, "arrays of four bytes begin where they may");
  }
});

/** A server: what was asked of it, and a hand on its response and on its answers. */
function server() {
  const asked = [];
  const answers = [];
  let down;
  const body = new ReadableStream({start: controller => (down = controller)});
  const fetch = (url, options) => {
    asked.push({url, ...options});
    if (!url.endsWith("/up")) return Promise.resolve({ok: true, body});
    return new Promise(resolve => answers.push(ok => resolve({ok})));
  };
  return {asked, answers, fetch, say: message => down.enqueue(message), end: () => down.close()};
}

test("it opens once its channel is named, and hands on all else", async () => {
  const {asked, fetch, say, end} = server();
  const heard = [];
  const socket = new StreamSocket("wss://x/lab/ws/a", fetch);
  socket.onopen = () => heard.push("open");
  socket.onmessage = ({data}) => heard.push(typeof data === "string" ? data : new Uint8Array(data).length);
  socket.onclose = ({code}) => heard.push(code);
  assert.equal(asked[0].url, "https://x/lab/stream/a");
  await settle();
  assert.equal(socket.readyState, 0);
  say(joined(packed(0, '{"key":"k"}'), packed(0, "{}"), packed(1, [1, 2, 3, 4])));
  await settle();
  end();
  await settle();
  assert.deepEqual(heard, ["open", "{}", 4, 1006]);
});

test("commands go up in their order, one request at a time, those that waited together", async () => {
  const {asked, answers, fetch, say} = server();
  const socket = new StreamSocket("ws://x/ws/a", fetch);
  say(packed(0, '{"key":"k"}'));
  await settle();
  for (const text of ["1", "2", "3"]) socket.send(text);
  assert.deepEqual(
    asked.slice(1).map(({url, body, headers}) => [url, body, headers["X-Backscope-Channel"]]),
    [["http://x/stream/a/up", "1", "k"]],
  );
  answers[0](true);
  await settle();
  assert.equal(asked[2].body, "2\n3");
});

test("a request that is refused, a code from the server and a close each end it once", async () => {
  for (const [finish, code] of [
    [({answers}) => answers[0](false), 1006],
    [({say}) => say(packed(2, [164, 15])), 4004],
    [(_, socket) => socket.close(), 1000],
  ]) {
    const one = server();
    const codes = [];
    const socket = new StreamSocket("ws://x/ws/a", one.fetch);
    socket.onclose = event => codes.push(event.code);
    one.say(packed(0, '{"key":"k"}'));
    await settle();
    socket.send("1");
    finish(one, socket);
    await settle();
    socket.close();
    assert.deepEqual(codes, [code]);
    assert.ok(one.asked[0].signal.aborted);
  }
});
