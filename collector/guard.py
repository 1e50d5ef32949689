"""The one place where any exception is caught: a service's loop logs it and goes on."""

import logging
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

log = logging.getLogger(__name__)


def run_safely(work: Callable[[], T], what: str) -> T | None:
    """Do one round of a loop's work; what goes wrong is logged, and the next round goes on."""
    try:
        return work()
    except Exception:
        log.exception("%s failed; the next one goes on", what)
        return None
