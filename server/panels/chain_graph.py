"""What a client sees of a computation graph: nodes and edges with their numbers, and a difference to check by."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ...core.ground.errors import check_integer, check_number
from ...core.ground.formula_text import FormulaError
from ...core.insight.graph import Graph, Passes, agree, graph_of
from ...core.insight.network_formula import MOST_PARAMETERS, formula_of
from ...core.landscapes.functions import LANDSCAPES
from ...core.run.trainer import Trainer
from ..wire.commands import CommandError
from ..wire.protocol import finite

#: What a variable may be set to.
_REACH = 1e9

_known_graph = lru_cache(maxsize=32)(graph_of)


def text_of_run(trainer: Trainer, sample: int) -> str:
    """Return the loss of a run's sample as formulas; of a landscape its function, at the present point.

    Raises
    ------
    CommandError
        If the net is too large for a graph, or normalized.
    ConfigError
        If its parameters are numbers no more.
    """
    config = trainer.config
    if any(trainer.network.normalization):
        raise CommandError("graph_normalized", "the graph of one sample needs a net without normalization")
    if trainer.network.parameter_count > MOST_PARAMETERS:
        most, got = MOST_PARAMETERS, trainer.network.parameter_count
        words = f"the graph must have at most {most} parameters, got {got}"
        raise CommandError("graph_large", words, {"most": most, "got": got})
    if config.on_landscape:
        x, y = (float(value) for value in trainer.theta)
        return f"f = {LANDSCAPES[config.data.name].typed};\nx = {x!r}; y = {y!r}"
    return formula_of(trainer.view.tape(sample), config.make_loss(), huber_delta=config.huber_delta)


def numbers_of(text: str, values: Mapping[str, Any], check: int | None = None) -> dict[str, Any]:
    """Return nodes, edges and their numbers; or ``fault``, what is wrong with the text and at which column.

    Parameters
    ----------
    text : str
        See `core.ground.formula_text.read`.
    values : mapping
        Other values of variables than those of the text; names that it does not have are passed over.
    check : int, optional
        The node whose derivative is to be taken from differences too.
    """
    try:
        graph = _known_graph(text)
    except FormulaError as error:
        fault = {"code": error.code, "column": error.column, "params": error.params, "message": str(error)}
        return {"fault": fault}
    given = {name: _value(name, values.get(name, value)) for name, value in graph.given.items()}
    passes = graph.run(given)
    found: dict[str, Any] = {"nodes": _nodes(graph, passes), "edges": _edges(graph, passes)}
    if check is not None:
        found["check"] = _checked(graph, given, passes, check_integer("check", check, 0, len(graph.nodes) - 1))
    return found


def _value(name: str, value: object) -> float:
    return check_number(name, value, -_REACH, _REACH)


def _nodes(graph: Graph, passes: Passes) -> list[dict[str, Any]]:
    return [
        {
            "name": node.name,
            "sign": node.sign,
            "tree": node.tree,
            "value": finite(passes.values[i]),
            "derivative": finite(passes.derivatives[i]),
        }
        for i, node in enumerate(graph.nodes)
    ]


def _edges(graph: Graph, passes: Passes) -> list[dict[str, Any]]:
    """Return what each node takes of which: in order of the nodes, with the local derivative and what comes back."""
    return [
        {
            "from": source,
            "to": i,
            "rule": rule,
            "slope": finite(slope),
            "flow": finite(slope * passes.derivatives[i]),
        }
        for i, node in enumerate(graph.nodes)
        for source, rule, slope in zip(node.inputs, node.rules, passes.slopes[i], strict=True)
    ]


def _checked(graph: Graph, given: Mapping[str, float], passes: Passes, node: int) -> dict[str, Any]:
    found = graph.difference(given, node)
    return {
        "node": node,
        "value": finite(found.value),
        "error": finite(found.error),
        "step": finite(found.h),
        "agrees": agree(passes.derivatives[node], found),
    }
