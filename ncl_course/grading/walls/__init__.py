"""Sandboxes, seen from the trusted side: how they are built, started, asked and ended."""
