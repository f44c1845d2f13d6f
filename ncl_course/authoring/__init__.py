"""From a lesson's one source to its notebooks: read, check the twins, strip, write, execute."""
