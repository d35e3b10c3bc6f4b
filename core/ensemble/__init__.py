"""Many runs at once: ensembles of nets of one shape, and maps whose every pixel is a trained net."""
