"""Visits, household links and PINs, stewards' passwords, setup codes, and what was done when."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    _households()
    _stewards()
    _visits()
    _deeds()


def _households() -> None:
    op.create_table(
        "household_link",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("token_hash", TEXT, nullable=False, unique=True),
        sa.Column("home_id", TEXT, sa.ForeignKey("home.id"), nullable=False),
        sa.Column("made_s", sa.BigInteger, nullable=False),
        sa.Column("revoked_s", sa.BigInteger),
    )
    op.create_table(
        "household_pin",
        sa.Column("home_id", TEXT, sa.ForeignKey("home.id"), primary_key=True),
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("set_s", sa.BigInteger, nullable=False),
    )


def _stewards() -> None:
    op.create_table(
        "steward_password",
        sa.Column("steward_id", TEXT, sa.ForeignKey("steward.id"), primary_key=True),
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("set_s", sa.BigInteger, nullable=False),
        sa.Column("totp_secret", TEXT),
        sa.Column("totp_step", sa.BigInteger, nullable=False, server_default="0"),
    )
    op.create_table(
        "setup_code",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("ends_s", sa.BigInteger, nullable=False),
        sa.Column("used_s", sa.BigInteger),
    )


def _visits() -> None:
    op.create_table(
        "visit",
        sa.Column("token_hash", TEXT, primary_key=True),
        sa.Column("home_id", TEXT, sa.ForeignKey("home.id")),
        sa.Column("steward_id", TEXT, sa.ForeignKey("steward.id")),
        sa.Column("link_id", BIG, sa.ForeignKey("household_link.id")),
        sa.Column("form_key", TEXT, nullable=False),
        sa.Column("began_s", sa.BigInteger, nullable=False),
        sa.Column("seen_s", sa.BigInteger, nullable=False),
        sa.Column("ends_s", sa.BigInteger, nullable=False),
        sa.CheckConstraint("(home_id IS NULL) <> (steward_id IS NULL)", name="visit_of_one"),
    )


def _deeds() -> None:
    op.create_table(
        "deed",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("at_s", sa.BigInteger, nullable=False),
        sa.Column("who", TEXT, nullable=False),
        sa.Column("what", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Index("deed_of", "what", "who", "at_s"),
    )
    _refuse_changes("deed", "id")


def _refuse_changes(table: str, key: str) -> None:
    if op.get_context().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is insert-only'); END"
            )
        # INSERT OR REPLACE deletes without asking the trigger above.
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS "
            f"(SELECT 1 FROM {table} WHERE {key} = NEW.{key}) "
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
