"""The cooperative's tables as the code of today sees them; `migrations/` brings a file there.

Times are unix seconds, validity is half-open and begins and ends at slot borders, exact numbers are
text. What settles, books or closes is insert-only. Of a slot the highest version counts; what comes
after its month was frozen stands in `slot_late`. `day_sum` can be made anew at any time.
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
    false,
)

REVISION = "0007"
"""The newest migration; a test holds it to be so."""

metadata = MetaData()

_Id = BigInteger().with_variant(Integer(), "sqlite")
_Text = Text().with_variant(Text(collation="C"), "postgresql")
"""Sorted by code point everywhere: what is exported must not depend on a server's language."""

member = Table(
    "member",
    metadata,
    Column("id", _Text, primary_key=True),
    Column("name", _Text, nullable=False),
    Column("joined_s", BigInteger, nullable=False),
    Column("left_s", BigInteger),
)

home = Table(
    "home",
    metadata,
    Column("id", _Text, primary_key=True),
    Column("member_id", _Text, ForeignKey("member.id"), nullable=False),
    Column("name", _Text, nullable=False),
)

roof = Table(
    "roof",
    metadata,
    Column("id", _Text, primary_key=True),
    Column("name", _Text, nullable=False),
    Column("home_id", _Text, ForeignKey("home.id")),
)

meter = Table(
    "meter",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("home_id", _Text, ForeignKey("home.id")),
    Column("roof_id", _Text, ForeignKey("roof.id")),
    Column("device", _Text, nullable=False),
    Column("quantity", _Text, nullable=False),
    Column("valid_from_s", BigInteger, nullable=False),
    Column("valid_to_s", BigInteger),
    Column("counts", _Text, nullable=False, server_default="use"),
    CheckConstraint("(home_id IS NULL) <> (roof_id IS NULL)", name="meter_of_one"),
    CheckConstraint("valid_to_s IS NULL OR valid_from_s < valid_to_s", name="meter_span"),
)

prosumer = Table(
    "prosumer",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("home_id", _Text, ForeignKey("home.id"), nullable=False),
    Column("decision", _Text, nullable=False),
    Column("valid_from_s", BigInteger, nullable=False),
    Column("valid_to_s", BigInteger),
    CheckConstraint("valid_to_s IS NULL OR valid_from_s < valid_to_s", name="prosumer_span"),
)

sharing_key = Table(
    "sharing_key",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("name", _Text, nullable=False),
    Column("decision", _Text, nullable=False),
    Column("method", _Text, nullable=False),
    Column("tie", _Text, nullable=False),
    Column("own_use", _Text, nullable=False),
    Column("missing", _Text, nullable=False),
    Column("fund_percent", _Text, nullable=False),
    Column("then_method", _Text),
    Column("within_tier", _Text, nullable=False),
    Column("lifeline_wh", BigInteger, nullable=False),
    Column("unassigned_weight", _Text, nullable=False),
    Column("renormalise", Boolean, nullable=False),
    Column("valid_from_s", BigInteger, nullable=False, unique=True),
    Column("valid_to_s", BigInteger),
    CheckConstraint("valid_to_s IS NULL OR valid_from_s < valid_to_s", name="key_span"),
)

key_weight = Table(
    "key_weight",
    metadata,
    Column("key_id", _Id, ForeignKey("sharing_key.id"), primary_key=True),
    Column("home_id", _Text, ForeignKey("home.id"), primary_key=True),
    Column("weight", _Text, nullable=False),
    Column("tier", Integer),
    Column("reserved_percent", _Text, nullable=False),
)

