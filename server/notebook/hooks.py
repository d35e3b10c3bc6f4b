"""What hooks on somebody's own model see of a training step: sizes of values and errors, layer by layer.

A step that is not looked at costs one call, after the optimizer: a hook on a model or a loss takes it off PyTorch's
fast path, so there are none until it is time. Then, in the next step, every layer and activation has hooks while the
model is called, and the tensors that pass have one each for their gradient.
Nothing of a tensor is kept but detached numbers, so no graph lives longer than without.

A layer is a module with a `weight` of two dimensions or more; layers stand in the order in which they are called. What
a module sees in several calls of a step (shared, or batches whose gradients add up) is pooled; of an optimizer that
evaluates a closure several times the last evaluation counts.
"""

from __future__ import annotations

import time
import warnings
import weakref
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from .seen import ACTIVATIONS, SETTINGS, Called, Numbers, Seen, StepSeen, count_of, fetched

#: Seconds between two steps that are looked at, at least.
REST = 0.2
#: Samples of a layer that are looked at one by one, at most, and of wide layers at least; numbers that this may be.
_MOST_SAMPLES, _LEAST_SAMPLES, _MOST_NUMBERS = 256, 16, 16_384
#: A part of the class names of normalizations.
_NORMALIZATION = "Norm"


class Hooks:
    """Hooks on a model and its optimizer, until `remove`.

    Parameters
    ----------
    model, optimizer
        Whose steps are looked at.
    numbers : Numbers
        Where its tensors lie.
    tell : callable
        Called with a `StepSeen` at the end of each step that was looked at.
    loss : optional
        A module whose output is the loss.
    share : float
        Of the time that looking may take.
    """

    def __init__(
        self,
        model: Any,
        optimizer: Any,
        numbers: Numbers,
        tell: Callable[[StepSeen], None],
        loss: Any = None,
        share: float = 0.02,
    ) -> None:
        self._model, self._numbers, self._tell, self._share = model, numbers, tell, share
        self._layers: dict[Any, Seen] = {}
        self._open: Seen | None = None
        self._z: Any = None  # weak: what the open layer has returned
        self._entered: Called | None = None  # the activation that is being called
        self._functions: AbstractContextManager[Any] | None = None
        self._sample: object | None = None  # what is looked at now: gradients of an earlier step find another one
        self._inside = False  # whether the optimizer is at work: calls of the model are evaluations of its closure
        self._before: dict[Any, Any] = {}
        self._starts: dict[Any, Any] = {}
        self._loss: Any = None
        self._short: list[Any] = []
        self._due, self._spent = 0.0, 0.0
        self._broken = False
        self.steps = 0
        self._optimizer, self._criterion = optimizer, loss
        self._lasting = optimizer.register_step_post_hook(self._stepped)
        self._ready: list[Any] = []
        self._wait()

    def remove(self) -> None:
        """Take all hooks off, and forget everything that was seen."""
        self._hush()
        self._rest()
        self._lasting.remove()
        self._sample = self._open = self._loss = None
        for kept in (self._layers, self._before, self._starts):
            kept.clear()

    def told(self, loss: Any) -> None:
        """Take this as the loss of the step on its way: a number, or a tensor with one."""
        self._loss = loss.detach() if hasattr(loss, "detach") else loss

    # Around a step

    def _wait(self) -> None:
        """Be there when the next step begins."""
        self._ready = [
            self._model.register_forward_pre_hook(self._begins),
            self._model.register_forward_hook(self._ends, always_call=True),
            self._optimizer.register_step_pre_hook(self._steps),
        ]
        if self._criterion is not None:
            told = self._criterion.register_forward_hook(lambda _module, _inputs, output: self.told(output))
            self._ready.append(told)

    def _rest(self) -> None:
        """Be gone until it is time again."""
        for handle in self._ready:
            handle.remove()
        self._ready = []

    def _begins(self, _model: Any, _inputs: Any) -> None:
        """The model is called: look at it, or again if a closure is evaluated once more."""
        if self._broken:
            self.remove()
        elif self._numbers.recording():
            self._guarded(self._look)

    def _look(self) -> None:
        if self._sample is None:
            self._before = {module: self._numbers.copy(module.weight) for _, module in self._weighted()}
            for module, weight in self._before.items():
                self._starts.setdefault(module, weight)
            self._spent = 0.0
        if self._sample is None or self._inside:
            self._layers, self._sample = {}, object()
        self._listen()

    def _ends(self, _model: Any, _inputs: Any, _output: Any) -> None:
        self._hush()

    def _steps(self, _optimizer: Any, args: Any, kwargs: Any) -> Any:
        """The optimizer begins; what its closure returns is the loss."""
        self._inside = True
        given = tuple(self._listening(value) if callable(value) else value for value in args)
        return given, {name: self._listening(value) if callable(value) else value for name, value in kwargs.items()}

    def _listening(self, closure: Callable[[], Any]) -> Callable[[], Any]:
        def evaluate() -> Any:
            loss = closure()
            if loss is not None:
                self.told(loss)
            return loss

        return evaluate

    def _stepped(self, _optimizer: Any, _args: Any, _kwargs: Any) -> None:
        self.steps += 1
        self._inside = False
        if self._sample is not None:
            self._sample = self._open = None
            self._guarded(self._finish)
            self._layers, self._before = {}, {}
            self._due = time.perf_counter() + max(REST, self._spent * (1 / self._share - 1))
            if not self._broken:  # else the next call of the model, where that can be done, takes all hooks off
                self._rest()
        if not self._ready and time.perf_counter() >= self._due:
            self._wait()

    def _finish(self) -> None:
        self._hush()
        layers = list(self._layers.values())
        if layers and not self._broken:
            self._tell(fetched(self._numbers, layers, self._before, self._starts, self._loss, self.steps))

    def _guarded(self, look: Callable[..., Any], *args: Any) -> Any:
        """Look, and note what it takes. What goes wrong with it does not touch the training: it ends the looking."""
        begin = time.perf_counter()
        try:
            return look(*args)
        except Exception as error:  # of whatever kind: it is not the training's
            self._broken = True
            warnings.warn(f"backscope no longer watches: {type(error).__name__}: {error}", stacklevel=2)
            return None
        finally:
            self._spent += time.perf_counter() - begin

    # While the model is called

    def _weighted(self) -> list[tuple[str, Any]]:
        found = []
        for name, module in self._model.named_modules():
            weight = dict(module.named_parameters(recurse=False)).get("weight")
            if weight is not None and weight.ndim >= 2:
                found.append((name, module))
        return found

    def _listen(self) -> None:
        self._hush()
        self._open = self._entered = None
        names = {module: name for name, module in self._weighted()}
        for module in self._model.modules():
            kind = type(module).__name__
            if module in names:
                self._short.append(module.register_forward_hook(self._timed(self._layer, names[module])))
            elif kind in ACTIVATIONS:
                self._short.append(module.register_forward_pre_hook(self._timed(self._activation_in)))
                self._short.append(module.register_forward_hook(self._timed(self._activation_out)))
            elif _NORMALIZATION in kind:
                self._short.append(module.register_forward_pre_hook(self._timed(self._normalization)))
        self._functions = self._numbers.functions(self._function)
        self._functions.__enter__()

    def _hush(self) -> None:
        if self._functions is not None:
            self._functions.__exit__(None, None, None)
            self._functions = None
        for handle in self._short:
            handle.remove()
        self._short = []

    def _timed(self, hook: Callable[..., Any], *first: Any) -> Callable[..., None]:
        """Return a hook that belongs to this look at a step: later it does nothing."""
        sample = self._sample

        def timed(*args: Any) -> None:
            if sample is self._sample is not None and not self._broken:
                self._guarded(hook, *first, *args)

        return timed

    def _layer(self, name: str, module: Any, inputs: Any, z: Any) -> None:
        if not inputs or not hasattr(z, "shape") or z.ndim < 2:
            return
        x, before = inputs[0], self._open
        if before is not None and before.activation is None:  # nothing seen between: what comes in is what went out
            before.straight = self._z() is x
            self._gradient(before, "back", x)
            self._passed_on(before, x)
        neurons_at = 1 if type(module).__name__.startswith("Conv") else z.ndim - 1
        layer = self._layers.get(module)
        if layer is None:
            inputs_here = x.shape[1] if neurons_at == 1 and x.ndim > 1 else x.shape[-1]
            layer = Seen(name, module, neurons_at, int(inputs_here), int(z.shape[neurons_at]))
            self._layers[module] = layer
        layer.batch, layer.activation = int(z.shape[0]), None
        self._gradient(layer, "delta", z)
        self._some(layer, "z", z)
        self._open, self._z = layer, weakref.ref(z)

    def _normalization(self, module: Any, _inputs: Any) -> None:
        if self._open is not None and self._open.activation is None:
            self._open.normalization = "batch" if "BatchNorm" in type(module).__name__ else "layer"

    def _activation_in(self, module: Any, inputs: Any) -> None:
        settings = {name: getattr(module, name) for name in SETTINGS if hasattr(module, name)}
        if inputs:
            self._enter(Called(type(module).__name__, settings), inputs[0])

    def _activation_out(self, _module: Any, _inputs: Any, a: Any) -> None:
        self._leave(a)

    def _function(self, called: Called, u: Any) -> Callable[[Any], None] | None:
        if self._entered is not None or self._open is None or self._open.activation is not None:
            return None
        self._guarded(self._enter, called, u)
        return self._timed(self._leave)

    def _enter(self, called: Called, u: Any) -> None:
        """An activation is about to be called; the first one behind a layer is the layer's."""
        layer = self._open
        if layer is None or layer.activation is not None:
            return
        self._entered = called
        self._gradient(layer, "inner", u)
        self._some(layer, "u", u)

    def _leave(self, a: Any) -> None:
        layer, called = self._open, self._entered
        self._entered = None
        if layer is None or called is None:
            return
        layer.activation = called
        self._gradient(layer, "back", a)
        self._passed_on(layer, a)

    def _passed_on(self, layer: Seen, a: Any) -> None:
        mean, spread = self._numbers.moments(a)
        count = count_of(a)
        layer.sizes.setdefault("mean", []).append((mean, count))
        layer.sizes.setdefault("spread", []).append((spread, count))

    def _some(self, layer: Seen, name: str, tensor: Any) -> None:
        axis = min(layer.axis, tensor.ndim - 1)
        most = min(_MOST_SAMPLES, max(_LEAST_SAMPLES, _MOST_NUMBERS // max(1, layer.neurons)))
        layer.rows.setdefault(name, []).append(self._numbers.rows(tensor, axis, most))

    def _gradient(self, layer: Seen, name: str, tensor: Any) -> None:
        """Take the size of the gradient of a tensor when it comes: a hook that knows the layer, but not the tensor."""
        if not getattr(tensor, "requires_grad", False):
            return
        count = count_of(tensor)
        sizes = layer.sizes.setdefault(name, [])

        def take(gradient: Any) -> None:
            sizes.append((self._numbers.size(gradient), count))

        tensor.register_hook(self._timed(take))
