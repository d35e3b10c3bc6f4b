import assert from "node:assert/strict";
import test from "node:test";
import {readFileSync} from "node:fs";
import {connect} from "../../../static/js/wire/socket.js";

/** A browser with a hand-driven clock and sockets that the test opens, feeds and cuts. */
function browser(reachable = false) {
  const sockets = [];
  const streams = [];
  const timers = [];
  class FakeSocket {
    readyState = 0;
    sent = [];
    constructor(url, made = sockets) {
      this.url = url;
      made.push(this);
    }
    send(text) {
      this.sent.push(JSON.parse(text));
    }
    open() {
      this.readyState = 1;
      this.onopen();
    }
    say(message) {
      this.onmessage({data: JSON.stringify(message)});
    }
    close(code = 1006) {
      this.readyState = 3;
      this.onclose?.({code});
    }
  }
  class FakeStream extends FakeSocket {
    constructor(url) {
      super(url, streams);
    }
  }
  return {
    sockets,
    streams,
    timers,
    environment: {
      WebSocket: FakeSocket,
      Stream: FakeStream,
      reachable: async () => reachable,
      online: () => true,
      setTimeout: (f, ms) => {
        const timer = {f, ms};
        timers.push(timer);
        return timer;
      },
      clearTimeout: timer => {
        const i = timers.indexOf(timer);
        if (i >= 0) timers.splice(i, 1);
      },
    },
    /** Run the timer that waits for exactly `ms`. */
    pass(ms) {
      const i = timers.findIndex(timer => timer.ms === ms);
      assert.notEqual(i, -1, `no timer of ${ms} ms among ${timers.map(timer => timer.ms)}`);
      timers.splice(i, 1)[0].f();
    },
  };
}

function listener(log) {
  return {
    hello: () => ({secret: "s"}),
    text: message => log.push(["text", message.kind]),
    binary: header => log.push(["binary", header.kind]),
    connection: state => log.push(["connection", state]),
  };
}

const bytes = readFileSync(new URL("../../fixtures/wire/frame_float32.bin", import.meta.url));
const frame = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);

const settle = () => new Promise(resolve => setImmediate(resolve));

test("says hello when open, and matches replies to commands", async () => {
  const page = browser();
  const log = [];
  const socket = connect("ws://x/ws/a", listener(log), page.environment, () => 0);
  page.sockets[0].open();
  assert.deepEqual(page.sockets[0].sent[0], {id: 1, op: "hello", secret: "s"});
  page.sockets[0].say({kind: "reply", id: 1, ok: true});
  await settle();
  const first = socket.request("set", {learning_rate: -1});
  const second = socket.request("step");
  page.sockets[0].say({kind: "reply", id: 3, ok: true, step: 5});
  page.sockets[0].say({kind: "reply", id: 2, ok: false, code: "out_of_range"});
  assert.equal((await first).code, "out_of_range");
  assert.equal((await second).step, 5);
  assert.deepEqual(log, [
    ["connection", "connecting"],
    ["connection", "open"],
  ]);
});

test("a lost connection ends what waits, comes back by itself and says hello again", async () => {
  const page = browser();
  const log = [];
  const socket = connect("ws://x/ws/a", listener(log), page.environment, () => 0);
  page.sockets[0].open();
  page.sockets[0].say({kind: "reply", id: 1, ok: true});
  await settle();
  const waiting = socket.request("step");
  page.sockets[0].close();
  assert.equal((await waiting).code, "disconnected");
  page.pass(250);
  page.sockets[1].open();
  assert.equal(page.sockets[1].sent[0].op, "hello");
  page.sockets[1].say({kind: "reply", id: page.sockets[1].sent[0].id, ok: true});
  await settle();
  assert.deepEqual(
    log.map(([, state]) => state),
    ["connecting", "open", "lost", "lost", "open"],
  );
});

test("a server that stays silent for 12 s counts as lost", async () => {
  const page = browser();
  const log = [];
  connect("ws://x/ws/a", listener(log), page.environment, () => 0);
  page.sockets[0].open();
  page.pass(12_000);
  assert.deepEqual(log.at(-1), ["connection", "lost"]);
  page.pass(250);
  assert.equal(page.sockets.length, 2);
});

