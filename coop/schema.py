"""The cooperative's tables as the code of today sees them; `migrations/` brings a file there.

Times are unix seconds, validity is half-open and begins and ends at slot borders, exact numbers are
text. `slot_energy` and `slot_allocation` are insert-only: the highest version of a slot counts.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)

REVISION = "0001"
"""The newest migration; a test holds it to be so."""

metadata = MetaData()

_Id = BigInteger().with_variant(Integer(), "sqlite")

member = Table(
    "member",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("joined_s", BigInteger, nullable=False),
)

home = Table(
    "home",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member_id", Text, ForeignKey("member.id"), nullable=False),
    Column("name", Text, nullable=False),
)

roof = Table(
    "roof",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("home_id", Text, ForeignKey("home.id")),
)

meter = Table(
    "meter",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("home_id", Text, ForeignKey("home.id")),
    Column("roof_id", Text, ForeignKey("roof.id")),
    Column("device", Text, nullable=False),
    Column("quantity", Text, nullable=False),
    Column("valid_from_s", BigInteger, nullable=False),
    Column("valid_to_s", BigInteger),
    CheckConstraint("(home_id IS NULL) <> (roof_id IS NULL)", name="meter_of_one"),
    CheckConstraint("valid_to_s IS NULL OR valid_from_s < valid_to_s", name="meter_span"),
)

sharing_key = Table(
    "sharing_key",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("tie", Text, nullable=False),
    Column("own_use", Text, nullable=False),
    Column("missing", Text, nullable=False),
    Column("fund_percent", Text, nullable=False),
    Column("then_method", Text),
    Column("within_tier", Text, nullable=False),
    Column("lifeline_wh", BigInteger, nullable=False),
    Column("unassigned_weight", Text, nullable=False),
    Column("renormalise", Boolean, nullable=False),
    Column("valid_from_s", BigInteger, nullable=False, unique=True),
    Column("valid_to_s", BigInteger),
    CheckConstraint("valid_to_s IS NULL OR valid_from_s < valid_to_s", name="key_span"),
)

key_weight = Table(
    "key_weight",
    metadata,
    Column("key_id", _Id, ForeignKey("sharing_key.id"), primary_key=True),
    Column("home_id", Text, ForeignKey("home.id"), primary_key=True),
    Column("weight", Text, nullable=False),
    Column("tier", Integer),
    Column("reserved_percent", Text, nullable=False),
)

slot_energy = Table(
    "slot_energy",
    metadata,
    Column("slot_start_s", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("written_s", BigInteger, nullable=False),
    Column("line", Text, nullable=False),
)

slot_allocation = Table(
    "slot_allocation",
    metadata,
    Column("slot_start_s", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("written_s", BigInteger, nullable=False),
    Column("key_id", _Id, ForeignKey("sharing_key.id")),
    Column("status", Text, nullable=False),
    Column("quality", Text, nullable=False),
    Column("produced_wh", BigInteger),
    Column("own_use_wh", BigInteger),
    Column("shared_wh", BigInteger),
    Column("set_aside_wh", BigInteger),
    Column("surplus_wh", BigInteger),
    Column("fund_tenths_wh", BigInteger),
    Column("consumption_wh", BigInteger),
    Column("line", Text, nullable=False),
    # The fund is a sum over all slots: an index that holds it spares reading the lines.
    Index("slot_fund", "slot_start_s", "version", "fund_tenths_wh"),
)

settle_state = Table(
    "settle_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("change_version", BigInteger, nullable=False),
    Column("registry_version", BigInteger, nullable=False),
    Column("resettle_from_s", BigInteger),
    Column("slot_s", Integer),
    Column("turn", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="one_state"),
)
