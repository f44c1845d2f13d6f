"""How the trusted side speaks with a student's object: scripts to play, traces to judge, the wire between."""
