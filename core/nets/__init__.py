"""The network and its derivatives: activations, losses, initial parameters, normalization, residual connections, the
flat arena and the passes over it.
"""
