"""What a run is made of: its configuration, checked when built, and the problem it describes."""
