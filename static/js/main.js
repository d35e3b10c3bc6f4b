// @ts-check
/** Wiring: address and identity → socket → store. The page comes while the server opens the session. */

import {createAdmission, withoutToken} from "./app/admission.js";
import {appearanceOf, appearanceSetters} from "./app/appearance.js";
import {keep, recall, writeAddress} from "./app/choices.js";
import {Classroom} from "./app/classroom.js";
import {watchFrame} from "./app/embedded.js";
import {keepFocusSeen} from "./app/floating.js";
import {createGate} from "./app/gate.js";
import {postTo} from "./app/giving.js";
import {createHand} from "./app/hand.js";
import {Meanwhile} from "./app/meanwhile.js";
import {createAnnouncer, voiceIn} from "./draw/announcer.js";
import {learn, loadLanguage, translate} from "./draw/i18n.js";
import {lasting} from "./draw/lasting.js";
import {identify, keptSecret, NOBODY, random, remember} from "./app/identity.js";
import {isOwnComputer, readAddress, runOf} from "./app/link.js";
import {applyBinary, applyText, initialState} from "./model/model.js";
import {createPresets} from "./app/presets.js";
import {AT_THE_DOOR, followOf, joinAddress, ledOn} from "./app/room_link.js";
import {createLessons, takeDroppedLessons} from "./app/lessons.js";
import {Plan} from "./app/plan.js";
import {createRuns, handedOver, takeDroppedRuns} from "./app/runs.js";
import {createSharing, watchAgreement} from "./app/sharing.js";
import {createUnsaved, lostWords} from "./app/unsaved.js";
import {VERSION} from "./wire/protocol.js";
import {isRecording, openLine} from "./wire/line.js";
import {createStore} from "./app/store.js";
import {errorWords, noticesView} from "./views/notices/notices.js";

/** Why a run came back or began anew without a wish of the user: said in words. */
const TOLD = new Set(["trainer_restarted", "rebuilt", "internal"]);

/** Refusals that need no words: a newer wish came, or the notice about the connection says it already. */
const SILENT = new Set(["superseded", "disconnected"]);
/** What the address asks for is not to be had: the run opens without it. */
const BAD_WISH = new Set([
  ...["unknown_choice", "bad_config", "out_of_range", "not_below", "not_whole"],
  ...["wrong_type", "unknown_field", "missing_field"],
]);

const page = import("./page.js");
const address = await readAddress(new URL(location.href));
const {lang, theme, page: detail} = appearanceOf(address);
const words = loadLanguage(lang);
const handed = handedOver();
address.run ??= handed;
const following = followOf(location.hash);
const identity = following || isRecording() ? NOBODY : await identify(address, handed !== null);
const gate = createGate(
  run => requestAnimationFrame(run),
  () => performance.now(),
);
const first = initialState(lang, theme);
const store = createStore({...first, page: detail}, gate.tell);

/** @param {string} key @param {Record<string, string | number>} [params] */
const t = (key, params) => translate(store.get().lang, key, params);

const hand = createHand(document, Date.now);

/** Whether keys without Ctrl do anything; the choice is remembered. */
const shortcuts = {
  on: () => recall("shortcuts") !== "off",
  /** @param {boolean} on */
  set: on => keep("shortcuts", on ? "on" : "off"),
};

