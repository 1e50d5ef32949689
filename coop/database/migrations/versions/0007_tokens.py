"""Tokens of programs, each for one home or for the community."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "program_token",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("token_hash", TEXT, nullable=False, unique=True),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("home_id", TEXT, sa.ForeignKey("home.id")),
        sa.Column("made_s", sa.BigInteger, nullable=False),
        sa.Column("ends_s", sa.BigInteger, nullable=False),
        sa.Column("used_s", sa.BigInteger),
        sa.Column("revoked_s", sa.BigInteger),
    )