slot_energy = Table(
    "slot_energy",
    metadata,
    Column("slot_start_s", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("written_s", BigInteger, nullable=False),
    Column("line", _Text, nullable=False),
)

slot_allocation = Table(
    "slot_allocation",
    metadata,
    Column("slot_start_s", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("written_s", BigInteger, nullable=False),
    Column("key_id", _Id, ForeignKey("sharing_key.id")),
    Column("status", _Text, nullable=False),
    Column("quality", _Text, nullable=False),
    Column("produced_wh", BigInteger),
    Column("own_use_wh", BigInteger),
    Column("shared_wh", BigInteger),
    Column("set_aside_wh", BigInteger),
    Column("surplus_wh", BigInteger),
    Column("fund_tenths_wh", BigInteger),
    Column("consumption_wh", BigInteger),
    Column("line", _Text, nullable=False),
    Column("made", _Text),
    # The fund is a sum over all slots: an index that holds it spares reading the lines.
    Index("slot_fund", "slot_start_s", "version", "fund_tenths_wh"),
)

day_sum = Table(
    "day_sum",
    metadata,
    Column("start_s", BigInteger, primary_key=True, autoincrement=False),
    Column("settled", Integer, nullable=False),
    Column("provisional", Integer, nullable=False),
    Column("unsettled", Integer, nullable=False),
    Column("produced_wh", BigInteger, nullable=False),
    Column("own_use_wh", BigInteger, nullable=False),
    Column("shared_wh", BigInteger, nullable=False),
    Column("set_aside_wh", BigInteger, nullable=False),
    Column("surplus_wh", BigInteger, nullable=False),
    Column("fund_tenths_wh", BigInteger, nullable=False),
    Column("consumption_wh", BigInteger),
    Column("made", _Text, nullable=False),
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
    Column("manual_id", BigInteger, nullable=False, server_default="0"),
    CheckConstraint("id = 1", name="one_state"),
)

slot_late = Table(
    "slot_late",
    metadata,
    Column("slot_start_s", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("written_s", BigInteger, nullable=False),
    Column("energy_line", _Text, nullable=False),
    Column("line", _Text, nullable=False),
)

slot_reason = Table(
    "slot_reason",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("from_s", BigInteger, nullable=False),
    Column("to_s", BigInteger, nullable=False),
    Column("steward_id", _Text, ForeignKey("steward.id"), nullable=False),
    Column("reason", _Text, nullable=False),
    Column("written_s", BigInteger, nullable=False),
    CheckConstraint("from_s < to_s", name="reason_span"),
)

manual_reading = Table(
    "manual_reading",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("device", _Text, nullable=False),
    Column("quantity", _Text, nullable=False),
    Column("taken_s", BigInteger, nullable=False),
    Column("counter_wh", BigInteger, nullable=False),
    Column("begins_anew", Boolean, nullable=False),
    Column("steward_id", _Text, ForeignKey("steward.id"), nullable=False),
    Column("reason", _Text, nullable=False),
    Column("written_s", BigInteger, nullable=False),
    Column("withdrawn", Boolean, nullable=False, server_default=false()),
)

steward = Table(
    "steward",
    metadata,
    Column("id", _Text, primary_key=True),
    Column("name", _Text, nullable=False),
    Column("valid_from_s", BigInteger, nullable=False),
    Column("valid_to_s", BigInteger),
    CheckConstraint("valid_to_s IS NULL OR valid_from_s < valid_to_s", name="steward_span"),
)

tariff = Table(
    "tariff",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("kind", _Text, nullable=False),
    Column("valid_from_s", BigInteger, nullable=False),
    Column("centimos_per_kwh", _Text, nullable=False),
    Column("decision", _Text, nullable=False),
)

ledger_entry = Table(
    "ledger_entry",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", _Text, nullable=False),
    Column("month", _Text, nullable=False),
    Column("unit", _Text, nullable=False),
    Column("slot_start_s", BigInteger),
    Column("line", _Text, nullable=False),
    Column("hash", _Text, nullable=False),
    Index("ledger_slot", "slot_start_s"),
    Index("ledger_month", "month"),
    Index("ledger_unit", "unit", "number"),
)

month_event = Table(
    "month_event",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("month", _Text, nullable=False),
    Column("kind", _Text, nullable=False),
    Column("steward_id", _Text, ForeignKey("steward.id")),
    Column("text", _Text, nullable=False),
    Column("manifest_hash", _Text, nullable=False),
    Column("written_s", BigInteger, nullable=False),
    Index("month_event_month", "month"),
)

month_file = Table(
    "month_file",
    metadata,
    Column("month", _Text, primary_key=True),
    Column("name", _Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

phrase = Table(
    "phrase",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("language", _Text, nullable=False),
    Column("message", _Text, nullable=False),
    Column("text", _Text, nullable=False),
    Column("steward_id", _Text, ForeignKey("steward.id"), nullable=False),
    Column("written_s", BigInteger, nullable=False),
)