const voice = /** @type {HTMLElement} */ (document.querySelector('[data-part="voice"]'));
const announce = createAnnouncer(voiceIn(voice), {now: () => performance.now(), later: setTimeout});
const unsaved = createUnsaved();
const meanwhile = new Meanwhile(store);
/** The secret under which this browser's runs are kept. */
const owner = keptSecret("backscope.owner");
/** @param {any} reply */
const wordsOf = reply => classroom.wordsOf(reply) ?? errorWords(store.get().lang, t, reply);
const runs = createRuns(owner, {act, post, say, t, wordsOf});
const admission = createAdmission(address.token, {
  drop: () => writeAddress(withoutToken),
  reopen: () => location.reload(),
});
window.addEventListener("hashchange", () => admission.changed(location.hash));
const appearance = appearanceSetters(patch => store.set(patch));
const classroom = new Classroom(following, {
  ...{store, act, say, t, random, owner, lookAt: appearance.lookAt},
  request: (op, fields) => request(op, fields),
  send: (op, fields) => socket.send(op, fields),
});
takeDroppedRuns(document, runs.openFile);
const lessons = createLessons(address.given, {post, choose, say, t, led: () => classroom.led});
takeDroppedLessons(document, lessons.openFiles);
store.set({view: {...store.get().view, lesson: isRecording() ? null : lessons.first(address.lesson)}});
window.addEventListener("hashchange", () => lessons.changed(location.hash));
const presets = createPresets({act, choose, options: () => store.get().options, identity});
const plan = new Plan({store, keep, act, choose, say, t});

/** @type {(op: string, fields?: Record<string, unknown>) => Promise<any>} */
const request = (op, fields) => socket.request(op, fields);
const sharing = createSharing({store, request, say, t});
watchAgreement(address.made, address.run?.step ?? 0, {store, request, say, t});

const context = {
  ...sharing,
  ...{runs, lessons, plan, classroom, shortcuts},
  t,
  announce,
  act,
  choose,
  draw: gate.draw,
  retry: () => socket.retryNow(),
  view: () => store.get().view,
  ...appearance,
  // They ask for what nobody can do in a room, in a recording or beside a lesson that says what to do.
  hints:
    [address.lesson, address.given].some(known => known !== null) || following || isRecording()
      ? "done"
      : (recall("hints") ?? ""),
  keepHints: /** @param {string} done */ done => keep("hints", done),
  ownComputer: () => isOwnComputer(location.hostname),
  usePreset: presets.use,
  giveFile,
  wordsOf,
};
const notices = noticesView(/** @type {HTMLElement} */ (document.querySelector('[data-part="notices"]')), context);

/** Whether the run was about an upload that the server has lost. */
let gone = false;
const socket = openLine(`ws/${identity.session || "room"}`, {
  greeting: following ? "join" : "hello",
  hello() {
    if (following) return {...classroom.hello(), version: VERSION};
    const state = store.get();
    const run = gone
      ? {}
      : state.config
        ? {...runOf(state), playing: state.playing}
        : (address.run ?? (identity.preset ? {preset: identity.preset} : {}));
    return {secret: identity.secret, owner, version: VERSION, ...admission.fields(), ...run};
  },
  quiet: on => meanwhile.doubts(on),
  text(message) {
    meanwhile.heard();
    if (message.kind === "welcome") learn(message.options?.words ?? {});
    store.set(applyText(store.get(), message));
    if (message.kind === "welcome" && !address.run) presets.greet();
    classroom.heard(message);
    if (message.kind === "saved") unsaved.saved(message.id);
    else if (message.kind === "welcome") unsaved.keeps(message.keeps);
    else if (message.kind === "storage") say(...storageWords(message.trouble));
    else if (message.kind === "state") tellReason(message.reason?.code);
  },
  binary(header, arrays, bytes) {
    meanwhile.heard();
    if (header.kind === "frame") {
      gate.arrived();
      classroom.took(bytes ?? 0);
    }
    store.set(applyBinary(store.get(), header, arrays));
  },
  cause: cause => meanwhile.because(cause),
  blocked: () => say(() => t("connection.blocked")),
  connection(connection, reply) {
    if (reply) admission.answered(reply);
    if (connection === "refused" && reply.code === "upload_gone" && !gone) gone = true;
    else if (connection === "refused") refused(reply);
    else if (connection === "open" && gone) {
      gone = false;
      say(() => t("upload.gone"), "error");
    }
    meanwhile.turned(connection);
  },
});

/** @param {string | null} trouble @returns {[() => string, "error" | "info"]} */
function storageWords(trouble) {
  return trouble ? [() => t(`storage.${trouble}`), "error"] : [() => t("storage.again"), "info"];
}

