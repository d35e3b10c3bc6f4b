"""Functions of two parameters without a network, on which ways downhill are compared."""
