"""Explanations: the chain rule of any parameter with its numbers, diagnoses, the gradient laboratory and the theory
beside it.
"""
