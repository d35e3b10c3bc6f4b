"""The network of a run as source: its parameters, its functions, and the way forward and backward."""

from __future__ import annotations

from ..config.problem import start_parameters
from .arrays import literal, number
from .described import Described
from .pieces import NEEDS, activation_source, loss_source


def network_code(run: Described) -> str:
    net = run.net
    lines = [
        f"sizes = {list(net.sizes)}",
        f"theta = {literal(start_parameters(run.start))}.astype(dtype)",
        "layers = len(sizes) - 1",
    ]
    if run.normalized:
        lines.append(f"normalization = {[*net.normalization, None]}  # of each layer")
    if any(net.residual):
        lines.append(f"skips = {[*net.residual, False]}  # whether a layer adds to its output that of the layer before")
    cut = f"{', '.join(parameter_names(run))} = parts_of(theta)"
    return "\n".join(lines) + "\n\n\n" + _parts(run) + f"\n\n\n{cut}" + _weights(run)


def parameter_names(run: Described) -> list[str]:
    """Return what the parts of the parameters are called: W, b, gamma, beta, as far as there are such."""
    return ["W", *(["b"] if run.net.bias else []), *(["gamma", "beta"] if run.normalized else [])]


def _parts(run: Described) -> str:
    """Write the function that cuts a vector into the layers' parameters, in the order in which they lie in θ."""
    names = parameter_names(run)
    lines = ["def parts_of(vector):", f'    """Return {", ".join(names)} of all layers, as views of the vector."""']
    lines += [f"    {', '.join(names)}, at = {'[], ' * len(names)}0", "    for l in range(layers):"]
    lines += ["        n_in, n_out = sizes[l], sizes[l + 1]"]
    lines += ["        W.append(vector[at : at + n_in * n_out].reshape(n_in, n_out))", "        at += n_in * n_out"]
    if run.net.bias:
        lines += ["        b.append(vector[at : at + n_out])", "        at += n_out"]
    if run.normalized:
        lines += ["        extra = n_out if normalization[l] else 0"]
        lines += [
            "        gamma.append(vector[at : at + extra])",
            "        beta.append(vector[at + extra : at + 2 * extra])",
        ]
        lines += ["        at += 2 * extra"]
    return "\n".join([*lines, f"    return {', '.join(names)}"])


def _weights(run: Described) -> str:
    if not (run.ever("l1") or run.ever("l2")):
        return ""
    return "\non_weights = np.zeros_like(theta)  # penalties are on weights alone\nfor part in parts_of(on_weights)" + (
        "[0]:\n    part[...] = 1" if len(parameter_names(run)) > 1 else ":\n    part[...] = 1"
    )


def function_code(run: Described) -> str:
    names = run.activations
    loss = loss_source(run.loss, run.output)
    used = " ".join(part for name in names for part in activation_source(name)) + loss
    lines = [f"{name} = {number(getattr(run.start, name))}" for name in ("huber_delta",) if name in used]
    if "leaky_slope" in used:
        lines.append(f"leaky_slope = {number(run.start.network.leaky_slope)}")
    blocks = ["\n".join(lines)] if lines else []
    blocks += [source for name, source in NEEDS.items() if f"{name}(" in used or name == run.output]
    functions = [f'    "{name}": lambda z: {activation_source(name)[0]},' for name in names]
    slopes = [f'    "{name}": lambda z: {activation_source(name)[1]},' for name in names]
    softmax = ['    "softmax": softmax,'] if run.output == "softmax" else []
    blocks.append("\n".join(["activate = {", *functions, *softmax, "}", "slope = {", *slopes, "}"]))
    blocks[-1] += f"\nactivations = {list(run.net.activations)}  # of each layer"
    return "\n\n\n".join([*blocks, loss])


def pass_code(run: Described) -> str:
    return "\n\n\n".join([*([_NORMALIZE] if run.normalized else []), forward_code(run), _backward(run)])


_NORMALIZE = '''
def normalize(l, z):
    """Return z with mean 0 and variance 1, and what it was divided by: over the batch, or over the layer."""
    axis = 0 if normalization[l] == "batch" else 1
    centred = z - z.mean(axis=axis, keepdims=True)
    deviation = np.sqrt(np.mean(centred * centred, axis=axis, keepdims=True) + 1e-5)
    return centred / deviation, deviation


def back_through(l, delta, z_hat, deviation):
    """Return dC/dz of a normalized layer for its dC/du."""
    axis = 0 if normalization[l] == "batch" else 1
    d = gamma[l] * delta
    shared = d.mean(axis=axis, keepdims=True) + z_hat * np.mean(d * z_hat, axis=axis, keepdims=True)
    return (d - shared) / deviation
'''.strip()


