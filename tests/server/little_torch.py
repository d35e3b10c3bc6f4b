"""A stand-in with the hooks of PyTorch's modules, tensors and optimizers, over NumPy: to try them without it."""

from __future__ import annotations

from contextlib import nullcontext

import numpy as np


class Handle:
    def __init__(self, hooks, hook):
        self._hooks = hooks
        hooks.append(self)
        self.hook = hook

    def remove(self):
        if self in self._hooks:
            self._hooks.remove(self)


class Tensor:
    """An array, and how its gradient goes on to what it was made of."""

    def __init__(self, data, requires_grad=False, back=None):
        self.data, self.requires_grad, self._back = np.asarray(data, float), requires_grad, back
        self.grad, self._hooks = None, []

    shape = property(lambda self: self.data.shape)
    ndim = property(lambda self: self.data.ndim)

    def detach(self):
        return Tensor(self.data)

    def register_hook(self, hook):
        return Handle(self._hooks, hook)

    def __sub__(self, other):
        return Tensor(self.data - other.data)

    def backward(self, gradient=None):
        gradient = Tensor(np.ones_like(self.data) if gradient is None else gradient)
        for handle in list(self._hooks):
            handle.hook(gradient)
        if self._back is not None:
            self._back(gradient.data)
        elif self.requires_grad:
            self.grad = gradient if self.grad is None else Tensor(self.grad.data + gradient.data)


class Module:
    def __init__(self):
        self.before, self.after = [], []

    def register_forward_pre_hook(self, hook):
        return Handle(self.before, hook)

    def register_forward_hook(self, hook, always_call=False):
        return Handle(self.after, hook)

    def named_parameters(self, recurse=True):
        return [("weight", self.weight)] if hasattr(self, "weight") else []

    def named_modules(self):
        yield "", self

    def modules(self):
        yield from (module for _, module in self.named_modules())

    def __call__(self, *inputs):
        for handle in tuple(self.before):
            handle.hook(self, inputs)
        output = self.forward(*inputs)
        for handle in tuple(self.after):
            handle.hook(self, inputs, output)
        return output


class Linear(Module):
    def __init__(self, weight, bias):
        super().__init__()
        self.weight, self.bias = Tensor(weight, requires_grad=True), Tensor(bias, requires_grad=True)

    def forward(self, x):
        def back(g):
            self.weight.backward(g.T @ x.data)
            self.bias.backward(g.sum(0))
            if x.requires_grad:
                x.backward(g @ self.weight.data)

        return Tensor(x.data @ self.weight.data.T + self.bias.data, True, back)


class Sigmoid(Module):
    def forward(self, x):
        a = 1 / (1 + np.exp(-x.data))
        return Tensor(a, True, lambda g: x.backward(g * a * (1 - a)))


class Sequential(Module):
    """Modules in a row; one may stand there several times."""

    def __init__(self, *parts):
        super().__init__()
        self.parts = parts

    def named_modules(self):
        yield "", self
        for n, part in enumerate(self.parts):
            if part not in self.parts[:n]:
                yield str(n), part

    def forward(self, x):
        for part in self.parts:
            x = part(x)
        return x


class SquaredError(Module):
    """Half the squared error, averaged over the batch: its gradient at z is (z − y) / n."""

    def forward(self, z, y):
        n = len(z.data)
        return Tensor(np.sum((z.data - y) ** 2) / (2 * n), True, lambda g: z.backward(g * (z.data - y) / n))


class SGD:
    def __init__(self, model, lr):
        self.model, self.lr, self.before, self.after = model, lr, [], []

    def register_step_pre_hook(self, hook):
        return Handle(self.before, hook)

    def register_step_post_hook(self, hook):
        return Handle(self.after, hook)

    def parameters(self):
        for module in self.model.modules():
            if isinstance(module, Linear):
                yield from (module.weight, module.bias)

    def zero_grad(self):
        for parameter in self.parameters():
            parameter.grad = None

    def step(self, *args, **kwargs):
        args = (self, *args)  # as PyTorch gives them to hooks
        for handle in tuple(self.before):
            args, kwargs = handle.hook(self, args, kwargs) or (args, kwargs)
        for closure in args[1:]:
            closure()
        for parameter in self.parameters():
            parameter.data = parameter.data - self.lr * parameter.grad.data
        for handle in tuple(self.after):
            handle.hook(self, args, kwargs)


class LittleNumbers:
    """What `hooks` asks of tensors, for those above; `fetched` counts the transfers."""

    fetched = 0

    def recording(self):
        return True

    def size(self, tensor):
        return Tensor(np.sqrt(np.mean(tensor.data**2)))

    def moments(self, tensor):
        return Tensor(tensor.data.mean()), Tensor(tensor.data.std())

    def rows(self, tensor, axis, samples):
        flat = np.moveaxis(tensor.data, axis, 0).reshape(tensor.shape[axis], -1)
        return Tensor(flat[:, :: -(-flat.shape[1] // samples)].copy())

    def copy(self, tensor):
        return Tensor(tensor.data.copy())

    def functions(self, before):
        return nullcontext()

    def fetch(self, tensors):
        self.fetched += 1
        return [tensor.data for tensor in tensors]
