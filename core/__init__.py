"""The mathematics of Backscope: networks, their derivatives, optimizers, data and loss surfaces, in NumPy."""
