"""Functions of two parameters without a network, on which ways downhill are compared."""

from . import problem as problem  # lets runs name landscapes as data and as losses