test("waits longer after each failure, and tries at once when asked", () => {
  const page = browser();
  const socket = connect("ws://x/ws/a", listener([]), page.environment, () => 0);
  page.sockets[0].close();
  page.pass(250);
  page.sockets[1].close();
  page.pass(500);
  page.sockets[2].close();
  socket.retryNow();
  assert.equal(page.sockets.length, 4);
  assert.ok(!page.timers.some(timer => timer.ms === 1000), "the waiting attempt is cancelled");
});

test("a try that has hung has been a pause already", () => {
  const page = browser();
  connect("ws://x/ws/a", listener([]), page.environment, () => 0);
  for (const pause of [250, 500, 1000, 2000, 4000]) {
    page.sockets.at(-1).close();
    page.pass(pause);
  }
  page.pass(8000);
  page.pass(250);
  page.sockets.at(-1).close();
  page.pass(4000);
});

test("a refusal stays to be read while it is tried again, until there is something else to say", async () => {
  const page = browser();
  const log = [];
  connect("ws://x/ws/a", listener(log), page.environment, () => 0);
  page.sockets[0].open();
  page.sockets[0].say({kind: "reply", id: page.sockets[0].sent[0].id, ok: false, code: "too_many_sessions"});
  await settle();
  page.pass(250);
  assert.deepEqual(
    log.map(([, what]) => what),
    ["connecting", "refused"],
  );
  page.sockets[1].open();
  page.sockets[1].say({kind: "reply", id: page.sockets[1].sent[0].id, ok: true});
  await settle();
  page.sockets[1].close();
  assert.deepEqual(
    log.map(([, what]) => what),
    ["connecting", "refused", "open", "lost"],
  );
});

test("a refusal that trying again cannot cure is final", async () => {
  const page = browser();
  const log = [];
  connect("ws://x/ws/a", listener(log), page.environment, () => 0);
  page.sockets[0].open();
  page.sockets[0].say({kind: "reply", id: 1, ok: false, code: "token_required"});
  await settle();
  assert.deepEqual(log.at(-1), ["connection", "refused"]);
  assert.ok(!page.timers.some(timer => timer.ms === 250));
});

test("those who were lost together come back one after the other", () => {
  const pauses = [0, 0.5, 1].map(chance => {
    const page = browser();
    connect("ws://x/ws/a", listener([]), page.environment, () => chance);
    page.sockets.at(-1).onclose();
    return page.timers.map(timer => timer.ms).at(-1);
  });
  assert.deepEqual(pauses, [250, 200, 150]);
});

test("where sockets come to nothing and the server answers requests, it goes on without sockets", async () => {
  const page = browser(true);
  const log = [];
  connect("ws://x/ws/a", {...listener(log), blocked: () => log.push(["blocked"])}, page.environment, () => 0);
  page.sockets[0].close();
  await settle();
  assert.equal(page.streams.length, 0, "one may be an accident");
  page.pass(250);
  page.sockets[1].close();
  await settle();
  assert.equal(page.streams.length, 1);
  page.streams[0].open();
  page.streams[0].say({kind: "reply", id: page.streams[0].sent[0].id, ok: true});
  await settle();
  assert.deepEqual(log.at(-1), ["connection", "open"]);
  assert.equal(log.filter(([what]) => what === "blocked").length, 1);
  page.streams[0].close();
  page.pass(250);
  assert.equal(page.streams.length, 2, "it comes back the same way");
  assert.equal(page.sockets.length, 2);
});

test("a server that cannot be reached, or that ends a socket itself, is no network that lets none through", async () => {
  for (const [reachable, code] of [
    [false, 1006],
    [true, 4004],
  ]) {
    const page = browser(reachable);
    connect("ws://x/ws/a", listener([]), page.environment, () => 0);
    for (const pause of [250, 500, 1000, 2000]) {
      page.sockets.at(-1).close(code);
      await settle();
      page.pass(pause);
    }
    assert.equal(page.streams.length, 0);
  }
});

test("a socket that hangs while it opens counts as one that came to nothing", async () => {
  const page = browser(true);
  connect("ws://x/ws/a", listener([]), page.environment, () => 0);
  page.pass(8000);
  await settle();
  page.pass(250);
  page.pass(8000);
  await settle();
  assert.equal(page.streams.length, 1);
});

