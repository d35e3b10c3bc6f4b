/**
 * A plain JavaScript engine, with the work that TensorFlow Playground's loop does: a net is objects of nodes and links,
 * samples go through it one by one, forward and backward, derivatives add up, and weights move after every batch. No
 * loss is taken and no order is drawn on the way, as there.
 *
 * One line of JSON on standard input makes the net; then each line is asked for and answered in one:
 *   a number: train so many epochs, answer with the microseconds of processor time that a step took
 *   "weights": answer with them, layer by layer, neuron by neuron, each with its bias last
 */

import {createInterface} from "node:readline";

/** Activations and their slopes, both from the weighted input, as Playground has them. */
const ACTIVATIONS = {
  identity: {f: (z) => z, slope: () => 1},
  relu: {f: (z) => Math.max(0, z), slope: (z) => (z <= 0 ? 0 : 1)},
  sigmoid: {
    f: (z) => 1 / (1 + Math.exp(-z)),
    slope: (z) => {
      const a = 1 / (1 + Math.exp(-z));
      return a * (1 - a);
    },
  },
  tanh: {
    f: (z) => Math.tanh(z),
    slope: (z) => {
      const a = Math.tanh(z);
      return 1 - a * a;
    },
  },
};

class Link {
  constructor(source, target, weight) {
    this.source = source;
    this.target = target;
    this.weight = weight;
    this.derivative = 0;
    this.sum = 0;
    this.count = 0;
  }
}

class Node {
  constructor(activation, bias) {
    this.activation = activation;
    this.bias = bias;
    this.inputs = [];
    this.outputs = [];
    this.z = 0;
    this.a = 0;
    this.slopeOfOutput = 0;
    this.delta = 0;
    this.sum = 0;
    this.count = 0;
  }

  forward() {
    this.z = this.bias;
    for (const link of this.inputs) {
      this.z += link.weight * link.source.a;
    }
    this.a = this.activation.f(this.z);
    return this.a;
  }
}

/** Layers of nodes, the inputs first. `weights[l][j]` are those of neuron j, its bias last. */
function makeNet({sizes, activations, weights}) {
  const layers = [Array.from({length: sizes[0]}, () => new Node(ACTIVATIONS.identity, 0))];
  weights.forEach((rows, l) => {
    const before = layers[l];
    const kind = ACTIVATIONS[activations[l]] ?? ACTIVATIONS.identity; // softmax: of the whole layer, see `forward`
    const layer = rows.map((row) => {
      const node = new Node(kind, row[before.length]);
      before.forEach((source, i) => {
        const link = new Link(source, node, row[i]);
        source.outputs.push(link);
        node.inputs.push(link);
      });
      return node;
    });
    layers.push(layer);
  });
  return layers;
}

function forward(net, x, softmax) {
  net[0].forEach((node, i) => {
    node.a = x[i];
  });
  for (let l = 1; l < net.length; l += 1) {
    for (const node of net[l]) {
      node.forward();
    }
  }
  if (softmax) {
    const last = net[net.length - 1];
    const top = Math.max(...last.map((node) => node.z));
    let sum = 0;
    for (const node of last) {
      node.a = Math.exp(node.z - top);
      sum += node.a;
    }
    for (const node of last) {
      node.a /= sum;
    }
  }
}

/** Back from the square error (or, with softmax, from the cross-entropy), adding derivatives up. */
function backward(net, y, softmax, factor) {
  const last = net[net.length - 1];
  last.forEach((node, k) => {
    node.slopeOfOutput = factor * (node.a - y[k]);
  });
  for (let l = net.length - 1; l >= 1; l -= 1) {
    const layer = net[l];
    for (const node of layer) {
      const given = softmax && layer === last;
      node.delta = given ? node.slopeOfOutput : node.slopeOfOutput * node.activation.slope(node.z);
      node.sum += node.delta;
      node.count += 1;
      for (const link of node.inputs) {
        link.derivative = node.delta * link.source.a;
        link.sum += link.derivative;
        link.count += 1;
      }
    }
    if (l === 1) {
      continue;
    }
    for (const node of net[l - 1]) {
      node.slopeOfOutput = 0;
      for (const link of node.outputs) {
        node.slopeOfOutput += link.weight * link.target.delta;
      }
    }
  }
}

function update(net, rate) {
  for (let l = 1; l < net.length; l += 1) {
    for (const node of net[l]) {
      if (node.count > 0) {
        node.bias -= (rate * node.sum) / node.count;
        node.sum = 0;
        node.count = 0;
      }
      for (const link of node.inputs) {
        if (link.count > 0) {
          link.weight -= (rate / link.count) * link.sum;
          link.sum = 0;
          link.count = 0;
        }
      }
    }
  }
}

function epoch(net, {X, y, batch, rate, softmax, factor}) {
  const last = X.length - 1;
  X.forEach((x, i) => {
    forward(net, x, softmax);
    backward(net, y[i], softmax, factor);
    if ((i + 1) % batch === 0 || i === last) {
      update(net, rate);
    }
  });
}

function weightsOf(net) {
  return net.slice(1).map((layer) => layer.map((node) => [...node.inputs.map((link) => link.weight), node.bias]));
}

let net = null;
let task = null;
for await (const line of createInterface({input: process.stdin})) {
  if (task === null) {
    task = JSON.parse(line);
    net = makeNet(task);
    console.log("ready");
  } else if (line === "weights") {
    console.log(JSON.stringify(weightsOf(net)));
  } else {
    const before = process.cpuUsage();
    for (let k = 0; k < Number(line); k += 1) {
      epoch(net, task);
    }
    const {user, system} = process.cpuUsage(before);
    console.log((user + system) / (Number(line) * Math.ceil(task.X.length / task.batch)));
  }
}
