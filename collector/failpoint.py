"""Stop the process dead at a named place, for the fault tests: MINGA_FAILPOINT=after_commit:3."""

import os

_armed = os.environ.get("MINGA_FAILPOINT", "")
_passed = 0


def failpoint(name: str) -> None:
    """End the process without any goodbye at the n-th passing of the armed place."""
    global _passed  # noqa: PLW0603  a process has one failpoint
    if not _armed:
        return
    armed_name, _, count = _armed.partition(":")
    if armed_name == name:
        _passed += 1
        if _passed >= int(count or 1):
            os._exit(137)
