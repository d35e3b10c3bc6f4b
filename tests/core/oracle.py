"""Textbook NumPy: the naive form of everything, written from the formulas and for nothing else.

Sample-major, one array per quantity, no buffers: what a lecture would write. The core is checked against it.
"""

from __future__ import annotations

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


#: name -> (f(z), f′(z) from z and a)
ACTIVATIONS = {
    "identity": (lambda z: z, lambda z, a: np.ones_like(z)),
    "sigmoid": (sigmoid, lambda z, a: a * (1 - a)),
    "tanh": (np.tanh, lambda z, a: 1 - a**2),
    "relu": (lambda z: np.maximum(z, 0), lambda z, a: (z > 0).astype(float)),
    "softmax": (softmax, None),
}

#: name -> (C from a and y, ∂C/∂a)
LOSSES = {
    "mse": (lambda a, y: np.mean((a - y) ** 2), lambda a, y: 2 * (a - y) / a.size),
    "half_squared_error": (lambda a, y: np.sum((a - y) ** 2) / 2 / len(a), lambda a, y: (a - y) / len(a)),
    "mae": (lambda a, y: np.mean(np.abs(a - y)), lambda a, y: np.sign(a - y) / a.size),
    "huber": (
        lambda a, y: np.mean(np.where(np.abs(a - y) <= 1, (a - y) ** 2 / 2, np.abs(a - y) - 0.5)),
        lambda a, y: np.where(np.abs(a - y) <= 1, a - y, np.sign(a - y)) / a.size,
    ),
    "hinge": (
        lambda a, y: np.sum(np.maximum(0, 1 - y * a)) / len(a),
        lambda a, y: np.where(y * a < 1, -y, 0) / len(a),
    ),
    "bce": (
        lambda a, y: -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a)) / len(a),
        lambda a, y: (a - y) / (a * (1 - a)) / len(a),
    ),
    "cross_entropy": (lambda a, y: -np.sum(y * np.log(a)) / len(a), lambda a, y: -y / a / len(a)),
}


class Textbook:
    """A network as a list of matrices and vectors."""

    def __init__(self, network, theta, loss):
        self.W = [np.array(layer.W) for layer in network.unpack(np.array(theta))]
        self.b = [
            np.zeros(W.shape[0]) if layer.b is None else np.array(layer.b)
            for W, layer in zip(self.W, network.unpack(np.array(theta)), strict=True)
        ]
        self.activations, self.bias = network.activations, network.bias
        self.loss = loss

    def forward(self, X):
        """Return z and a of every layer, the input first."""
        z, a = [X], [X]
        for W, b, name in zip(self.W, self.b, self.activations, strict=True):
            z.append(a[-1] @ W.T + b)
            a.append(ACTIVATIONS[name][0](z[-1]))
        return z, a

    def backward(self, X, y):
        """Return the loss and lists of δ, ∂W and ∂b."""
        z, a = self.forward(X)
        value, slope = LOSSES[self.loss]
        if self.activations[-1] == "softmax" or self.loss == "bce":
            delta = (a[-1] - y) / len(X)
        else:
            delta = slope(a[-1], y) * ACTIVATIONS[self.activations[-1]][1](z[-1], a[-1])
        deltas, dW, db = [], [], []
        for layer in reversed(range(len(self.W))):
            deltas.insert(0, delta)
            dW.insert(0, delta.T @ a[layer])
            db.insert(0, delta.sum(axis=0))
            if layer:
                delta = (delta @ self.W[layer]) * ACTIVATIONS[self.activations[layer - 1]][1](z[layer], a[layer])
        return value(a[-1], y), deltas, dW, db

    def step(self, X, y, learning_rate):
        """Take a step of gradient descent and return the loss before it."""
        loss, _, dW, db = self.backward(X, y)[:4]
        for layer in range(len(self.W)):
            self.W[layer] -= learning_rate * dW[layer]
            self.b[layer] -= learning_rate * db[layer] * self.bias
        return loss


class TextbookBatchNorm(Textbook):
    """The same with batch normalization before every hidden activation (Ioffe & Szegedy 2015)."""

    def __init__(self, network, theta, loss):
        super().__init__(network, theta, loss)
        layers = network.unpack(np.array(theta))[:-1]
        self.gamma = [np.array(layer.gamma) for layer in layers]
        self.beta = [np.array(layer.beta) for layer in layers]
        self.mean = [np.zeros(layer.W.shape[0]) for layer in layers]
        self.variance = [np.ones(layer.W.shape[0]) for layer in layers]

    def forward(self, X):
        """Return z, a and the normalized z of every layer, the input first, and keep running statistics."""
        z, a, x_hat = [X], [X], [X]
        for layer, (W, b, name) in enumerate(zip(self.W, self.b, self.activations, strict=True)):
            z.append(a[-1] @ W.T + b)
            u = z[-1]
            if layer < len(self.gamma):
                mean, variance = z[-1].mean(axis=0), z[-1].var(axis=0)
                x_hat.append((z[-1] - mean) / np.sqrt(variance + 1e-5))
                u = self.gamma[layer] * x_hat[-1] + self.beta[layer]
                self.mean[layer] = 0.9 * self.mean[layer] + 0.1 * mean
                self.variance[layer] = 0.9 * self.variance[layer] + 0.1 * variance * len(X) / (len(X) - 1)
            a.append(ACTIVATIONS[name][0](u))
        return z, a, x_hat

    def backward(self, X, y):
        """Return the loss and lists of δ, ∂W, ∂b, ∂γ and ∂β."""
        z, a, x_hat = self.forward(X)
        value, slope = LOSSES[self.loss]
        delta = slope(a[-1], y) * ACTIVATIONS[self.activations[-1]][1](z[-1], a[-1])
        deltas, dW, db, dgamma, dbeta = [], [], [], [], []
        for layer in reversed(range(len(self.W))):
            deltas.insert(0, delta)
            dW.insert(0, delta.T @ a[layer])
            db.insert(0, delta.sum(axis=0) if layer == len(self.gamma) else np.zeros(len(self.b[layer])))
            if layer:
                gamma, x, n = self.gamma[layer - 1], x_hat[layer], len(X)
                du = (delta @ self.W[layer]) * ACTIVATIONS[self.activations[layer - 1]][1](None, a[layer])
                dgamma.insert(0, (du * x).sum(axis=0))
                dbeta.insert(0, du.sum(axis=0))
                deviation = np.sqrt(z[layer].var(axis=0) + 1e-5)
                delta = gamma / (n * deviation) * (n * du - du.sum(axis=0) - x * (du * x).sum(axis=0))
        return value(a[-1], y), deltas, dW, db, dgamma, dbeta

    def step(self, X, y, learning_rate):
        """Take a step of gradient descent and return the loss before it."""
        loss, _, dW, db, dgamma, dbeta = self.backward(X, y)
        for layer in range(len(self.W)):
            self.W[layer] -= learning_rate * dW[layer]
            self.b[layer] -= learning_rate * db[layer]
        for layer in range(len(self.gamma)):
            self.gamma[layer] -= learning_rate * dgamma[layer]
            self.beta[layer] -= learning_rate * dbeta[layer]
        return loss
