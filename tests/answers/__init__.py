"""What students hand in, as NumPy code: right in several styles, and wrong in every way that has a name."""