/** Why the run is another, and what of it may be lost. @param {string | undefined} code */
function tellReason(code) {
  if (code && TOLD.has(code)) say(() => t(`reason.${code}`));
  const lost = unsaved.lost(code === "rebuilt" || code === "trainer_restarted");
  const took = meanwhile.back();
  if (lost.length) say(() => t("lost.text", {what: lostWords(lost, t, store.get().lang)}), "error");
  else if (took) say(() => t(following ? "connection.back_room" : "connection.back", {time: lasting(took, t)}));
}

if (isRecording()) say(() => t("recorded.told"));
const {tell} = address;
if (tell)
  say(
    () => [t(tell.key, tell.params), ...(tell.differs ?? []).map(name => t(`playground.differs_${name}`))].join(" "),
    address.run ? "info" : "error",
  );
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) socket.retryNow();
});
window.addEventListener("online", () => socket.retryNow());

const [{openPage}] = await Promise.all([page, words]);
const way = /** @type {HTMLAnchorElement} */ (document.querySelector('[data-part="frame-way"]'));
watchFrame(window, way, () => sharing.runAddress(admission.forAnother()));
openPage(context, {store, gate, notices, shown: seq => classroom.drawn(() => socket.send("ack", {seq}))});
keepFocusSeen(document);
store.subscribe(state => classroom.show(state));

/** A notice, as soon as there are words. @param {() => string} text @param {"error" | "info"} [kind] */
async function say(text, kind) {
  await words;
  notices.toast(text(), kind);
}

/**
 * Say why the server has no session for this page; a wish of the address that cannot be met is dropped.
 * @param {any} reply
 */
function refused(reply) {
  if (ledOn(classroom.following, reply)) return;
  const why = () => context.wordsOf(reply);
  if (classroom.following && !store.get().config && AT_THE_DOOR.has(reply.code)) {
    location.replace(joinAddress(classroom.following, reply.code));
    return;
  }
  words.then(() => notices.refused(why()));
  if (store.get().config || !BAD_WISH.has(reply.code) || (!address.run && !identity.preset)) return;
  address.run = identity.preset = null;
  remember(identity);
  writeAddress(url => url.searchParams.delete("preset"));
  say(() => t("address.refused", {why: why()}), "error");
}

/** What is said of a run that has begun anew: why, where a change asked for it. @param {any} reply */
function restartKey({reason, landscape}) {
  if (reason === "configured") return landscape ? "restart.landscape" : "restart.text";
  return landscape ? "restart.again_landscape" : "restart.again";
}

/**
 * Send a command; a refusal is shown in words, a restart is announced.
 * @param {string} op
 * @param {Record<string, unknown>} [fields]
 * @param {boolean} [quiet] whether a restart is what was announced already
 */
async function act(op, fields, quiet = false) {
  const kept = meanwhile.answer(op, fields);
  if (kept) return kept;
  if (classroom.rests(op)) return classroom.instead(op, fields);
  const change = op === "set";
  if (change) gate.sent();
  const reply = await socket.request(op, hand.mark(op, fields));
  if (change) gate.answered();
  unsaved.note(op, fields ?? {}, reply);
  if (reply.ok === false) {
    if (!SILENT.has(reply.code)) say(() => context.wordsOf(reply), "error");
  } else if (reply.restarted && reply.reason !== "preset" && !quiet)
    say(() => t(restartKey(reply), {seed: String(reply.seed)}));
  return reply;
}

/** @param {Partial<import("./types").State["view"]>} patch */
function choose(patch) {
  store.set({view: {...store.get().view, ...classroom.chosen(patch)}});
}

/** Give the session a file; what it says of it.
 * @param {Blob} content @param {Record<string, string>} options @returns {Promise<any>} */
function giveFile(content, options) {
  return post("upload", content, `?${new URLSearchParams(options)}`);
}

/** Give the session something besides the socket.
 * @param {string} path @param {BodyInit} body @param {string} [query] */
function post(path, body, query = "") {
  return postTo(`${path}/${identity.session}${query}`, body, identity.secret);
}
