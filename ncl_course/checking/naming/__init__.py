"""The names of the mistakes that explain a failure: by altered oracles, and by exceptions."""
