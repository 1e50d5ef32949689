"""The tables of who may come in; secrets stand in them as hashes only."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Table

from coop.database.schema import _Id, _Text, metadata

household_link = Table(
    "household_link",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("token_hash", _Text, nullable=False, unique=True),
    Column("home_id", _Text, ForeignKey("home.id"), nullable=False),
    Column("made_s", BigInteger, nullable=False),
    Column("revoked_s", BigInteger),
)

household_pin = Table(
    "household_pin",
    metadata,
    Column("home_id", _Text, ForeignKey("home.id"), primary_key=True),
    Column("hash", _Text, nullable=False),
    Column("set_s", BigInteger, nullable=False),
)

steward_password = Table(
    "steward_password",
    metadata,
    Column("steward_id", _Text, ForeignKey("steward.id"), primary_key=True),
    Column("hash", _Text, nullable=False),
    Column("set_s", BigInteger, nullable=False),
    Column("totp_secret", _Text),
    Column("totp_step", BigInteger, nullable=False, server_default="0"),
)

setup_code = Table(
    "setup_code",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("hash", _Text, nullable=False),
    Column("ends_s", BigInteger, nullable=False),
    Column("used_s", BigInteger),
)

visit = Table(
    "visit",
    metadata,
    Column("token_hash", _Text, primary_key=True),
    Column("home_id", _Text, ForeignKey("home.id")),
    Column("steward_id", _Text, ForeignKey("steward.id")),
    Column("link_id", _Id, ForeignKey("household_link.id")),
    Column("form_key", _Text, nullable=False),
    Column("began_s", BigInteger, nullable=False),
    Column("seen_s", BigInteger, nullable=False),
    Column("ends_s", BigInteger, nullable=False),
    CheckConstraint("(home_id IS NULL) <> (steward_id IS NULL)", name="visit_of_one"),
)

deed = Table(
    "deed",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("at_s", BigInteger, nullable=False),
    Column("who", _Text, nullable=False),
    Column("what", _Text, nullable=False),
    Column("text", _Text, nullable=False),
    Index("deed_of", "what", "who", "at_s"),
)
