"""How often Python looks for garbage in circles."""

import gc


def spare_collections() -> None:
    """Looks less often: a page leaves thousands of objects, and nearly all die by themselves.

    Modules loaded by now are never garbage and are not looked at again.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
