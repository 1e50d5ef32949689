"""Where readings end: one protocol, two stores, one contract suite (tests/collector/stores)."""

from collector.stores.protocol import (
    Counter,
    Edge,
    EdgeRow,
    LastReading,
    ReadingStore,
    SlotChanges,
    WriteResult,
)

__all__ = [
    "Counter",
    "Edge",
    "EdgeRow",
    "LastReading",
    "ReadingStore",
    "SlotChanges",
    "WriteResult",
]
