"""The instrument: a network that trains while its reader turns its knobs, drawn by the browser."""
