"""What holds for every test."""

import os

from hypothesis import HealthCheck, settings

# A shared machine is slow at times: time says nothing about a property.
settings.register_profile(
    "minga", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", parent=settings.get_profile("minga"), print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "minga")


def pytest_terminal_summary(terminalreporter: object) -> None:
    """Name what was missing, and count it."""
    skipped = getattr(terminalreporter, "stats", {}).get("skipped", [])
    reasons = [str(report.longrepr[2]).removeprefix("Skipped: ") for report in skipped]
    for reason in sorted(set(reasons)):
        line = f"{reasons.count(reason)} tests skipped: {reason}"
        terminalreporter.write_line(line)  # type: ignore[attr-defined]  # pytest's own class
