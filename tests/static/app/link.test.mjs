import assert from "node:assert/strict";
import test from "node:test";
import {decodeRun, encodeRun, isOwnComputer, readAddress} from "../../../static/js/app/link.js";

const RUN = {
  config: {data: {name: "circle"}, note: "学习率"},
  log: Array.from({length: 40}, (_, k) => ({branch: 0, step: 3 * k, lane: 0, change: {learning_rate: 0.5 + k}})),
  step: 12,
};

test("a run survives the address, and takes less room than its JSON", async () => {
  const text = await encodeRun(RUN);
  assert.deepEqual(await decodeRun(text), RUN);
  assert.match(text, /^z\.[\w-]+$/);
  assert.ok(text.length < JSON.stringify(RUN).length / 3);
});

test("links of old, which are not compressed, still open", async () => {
  const old = Buffer.from(JSON.stringify(RUN)).toString("base64url");
  assert.deepEqual(await decodeRun(old), RUN);
});

test("rubbish is no run, and neither is what unpacks to a flood", async () => {
  const whole = await encodeRun(RUN);
  const broken = [whole.slice(0, -9), `${whole.slice(0, 20)}AAAA${whole.slice(24)}`, "z.", "z.AAAA", "z.%%%"];
  for (const rubbish of ["%%%", "AAAA", "bnVsbA", "", ...broken]) assert.equal(await decodeRun(rubbish), null, rubbish);
  const flood = await encodeRun({...RUN, note: "0".repeat(2 ** 25)});
  assert.ok(flood.length < 100_000);
  assert.equal(await decodeRun(flood), null);
});

test("a thousand broken links carry no run, or one that the server is asked about", async () => {
  const whole = await encodeRun(RUN);
  const old = Buffer.from(JSON.stringify(RUN)).toString("base64url");
  let drawn = 1;
  const next = () => (drawn = (drawn * 48271) % 2147483647);
  const letters = "aZ09_-%.é";
  let nothing = 0;
  for (let k = 0; k < 1000; k += 1) {
    const text = k % 2 ? whole : old;
    const at = 2 + (next() % (text.length - 2));
    const rest = text.slice(at + (next() % 3));
    const broken = text.slice(0, at) + letters[next() % letters.length] + (k % 3 ? rest : "");
    const {run, tell} = await readAddress(new URL(`http://x/#run=${encodeURIComponent(broken)}`));
    assert.equal(run === null, tell?.key === "address.unreadable", broken);
    assert.ok(run === null || "config" in run, broken);
    nothing += Number(run === null);
  }
  assert.ok(nothing > 500, `${nothing}`);
});

test("an address says theme, language, preset, token and run", async () => {
  const address = await readAddress(new URL("http://x/?theme=dark&preset=digits#token=abc"));
  const silent = {given: null, lang: null, lesson: null, link: null, made: null, page: null, run: null, tell: null};
  assert.deepEqual(address, {theme: "dark", preset: "digits", token: "abc", ...silent});
});

test("own computers are told from those that others can reach", () => {
  for (const own of ["localhost", "127.0.0.1", "127.1.2.3", "[::1]", "a.localhost"]) assert.ok(isOwnComputer(own), own);
  for (const other of ["192.168.0.7", "example.org", "127.example.org", "[fe80::1]", "localhost.org"])
    assert.ok(!isOwnComputer(other), other);
});
