"""Mutants made by machine: every single edit of every right answer, judged by the checks and by a second witness.

``edits`` makes the edits, ``sources`` turns an edited answer into code that runs, ``trial`` judges it in a process of
its own, ``witnesses`` holds the second opinion, and ``listed.toml`` the mutants that only a reader can judge.
``python -m tests.mutants`` prints the table.
"""
