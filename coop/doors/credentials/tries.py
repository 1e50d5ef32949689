"""How long somebody must wait who was refused: a little longer each time, then a quarter hour.

The rule is the same for names that nobody has, so that it tells nothing about who exists.
"""

from collections.abc import Sequence

WINDOW_S = 15 * 60
MOST = 5
"""So many wrong tries in the window, then none until the oldest of them is out of it."""


def wait_s(failed_at_s: Sequence[int], now_s: int) -> int:
    """Return how many seconds the next try must wait; `failed_at_s` is in order."""
    recent = [at_s for at_s in failed_at_s if 0 <= now_s - at_s < WINDOW_S]
    if len(recent) >= MOST:
        return recent[-MOST] + WINDOW_S - now_s
    if not recent:
        return 0
    return max(0, recent[-1] + (1 << len(recent) - 1) - now_s)
