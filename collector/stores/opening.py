"""Which store is used; the library of the other one is never loaded."""

from typing import Literal

from collector.errors import ConfigurationError
from collector.store_settings import InfluxSettings, SqliteSettings
from collector.stores.protocol import ReadingStore
from collector.stores.sqlite import SqliteStore


def open_store(
    kind: Literal["sqlite", "influxdb"],
    sqlite_settings: SqliteSettings,
    influx_settings: InfluxSettings | None,
) -> ReadingStore:
    """Open the chosen store; raise StateError or ConfigurationError when it cannot be used."""
    if kind == "sqlite":
        return SqliteStore(sqlite_settings)
    if influx_settings is None:
        raise ConfigurationError(
            "influxdb",
            ['store = "influxdb" needs a section [influxdb] with url, bucket and token_file'],
        )
    from collector.stores.influx import InfluxStore  # noqa: PLC0415  29 MB only where it is chosen

    return InfluxStore(influx_settings)
