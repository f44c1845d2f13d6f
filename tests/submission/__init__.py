"""Tests of reading notebooks."""
