"""The quality suite: what a report is worth, measured offline (`python -m tests.quality`).

Its data is made here, from the definitions of the kinds of conflict and not from what finds them. Nobody who works
on the detector reads `conflicts_held_out.py` or the documents.
"""
