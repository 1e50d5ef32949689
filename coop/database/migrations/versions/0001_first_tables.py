"""Members, homes, roofs, meters, keys, slots."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSERT_ONLY = ("slot_energy", "slot_allocation")


def upgrade() -> None:
    _community()
    _keys()
    _slots()
    for table in INSERT_ONLY:
        _refuse_changes(table)


def _community() -> None:
    op.create_table(
        "member",
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("joined_s", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "home",
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("member_id", TEXT, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("name", TEXT, nullable=False),
    )
    op.create_table(
        "roof",
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("home_id", TEXT, sa.ForeignKey("home.id")),
    )
    op.create_table(
        "meter",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("home_id", TEXT, sa.ForeignKey("home.id")),
        sa.Column("roof_id", TEXT, sa.ForeignKey("roof.id")),
        sa.Column("device", TEXT, nullable=False),
        sa.Column("quantity", TEXT, nullable=False),
        sa.Column("valid_from_s", sa.BigInteger, nullable=False),
        sa.Column("valid_to_s", sa.BigInteger),
        sa.CheckConstraint("(home_id IS NULL) <> (roof_id IS NULL)", name="meter_of_one"),
        sa.CheckConstraint("valid_to_s IS NULL OR valid_from_s < valid_to_s", name="meter_span"),
    )


def _keys() -> None:
    op.create_table(
        "sharing_key",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("decision", TEXT, nullable=False),
        sa.Column("method", TEXT, nullable=False),
        sa.Column("tie", TEXT, nullable=False),
        sa.Column("own_use", TEXT, nullable=False),
        sa.Column("missing", TEXT, nullable=False),
        sa.Column("fund_percent", TEXT, nullable=False),
        sa.Column("then_method", TEXT),
        sa.Column("within_tier", TEXT, nullable=False),
        sa.Column("lifeline_wh", sa.BigInteger, nullable=False),
        sa.Column("unassigned_weight", TEXT, nullable=False),
        sa.Column("renormalise", sa.Boolean, nullable=False),
        sa.Column("valid_from_s", sa.BigInteger, nullable=False, unique=True),
        sa.Column("valid_to_s", sa.BigInteger),
        sa.CheckConstraint("valid_to_s IS NULL OR valid_from_s < valid_to_s", name="key_span"),
    )
    op.create_table(
        "key_weight",
        sa.Column("key_id", BIG, sa.ForeignKey("sharing_key.id"), primary_key=True),
        sa.Column("home_id", TEXT, sa.ForeignKey("home.id"), primary_key=True),
        sa.Column("weight", TEXT, nullable=False),
        sa.Column("tier", sa.Integer),
        sa.Column("reserved_percent", TEXT, nullable=False),
    )


def _slots() -> None:
    op.create_table(
        "slot_energy",
        sa.Column("slot_start_s", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("written_s", sa.BigInteger, nullable=False),
        sa.Column("line", TEXT, nullable=False),
        )
    op.create_table(
        "slot_allocation",
        sa.Column("slot_start_s", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("written_s", sa.BigInteger, nullable=False),
        sa.Column("key_id", BIG, sa.ForeignKey("sharing_key.id")),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("quality", TEXT, nullable=False),
        sa.Column("produced_wh", sa.BigInteger),
        sa.Column("own_use_wh", sa.BigInteger),
        sa.Column("shared_wh", sa.BigInteger),
        sa.Column("set_aside_wh", sa.BigInteger),
        sa.Column("surplus_wh", sa.BigInteger),
        sa.Column("fund_tenths_wh", sa.BigInteger),
        sa.Column("consumption_wh", sa.BigInteger),
        sa.Column("line", TEXT, nullable=False),
        )
    op.create_index("slot_fund", "slot_allocation", ["slot_start_s", "version", "fund_tenths_wh"])
    state = op.create_table(
        "settle_state",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("change_version", sa.BigInteger, nullable=False),
        sa.Column("registry_version", sa.BigInteger, nullable=False),
        sa.Column("resettle_from_s", sa.BigInteger),
        sa.Column("slot_s", sa.Integer),
        sa.Column("turn", sa.BigInteger, nullable=False),
        sa.CheckConstraint("id = 1", name="one_state"),
    )
    op.bulk_insert(state, [{"id": 1, "change_version": 0, "registry_version": 0, "turn": 0}])


def _refuse_changes(table: str) -> None:
    if op.get_context().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is insert-only'); END"
            )
        # INSERT OR REPLACE deletes without asking the trigger above.
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS "
            f"(SELECT 1 FROM {table} WHERE slot_start_s = NEW.slot_start_s "
            f"AND version = NEW.version) "
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
