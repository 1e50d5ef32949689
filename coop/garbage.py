"""Lets long work on plain rows go on without the search for circles among them.

Millions of rows live while a month is read, and there is no circle in them: what is no longer used
is freed at once all the same. The search would take up to half of the time.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Do not look for circles in the meantime."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
