"""Work on several machines: maps and sweeps on a Ray cluster, loaded only where one is given."""
