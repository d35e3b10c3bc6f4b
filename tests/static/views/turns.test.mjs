import assert from "node:assert/strict";
import test from "node:test";
import {cellsWithin} from "../../../static/js/views/depthmap/cells.js";
import {Survey as DepthMap} from "../../../static/js/views/depthmap/survey.js";
import {pixelsOf} from "../../../static/js/views/maps/grid.js";
import {Survey as Maps} from "../../../static/js/views/maps/survey.js";
import {Survey as Sweep} from "../../../static/js/views/sweep/survey.js";

const TOLD = ["loss", "test_loss", "accuracy", "test_accuracy", "reached", "diverged", "gradient", "parameters"];

/** Each survey: how it begins, what answers it, and whether it came to its end. */
const SURVEYS = {
  maps: {
    Survey: Maps,
    begin: survey => survey.begin({size: 16, fields: {}}),
    answer: ({size, ...tile}) => ({measures: pixelsOf(size, tile).map(() => 1), engine: "numpy"}),
    whole: survey => survey.share === 1,
  },
  sweep: {
    Survey: Sweep,
    begin: survey => survey.begin([0, 1, 2], [{}, {}, {}], {}),
    answer: ({changes}) => {
      const values = changes.map(() => 1);
      return {targets: 3, ...Object.fromEntries(TOLD.map(name => [name, values]))};
    },
    whole: survey => survey.outcomes.every(outcome => outcome?.loss === 1),
  },
  depthMap: {
    Survey: DepthMap,
    begin: (survey, cells) => survey.begin(cells, {}),
    answer: ({widths}) => ({ratios: widths.map(() => 1)}),
    whole: (_, cells) => cells.every(({ratio}) => ratio === 1),
  },
};

for (const [name, {Survey, begin, answer, whole}] of Object.entries(SURVEYS))
  test(`${name}: begun anew however fast, one question is open at a time, the last is answered whole`, async () => {
    let open = 0;
    let most = 0;
    let count = 0;
    const act = async (_, fields) => {
      open += 1;
      count += 1;
      most = Math.max(most, open);
      await new Promise(setImmediate);
      open -= 1;
      return {ok: true, ...answer(fields)};
    };
    const survey = new Survey(act, () => {});
    const cells = cellsWithin({layers: 2, neurons: 4});
    await Promise.all(Array.from({length: 60}, () => begin(survey, cells)));
    assert.equal(most, 1);
    assert.ok(whole(survey, cells));
    assert.ok(count < 60, "those that were left ask nothing");
    const ended = begin(survey, cells);
    survey.cancel();
    await ended;
    assert.ok(!whole(survey, cells));
  });
