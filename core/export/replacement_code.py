"""Continual backpropagation as source: which units begin anew after a step, with the random numbers of the run."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ..ground.errors import check_choice
from ..ground.streams import STREAMS
from ..nets.initializers import INITIALIZERS
from .arrays import number
from .described import Described
from .network_code import parameter_names

#: What is a variable of the script, and can change while the run goes on.
NUMBERS = ("replacement_rate", "maturity_threshold", "utility_decay")

_UNIFORM, _NORMAL = "new_units.uniform(-{0}, {0}, (n_in, n_out))", "new_units.normal(0, {0}, (n_in, n_out))"

#: name -> how a layer's weights are drawn, the spread of which is the scale times a root.
_DRAWN: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "xavier_uniform": (_UNIFORM, "math.sqrt(6 / (n_in + n_out))"),
        "xavier_normal": (_NORMAL, "math.sqrt(2 / (n_in + n_out))"),
        "he_uniform": (_UNIFORM, "math.sqrt(6 / n_in)"),
        "he_normal": (_NORMAL, "math.sqrt(2 / n_in)"),
        "lecun_uniform": (_UNIFORM, "math.sqrt(3 / n_in)"),
        "lecun_normal": (_NORMAL, "math.sqrt(1 / n_in)"),
        "uniform": (_UNIFORM, ""),
        "normal": (_NORMAL, ""),
        "nielsen": (_NORMAL, "math.sqrt(1 / n_in)"),
        "pytorch": (_UNIFORM, "math.sqrt(1 / n_in)"),
        "zeros": ("np.zeros((n_in, n_out))", ""),
        "constant": ("np.full((n_in, n_out), {0})", ""),
    }
)

_ORTHOGONAL = """
    tall = new_units.normal(size=(max(n_in, n_out), min(n_in, n_out)))
    q, r = np.linalg.qr(tall)
    q = q * np.sign(np.diag(r))
    return {0}(q if n_in >= n_out else q.T)
""".strip("\n")

#: name -> how a layer's biases are drawn; the others begin at 0.
_BIASES: Mapping[str, str] = MappingProxyType(
    {
        "nielsen": "new_units.normal(size=n_out)",
        "pytorch": "new_units.uniform(-(n_in**-0.5), n_in**-0.5, n_out)",
    }
)


def replacement_code(run: Described) -> str:
    """Return what replaces units after a step, `replace_units`, and what begins it, `begin_replacing`."""
    first = ", ".join(number(getattr(run.start, name)) for name in NUMBERS)
    drawn = "def new_weights(n_in, n_out):\n" + f'    """Draw a layer\'s weights as they begin: {_name(run)}."""\n'
    begin = _BEGIN.format(purpose=STREAMS.index("replacement"))
    begun = ["begin_replacing()"] if run.start.replacement_rate else []
    blocks = [f"{', '.join(NUMBERS)} = {first}", begin, drawn + _weights(run), _replace(run), *begun]
    return "\n\n\n".join(blocks)


def _name(run: Described) -> str:
    return check_choice("initializer", run.start.initializer, {*_DRAWN, "orthogonal"})


def _weights(run: Described) -> str:
    name, scale = _name(run), run.start.initializer_scale
    scale = INITIALIZERS[name].scale if scale is None else scale
    times = "" if scale == 1 else f"{number(scale)} * "
    if name == "orthogonal":
        return _ORTHOGONAL.format(times)
    draw, root = _DRAWN[name]
    return f"    return {draw.format(times + root if root else number(scale))}"


_BEGIN = '''
def begin_replacing():
    """Begin with units of no age and no known use, and at the start of the stream of new weights."""
    global utility, age, due, new_units
    utility = [np.zeros(size) for size in sizes[1:-1]]
    age = [np.zeros(size) for size in sizes[1:-1]]
    due = np.zeros(layers - 1)
    new_units = stream({purpose})
'''.strip()

_UTILITIES = '''
def replace_units(inputs):
    """Continual backpropagation (Dohare et al. 2024, Algorithm 1): the least useful units begin anew now and then."""
    {names} = parts_of(theta)
    for l in range(layers - 1):
        contribution = np.mean(np.abs(inputs[l + 1]), axis=0) * np.sum(np.abs(W[l + 1]), axis=1)
        utility[l] = utility_decay * utility[l] + (1 - utility_decay) * contribution
        age[l] += 1
        mature = age[l] > maturity_threshold
        due[l] += replacement_rate * np.sum(mature)
        if due[l] > 1:
            unit = np.argmin(np.where(mature, utility[l], np.inf))
'''.strip()

_AFTERWARDS = """
            W[l + 1][unit] = 0
            utility[l][unit] = age[l][unit] = 0
            due[l] -= 1
""".strip("\n")


def _replace(run: Described) -> str:
    """Write the function that looks at the units after a step; `inputs` are those of the layers in its pass."""
    names, biases = parameter_names(run), _BIASES.get(_name(run))
    lines = [_UTILITIES.format(names=", ".join(names))]
    lines += ["            W[l][:, unit] = new_weights(sizes[l], sizes[l + 1])[:, unit]"]
    if run.net.bias and biases:
        drawn = biases.replace("n_in", "sizes[l]").replace("n_out", "sizes[l + 1]") + "[unit]"
        batch = "batch" in run.net.normalization
        lines += [f"            b[l][unit] = {drawn}" + (' if normalization[l] != "batch" else 0' if batch else "")]
    elif run.net.bias:
        lines += ["            b[l][unit] = 0"]
    if run.normalized:
        lines += ["            if normalization[l]:", "                gamma[l][unit], beta[l][unit] = 1, 0"]
    lines += [_AFTERWARDS, "            new = np.zeros(len(theta), bool)"]
    lines += [f"            {', '.join('new_' + name for name in names)} = parts_of(new)"]
    lines += ["            new_W[l][:, unit] = new_W[l + 1][unit] = True"]
    if run.net.bias:
        lines += ["            new_b[l][unit] = True"]
    if run.normalized:
        lines += ["            if normalization[l]:", "                new_gamma[l][unit] = new_beta[l][unit] = True"]
    return "\n".join([*lines, "            rule.forget(theta, new)"])