test("each try that fails says what the loss seems to be due to, and none after it is back", async () => {
  const page = browser();
  const causes = [];
  connect("ws://x/ws/a", {...listener([]), cause: cause => causes.push(cause)}, page.environment, () => 0);
  page.sockets[0].open();
  page.sockets[0].say({kind: "reply", id: page.sockets[0].sent[0].id, ok: true});
  await settle();
  let clock = 0;
  const {environment} = page;
  environment.now = () => clock;
  const fail = async (pause, code) => {
    page.sockets.at(-1).close(code);
    await settle();
    page.pass(pause);
  };
  await fail(250, 1012);
  await fail(500);
  environment.online = () => false;
  await fail(1000);
  environment.online = () => true;
  environment.reachable = async () => {
    clock += 5000;
    return false;
  };
  await fail(2000);
  environment.reachable = async () => true;
  await fail(4000, 4002);
  assert.deepEqual(causes, ["stopped", "gone", "offline", "silent", "blocked"]);
  page.sockets.at(-1).close();
  page.pass(4000);
  page.sockets.at(-1).open();
  page.sockets.at(-1).say({kind: "reply", id: page.sockets.at(-1).sent[0].id, ok: true});
  await settle();
  assert.equal(causes.length, 5, "it is back before the cause of the last loss is known");
});

/** A page that has been welcomed and has drawn a frame, with a clock of its own. */
async function inSession(opening = 0) {
  const page = browser();
  const log = [];
  const heard = [];
  let clock = 0;
  page.environment.now = () => clock;
  page.wait = ms => (clock += ms);
  const listens = {...listener(log), quiet: on => heard.push(on)};
  const socket = connect("ws://x/ws/a", listens, page.environment, () => 0);
  const [first] = page.sockets;
  clock += opening;
  first.open();
  first.say({kind: "reply", id: 1, ok: true});
  first.say({kind: "welcome", heartbeat: 2});
  await settle();
  first.onmessage({data: frame});
  socket.send("ack", {seq: 1});
  return {page, log, socket, first, heard};
}

test("beside a socket that goes quiet another is opened, and takes its place if a question stays unanswered", async () => {
  const {page, log, socket, first} = await inSession();
  const asked = socket.request("step");
  page.pass(3000);
  assert.equal(first.sent.at(-1).op, "ping");
  const [, rival] = page.sockets;
  rival.open();
  assert.equal(rival.sent.length, 0);
  page.pass(250);
  assert.equal(first.readyState, 1, "it has half of its time left");
  page.pass(250);
  assert.equal(first.readyState, 3);
  assert.equal((await asked).code, "disconnected");
  assert.equal(rival.sent[0].op, "hello");
  rival.say({kind: "reply", id: rival.sent[0].id, ok: true});
  await settle();
  assert.deepEqual(log.slice(-2), [
    ["connection", "lost"],
    ["connection", "open"],
  ]);
});

test("a quiet socket that answers before the other has its place keeps it, whatever else comes", async () => {
  for (const proof of [{kind: "pong"}, {kind: "beat", heard: 3}, {kind: "beat"}, {kind: "reply", id: 9, ok: true}]) {
    const {page, first} = await inSession();
    page.pass(3000);
    const [, rival] = page.sockets;
    rival.open();
    page.pass(250);
    first.say({kind: "room"});
    assert.equal(rival.readyState, 1, "that was on its way before");
    first.say(proof);
    assert.equal(rival.readyState, 3);
    assert.ok(!page.timers.some(({ms}) => ms === 250));
  }
});

test("while a socket is quiet, what is shown is the last that is known: until it speaks, or another takes its place", async () => {
  for (const speaks of [true, false]) {
    const {page, first, heard} = await inSession();
    const quiet = () => heard.at(-1);
    assert.equal(quiet(), false);
    page.pass(3000);
    assert.equal(quiet(), true);
    const [, rival] = page.sockets;
    rival.open();
    if (speaks) first.say({kind: "pong"});
    else {
      page.pass(250);
      assert.equal(quiet(), true);
      page.pass(250);
    }
    assert.equal(quiet(), false);
  }
});

