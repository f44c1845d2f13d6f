"""The right answers, computed by torch, and the known wrong answers, as altered oracles."""
