"""What programs get of the stewards' first page: field by field, nothing by accident."""

from collections.abc import Callable
from datetime import timedelta

from coop.words import Saying
from dashboard.documents import Document, csv_text, utc
from dashboard.steward.front.health import DeviceHealth
from dashboard.steward.front.reading import Front

Tell = Callable[[Saying], str]


def front_document(front: Front, tell: Tell) -> Document:
    """Return what there is to do, and how each device reports."""
    watch = front.seen.watch
    return {
        "state": front.state.value,
        "as_of": utc(front.seen.now),
        "tasks": [{"kind": one.kind.value, "text": tell(one.saying)} for one in front.tasks],
        "booked_to": utc(watch.booked_to),
        "due_to": utc(watch.due_to),
        "devices": [_device(one) for one in front.seen.devices],
    }


def front_csv(front: Front) -> str:
    """Return how each device reports; an empty cell is not known."""
    head = ("device", "owner", "is_roof", "state", "taken_at", "age_s", "collector", "in_doubt")
    rows = (
        (
            one.device,
            one.owners,
            str(one.is_roof).lower(),
            one.freshness.value,
            utc(one.taken_at),
            _seconds(one.age),
            one.collector,
            " ".join(f"{quantity}:{reason}" for quantity, reason in one.withheld),
        )
        for one in front.seen.devices
    )
    return csv_text(head, rows)


def _device(one: DeviceHealth) -> Document:
    return {
        "device": one.device,
        "owners": [meter.owner for meter in one.meters],
        "is_roof": one.is_roof,
        "state": one.freshness.value,
        "taken_at": utc(one.taken_at),
        "age_s": _seconds(one.age),
        "collector": one.collector,
        "status": one.status,
        "in_doubt": dict(one.withheld),
    }


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds())
