"""Update rules and what shapes their steps: learning-rate schedules, gradient clipping, penalties on the weights."""
