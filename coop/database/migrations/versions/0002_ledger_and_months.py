"""Ledger, months, stewards, tariffs, what came late, and what a steward read by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSERT_ONLY = {
    "slot_late": ("slot_start_s", "version"),
    "slot_reason": ("id",),
    "manual_reading": ("id",),
    "tariff": ("id",),
    "ledger_entry": ("number",),
    "month_event": ("id",),
    "month_file": ("month", "name"),
}


def upgrade() -> None:
    _stewards()
    _by_hand()
    _ledger()
    _months()
    for table, key in INSERT_ONLY.items():
        _refuse_changes(table, key)


def _stewards() -> None:
    op.create_table(
        "steward",
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("valid_from_s", sa.BigInteger, nullable=False),
        sa.Column("valid_to_s", sa.BigInteger),
        sa.CheckConstraint(
            "valid_to_s IS NULL OR valid_from_s < valid_to_s", name="steward_span"
        ),
    )
    op.create_table(
        "tariff",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("valid_from_s", sa.BigInteger, nullable=False),
        sa.Column("centimos_per_kwh", TEXT, nullable=False),
        sa.Column("decision", TEXT, nullable=False),
    )


def _by_hand() -> None:
    op.create_table(
        "slot_late",
        sa.Column("slot_start_s", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("written_s", sa.BigInteger, nullable=False),
        sa.Column("energy_line", TEXT, nullable=False),
        sa.Column("line", TEXT, nullable=False),
    )
    op.create_table(
        "slot_reason",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("from_s", sa.BigInteger, nullable=False),
        sa.Column("to_s", sa.BigInteger, nullable=False),
        sa.Column("steward_id", TEXT, sa.ForeignKey("steward.id"), nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("written_s", sa.BigInteger, nullable=False),
        sa.CheckConstraint("from_s < to_s", name="reason_span"),
    )
    op.create_table(
        "manual_reading",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("device", TEXT, nullable=False),
        sa.Column("quantity", TEXT, nullable=False),
        sa.Column("taken_s", sa.BigInteger, nullable=False),
        sa.Column("counter_wh", sa.BigInteger, nullable=False),
        sa.Column("begins_anew", sa.Boolean, nullable=False),
        sa.Column("steward_id", TEXT, sa.ForeignKey("steward.id"), nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("written_s", sa.BigInteger, nullable=False),
    )


def _ledger() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("month", TEXT, nullable=False),
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("slot_start_s", sa.BigInteger),
        sa.Column("line", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
    )
    op.create_index("ledger_slot", "ledger_entry", ["slot_start_s"])
    op.create_index("ledger_month", "ledger_entry", ["month"])
    op.create_index("ledger_unit", "ledger_entry", ["unit", "number"])


def _months() -> None:
    op.create_table(
        "month_event",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("month", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("steward_id", TEXT, sa.ForeignKey("steward.id")),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("manifest_hash", TEXT, nullable=False),
        sa.Column("written_s", sa.BigInteger, nullable=False),
    )
    op.create_index("month_event_month", "month_event", ["month"])
    op.create_table(
        "month_file",
        sa.Column("month", TEXT, primary_key=True),
        sa.Column("name", TEXT, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )


def _refuse_changes(table: str, key: tuple[str, ...]) -> None:
    if op.get_context().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is insert-only'); END"
            )
        # INSERT OR REPLACE deletes without asking the trigger above.
        same = " AND ".join(f"{name} = NEW.{name}" for name in key)
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS "
            f"(SELECT 1 FROM {table} WHERE {same}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is insert-only'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is insert-only' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )
