import assert from "node:assert/strict";
import test from "node:test";
import {opensHere, readAddress} from "../../../static/js/app/link.js";
import {translate} from "../../../static/js/app/playground.js";

const said = values => new URLSearchParams({networkShape: "4,2", ...values});
const configOf = values => translate(said(values)).run.config;

test("a whole address of Playground's is understood", () => {
  const fragment =
    "activation=relu&regularization=L2&batchSize=12&dataset=spiral&regDataset=reg-plane&learningRate=0.1" +
    "&regularizationRate=0.003&noise=15&networkShape=8,5&seed=0.41357&showTestData=false&discretize=false" +
    "&percTrainData=60&x=true&y=true&xTimesY=true&xSquared=false&ySquared=false&cosX=false&sinX=true&cosY=false" +
    "&sinY=true&collectStats=false&problem=classification&initZero=false&hideText=false";
  assert.deepEqual(translate(new URLSearchParams(fragment)), {
    run: {
      config: {
        data: {
          name: "spiral",
          features: ["x1", "x2", "product", "sin_x1", "sin_x2"],
          samples: 500,
          noise: 0.15,
          test_fraction: 0.4,
          standardize: false,
        },
        network: {hidden: [8, 5], activation: "relu", output: "tanh"},
        loss: "half_squared_error",
        optimizer: {name: "sgd", learning_rate: 0.1},
        batch_size: 12,
        initializer: "uniform",
        l1: 0,
        l2: 0.003,
        seed: 41357,
      },
      log: [],
      step: 0,
    },
    differs: ["scale", "waves"],
  });
});

test("what an address leaves out is as on Playground's first page", () => {
  const {data, network, optimizer, batch_size: batch, l1, l2} = configOf({});
  assert.deepEqual(data.features, ["x1", "x2"]);
  assert.deepEqual([data.name, data.test_fraction, data.noise], ["circle", 0.5, 0]);
  assert.deepEqual(
    [network.activation, network.output, optimizer.learning_rate, batch, l1, l2],
    ["tanh", "tanh", 0.03, 10, 0, 0],
  );
});

test("every data set, feature, activation and penalty is translated", () => {
  for (const dataset of ["circle", "xor", "gauss", "spiral"]) assert.equal(configOf({dataset}).data.name, dataset);
  for (const [regDataset, name] of [
    ["reg-plane", "plane"],
    ["reg-gauss", "gaussian"],
  ]) {
    const {data, network} = configOf({regDataset, problem: "regression"});
    assert.deepEqual([data.name, data.samples, network.output], [name, 1200, "identity"]);
  }
  const features = {
    ...{x: "x1", y: "x2", xSquared: "x1_squared", ySquared: "x2_squared", xTimesY: "product"},
    ...{sinX: "sin_x1", sinY: "sin_x2", cosX: "cos_x1", cosY: "cos_x2"},
  };
  const none = Object.fromEntries(Object.keys(features).map(name => [name, "false"]));
  for (const [there, here] of Object.entries(features))
    assert.deepEqual(configOf({...none, [there]: "true"}).data.features, [here]);
  for (const [there, here] of Object.entries({relu: "relu", tanh: "tanh", sigmoid: "sigmoid", linear: "identity"}))
    assert.equal(configOf({activation: there}).network.activation, here);
  assert.deepEqual(configOf({networkShape: ""}).network.hidden, []);
  assert.equal(configOf({regularization: "L1", regularizationRate: "0.01"}).l1, 0.01);
  assert.deepEqual(translate(said({regularization: "L1", regularizationRate: "0.01"})).differs, ["scale", "l1"]);
  assert.equal(configOf({initZero: "true"}).initializer, "zeros");
});

test("what Playground does not say is refused by name, value and what is allowed; nothing throws", () => {
  const wrong = {
    ...{dataset: "moons", activation: "gelu", regularization: "L3", problem: "ranking", x: "yes"},
    ...{learningRate: "fast", batchSize: "2.5", noise: "51", percTrainData: "5", regularizationRate: "-1"},
    ...{networkShape: "4,0"},
  };
  for (const [name, value] of Object.entries(wrong)) {
    const {refused} = translate(said({[name]: value}));
    assert.equal(refused.name, name);
    assert.equal(refused.value, value);
    assert.ok(refused.allowed.length > 2);
  }
  const letters = "aZ09,.-+e%&=#\u0000é";
  let drawn = 1;
  const next = () => (drawn = (drawn * 48271) % 2147483647);
  const names = [...Object.keys(wrong), "seed", "initZero", "sinX", "__proto__", "constructor"];
  let refusals = 0;
  for (let k = 0; k < 1000; k += 1) {
    const values = {};
    for (let n = 0; n < 3; n += 1)
      values[names[next() % names.length]] = Array.from(
        {length: next() % 9},
        () => letters[next() % letters.length],
      ).join("");
    const found = translate(said(values));
    assert.ok("refused" in found || Number.isFinite(found.run.config.optimizer.learning_rate));
    refusals += Number("refused" in found);
  }
  assert.ok(refusals > 500);
});

test("an address that is none of Playground's is left alone", async () => {
  assert.equal(translate(new URLSearchParams("token=abc")), null);
  assert.equal(translate(new URLSearchParams("run=z.abc&networkShape=4")), null);
  const {run, tell} = await readAddress(new URL("http://x/#networkShape=3&dataset=xor"));
  assert.equal(run.config.data.name, "xor");
  assert.equal(tell.key, "playground.opened");
  assert.equal((await readAddress(new URL("http://x/#run=rubbish"))).tell.key, "address.unreadable");
});

test("a link that was given opens on this page's own address", async () => {
  const given = "https://playground.tensorflow.org/#networkShape=3&dataset=xor";
  assert.equal(await opensHere(given, "http://here:8765/?preset=a#b"), "http://here:8765/#networkShape=3&dataset=xor");
  for (const other of ["", "no address", "https://example.org/", "https://example.org/#run=x"])
    assert.equal(await opensHere(other, "http://here/"), null);
});
