"""Build the notebooks from a lesson's single source: read it, compare the twins, strip, write, execute."""
