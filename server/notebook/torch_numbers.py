"""Numbers of PyTorch's tensors, reckoned where they lie. Imports nothing: who has tensors has loaded PyTorch."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .seen import ACTIVATIONS, SETTINGS, BeforeCall, Called

#: What the second number is that an activation is called with.
_SECOND = {"LeakyReLU": "negative_slope", "ELU": "alpha", "CELU": "alpha", "Softplus": "beta"}


class TorchNumbers:
    """What `hooks` asks of tensors, in float64 for tensors of that type and in float32 for all others."""

    def __init__(self) -> None:
        self._torch = sys.modules["torch"]

    def recording(self) -> bool:
        """Whether operations are recorded for a backward pass."""
        return bool(self._torch.is_grad_enabled())

    def _plain(self, tensor: Any) -> Any:
        torch = self._torch
        plain = tensor.detach()
        if plain.is_sparse:  # the gradient of an embedding that asks for such
            plain = plain.coalesce().values()
        return plain if plain.dtype == torch.float64 else plain.to(torch.float32)

    def size(self, tensor: Any) -> Any:
        """Return the root mean square, taken relative to the largest: the square of 1e-25 is 0 in float32."""
        torch, count = self._torch, max(1, tensor.numel())
        plain = self._plain(tensor)
        if not plain.numel():
            return plain.new_zeros(())
        largest = plain.abs().amax()
        unit = torch.where(largest > 0, largest, torch.ones_like(largest))
        relative = torch.sqrt((plain / unit).square().sum() / count) * largest
        return torch.where(torch.isinf(largest), largest, relative)

    def moments(self, tensor: Any) -> tuple[Any, Any]:
        """Return mean and standard deviation."""
        plain = self._plain(tensor)
        mean = plain.mean()
        return mean, (plain - mean).square().mean().sqrt()

    def rows(self, tensor: Any, axis: int, samples: int) -> Any:
        """Return a copy of evenly spaced samples as (neurons, samples), the neurons along `axis` of the tensor."""
        moved = tensor.detach().movedim(axis, 0)
        flat = moved.reshape(moved.shape[0], -1)
        return self._plain(flat[:, :: -(-flat.shape[1] // samples)]).clone()

    def copy(self, tensor: Any) -> Any:
        """Return a detached copy."""
        return tensor.detach().clone()

    def functions(self, before: BeforeCall) -> AbstractContextManager[Any]:
        """Within it, tell of activations that are called as functions."""
        kinds = self._kinds()

        class Functions(self._torch.overrides.TorchFunctionMode):  # type: ignore[misc, name-defined]
            def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
                kwargs = kwargs or {}
                kind = kinds.get(function)
                after = before(Called(kind, _settings(kind, args, kwargs)), args[0]) if kind and args else None
                output = function(*args, **kwargs)
                if after is not None:
                    after(output)
                return output

        return Functions()

    def _kinds(self) -> dict[Any, str]:
        torch = self._torch
        homes = (torch, torch.Tensor, torch.nn.functional)
        return {
            getattr(home, name): kind
            for kind, function in ACTIVATIONS.items()
            for name in (function, f"{function}_")
            for home in homes
            if hasattr(home, name)
        }

    def fetch(self, tensors: list[Any]) -> list[NDArray[np.float64]]:
        """Bring all to NumPy, in one transfer from each device, in the widest type among them."""
        torch = self._torch
        found: list[NDArray[np.float64]] = [np.empty(0)] * len(tensors)
        for device in {tensor.device for tensor in tensors}:
            here = [n for n, tensor in enumerate(tensors) if tensor.device == device]
            plain = [self._plain(tensors[n]) for n in here]
            wide = torch.float64 if any(tensor.dtype == torch.float64 for tensor in plain) else torch.float32
            joined = torch.cat([tensor.reshape(-1).to(wide) for tensor in plain]).cpu().numpy().astype(np.float64)
            ends = np.cumsum([tensor.numel() for tensor in plain])[:-1]
            for n, part in zip(here, np.split(joined, ends), strict=True):
                found[n] = part.reshape(tuple(tensors[n].shape))
        return found


def _settings(kind: str, args: Any, kwargs: Any) -> dict[str, Any]:
    """Return the numbers with which an activation is called as a function."""
    found = {name: kwargs[name] for name in SETTINGS if name in kwargs}
    if len(args) > 1 and kind in _SECOND:
        found[_SECOND[kind]] = args[1]
    elif kind == "LeakyReLU":
        found.setdefault("negative_slope", 0.01)
    return found
