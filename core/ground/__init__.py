"""What everything else in the core stands on: errors, records to and from JSON, hyperparameters, random streams.
Knows no network.
"""
