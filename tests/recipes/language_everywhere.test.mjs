/** Whether a language made up by `tests/test_recipes.py` is one that the page speaks. Run where the recipe was followed. */
import assert from "node:assert/strict";
import {test} from "node:test";

import {pick} from "../../static/js/app/choices.js";
import {CODES, LANGUAGES, languageFor} from "../../static/js/draw/i18n.js";

test("it is offered, taken from the address, and given to browsers that ask for it", () => {
  assert.ok(CODES.includes("eo"));
  assert.equal(LANGUAGES.eo, "Esperanto");
  assert.equal(pick("eo", null, "en", CODES), "eo");
  assert.equal(languageFor(["eo-XX", "en"]), "eo");
});
