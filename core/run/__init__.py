"""A run on its way: batches, the engine, the log, history and trainer, and several runs in lockstep as lanes."""
