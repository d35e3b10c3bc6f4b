"""The functions of a network as plain NumPy source: activations and losses, as a reader would write them.

They are the formulas of `nets.activations` and `nets.losses` without buffers, stable for every z as those are. Where
the formula that is shown overflows or loses digits, there is another here; where there is none, it is taken as it is.
Tests hold each against its record.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ..nets.activations import ACTIVATIONS
from ..nets.elementwise import SELU_ALPHA, SELU_SCALE
from ..nets.losses import LOSSES
from .arithmetic import numpy_source

#: name -> (f(z), f′(z)), each an expression that holds for every z.
_STABLE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "identity": ("z", "np.ones_like(z)"),
        "sigmoid": ("logistic(z)", "logistic(z) * logistic(-z)"),
        "tanh": ("np.tanh(z)", "1 / np.cosh(z) ** 2"),
        "relu": ("np.maximum(z, 0)", "(z > 0).astype(z.dtype)"),
        "leaky_relu": ("np.maximum(z, leaky_slope * z)", "np.where(z > 0, 1, leaky_slope)"),
        "elu": ("np.maximum(z, np.expm1(np.minimum(z, 0)))", "np.exp(np.minimum(z, 0))"),
        "selu": (
            f"{SELU_SCALE} * (np.maximum(z, 0) + {SELU_ALPHA} * np.expm1(np.minimum(z, 0)))",
            f"{SELU_SCALE} * np.where(z > 0, 1, {SELU_ALPHA} * np.exp(np.minimum(z, 0)))",
        ),
        "gelu": ("z * normal(z)", "normal(z) + z * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)"),
        "silu": ("z * logistic(z)", "logistic(z) * (1 + z * logistic(-z))"),
        "softplus": ("np.logaddexp(z, 0)", "logistic(z)"),
        "softsign": ("z / (1 + np.abs(z))", "1 / (1 + np.abs(z)) ** 2"),
        "hard_sigmoid": ("np.clip((z + 3) / 6, 0, 1)", "np.where(np.abs(z) < 3, 1 / 6, 0)"),
        "mish": (
            "z * np.tanh(np.logaddexp(z, 0))",
            "np.tanh(np.logaddexp(z, 0)) + z * logistic(z) / np.cosh(np.logaddexp(z, 0)) ** 2",
        ),
    }
)


def activation_source(name: str) -> tuple[str, str]:
    """Return f(z) and f′(z) of an activation of `ACTIVATIONS`, each an expression."""
    if name in _STABLE:
        return _STABLE[name]
    written = ACTIVATIONS[name].written
    constants = {key: repr(value) for key, value in written.constants.items()}
    f = numpy_source(written.formula, constants)
    return f, numpy_source(written.derivative, {**constants, "a": f})


_LOGISTIC = '''
def logistic(z):
    """1 / (1 + exp(-z)), without a number too large."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)
'''.strip()

_NORMAL = '''
def normal(z):
    """The normal distribution function, exactly."""
    return np.vectorize(lambda x: math.erfc(-x / math.sqrt(2)) / 2, otypes=[z.dtype])(z)
'''.strip()

_SOFTMAX = '''
def softmax(z):
    """exp(z) / sum of exp(z), per sample; the largest z is taken off first: nothing overflows."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
'''.strip()

#: What the expressions call, in the order in which it is to be defined.
NEEDS: Mapping[str, str] = MappingProxyType({"logistic": _LOGISTIC, "normal": _NORMAL, "softmax": _SOFTMAX})

#: Losses of the activation that read better otherwise: name -> (C, ∂C/∂a), each an expression; `d` is a − y.
_OF_ACTIVATION: Mapping[str, tuple[str, str]] = {
    "mse": ("np.mean(d**2)", "2 * d / d.size"),
    "half_squared_error": ("np.sum(d**2) / 2 / len(d)", "d / len(d)"),
    "mae": ("np.mean(np.abs(d))", "np.sign(d) / d.size"),
    "huber": (
        "np.mean(np.where(np.abs(d) <= huber_delta, d**2 / 2, huber_delta * (np.abs(d) - huber_delta / 2)))",
        "np.clip(d, -huber_delta, huber_delta) / d.size",
    ),
    "hinge": ("np.sum(np.maximum(0, 1 - y * a)) / len(a)", "np.where(1 - y * a > 0, -y, 0) / len(a)"),
}


def _of_activation(name: str, output: str) -> str:
    C, slope = _OF_ACTIVATION.get(name) or _as_written(name)
    lines = [f"C = {C}", f'return C, {slope} * slope["{output}"](z)']
    if name in _OF_ACTIVATION and name != "hinge":
        lines.insert(0, "d = a - y")
    return _function(f"The mean loss {name} of a batch, and the error dC/dz of the output.", lines)


def _as_written(name: str) -> tuple[str, str]:
    written = LOSSES[name].written
    names = {**{key: repr(value) for key, value in written.constants.items()}, "outputs": "a.shape[1]"}
    return f"np.mean({numpy_source(written.formula, names)})", f"({numpy_source(written.derivative, names)}) / len(a)"


def _function(doc: str, lines: list[str]) -> str:
    return "\n    ".join(["def loss_and_error(z, a, y):", f'"""{doc}"""', *lines])


_BCE = '''
def loss_and_error(z, a, y):
    """The mean loss C of a batch, -y ln a - (1 - y) ln(1 - a), and the error dC/dz = a - y of the output."""
    C = np.sum(np.where(z > 0, 1 - y, -y) * z + np.log1p(np.exp(-np.abs(z)))) / len(a)
    return C, np.where(z > 0, (1 - y) - logistic(-z), a - y) / len(a)
'''.strip()

_CROSS_ENTROPY = '''
def loss_and_error(z, a, y):
    """The mean loss C of a batch, -sum of y ln a, and the error dC/dz = a - y of the output."""
    shifted = z - z.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return -np.sum(y * logs) / len(a), (a * y.sum(axis=1, keepdims=True) - y) / len(a)
'''.strip()


def loss_source(name: str, output: str) -> str:
    """Return the function ``loss_and_error(z, a, y)`` of a loss of `LOSSES`, behind an output activation."""
    of_logits = {"bce": _BCE, "cross_entropy": _CROSS_ENTROPY}
    return of_logits[name] if name in of_logits else _of_activation(name, output)
