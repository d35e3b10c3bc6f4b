"""Weights from elsewhere: what is read, what it becomes, and what is refused."""

from __future__ import annotations

import json
import re
import struct
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from backscope.core import ConfigError, RunConfig, Trainer
from backscope.core.config.weights import MOST_NUMBERS, Weights, read_weights, with_weights
from backscope.core.export import parameters_json, parameters_npz

CIRCLE = RunConfig.from_json({"data": {"name": "circle"}, "network": {"hidden": [3]}})

PRINTED = """OrderedDict([('0.weight', tensor([[ 0.1234, -0.5678],
        [ 1.0000e+00, -2.3456e-01],
        [ 3.,  0.2500]])), ('0.bias', tensor([0.1000, 0.2000, 0.3000], dtype=torch.float64)),
        ('2.weight', tensor([[0.5000, 0.6000, 0.7000]], device='cuda:0')), ('2.bias', tensor([-1.5000]))])"""


def safetensors(arrays: dict[str, np.ndarray[Any, Any]], kinds: dict[str, str] | None = None) -> bytes:
    """A file as the format's document describes it: header length, header, numbers."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    content = b""
    names = {"float64": "F64", "float32": "F32", "float16": "F16", "int64": "I64", "uint16": "BF16"}
    for name, array in arrays.items():
        packed = array.tobytes()
        offsets = [len(content), len(content) + len(packed)]
        header[name] = {"dtype": names[str(array.dtype)], "shape": list(array.shape), "data_offsets": offsets}
        content += packed
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + content


def trained(normalization: str | None, bias: bool, hidden: list[int]) -> Trainer:
    network = {"hidden": hidden, "normalization": normalization, "bias": bias, "activation": "relu"}
    trainer = Trainer(RunConfig.from_json({"data": {"name": "circle"}, "network": network}))
    trainer.run(20)
    return trainer


@pytest.mark.parametrize("write", [parameters_json, parameters_npz])
@pytest.mark.parametrize("normalization", [None, "batch", "layer"])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("hidden", [[], [4], [5, 3]])
def test_what_was_taken_away_comes_back_to_the_last_bit(
    write: Any, normalization: str | None, bias: bool, hidden: list[int]
) -> None:
    trainer = trained(normalization, bias, hidden)
    fresh = RunConfig.from_json(
        {"data": {"name": "circle"}, "network": {"hidden": [2, 2, 2], "normalization": normalization}}
    )
    config = with_weights(fresh, read_weights(write(trainer)))
    assert config.sizes == trainer.network.sizes
    assert config.network.bias == bias
    assert Trainer(config).theta.tobytes() == trainer.theta.tobytes()
    if write is parameters_json:
        assert config.make_network().activations == trainer.network.activations
    assert RunConfig.from_json(json.loads(json.dumps(config.to_json()))) == config


def test_a_state_dict_is_read_as_it_prints() -> None:
    read = read_weights(PRINTED)
    assert read.sizes == (2, 3, 1)
    assert read.digits == 4
    np.testing.assert_array_equal(read.layers[0].W, [[0.1234, -0.5678], [1.0, -0.23456], [3.0, 0.25]])
    layers = Trainer(with_weights(CIRCLE, read)).network.unpack(np.array(with_weights(CIRCLE, read).initial))
    np.testing.assert_array_equal(layers[1].b, [-1.5])


@pytest.mark.parametrize(
    "between", [" ", ": ", " = ", ", ", "\n", " Parameter containing:\n", "\nParameter containing:\n"]
)
def test_names_and_tensors_that_a_loop_prints_are_read_alike(between: str) -> None:
    quoted = re.findall(r"'([\w.]+)', (tensor\(.*?\))(?=\))", PRINTED, re.DOTALL)
    assert len(quoted) == 4
    read, whole = read_weights("\n".join(f"{name}{between}{tensor}" for name, tensor in quoted)), read_weights(PRINTED)
    for found, wanted in zip(read.layers, whole.layers, strict=True):
        np.testing.assert_array_equal(found.W, wanted.W)
        np.testing.assert_array_equal(found.b, wanted.b)  # type: ignore[arg-type]


def test_a_tensor_without_a_name_is_told_and_not_passed_over() -> None:
    for text in ("[Parameter containing:\ntensor([[1., 2.]])]", f"{PRINTED}\ntensor([1.])"):
        with pytest.raises(ConfigError, match="a tensor in it has no name"):
            read_weights(text)


def test_a_print_that_was_cut_is_refused() -> None:
    for cut in ("0.1234, ...,  0.3", "0.1234,  ..., 0.3"):
        with pytest.raises(ConfigError, match=r"0\.weight was cut when it was printed .*set_printoptions"):
            read_weights(f"OrderedDict([('0.weight', tensor([[{cut}]]))])")
    with pytest.raises(ConfigError, match="paste all of it"):
        read_weights(PRINTED[:60])


@pytest.mark.parametrize("kind", ["<f8", "<f4", "<f2"])
def test_safetensors_of_every_number_type_are_read(kind: str) -> None:
    rng = np.random.default_rng(1)
    arrays = {
        "net.0.weight": rng.standard_normal((3, 2)).astype(kind),
        "net.0.bias": rng.standard_normal(3).astype(kind),
        "net.1.weight": np.ones(3, kind),
        "net.1.bias": np.zeros(3, kind),
        "net.1.num_batches_tracked": np.array(7),
        "net.3.weight": rng.standard_normal((1, 3)).astype(kind),
        "net.3.bias": rng.standard_normal(1).astype(kind),
    }
    read = read_weights(safetensors(arrays))
    assert read.left_out == ("net.1.num_batches_tracked",)
    np.testing.assert_array_equal(read.layers[1].W, arrays["net.3.weight"].astype(float))
    assert read.layers[0].gamma is not None
    with pytest.raises(ConfigError, match="layer 1 has γ, for which the net has no place: choose a normalization"):
        with_weights(CIRCLE, read)


def test_bfloat16_is_read() -> None:
    values = np.array([[1.0, -2.5], [0.15625, 3.0]], np.float32)
    halves = (values.view(np.uint32) >> 16).astype(np.uint16)
    np.testing.assert_array_equal(read_weights(safetensors({"weight": halves})).layers[0].W, values)


REFUSED = {
    "these are": "no JSON",
    "[1, 2]": "object with layers",
    "{}": "no weights are in it",
    '{"layers": []}': "no weights are in it",
    '{"layers": [{"b": [1]}]}': "objects with W",
    '{"layers": [{"W": [[1, 2], [3]]}]}': "rows of equal length",
    '{"layers": [{"W": [["a"]]}]}': "rows of equal length",
    '{"layers": [{"W": [1, 2]}]}': "must be a matrix",
    '{"layers": [{"W": [[NaN]]}]}': "no JSON",
    '{"layers": [{"W": [[1e400]]}]}': "no number of an ordinary size",
    '{"layers": [{"W": [[1, 2]], "b": [1, 2]}]}': "b of layer 1 must have 1 numbers",
    '{"layers": [{"W": [[1, 2]]}, {"W": [[1, 2]]}]}': "layer 1 gives 1 numbers, and layer 2 takes 2",
    '{"W2": [[1]]}': "W1 is missing",
    '{"0.weight": [[1, 2, 3]]}': "for 3 inputs, and the run has 2",
    '{"0.weight": [[1, 2], [3, 4]]}': "for 2 outputs, and the run has 1",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_does_not_fit_is_refused_in_words(text: str) -> None:
    with pytest.raises(ConfigError, match=REFUSED[text]):
        with_weights(CIRCLE, read_weights(text))


def test_a_thousand_broken_files_raise_nothing_but_their_own_error() -> None:
    rng = np.random.default_rng(0)
    whole: list[bytes] = [parameters_npz(trained(None, True, [3])), parameters_json(trained(None, True, [3])).encode()]
    whole += [PRINTED.encode(), safetensors({"a.weight": np.ones((2, 2)), "a.bias": np.ones(2)})]
    refused = 0
    for number in range(1000):
        content = bytearray(whole[number % len(whole)])
        for _ in range(int(rng.integers(1, 6))):
            content[int(rng.integers(len(content)))] = int(rng.integers(256))
        content = content[: int(rng.integers(1, len(content) + 1))] if rng.random() < 0.5 else content
        try:
            assert isinstance(read_weights(bytes(content)), Weights)
        except ConfigError:
            refused += 1
    assert refused > 300


def test_too_many_numbers_are_refused() -> None:
    file = BytesIO()
    np.savez(file, W1=np.zeros((MOST_NUMBERS // 2 + 1, 2)))
    with pytest.raises(ConfigError, match=f"at most {MOST_NUMBERS}"):
        read_weights(file.getvalue())


def test_a_function_has_no_place_for_weights() -> None:
    with pytest.raises(ConfigError, match="bowl is a function without a network"):
        with_weights(RunConfig.from_json({"data": {"name": "bowl"}}), read_weights('{"0.weight": [[1]]}'))
