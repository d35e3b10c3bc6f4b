// @ts-check
/**
 * The run in the address: what `?theme=`, `?lang=`, `?page=`, `?preset=` and `?lesson=` ask for, and a link that
 * carries a whole run as config, log and step, or a whole lesson as its files.
 */

import {translate} from "./playground.js";

/**
 * @typedef {{config: unknown, log: unknown, step: number, lane?: number, lanes?: {id: number, config: unknown, log:
 * unknown}[], made?: unknown}} Run
 */

/** What builds this very run again, at this step: with all lanes, where there are several.
 * @param {import("../types").State} state @returns {Run} */
export function runOf({config, log, frame, lane, lanes}) {
  const step = Math.max(frame?.step ?? 0, ...lanes.filter(one => one.id !== lane).map(one => one.step));
  if (lanes.length < 2 && lane === 0) return {config, log, step};
  return {config, log, step, lane, lanes: lanes.map(one => ({id: one.id, config: one.config, log: one.log}))};
}

/** What a link whose run is compressed begins with; the letter cannot begin the JSON of a longer one of old. */
const COMPRESSED = "z.";

/** What an address asks for. @param {URL} url */
export async function readAddress(url) {
  const fragment = new URLSearchParams(url.hash.slice(1));
  const said = await runSaid(fragment);
  const {made = null, ...run} = said.run ?? {};
  const token = fragment.get("token");
  fragment.delete("token");
  return {
    theme: url.searchParams.get("theme"),
    lang: url.searchParams.get("lang"),
    page: url.searchParams.get("page"),
    preset: url.searchParams.get("preset"),
    lesson: url.searchParams.get("lesson"),
    token,
    given: fragment.get("lesson"),
    run: said.run && /** @type {Run} */ (run),
    /** By which it is known again. */
    link: said.run && fragment.toString(),
    /** Some of its losses, and what computed them. */
    made,
    tell: said.tell,
  };
}

/**
 * The run that a fragment carries, in our words or in those of TensorFlow Playground; and what there is to tell of it.
 * @param {URLSearchParams} fragment
 * @returns {Promise<{run: Run | null, tell: {key: string, params: Record<string, string>, differs?: string[]} | null}>}
 */
async function runSaid(fragment) {
  const translated = translate(fragment);
  if (translated === null) {
    const run = await decodeRun(fragment.get("run"));
    return {run, tell: fragment.has("run") && !run ? {key: "address.unreadable", params: {}} : null};
  }
  if ("refused" in translated) return {run: null, tell: {key: "playground.refused", params: {...translated.refused}}};
  return {run: translated.run, tell: {key: "playground.opened", params: {}, differs: translated.differs}};
}

/**
 * Where a link that somebody was given opens here, whatever computer it names.
 * @param {string} text @param {string} here the page's own address @returns {Promise<string | null>} null if it
 * carries no run
 */
export async function opensHere(text, here) {
  const fragment = text.trim().split("#").slice(1).join("#");
  const {run, tell} = await runSaid(new URLSearchParams(fragment));
  if (!run && tell?.key !== "playground.refused") return null;
  const url = new URL(here);
  url.search = "";
  url.hash = fragment;
  return url.href;
}

/** Whether only this computer can open an address. @param {string} hostname */
export function isOwnComputer(hostname) {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname) || hostname.endsWith(".localhost");
}

/** @param {object} run or the files of a lesson @returns {Promise<string>} base64url of its compressed JSON */
export async function encodeRun(run) {
  const packed = await through(new TextEncoder().encode(JSON.stringify(run)), new CompressionStream("deflate-raw"));
  let letters = "";
  for (const byte of packed) letters += String.fromCharCode(byte);
  return COMPRESSED + btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @param {string | null} text @returns {Promise<Run | null>} null when it carries no run */
export async function decodeRun(text) {
  const run = await decoded(text);
  return run && "config" in run ? run : null;
}

/** The files of a lesson by their names, as a link carries them. @param {string | null} text
 * @returns {Promise<Record<string, string> | null>} null when it carries none */
export async function decodeLesson(text) {
  const files = await decoded(text);
  return files && Object.values(files).every(file => typeof file === "string") ? files : null;
}

/** @param {string | null} text @returns {Promise<any>} an object, or null */
async function decoded(text) {
  if (!text) return null;
  try {
    const packed = text.startsWith(COMPRESSED);
    const letters = atob((packed ? text.slice(COMPRESSED.length) : text).replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(letters, letter => letter.charCodeAt(0));
    const plain = packed ? await through(bytes, new DecompressionStream("deflate-raw")) : bytes;
    const found = JSON.parse(new TextDecoder().decode(plain));
    return typeof found === "object" ? found : null;
  } catch {
    return null;
  }
}

/** The most bytes that a link's run may unpack to: a log of ten thousand edits takes a tenth of it. */
const MOST_BYTES = 2 ** 24;

/**
 * Bytes after they went through a stream.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {CompressionStream | DecompressionStream} stream
 */
async function through(bytes, stream) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  let length = 0;
  for (;;) {
    const {done, value} = await reader.read();
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    length += value.length;
    if (length > MOST_BYTES) {
      await reader.cancel();
      throw new RangeError(`a link unpacks to more than ${MOST_BYTES} bytes`);
    }
    parts.push(value);
  }
}
