"""Manual readings that count, what a meter counts, prosumers, and members who left."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("member", sa.Column("left_s", sa.BigInteger))
    op.add_column("meter", sa.Column("counts", TEXT, nullable=False, server_default="use"))
    op.execute("UPDATE meter SET counts = 'production' WHERE roof_id IS NOT NULL")
    op.add_column(
        "manual_reading",
        sa.Column("withdrawn", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "settle_state",
        sa.Column("manual_id", sa.BigInteger, nullable=False, server_default="0"),
    )
    op.create_table(
        "prosumer",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("home_id", TEXT, sa.ForeignKey("home.id"), nullable=False),
        sa.Column("decision", TEXT, nullable=False),
        sa.Column("valid_from_s", sa.BigInteger, nullable=False),
        sa.Column("valid_to_s", sa.BigInteger),
        sa.CheckConstraint(
            "valid_to_s IS NULL OR valid_from_s < valid_to_s", name="prosumer_span"
        ),
    )
