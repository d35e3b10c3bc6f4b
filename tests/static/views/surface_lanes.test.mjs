import assert from "node:assert/strict";
import {test} from "node:test";
import {lanesElsewhere} from "../../../static/js/views/surface/lanes.js";

const lane = (id, network) => ({
  id,
  config: {network: {hidden: [4, 2], normalization: null, bias: true, activation: "tanh", ...network}},
});

test("lanes whose parameters are others than those of the lane in focus stand on no plane of it, and are told", () => {
  const lanes = [
    lane(0, {}),
    lane(1, {activation: "relu"}),
    lane(2, {hidden: [4, 3]}),
    lane(3, {normalization: "layer"}),
    lane(4, {normalization: [null, null]}),
    lane(5, {bias: false}),
  ];
  const ids = focus => lanesElsewhere(lanes, focus).map(({id}) => id);
  assert.deepEqual(ids(0), [2, 3, 5]);
  assert.deepEqual(ids(2), [0, 1, 3, 4, 5]);
  assert.deepEqual(lanesElsewhere([lanes[0]], 0), []);
});
