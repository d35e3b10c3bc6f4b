// @ts-check
/**
 * Pictures become a film: WebM by the browser's own encoder, or, where a page over plain http has none, of its WebP
 * pictures, which are whole pictures of VP8; or GIF. Every picture lasts as long as the rate says, however long the
 * machine took for it.
 */

import {gifEncoder} from "./gif.js";
import {webmOf} from "./webm.js";

/** @typedef {"webm" | "gif"} Form */
/** Sides are even numbers of pixels. @typedef {{width: number, height: number, rate: number, title: string}} Film */
/**
 * @typedef {object} Encoder
 * @property {(canvas: HTMLCanvasElement, times: number) => Promise<void>} add a picture that is shown so many times
 * @property {() => Promise<Blob>} finish
 * @property {() => void} drop what was made so far, and what would be made
 */

/** The kinds of encoders of the browser, best first: as the browser and as the file call them. */
const CODECS = /** @type {const} */ ([
  ["vp09.00.31.08", "V_VP9"],
  ["vp8", "V_VP8"],
]);
/** Bits a pixel, and at most how many pictures wait for the encoder. */
const BITS = 0.3;
const WAITING = 4;
/** Seconds between whole pictures: a player goes to one of them first. */
const WHOLE = 2;
/** Of WebP: small, and no artefacts around letters. */
const QUALITY = 0.9;

/** What this browser can make, the best first. @returns {Promise<Form[]>} */
export async function formsHere() {
  return (await webmKind({width: 16, height: 16, rate: 10, title: ""})) ? ["webm", "gif"] : ["gif"];
}

/** @param {Form} form @param {Film} film @returns {Promise<Encoder>} */
export async function encoderOf(form, film) {
  if (form === "gif") return gifEncoder(film);
  const kind = await webmKind(film);
  if (!kind) throw new Error("this browser makes no WebM");
  return kind === "webp" ? webpEncoder(film) : streamEncoder(film, kind);
}

/** @typedef {{codec: "V_VP8" | "V_VP9", config: VideoEncoderConfig}} Kind */

/** How WebM can be made here. @param {Film} film @returns {Promise<Kind | "webp" | null>} */
async function webmKind({width, height, rate}) {
  if ("VideoEncoder" in globalThis)
    for (const [name, codec] of CODECS) {
      const config = {codec: name, width, height, framerate: rate, bitrate: Math.round(BITS * width * height * rate)};
      const {supported} = await VideoEncoder.isConfigSupported(config).catch(() => ({supported: false}));
      if (supported) return {codec, config};
    }
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 16;
  return (await blobOf(canvas)) ? "webp" : null;
}

/** By the browser's encoder. @param {Film} film @param {Kind} kind @returns {Encoder} */
function streamEncoder({width, height, rate, title}, {codec, config}) {
  /** @type {import("./webm.js").Picture[]} */
  const pictures = [];
  /** @type {unknown} */
  let failure = null;
  const encoder = new VideoEncoder({
    output(chunk) {
      const data = new Uint8Array(chunk.byteLength);
      chunk.copyTo(data);
      pictures.push({data, whole: chunk.type === "key"});
    },
    error: error => (failure = error),
  });
  encoder.configure(config);
  let count = 0;
  const room = async () => {
    while (encoder.encodeQueueSize > WAITING && !failure)
      await new Promise(resolve => encoder.addEventListener("dequeue", resolve, {once: true}));
    if (failure) throw failure;
  };
  return {
    async add(canvas, times) {
      for (let k = 0; k < times; k++) {
        await room();
        const frame = new VideoFrame(canvas, {timestamp: Math.round((count * 1e6) / rate), duration: 1e6 / rate});
        encoder.encode(frame, {keyFrame: count % (WHOLE * rate) === 0});
        frame.close();
        count++;
      }
    },
    async finish() {
      await encoder.flush();
      encoder.close();
      return new Blob([webmOf({codec, width, height, rate}, pictures, title)], {type: "video/webm"});
    },
    drop() {
      pictures.length = 0;
      if (encoder.state !== "closed") encoder.close();
    },
  };
}

/** Of WebP pictures. @param {Film} film @returns {Encoder} */
function webpEncoder({width, height, rate, title}) {
  /** @type {import("./webm.js").Picture[]} */
  let pictures = [];
  return {
    async add(canvas, times) {
      const blob = await blobOf(canvas);
      const data = blob && vp8Of(new Uint8Array(await blob.arrayBuffer()));
      if (!data) throw new Error("this browser makes no VP8 pictures");
      for (let k = 0; k < times; k++) pictures.push({data, whole: true});
    },
    async finish() {
      return new Blob([webmOf({codec: "V_VP8", width, height, rate}, pictures, title)], {type: "video/webm"});
    },
    drop() {
      pictures = [];
    },
  };
}

/** A canvas as WebP; null where the browser writes something else. @param {HTMLCanvasElement} canvas
 * @returns {Promise<Blob | null>} */
async function blobOf(canvas) {
  /** @type {Blob | null} */
  const blob = await new Promise(resolve => canvas.toBlob(resolve, "image/webp", QUALITY));
  return blob?.type === "image/webp" ? blob : null;
}

/** The picture within a WebP file: RFC 9649, section 2. @param {Uint8Array} webp */
export function vp8Of(webp) {
  const view = new DataView(webp.buffer, webp.byteOffset, webp.byteLength);
  for (let at = 12; at + 8 <= webp.length;) {
    const size = view.getUint32(at + 4, true);
    if (String.fromCharCode(...webp.subarray(at, at + 4)) === "VP8 ") return webp.subarray(at + 8, at + 8 + size);
    at += 8 + size + (size % 2);
  }
  return null;
}
