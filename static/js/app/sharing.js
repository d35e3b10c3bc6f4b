// @ts-check
/**
 * A link that carries this run, with some of its losses and what computed them; and whether a run opened by one goes
 * here as it did there.
 */

import {integer, plain} from "../draw/format.js";
import {encodeRun, opensHere, runOf} from "./link.js";

/** @typedef {import("../types").State} State */
/** @typedef {{backscope: string, numpy: string, kernel: string, engine: string}} Maker versions, processor, engine */
/** @typedef {{steps: number[], losses: (number | null)[], made: Maker}} Losses */
/**
 * @typedef {object} Hands
 * @property {{get(): State, subscribe(listener: (state: State) => void): () => void}} store
 * @property {(op: string, fields?: Record<string, unknown>) => Promise<any>} request
 * @property {(words: () => string, kind?: "error" | "info") => void} say
 * @property {(key: string, params?: Record<string, string | number>) => string} t
 */

/** Characters above which mail and chat programs cut links. */
const LONG = 8000;
/** By what share two losses may differ, and the runs still go alike. */
const ALIKE = 1e-3;

/** @param {Hands} hands */
export function createSharing({store, request, say, t}) {
  /** The address that opens this very run, at this step. @param {Record<string, string>} [beside] what else it holds */
  async function runAddress(beside = {}) {
    const run = runOf(store.get());
    const {ok, steps, losses, made} = await request("agreement");
    const url = new URL(location.href);
    const told = ok === false ? {} : {made: {steps, losses, made}};
    url.hash = new URLSearchParams({...beside, run: await encodeRun({...run, ...told})}).toString();
    return url.href;
  }

  /** Put a link to this very run, at this step, into the clipboard, or where there is none into the address. */
  async function shareLink() {
    const url = await runAddress();
    try {
      await navigator.clipboard.writeText(url);
      say(() => t("share.copied"));
    } catch {
      history.replaceState(null, "", url);
      say(() => t("share.address"));
    }
    if (url.length > LONG) say(() => t("share.long", {size: integer(url.length)}));
    if (store.get().config?.data.name.startsWith("upload-")) say(() => t("upload.link"));
  }

  /** Open a link in a tab of its own, so that this run stays. @param {string} text */
  async function openLink(text) {
    const href = await opensHere(text, location.href);
    if (href) window.open(href, "_blank", "noopener");
    return href !== null;
  }

  return {runAddress, shareLink, openLink};
}

/**
 * Once the run of a link is at its step, say where it parts from the one that the link was made of, if it does.
 * @param {unknown} losses of the link @param {number} step of the link @param {Hands} hands
 */
export function watchAgreement(losses, step, {store, request, say, t}) {
  if (!areLosses(losses)) return;
  let begun = "";
  /** @type {unknown[]} */
  let looked = [];
  const end = store.subscribe(async ({connection, config, log, frame}) => {
    if (connection !== "open" || !config || !frame) return;
    const changed = looked[0] !== config || looked[1] !== log;
    looked = [config, log];
    const run = changed ? JSON.stringify(looked) : begun;
    begun ||= run;
    if (run !== begun) end();
    else if (frame.step >= step) {
      end();
      const here = await request("agreement", {steps: losses.steps});
      const found = here.ok === false ? null : parting(losses, here);
      if (!found) return;
      const made = madeBy(losses.made, t);
      say(() => t("share.parts", {...found, made, now: madeBy(here.made, t)}));
    }
  });
}

/** @param {unknown} losses @returns {losses is Losses} whether a link tells what can be compared */
export function areLosses(losses) {
  const {steps, losses: values, made} = /** @type {any} */ (losses ?? {});
  const lists = Array.isArray(steps) && Array.isArray(values) && steps.length === values.length && steps.length > 0;
  const numbers = lists && steps.every(Number.isInteger) && values.every(x => x === null || Number.isFinite(x));
  return numbers && ["backscope", "numpy", "kernel", "engine"].every(name => typeof made?.[name] === "string");
}

/** Between which steps two runs part, and the losses there; null where they go alike.
 * @param {Losses} there @param {{losses: (number | null)[]}} here */
export function parting(there, here) {
  const k = there.losses.findIndex((loss, index) => !areAlike(loss, here.losses[index]));
  if (k < 0) return null;
  const words = (/** @type {number | null} */ loss) => (loss === null ? "–" : plain(loss, 4));
  const [theirs, ours] = [words(there.losses[k]), words(here.losses[k])];
  return {from: k ? there.steps[k - 1] : 0, step: there.steps[k], there: theirs, here: ours};
}

/** What is no number in one is not compared: a step that one of them has not taken, or no longer keeps.
 * @param {number | null} a @param {number | null} b */
const areAlike = (a, b) => a === null || b === null || Math.abs(a - b) <= ALIKE * Math.max(Math.abs(a), Math.abs(b));

/** @param {Maker} maker @param {Hands["t"]} t */
function madeBy({backscope, numpy, kernel, engine}, t) {
  const parts = [
    `Backscope ${backscope}`,
    `NumPy ${numpy}`,
    kernel,
    ...(engine === "compiled" ? [t("share.compiled")] : []),
  ];
  return parts.map(part => part.slice(0, 60)).join(", ");
}
