"""The page where somebody already works: opened from a script or a notebook, on a run of that very process."""
