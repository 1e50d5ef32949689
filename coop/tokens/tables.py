"""The table of programs' tokens; they stand in it as hashes only."""

from sqlalchemy import BigInteger, Column, ForeignKey, Table

from coop.database.schema import _Id, _Text, metadata

program_token = Table(
    "program_token",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("token_hash", _Text, nullable=False, unique=True),
    Column("name", _Text, nullable=False),
    Column("home_id", _Text, ForeignKey("home.id")),
    Column("made_s", BigInteger, nullable=False),
    Column("ends_s", BigInteger, nullable=False),
    Column("used_s", BigInteger),
    Column("revoked_s", BigInteger),
)
