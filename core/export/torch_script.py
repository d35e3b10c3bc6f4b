"""A run as a PyTorch script: what the NumPy script does, with forward pass, loss and derivatives by PyTorch.

Data, batches, update rule and changes are lines of NumPy on the memory that PyTorch's parameters lie in; so the
derivatives are automatic differentiation's, and everything else is what the run did.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from types import MappingProxyType

from ..nets.activations import ACTIVATIONS
from ..nets.losses import LOSSES
from ..run.trainer import Trainer
from .arithmetic import numpy_source
from .arrays import number
from .described import Described
from .network_code import forward_code, network_code, parameter_names
from .numpy_script import Section, data_words, imports, refuse, script_of
from .task_code import data_code
from .training_code import course_code, still, training_code

#: name -> f(z) as PyTorch has it; the others are written from their formulas. Its own hardsigmoid has a slope of single
#: precision, its own softplus is z above 20.
_FUNCTIONS: Mapping[str, str] = MappingProxyType(
    {
        "identity": "z",
        "sigmoid": "torch.sigmoid(z)",
        "tanh": "torch.tanh(z)",
        "relu": "torch.relu(z)",
        "leaky_relu": "functional.leaky_relu(z, leaky_slope)",
        "elu": "functional.elu(z)",
        "selu": "functional.selu(z)",
        "gelu": "functional.gelu(z)",
        "silu": "functional.silu(z)",
        "softplus": "torch.logaddexp(z, torch.zeros_like(z))",
        "softsign": "functional.softsign(z)",
        "hard_sigmoid": "torch.clamp((z + 3) / 6, 0, 1)",
        "mish": "functional.mish(z)",
    }
)

#: name -> the mean loss C of a batch as PyTorch has it; those from logits take z.
_LOSSES: Mapping[str, str] = MappingProxyType(
    {
        "mse": "functional.mse_loss(a, y)",
        "half_squared_error": "torch.sum((a - y) ** 2) / 2 / len(a)",
        "mae": "functional.l1_loss(a, y)",
        "huber": "functional.huber_loss(a, y, delta=huber_delta)",
        "hinge": "torch.sum(torch.relu(1 - y * a)) / len(a)",
        "bce": 'functional.binary_cross_entropy_with_logits(z, y, reduction="sum") / len(a)',
        "cross_entropy": "-torch.sum(y * torch.log_softmax(z, dim=1)) / len(a)",
    }
)

#: What PyTorch calls otherwise.
_CALLS: Mapping[str, str] = MappingProxyType({"np.max": "torch.amax", "np.where": "where"})

_HELPERS = '''
def tensor(x):
    """Return a number as PyTorch takes it beside others."""
    return torch.as_tensor(x, dtype=parameters.dtype)


def where(condition, x, y):
    """Return x where a condition holds, else y."""
    return torch.where(condition, tensor(x), tensor(y))
'''.strip()


def torch_script(trainer: Trainer) -> str:
    """Return a Python script that does again with PyTorch what a run did up to where it stands.

    Parameters
    ----------
    trainer : Trainer
        The run. Its present branch counts, from the start to its present step.

    Returns
    -------
    str
        Source for Python 3.9+, NumPy 1.24+ and PyTorch 2. It prints what `numpy_script` prints.

    Raises
    ------
    ConfigError
        For a run on a landscape, which is a function and no network.
    """
    refuse(trainer)
    run = Described(trainer)
    sizes = "-".join(map(str, run.net.sizes))
    parts = [
        Section(data_words(run), data_code(run)),
        Section("The network: its parameters are one tensor, on the memory of theta", _network(run)),
        Section("Activations, and the loss", _functions(run)),
        Section("Forward, and backward by automatic differentiation", _passes(run)),
        Section("The update rule", "\n\n\n".join([*run.rule_functions, *run.rules.values()])),
        Section("Training, step by step", _training(run)),
        Section("The run", course_code(run)),
    ]
    packed = any("unpacked(" in part.code for part in parts)
    head = _instead(imports(run, packed), "import numpy as np\n", "import numpy as np\n" + _IMPORTS)
    return script_of([Section(_TITLE.format(sizes=sizes, data=run.data.name, steps=run.steps), head), *parts])


_IMPORTS = "import torch\nfrom torch.nn import functional\n"

_TITLE = """
A run of Backscope: a {sizes} network learns {data} in {steps} steps, in PyTorch.