test("a way up that is stuck shows in the signs of life that come down", async () => {
  const {page, first} = await inSession();
  page.wait(1000);
  first.say({kind: "beat", heard: 1});
  assert.equal(page.sockets.length, 1, "what was sent a second ago may be on its way");
  page.wait(1000);
  first.say({kind: "beat", heard: 2});
  assert.equal(page.sockets.length, 1, "all is heard");
  first.say({kind: "beat", heard: 1});
  assert.equal(page.sockets.length, 2);
});

test("a rival that hangs or is refused is tried again, and ends with the connection", async () => {
  const {page, socket} = await inSession();
  page.pass(3000);
  page.pass(1000);
  page.pass(250);
  page.sockets.at(-1).close(4004);
  page.pass(250);
  assert.equal(page.sockets.length, 4);
  socket.close();
  assert.ok(page.sockets.every(({readyState}) => readyState === 3));
  assert.equal(page.timers.filter(({ms}) => ms <= 1000).length, 0);
});

test("sockets that hang are given up sooner at first, as a packet may be lost, and later as browsers hold them back", async () => {
  const {page} = await inSession();
  page.pass(3000);
  for (const ms of [...Array(5).fill(1000), ...Array(6).fill(4000), 8000, 8000]) {
    page.pass(ms);
    page.pass(250);
  }
});

test("a socket is given twice the time in which another one opened", async () => {
  const {page, first} = await inSession(700);
  first.close();
  page.pass(250);
  page.pass(1400);
});

test("a short try that hangs says nothing of the network, though the server answers requests", async () => {
  const {page, first} = await inSession();
  page.environment.reachable = async () => true;
  first.close();
  await settle();
  page.pass(250);
  for (let i = 0; i < 5; i++) {
    page.pass(1000);
    await settle();
    page.pass(250);
  }
  assert.equal(page.streams.length, 0);
  for (let i = 0; i < 2; i++) {
    page.pass(4000);
    await settle();
    if (i === 0) page.pass(250);
  }
  assert.equal(page.streams.length, 1);
});

test("a socket made because of silence, through which nothing comes, is replaced too, each later than the last", async () => {
  const {page} = await inSession();
  page.pass(3000);
  for (const ms of [1000, 2000, 4000]) {
    page.sockets.at(-1).open();
    page.pass(250);
    page.pass(250);
    assert.equal(page.sockets.at(-1).sent[0].op, "hello");
    page.pass(ms);
  }
  const second = page.sockets.at(-2);
  second.say({kind: "reply", id: second.sent[0].id, ok: true});
  await settle();
  assert.equal(page.sockets.at(-1).readyState, 3, "the last has answered in time");
  assert.deepEqual(
    page.timers.map(({ms}) => ms),
    [12_000],
  );
});

test("a page that comes back to the front asks whether its socket is still there, and leaves one that hangs", async () => {
  const {page, socket, first} = await inSession();
  socket.retryNow();
  assert.equal(first.sent.at(-1).op, "ping");
  first.say({kind: "pong"});
  assert.ok(!page.timers.some(({ms}) => ms === 500));
  socket.retryNow();
  page.pass(500);
  assert.equal(page.sockets.length, 2, "it does not answer");
  page.sockets[1].open();
  page.pass(250);
  page.pass(250);
  page.sockets[1].close();
  page.pass(250);
  socket.retryNow();
  assert.equal(page.sockets[2].readyState, 3);
  assert.equal(page.sockets.length, 4);
  assert.equal(page.timers.length, 1);
});

test("who comes back says what it has of what is large", async () => {
  const {page, first} = await inSession();
  first.say({kind: "welcome", heartbeat: 2, mark: "choices"});
  first.close();
  page.pass(250);
  page.sockets[1].open();
  assert.deepEqual(page.sockets[1].sent[0].has, {options: "choices"});
});

test("no rival for a socket that has shown no frame yet: what is large may be on its way", async () => {
  const page = browser();
  connect("ws://x/ws/a", listener([]), page.environment, () => 0);
  page.sockets[0].open();
  page.sockets[0].say({kind: "welcome", heartbeat: 2});
  assert.deepEqual(
    page.timers.map(({ms}) => ms),
    [12_000],
  );
});
