// @ts-check
/** The door of a room: a code and a nickname, nothing else. What is typed leads to the page that follows the room. */

import {keep, pick, recall} from "./app/choices.js";
import {fragmentOf} from "./app/room_link.js";
import {CODES, fill, has, LANGUAGES, languageFor, loadLanguage, translate} from "./draw/i18n.js";

/** @param {string} name @returns {HTMLElement} */
const role = name => /** @type {HTMLElement} */ (document.querySelector(`[data-role="${name}"]`));
const input = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (role(name));

const url = new URL(location.href);
const said = new URLSearchParams(url.hash.includes("=") ? url.hash.slice(1) : "");
let lang = pick(url.searchParams.get("lang"), recall("lang"), languageFor(navigator.languages), CODES);
const dark = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
document.documentElement.dataset.theme = pick(url.searchParams.get("theme"), recall("theme"), dark, [
  ...["light", "dark", "projector"],
]);
input("join-code").value = said.get("code") ?? decodeURIComponent(said.size ? "" : url.hash.slice(1)).slice(0, 12);
input("join-name").value = said.get("name") ?? recall("nickname") ?? "";

/** The language that the button offers. */
const next = () => CODES[(CODES.indexOf(lang) + 1) % CODES.length] ?? lang;

async function write() {
  await loadLanguage(lang);
  document.documentElement.lang = lang;
  const t = (/** @type {string} */ key) => translate(lang, key);
  fill(document, t);
  document.title = t("join.title");
  const why = `error.${said.get("why")}`;
  role("join-why").textContent = said.get("why") ? t(has(lang, why) ? why : "error.no_such_room") : "";
  role("join-language").textContent = LANGUAGES[next()];
  role("join-language").lang = next();
}

role("join-language").onclick = () => {
  lang = next();
  keep("lang", lang);
  write();
};

role("join-form").onsubmit = event => {
  event.preventDefault();
  const code = input("join-code").value.trim();
  const name = input("join-name").value.trim();
  if (!code || !name) return;
  keep("nickname", name);
  const page = new URL("./", location.href);
  page.search = location.search;
  page.hash = fragmentOf({code, name});
  location.assign(page.href);
};

await write();
(input("join-code").value ? input("join-name") : input("join-code")).focus();
