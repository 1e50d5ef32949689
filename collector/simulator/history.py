"""What the devices of a plant would have said before today: readings on a regular grid.

The same values as a poll at that moment would decode. Stores nothing: the readings go the same way
through ingest as any others.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from collector.reading import Reading
from collector.simulator.plant import SimulatedDevice

QUARTER = timedelta(minutes=15)
BOOT = "history"


def history(
    devices: Sequence[SimulatedDevice], start: datetime, end: datetime, step: timedelta = QUARTER
) -> Iterator[Reading]:
    """Yield one reading of each device at start, start + step and so on before `end`."""
    mono_ms, step_ms, at = 0, step // timedelta(milliseconds=1), start
    while at < end:
        for device in devices:
            yield _reading(device, at, mono_ms)
        at, mono_ms = at + step, mono_ms + step_ms


def _reading(device: SimulatedDevice, at: datetime, mono_ms: int) -> Reading:
    quantities = device.quantities(at)
    withheld = {} if device.counter in quantities else {device.counter: "not_available"}
    return Reading(device.id, at, quantities, withheld, BOOT, mono_ms)
