"""The port: what goes between a run's engine and whoever watches or steers it, as bytes."""
