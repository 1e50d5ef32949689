"""The files of frozen months as they were kept: read back byte for byte."""

import zlib
from collections.abc import Mapping

from sqlalchemy import Connection, insert, select

from coop.database.schema import month_file

MANIFEST = "manifest.txt"


def keep_files(connection: Connection, month: str, texts: Mapping[str, str]) -> None:
    """Keep the files of a month for ever."""
    rows = [
        {"month": month, "name": name, "content": zlib.compress(text.encode(), 1)}
        for name, text in texts.items()
    ]
    connection.execute(insert(month_file), rows)


def read_files(connection: Connection, month: str) -> dict[str, bytes]:
    """Return the files of a month by name."""
    table = month_file.c
    wanted = select(table.name, table.content).where(table.month == month).order_by(table.name)
    return {name: zlib.decompress(content) for name, content in connection.execute(wanted)}


def read_facts(connection: Connection, month: str) -> dict[str, str]:
    """Return the facts of a month's manifest."""
    table = month_file.c
    wanted = select(table.content).where(table.month == month, table.name == MANIFEST)
    manifest = zlib.decompress(connection.execute(wanted).scalar_one()).decode()
    lines = (line.partition(" ") for line in manifest.splitlines())
    return {name: value for name, _, value in lines if name != "sha256"}
