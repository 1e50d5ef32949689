"""What each roof made in a slot, and days summed up beside their slots."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("slot_allocation", sa.Column("made", TEXT))
    op.create_table(
        "day_sum",
        sa.Column("start_s", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("settled", sa.Integer, nullable=False),
        sa.Column("provisional", sa.Integer, nullable=False),
        sa.Column("unsettled", sa.Integer, nullable=False),
        sa.Column("produced_wh", sa.BigInteger, nullable=False),
        sa.Column("own_use_wh", sa.BigInteger, nullable=False),
        sa.Column("shared_wh", sa.BigInteger, nullable=False),
        sa.Column("set_aside_wh", sa.BigInteger, nullable=False),
        sa.Column("surplus_wh", sa.BigInteger, nullable=False),
        sa.Column("fund_tenths_wh", sa.BigInteger, nullable=False),
        sa.Column("consumption_wh", sa.BigInteger),
        sa.Column("made", TEXT, nullable=False),
    )
