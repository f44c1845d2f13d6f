"""Connect the trusted side with a student's object: scripts to play, traces to judge, and the wire between."""
