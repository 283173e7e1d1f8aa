"""When Python looks for garbage: seldom through all there is, for that takes 0.1 s."""

import gc

QUIET_S = 2.0
"""So long after a run was left, what it was shown with is looked for: it refers to itself.

And so long after a run was told, nothing of which is garbage, nothing is looked for: it is to be painted first.
"""


def settle() -> None:
    """After the imports, which are there to stay: they are looked through once, and never again."""
    gc.collect()
    # Once alone: what is alive at such a time is kept for good, and after the imports that is screens and runs.
    gc.freeze()
    # A look at all there is comes of itself only when there are some 200,000 more objects.
    gc.set_threshold(10_000, 10, 1)
    gc.enable()