def forward_code(run: Described) -> str:
    """Return the function ``forward(X)``, behind what draws its masks of dropout."""
    training = "training=False" if run.dropout else ""
    extra = [*(["normalized"] if run.normalized else []), *(["masks"] if run.dropout else [])]
    names = ", ".join(["inputs", "Z", *extra])
    lines = [f"def forward(X{', ' + training if training else ''}):"]
    lines += ['    """Return the output, and of every layer its inputs and what its activation was taken of."""']
    lines += [f"    a, {names} = X, {', '.join(['[]'] * (2 + len(extra)))}"]
    if run.dropout:
        lines += ["    dropped = draw_masks(len(X)) if training and dropout else None"]
    lines += ["    for l in range(layers):", "        inputs.append(a)"]
    lines += [f"        z = a @ W[l]{' + b[l]' if run.net.bias else ''}"]
    if run.normalized:
        lines += ["        if normalization[l]:", "            normalized.append(normalize(l, z))"]
        lines += ["            z = gamma[l] * normalized[l][0] + beta[l]"]
        lines += ["        else:", "            normalized.append(None)"]
    lines += ["        Z.append(z)", "        a = activate[activations[l]](z)"]
    if run.dropout:
        lines += ["        masks.append(dropped[l] if dropped and l < layers - 1 else 1)", "        a = a * masks[l]"]
    if any(run.net.residual):
        lines += ["        if skips[l]:", "            a = a + inputs[l]"]
    lines += [f"    return a, {names}"]
    return "\n".join([_MASKS.format(bias=int(run.net.bias)), *lines] if run.dropout else lines)


_MASKS = '''
def draw_masks(n):
    """Return 1 / (1 - p) where a neuron stays, and 0 where it drops out, for the hidden layers."""
    bounds = np.cumsum([0] + [size + {bias} for size in sizes[1:-1]])
    mask = np.floor(mask_stream.random((bounds[-1], n), dtype=dtype) + (1 - dropout)) * (1 / (1 - dropout))
    return [mask[low : low + size].T for low, size in zip(bounds, sizes[1:-1])]


'''.lstrip("\n")


def _backward(run: Described) -> str:
    names = parameter_names(run)
    extra = [*(["normalized"] if run.normalized else []), *(["masks"] if run.dropout else [])]
    lines = ["def backward(X, y):", '    """Return the mean loss of a batch in training, and its gradient."""']
    lines += [f"    a, {', '.join(['inputs', 'Z', *extra])} = forward(X{', training=True' if run.dropout else ''})"]
    lines += ["    C, delta = loss_and_error(Z[-1], a, y)", "    gradient = np.zeros_like(theta)"]
    lines += [f"    {', '.join('d' + name for name in names)} = parts_of(gradient)"]
    if any(run.net.residual):
        lines += ["    error = 0"]
    lines += ["    for l in reversed(range(layers)):"]
    if run.normalized:
        lines += ["        if normalization[l]:", "            z_hat, deviation = normalized[l]"]
        lines += ["            dgamma[l][...], dbeta[l][...] = np.sum(delta * z_hat, axis=0), delta.sum(axis=0)"]
        lines += ["            delta = back_through(l, delta, z_hat, deviation)"]
    lines += ["        dW[l][...] = inputs[l].T @ delta"]
    if run.net.bias and "batch" in run.net.normalization:
        lines += [
            '        if normalization[l] != "batch":  # whose mean takes a bias off again',
            "            db[l][...] = delta.sum(axis=0)",
        ]
    elif run.net.bias:
        lines += ["        db[l][...] = delta.sum(axis=0)"]
    skip = " + (error if skips[l] else 0)" if any(run.net.residual) else ""
    mask = " * masks[l - 1]" if run.dropout else ""
    lines += ["        if l > 0:", f"            error = delta @ W[l].T{skip}  # dC/da of the layer below"]
    lines += [f"            delta = error * slope[activations[l - 1]](Z[l - 1]){mask}"]
    lines += ["    return C, gradient, inputs" if run.replacing else "    return C, gradient"]
    return "\n".join(lines)