Data, initial parameters, the order of the batches and every change that was made while it trained are those of the run.
PyTorch computes outputs, loss and derivatives; the update rule is written out, as Backscope has it. Losses agree to ten
digits over the first hundred steps in double precision. PyTorch groups sums and products otherwise, so the last digit
of a number can differ; a run that is sensitive to its start parts from then on as much as it would from a start that
differs by one unit in the last place.
""".strip()


def _network(run: Described) -> str:
    names = ", ".join(parameter_names(run))
    made = "parameters = torch.from_numpy(theta).requires_grad_()"
    return _instead(network_code(run), f"{names} = parts_of(theta)", made)


def _instead(code: str, old: str, new: str) -> str:
    """Return code with a piece of the NumPy script, which must be there, replaced once."""
    before, found, after = code.partition(old)
    if not found:
        raise ValueError(f"the NumPy script no longer holds {old!r}")
    return before + new + after


def _functions(run: Described) -> str:
    written = {name: _function(name) for name in run.activations}
    loss = _LOSSES.get(run.loss) or _as_written(run.loss)
    used = " ".join([*written.values(), loss])
    lines = [f"huber_delta = {number(run.start.huber_delta)}"] if "huber_delta" in used else []
    lines += [f"leaky_slope = {number(run.start.network.leaky_slope)}"] if "leaky_slope" in used else []
    blocks = ["\n".join(lines)] if lines else []
    blocks += [_HELPERS] if "tensor(" in used or "where(" in used else []
    rows = [f'    "{name}": lambda z: {source},' for name, source in written.items()]
    rows += ['    "softmax": lambda z: torch.softmax(z, dim=1),'] if run.output == "softmax" else []
    activations = f"activations = {list(run.net.activations)}  # of each layer"
    blocks.append("\n".join(["activate = {", *rows, "}", activations]))
    doc = f'    """The mean loss {run.loss} of a batch."""'
    return "\n\n\n".join([*blocks, "\n".join(["def loss_of(z, a, y):", doc, f"    return {loss}"])])


def _function(name: str) -> str:
    if name in _FUNCTIONS:
        return _FUNCTIONS[name]
    written = ACTIVATIONS[name].written
    return _torch(written.formula, {key: repr(value) for key, value in written.constants.items()})


def _as_written(name: str) -> str:
    written = LOSSES[name].written
    names = {**{key: repr(value) for key, value in written.constants.items()}, "outputs": "a.shape[1]"}
    return f"torch.mean({_torch(written.formula, names)})"


def _torch(formula: str, names: Mapping[str, str]) -> str:
    tree = ast.parse(numpy_source(formula, names), mode="eval")
    return ast.unparse(ast.fix_missing_locations(_Torch().visit(tree)))


class _Torch(ast.NodeTransformer):
    """From NumPy's calls to PyTorch's, which take tensors alone."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        name = ast.unparse(node.func)
        found = "torch.special.ndtr" if name == "normal" else _CALLS.get(name, name.replace("np.", "torch.", 1))
        node.func = ast.parse(found, mode="eval").body
        parts: list[ast.expr] = [self.visit(part) for part in node.args]
        node.args = parts if found == "where" else [ast.Call(ast.Name("tensor"), [part], []) for part in parts]
        node.keywords = [
            ast.keyword({"axis": "dim", "keepdims": "keepdim"}[str(word.arg)], word.value) for word in node.keywords
        ]
        return node


_NORMALIZE = '''
def normalize(l, z):
    """Return z with mean 0 and variance 1, and what it was divided by: over the batch, or over the layer."""
    dim = 0 if normalization[l] == "batch" else 1
    centred = z - z.mean(dim=dim, keepdim=True)
    deviation = torch.sqrt(torch.mean(centred * centred, dim=dim, keepdim=True) + 1e-5)
    return centred / deviation, deviation


'''.lstrip("\n")


def _passes(run: Described) -> str:
    names = ", ".join(parameter_names(run))
    lines = forward_code(run).split("\n")
    at = next(k for k, line in enumerate(lines) if line.startswith("    a, inputs")) + 1
    lines.insert(at, f"    {names} = parts_of(parameters)")
    forward = "\n".join(lines)
    if run.dropout:
        cut = "return [mask[low : low + size].T"
        forward = _instead(forward, cut, f"mask = torch.from_numpy(mask)\n    {cut}")
    return (_NORMALIZE if run.normalized else "") + forward + "\n\n\n" + _backward(run)


def _backward(run: Described) -> str:
    lines = ["def backward(X, y):", '    """Return the mean loss of a batch in training, and its gradient."""']
    lines += ["    parameters.grad = None"]
    training = ", training=True" if run.dropout else ""
    inputs = "inputs" if run.replacing else "_"
    lines += [f"    a, {inputs}, Z, *_ = forward(torch.from_numpy(X){training})"]
    lines += ["    C = loss_of(Z[-1], a, torch.from_numpy(y))", "    C.backward()"]
    lines += ["    gradient = parameters.grad.numpy()"]
    lines += [
        f"    gradient[{start}:{stop}] = 0  # biases before batch normalization: its mean takes them off again"
        for start, stop in still(run)
    ]
    if run.replacing:
        return "\n".join([*lines, "    return C.item(), gradient, [part.detach().numpy() for part in inputs]"])
    return "\n".join([*lines, "    return C.item(), gradient"])


_TRAINING_LOSS = '''
def training_loss():
    """Return the loss over the whole training set, penalties not counted and nothing dropped."""
    with torch.no_grad():
        a, _, Z, *_ = forward(torch.from_numpy(X))
        return loss_of(Z[-1], a, torch.from_numpy(Y)).item()
'''.strip()


def _training(run: Described) -> str:
    return training_code(run, _TRAINING_LOSS)
