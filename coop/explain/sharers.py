"""Reads who shares by which key, and by which meters homes are measured: what explaining needs."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import LABEL_STYLE_TABLENAME_PLUS_COL, Connection, func, select

from coop.database.schema import home, member, meter, month_event
from coop.members.community import Community, Home, Member, Meter, Validity
from coop.members.key_rows import read_keys
from coop.month.states import Act


def read_sharers(connection: Connection) -> tuple[Community, str]:
    """Return members, homes with their meters, and keys; and the newest month frozen, or ""."""
    frozen = select(func.max(month_event.c.month)).where(month_event.c.kind == Act.FROZEN)
    wanted = (
        select(home, member, meter, frozen.scalar_subquery().label("frozen"))
        .join_from(home, member, home.c.member_id == member.c.id)
        .outerjoin(meter, meter.c.home_id == home.c.id)
        .order_by(home.c.id, meter.c.id)
        .set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)
    )
    rows = connection.execute(wanted).all()
    members = {row.member_id: _member(row) for row in rows}
    homes = {row.home_id: Home(row.home_id, row.member_id, row.home_name) for row in rows}
    community = Community(
        members=tuple(members.values()),
        homes=tuple(homes.values()),
        meters=tuple(_meters(rows)),
        keys=tuple(read_keys(connection)),
    )
    return community, (rows[0].frozen if rows else None) or ""


def _member(row: Any) -> Member:  # noqa: ANN401  a row of the join
    return Member(row.member_id, row.member_name, row.member_joined_s, row.member_left_s)


def _meters(rows: Iterable[Any]) -> Iterator[Meter]:
    for row in rows:
        if row.meter_device is not None:
            validity = Validity(row.meter_valid_from_s, row.meter_valid_to_s)
            yield Meter(row.meter_device, row.meter_quantity, validity, home_id=row.home_id)
