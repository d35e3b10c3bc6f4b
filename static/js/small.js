// @ts-check
/**
 * One view of a run by itself, in a frame: whoever holds the frame sends the run's messages (`server/notebook/
 * small_numbers.py` packs them), and sends them again whenever it has been told that the frame is there.
 */

import {createStore} from "./app/store.js";
import {watchTips} from "./app/tips.js";
import {createAnnouncer, voiceIn} from "./draw/announcer.js";
import {integer, plain} from "./draw/format.js";
import {fill, languageFor, learn, loadLanguage, translate} from "./draw/i18n.js";
import {applyText, initialState} from "./model/model.js";
import {applyOnward} from "./model/onward.js";
import {curvesView} from "./views/curves/curves.js";
import {gradientsView} from "./views/gradients/gradients.js";
import {networkView} from "./views/network/network.js";
import {surfaceView} from "./views/surface/surface.js";
import {decode} from "./wire/protocol.js";
import {messagesIn, unpacked} from "./wire/recording.js";

/** @typedef {import("./types").State} State */
/** What is sent: the name of a view, the theme, and two packed blocks, of which the first changes rarely.
 * @typedef {{view: keyof typeof VIEWS, theme: "light" | "dark", setting: ArrayBuffer, numbers: ArrayBuffer}} Sent */

const VIEWS = {network: networkView, gradients: gradientsView, loss: curvesView, surface: surfaceView};

const lang = languageFor(navigator.languages);
const draw = (/** @type {() => void} */ run) => void requestAnimationFrame(run);
const first = initialState(lang, "light");
const store = createStore(/** @type {State} */ ({...first, page: "full", connection: "open"}), draw);
const voice = /** @type {HTMLElement} */ (document.querySelector('[data-part="voice"]'));
const standing = /** @type {HTMLElement} */ (document.querySelector('[data-role="small-standing"]'));

/** @param {string} key @param {Record<string, string | number>} [params] */
const t = (key, params) => translate(lang, key, params);
const context = {
  t,
  act: async () => ({ok: false, code: "superseded", message: "a small view commands nothing"}),
  choose: (/** @type {Partial<State["view"]>} */ patch) => store.set({view: {...store.get().view, ...patch}}),
  draw,
  view: () => store.get().view,
  announce: createAnnouncer(voiceIn(voice), {now: () => performance.now(), later: setTimeout}),
  openCures() {},
};

/** The newest that was sent and has not been taken, and whether something is being taken. @type {Sent | null} */
let waiting = null;
let busy = false;
/** The checksum of the setting that was taken last. */
let known = NaN;
/** @type {import("./types").View | null} */
let shown = null;

document.documentElement.lang = lang;
await loadLanguage(lang);
fill(document, t);
watchTips(document, {termAt: () => null, open() {}, label: () => ""});
store.subscribe(tell);
window.addEventListener("message", ({data, source}) => {
  if (source !== parent || data?.backscope !== "show") return;
  waiting = data;
  take();
});
parent.postMessage({backscope: "ready"}, "*");

/** Take what was sent, the newest only. */
async function take() {
  if (busy) return;
  busy = true;
  while (waiting) {
    const sent = waiting;
    waiting = null;
    await open(sent).catch(reportError); // what comes next may be right again
  }
  busy = false;
}

/** @param {Sent} sent */
async function open({view, theme, setting, numbers}) {
  document.documentElement.dataset.theme = theme;
  store.set({theme});
  const blocks = await Promise.all([setting, numbers].map(packed => unpacked(new Uint8Array(packed))));
  const [told, news] = blocks.map(messagesIn);
  if (told.checksum !== known) put(told);
  known = told.checksum;
  put(news);
  document.documentElement.dataset.problem = store.get().layout?.landscape ? "landscape" : "network";
  shown ??= built(view);
}

/** @param {ReturnType<typeof messagesIn>} messages */
function put({texts, binaries}) {
  for (const message of texts) {
    if (message.kind === "welcome") learn(message.options.words ?? {});
    store.set(applyText(store.get(), message));
  }
  for (const block of binaries) {
    const {header, arrays} = decode(block);
    store.set(applyOnward(store.get(), header, arrays));
  }
}

/** @param {keyof typeof VIEWS} name */
function built(name) {
  const panel = /** @type {HTMLElement} */ (document.querySelector(`[data-view="${name}"]`));
  panel.hidden = false;
  return VIEWS[name](/** @type {HTMLElement} */ (panel.querySelector(".panel-body")), context);
}

/** @param {State} state */
function tell(state) {
  const {frame} = state;
  shown?.update(state);
  shown?.readNumbers?.(state);
  if (!frame) return;
  const words = [t("watched.step", {n: integer(frame.step)})];
  if (Number.isFinite(frame.loss)) words.push(t("watched.loss_now", {loss: plain(frame.loss, 4)}));
  standing.textContent = words.join(" · ");
}
