"""When Python looks for garbage: rarely, and through what is new alone, for a look at all there is takes 0.1 s."""

import gc

TIDY_S = 30.0
"""How often what refers to itself, and to nothing that is in use, is let go of."""


def settle() -> None:
    """After the imports, which are there to stay: they are looked through once, and never again."""
    tidy()
    # Never of itself through all there is: that is `tidy`'s, at its own times.
    gc.set_threshold(10_000, 20, 1_000)
    gc.enable()


def tidy() -> None:
    """Lets go of what is garbage among all that came since the last time; the rest is not looked at again."""
    gc.collect()
    gc.freeze()
