// @ts-check
/** Wiring: address and identity → socket → store → views, at most one drawing per animation frame. */

import {createGate} from "./gate.js";
import {fill, LANGUAGES, loadLanguage, translate} from "./i18n.js";
import {identify, remember} from "./identity.js";
import {racing} from "./lanes.js";
import {encodeRun, readAddress, runOf} from "./link.js";
import {applyBinary, applyText, initialState} from "./model.js";
import {calmly} from "./plot.js";
import {VERSION} from "./protocol.js";
import {connect} from "./socket.js";
import {createStore} from "./store.js";
import {barView} from "./views/bar.js";
import {boundaryView} from "./views/boundary.js";
import {curesView} from "./views/cures.js";
import {curvesView} from "./views/curves.js";
import {dataView} from "./views/data.js";
import {gradientsView} from "./views/gradients.js";
import {depthMapView} from "./views/depthmap.js";
import {inspectorView} from "./views/inspector.js";
import {landscapeView} from "./views/landscape.js";
import {labView} from "./views/lab.js";
import {lanesView} from "./views/lanes.js";
import {microscopeView} from "./views/microscope.js";
import {networkView} from "./views/network.js";
import {errorWords, noticesView} from "./views/notices.js";
import {ownView} from "./views/own.js";
import {raceView} from "./views/race.js";
import {settingsView} from "./views/settings.js";
import {surfaceView} from "./views/surface.js";
import {timelineView} from "./views/timeline.js";

/** @typedef {import("./types").Lang} Lang */
/** @typedef {import("./types").Theme} Theme */

const THEMES = /** @type {Theme[]} */ (["light", "dark", "projector"]);

/** Why a run came back or began anew without a wish of the user: said in words. */
const TOLD = new Set(["trainer_restarted", "rebuilt", "internal"]);

/** What every frame brings, and ms between two numbers to be read. */
const STREAMED = new Set(["frame", "furthest", "surface", "lanes"]), READING = 40;

/** Refusals that need no words: a newer wish came, or the notice about the connection says it already. */
const SILENT = new Set(["superseded", "disconnected"]);
/** What the address asks for is not to be had: the run opens without it. */
const BAD_WISH = new Set(["unknown_choice", "bad_config", "out_of_range", "wrong_type", "unknown_field", "missing_field"]);

