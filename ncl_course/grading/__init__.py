"""Submissions in, marks out: collect, sandbox, judge, write down, report."""
