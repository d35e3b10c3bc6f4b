"""A session's run: lanes in lockstep, their pace, bounds and curves."""
