import assert from "node:assert/strict";
import test from "node:test";
import {createAdmission, withoutToken} from "../../../static/js/app/admission.js";

/** A browser that keeps something, or nothing. */
function browser(kept = {}, keeps = true) {
  const did = [];
  globalThis.localStorage = {
    getItem: name => kept[name] ?? null,
    setItem(name, value) {
      if (!keeps) throw new Error("no storage here");
      kept[name] = value;
    },
  };
  return {did, kept, page: {drop: () => did.push("drop"), reopen: () => did.push("reopen")}};
}

test("the token is shown until there is a pass for it, which a reload shows", () => {
  const {did, kept, page} = browser();
  const admission = createAdmission("secret", page);
  assert.deepEqual(admission.fields(), {token: "secret"});
  admission.answered({ok: true, pass: "p"});
  assert.deepEqual(did, ["drop"]);
  assert.deepEqual(admission.fields(), {pass: "p"});
  assert.deepEqual(createAdmission(null, browser(kept).page).fields(), {pass: "p"});
  assert.ok(!JSON.stringify(kept).includes("secret"));
  assert.deepEqual(admission.forAnother(), {token: "secret"});
  assert.deepEqual(createAdmission(null, page).forAnother(), {});
});

test("a browser without storage keeps the token in the address", () => {
  const {did, page} = browser({}, false);
  const admission = createAdmission("secret", page);
  admission.answered({ok: true, pass: "p"});
  assert.deepEqual(did, []);
  assert.deepEqual(admission.fields(), {token: "secret"});
});

test("a pass that is good no more is not shown again; a server that asks nothing is shown nothing", () => {
  const {page} = browser({"backscope.pass": "old"});
  const admission = createAdmission(null, page);
  admission.answered({ok: false, code: "token_required"});
  assert.deepEqual(admission.fields(), {});
  admission.answered({ok: true});
  assert.deepEqual(admission.fields(), {});
});

test("a whole link opened in this very tab opens the page anew", () => {
  const {did, page} = browser();
  const admission = createAdmission(null, page);
  admission.changed("#run=z.abc");
  assert.deepEqual(did, []);
  admission.changed("#token=abc");
  assert.deepEqual(did, ["reopen"]);
});

test("the address loses its token and nothing else", () => {
  const url = new URL("http://x/lab/?lang=en#token=abc&run=z.a-b_c");
  withoutToken(url);
  assert.equal(url.href, "http://x/lab/?lang=en#run=z.a-b_c");
});