const address = readAddress(new URL(location.href));
const lang = pick(address.lang, recall("lang"), navigator.language.startsWith("zh") ? "zh" : "en", LANGUAGES);
const theme = pick(address.theme, recall("theme"), matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light", THEMES);
document.documentElement.dataset.theme = theme;
document.documentElement.lang = lang;

const [identity] = await Promise.all([identify(address.preset, address.run !== null), loadLanguage(lang)]);
const gate = createGate(run => requestAnimationFrame(run), () => performance.now());
const store = createStore(initialState(lang, theme), gate.tell);

/** @param {string} key @param {Record<string, string | number>} [params] */
const t = (key, params) => translate(store.get().lang, key, params);

const context = {t, act, choose, draw: gate.draw, view: () => store.get().view, setTheme, setLanguage, shareLink, usePreset, openSettings, openCures, openDepthMap, openOwn, giveFile, wordsOf: (/** @type {any} */ reply) => errorWords(store.get().lang, t, reply)};
const notices = noticesView(part("notices"), context);
const depthMap = depthMapView(/** @type {HTMLDialogElement} */ (part("depthmap")), context);
const cures = curesView(/** @type {HTMLDialogElement} */ (part("cures")), context);
const own = ownView(/** @type {HTMLDialogElement} */ (part("own")), context);
const settings = settingsView(/** @type {HTMLDialogElement} */ (part("settings")), context);
// Painted views come first: text on a canvas settles the page's styles and layout, which costs nothing while no other view has written yet.
const boundary = boundaryView(role("output"), context), network = networkView(role("network"), context), landscape = landscapeView(role("landscape"), context);
/** Views of numbers to be read. While nothing but the run goes on they follow at a pace that can be read: every new number costs the page a layout. */
const reading = [timelineView(part("timeline"), context), barView(part("bar"), context), inspectorView(part("inspector"), context)], numbers = calmly(() => tell(reading, store.get()), READING, gate.draw);
const views = [
  surfaceView(role("surface"), context),
  curvesView(role("loss-curve"), context),
  raceView(part("race"), context),
  gradientsView(role("gradients"), context),
  boundary,
  network,
  landscape,
  settings,
  own,
  cures,
  depthMap,
  lanesView(part("lanes"), context),
  notices,
  dataView(part("data"), context),
  microscopeView(part("microscope"), context),
  labView(part("laboratory"), context),
];
/** Views that rest where there is a function of two parameters instead of a network, where there is a network, and while the race stands in its place. */
const resting = {landscape: new Set([boundary, network]), network: new Set([landscape]), race: new Set([network, landscape]), none: new Set()};
words();

let drawn = -1;
/** Whether the run was about own data that the server has lost. */
let gone = false;
const socket = connect(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/${identity.session}`, {
  hello() {
    const state = store.get();
    const run = gone ? {} : state.config ? {...runOf(state), playing: state.playing} : address.run ?? (identity.preset ? {preset: identity.preset} : {});
    return {secret: identity.secret, version: VERSION, ...(address.token ? {token: address.token} : {}), ...run};
  },
  text(message) {
    store.set(applyText(store.get(), message));
    if (TOLD.has(message.reason?.code)) notices.toast(t(`reason.${message.reason.code}`));
  },
  binary(header, arrays) {
    if (header.kind === "frame") gate.arrived();
    store.set(applyBinary(store.get(), header, arrays));
  },
  connection(connection, reply) {
    if (connection === "refused" && reply.code === "own_data" && !gone) gone = true;
    else if (connection === "refused") refused(reply);
    else if (connection === "open" && gone) {
      gone = false;
      notices.toast(t("own.gone"), "error");
    }
    store.set({connection});
  },
});

/** What was told last. @type {import("./types").State | null} */
let told = null;
store.subscribe(state => {
  const problem = state.layout?.landscape ? "landscape" : "network", {dataset} = document.documentElement, hidden = racing(state) ? resting.race : resting.none;
  if (dataset.problem !== problem) dataset.problem = problem;
  tell(views.filter(view => !resting[problem].has(view) && !hidden.has(view)), state);
  if (state.playing && told && streamedOnly(told, state)) numbers.request();
  else tell(reading, state);
  told = state;
  if (state.frame && state.frame.seq !== drawn) {
    drawn = state.frame.seq;
    socket.send("ack", {seq: drawn});
  }
  gate.drawn();
});
store.set({});
if (!address.run && new URLSearchParams(location.hash.slice(1)).has("run")) notices.toast(t("address.unreadable"), "error");
document.addEventListener("visibilitychange", () => { if (!document.hidden) socket.retryNow(); });
window.addEventListener("online", () => socket.retryNow());
document.addEventListener("keydown", shortcut);

/** @param {import("./types").View[]} some @param {import("./types").State} state */
function tell(some, state) {
  for (const view of some) {
    try {
      view.update(state);
    } catch (error) {
      reportError(error);      // one view that fails takes nothing from the others
    }
  }
}

/** Whether nothing has changed but what every frame brings. @param {import("./types").State} before @param {import("./types").State} now */
function streamedOnly(before, now) {
  return /** @type {(keyof typeof now)[]} */ (Object.keys(now)).every(name => STREAMED.has(name) || before[name] === now[name]);
}

/** Say why the server has no session for this page; a wish of the address that cannot be met is dropped. @param {any} reply */
function refused(reply) {
  const why = errorWords(store.get().lang, t, reply);
  notices.refused(why);
  if (store.get().config || !BAD_WISH.has(reply.code) || !address.run && !identity.preset) return;
  address.run = identity.preset = null;
  remember(identity);
  writeAddress(url => url.searchParams.delete("preset"));
  notices.toast(t("address.refused", {why}), "error");
}

/** Send a command; a refusal is shown in words, a restart is announced. @param {string} op @param {Record<string, unknown>} [fields] */
async function act(op, fields) {
  const change = op === "set";
  if (change) gate.sent();
  const reply = await socket.request(op, fields);
  if (change) gate.answered();
  if (reply.ok === false) {
    if (!SILENT.has(reply.code)) notices.toast(errorWords(store.get().lang, t, reply), "error");
  } else if (reply.restarted) notices.toast(t("restart.text", {seed: store.get().config?.seed ?? 0}));
  return reply;
}

/** @param {Partial<import("./types").State["view"]>} patch */
function choose(patch) {
  store.set({view: {...store.get().view, ...patch}});
}

/** @param {string} value */
function setTheme(value) {
  const chosen = pick(value, null, "light", THEMES);
  document.documentElement.dataset.theme = chosen;
  keep("theme", chosen);
  store.set({theme: chosen});
}

/** @param {string} value */
async function setLanguage(value) {
  const chosen = pick(value, null, "en", LANGUAGES);
  await loadLanguage(chosen);
  document.documentElement.lang = chosen;
  keep("lang", chosen);
  store.set({lang: chosen});
  words();
}

function openSettings() {
  settings.toggle();
  settings.update(store.get());
}

function openOwn() {
  own.toggle();
  own.update(store.get());
}

/** Give the session a file; what it says of it. @param {Blob} content @param {Record<string, string>} options @returns {Promise<any>} */
async function giveFile(content, options) {
  try {
    const answer = await fetch(`/own/${identity.session}?${new URLSearchParams(options)}`, {method: "POST", body: content, headers: {"X-Backscope-Secret": identity.secret, "Content-Type": "application/octet-stream"}});
    return await answer.json();
  } catch {
    return {ok: false, code: "disconnected", message: "the connection was lost"};
  }
}

function openDepthMap() {
  depthMap.toggle();
}

function openCures() {
  cures.toggle();
}

/** @param {string} name */
async function usePreset(name) {
  if (!name) return;
  const reply = await act("preset", {name});
  if (reply.ok === false) return;
  identity.preset = name;
  remember(identity);
  writeAddress(url => url.searchParams.set("preset", name));
}

/** Put a link to this very run, at this step, into the clipboard and the address. */
async function shareLink() {
  const url = new URL(location.href);
  url.hash = new URLSearchParams({run: encodeRun(runOf(store.get()))}).toString();
  try {
    await navigator.clipboard.writeText(url.href);
    notices.toast(t("share.copied"));
  } catch {
    history.replaceState(null, "", url);
    notices.toast(t("share.address"));
  }
  if (store.get().config?.data.name.startsWith("own-")) notices.toast(t("own.link"));
}

/** Space plays, the arrows step, unless a control has the keyboard. @param {KeyboardEvent} event */
function shortcut(event) {
  const target = /** @type {Element} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, select, textarea, button, dialog, [tabindex]")) return;
  const op = {" ": store.get().playing ? "pause" : "play", ArrowRight: "step", ArrowLeft: "step_back"}[event.key];
  if (!op) return;
  event.preventDefault();
  act(op);
}

function words() {
  fill(document, t);
  document.title = t("page.title");
}

/** The first of three wishes that is allowed. @template {string} T @param {string | null} a @param {string | null} b @param {T} c @param {readonly T[]} allowed @returns {T} */
function pick(a, b, c, allowed) {
  return allowed.find(x => x === a) ?? allowed.find(x => x === b) ?? c;
}

/** @param {string} name @returns {string | null} */
function recall(name) {
  try {
    return localStorage.getItem(`backscope:${name}`);
  } catch {
    return null;
  }
}

/** Remember a choice, and correct the address where it says otherwise. @param {string} name @param {string} value */
function keep(name, value) {
  try {
    localStorage.setItem(`backscope:${name}`, value);
  } catch {
    // the choice holds for this page
  }
  writeAddress(url => { if (url.searchParams.has(name)) url.searchParams.set(name, value); });
}

/** @param {(url: URL) => void} change */
function writeAddress(change) {
  const url = new URL(location.href);
  change(url);
  history.replaceState(null, "", url);
}

/** @param {string} name @returns {HTMLElement} */
function part(name) {
  return /** @type {HTMLElement} */ (document.querySelector(`[data-part="${name}"]`));
}

/** @param {string} name @returns {HTMLElement} */
function role(name) {
  return /** @type {HTMLElement} */ (document.querySelector(`[data-role="${name}"]`));
}
