"""The trained net as an ONNX model, for whatever runs such: written with the package `onnx`, an extra."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

import numpy as np

from ..ground.errors import BackscopeError
from ..nets.activations import ACTIVATIONS
from ..nets.normalization import EPSILON, Statistics
from ..run.trainer import Trainer
from .numpy_script import refuse

#: Versions of the format and of its operations that runtimes of several years know.
_FORMAT, _OPERATIONS = 8, 17
#: Activations that ONNX has itself: they neither overflow nor round as their formula might.
_OWN = {"relu": "Relu", "sigmoid": "Sigmoid", "softplus": "Softplus", "softsign": "Softsign", "tanh": "Tanh"}
_BINARY = {ast.Add: "Add", ast.Sub: "Sub", ast.Mult: "Mul", ast.Div: "Div", ast.Pow: "Pow"}
_COMPARED = {ast.Lt: "Less", ast.Gt: "Greater", ast.LtE: "LessOrEqual", ast.GtE: "GreaterOrEqual"}
_CALLED = {
    "sqrt": "Sqrt", "abs": "Abs", "sign": "Sign", "exp": "Exp", "ln": "Log", "tanh": "Tanh", "max": "Max", "min": "Min",
}  # fmt: skip


class MissingExtraError(BackscopeError):
    """Something that needs a package which is not installed."""


def onnx_model(trainer: Trainer) -> bytes:
    """Return the net of `trainer` with its present parameters as an ONNX model, batch norms with running statistics.

    Its input ``x`` (samples, inputs) is what the net is given: features, and scaled, as `Dataset.X_train` has them. Its
    output ``y`` (samples, outputs) is what `Network.predict` returns. Numbers are float32, which every runtime can do.

    Raises
    ------
    ConfigError
        For a run on a landscape, which is a function and no network.
    MissingExtraError
        Without the package `onnx`.
    """
    refuse(trainer)
    if find_spec("onnx") is None:
        raise MissingExtraError('ONNX needs the package onnx, which is not installed: pip install "backscope[onnx]"')
    import onnx
    from onnx import TensorProto, helper

    graph = _Graph()
    _layers(graph, trainer)
    net = trainer.network
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["samples", size])
        for name, size in (("x", net.sizes[0]), ("y", net.sizes[-1]))
    ]
    words = f"Trained with Backscope, step {trainer.step_count}. Inputs are the net's: features, scaled as in the run."
    made = helper.make_graph(graph.nodes, "backscope", ends[:1], ends[1:], graph.constants, doc_string=words)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", _OPERATIONS)], producer_name="backscope")
    model.ir_version = _FORMAT
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


class _Graph:
    """Nodes and constants; what a node returns goes by a number."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def add(self, operation: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Append a node, and return the name of its output."""
        from onnx import helper

        output = output or f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, list(inputs), [output], **attributes))
        return output

    def constant(self, values: Any, name: str = "") -> str:
        """Keep numbers, and return their name."""
        from onnx import numpy_helper

        name = name or f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(values, np.float32), name))
        return name

    def formula(self, node: ast.expr, names: Mapping[str, str]) -> str:
        """Append what an expression says, as `ground.expressions` takes it."""
        match node:
            case ast.Constant(value=value):
                return self.constant(value)
            case ast.Name(id=name):
                return names[name]
            case ast.UnaryOp(operand=operand):
                return self.add("Neg", self.formula(operand, names))
            case ast.BinOp(left=left, op=operator, right=right):
                return self.add(_BINARY[type(operator)], self.formula(left, names), self.formula(right, names))
            case ast.IfExp(test=ast.Compare(left=left, ops=[operator], comparators=[right]), body=body, orelse=other):
                test = self.add(_COMPARED[type(operator)], self.formula(left, names), self.formula(right, names))
                return self.add("Where", test, self.formula(body, names), self.formula(other, names))
            case ast.Call(func=ast.Name(id="normal"), args=[argument]):
                scaled = self.add("Mul", self.formula(argument, names), self.constant(np.sqrt(0.5)))
                one = self.add("Add", self.add("Erf", scaled), self.constant(1.0))
                return self.add("Mul", one, self.constant(0.5))
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self.add(_CALLED[name], *(self.formula(argument, names) for argument in arguments))
        raise AssertionError(ast.unparse(node))  # no formula of an activation holds anything else


def _layers(graph: _Graph, trainer: Trainer) -> None:
    net = trainer.network
    last = len(net.blocks) - 1
    running = iter(statistics for statistics in trainer.view.running_statistics if statistics is not None)
    kinds, skips = [*net.normalization, None], [*net.residual, False]
    a = "x"
    for layer, values in enumerate(net.unpack(trainer.theta)):
        number = layer + 1
        z = graph.add("MatMul", a, graph.constant(values.W.T, f"W{number}"))
        if values.b is not None:
            z = graph.add("Add", z, graph.constant(values.b, f"b{number}"))
        if kinds[layer] is not None:
            z = _normalized(graph, z, next(running) if kinds[layer] == "batch" else None)
            scaled = graph.add("Mul", z, graph.constant(values.gamma, f"gamma{number}"))
            z = graph.add("Add", scaled, graph.constant(values.beta, f"beta{number}"))
        before, a = a, _activated(graph, z, net.activations[layer], trainer)
        if skips[layer]:
            a = graph.add("Add", a, before)
        if layer == last:
            graph.add("Identity", a, output="y")


def _normalized(graph: _Graph, z: str, statistics: Statistics | None) -> str:
    """Return ẑ: by running statistics, or over the layer of each sample."""
    if statistics is not None:
        centred = graph.add("Sub", z, graph.constant(statistics.mean))
        return graph.add("Div", centred, graph.constant(np.sqrt(statistics.variance + EPSILON)))
    centred = graph.add("Sub", z, graph.add("ReduceMean", z, axes=[1], keepdims=1))
    variance = graph.add("ReduceMean", graph.add("Mul", centred, centred), axes=[1], keepdims=1)
    return graph.add("Div", centred, graph.add("Sqrt", graph.add("Add", variance, graph.constant(EPSILON))))


def _activated(graph: _Graph, z: str, name: str, trainer: Trainer) -> str:
    if name == "softmax":
        return graph.add("Softmax", z, axis=1)
    if name in _OWN:
        return graph.add(_OWN[name], z)
    written = ACTIVATIONS[name].written
    numbers = {"leaky_slope": trainer.config.network.leaky_slope, **written.constants}
    tree = ast.parse(written.formula, mode="eval").body
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names = {constant: graph.constant(value) for constant, value in numbers.items() if constant in used}
    return graph.formula(tree, {"z": z, **names})
