// @ts-check
/** Formulas to begin with, each for something that a graph shows: graph.example_NAME in the words. */

/** Mazur's net with two targets, neuron by neuron. */
const MAZUR = `z1_1 = w1·i1 + w2·i2 + b1; h1 = σ(z1_1)
z1_2 = w3·i1 + w4·i2 + b1; h2 = σ(z1_2)
z2_1 = w5·h1 + w6·h2 + b2; o1 = σ(z2_1)
z2_2 = w7·h1 + w8·h2 + b2; o2 = σ(z2_2)
E = ½(t1 − o1)² + ½(t2 − o2)²
i1 = .05; i2 = .10; t1 = .01; t2 = .99; b1 = .35; b2 = .60
w1 = .15; w2 = .20; w3 = .25; w4 = .30; w5 = .40; w6 = .45; w7 = .50; w8 = .55`;

/** @type {Record<string, string>} */
export const EXAMPLES = {
  neuron: "C = (σ(w·x + b) − y)²\nw = 0.6; x = 1; b = 0.9; y = 0",
  paths: "z = w·x; C = z² + 3z\nw = 2; x = 0.5",
  kink: "C = max(a·b, c) + relu(a)\na = 1; b = 2; c = 1.5",
  log_loss: "a = σ(w·x + b)\nC = −(y·log(a) + (1 − y)·log(1 − a))\nw = 1; x = 2; b = −1; y = 0",
  mazur: MAZUR,
};
