"""The cooperative's tables as the code of today sees them; `migrations/` brings a file there.

Times are unix seconds, validity is half-open and begins and ends at slot borders, exact numbers are
text. What settles, books or closes is insert-only. Of a slot the highest version counts; what comes
after its month was frozen stands in `slot_late`.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

REVISION = "0002"
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

slot_late = Table(
    "slot_late",
    metadata,
    Column("slot_start_s", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("written_s", BigInteger, nullable=False),
    Column("energy_line", Text, nullable=False),
    Column("line", Text, nullable=False),
)

slot_reason = Table(
    "slot_reason",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("from_s", BigInteger, nullable=False),
    Column("to_s", BigInteger, nullable=False),
    Column("steward_id", Text, ForeignKey("steward.id"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("written_s", BigInteger, nullable=False),
    CheckConstraint("from_s < to_s", name="reason_span"),
)

manual_reading = Table(
    "manual_reading",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("device", Text, nullable=False),
    Column("quantity", Text, nullable=False),
    Column("taken_s", BigInteger, nullable=False),
    Column("counter_wh", BigInteger, nullable=False),
    Column("begins_anew", Boolean, nullable=False),
    Column("steward_id", Text, ForeignKey("steward.id"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("written_s", BigInteger, nullable=False),
)

steward = Table(
    "steward",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("valid_from_s", BigInteger, nullable=False),
    Column("valid_to_s", BigInteger),
    CheckConstraint("valid_to_s IS NULL OR valid_from_s < valid_to_s", name="steward_span"),
)

tariff = Table(
    "tariff",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("valid_from_s", BigInteger, nullable=False),
    Column("centimos_per_kwh", Text, nullable=False),
    Column("decision", Text, nullable=False),
)

ledger_entry = Table(
    "ledger_entry",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("slot_start_s", BigInteger),
    Column("line", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("ledger_slot", "slot_start_s"),
    Index("ledger_month", "month"),
    Index("ledger_unit", "unit", "number"),
)

month_event = Table(
    "month_event",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("month", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("steward_id", Text, ForeignKey("steward.id")),
    Column("text", Text, nullable=False),
    Column("manifest_hash", Text, nullable=False),
    Column("written_s", BigInteger, nullable=False),
    Index("month_event_month", "month"),
)

month_file = Table(
    "month_file",
    metadata,
    Column("month", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
