"""The loss over parameter space: planes, surfaces, curvature and the limits of stability."""
