"""What stewards sign in with: a password, and the secret of their phone's codes if they want it."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from coop.doors.tables import steward_password, visit


@dataclass(frozen=True, slots=True)
class StewardKey:
    """What is kept of a steward's password, and of their codes."""

    hash: str
    totp_secret: str | None
    totp_step: int


def find_key(connection: Connection, who: str) -> StewardKey | None:
    """Return what a steward signs in with."""
    held = steward_password.c
    wanted = select(held.hash, held.totp_secret, held.totp_step).where(held.steward_id == who)
    found = connection.execute(wanted).one_or_none()
    return StewardKey(*found) if found else None


def has_keys(connection: Connection) -> bool:
    """Say whether any steward can sign in."""
    count = select(func.count()).select_from(steward_password)
    return bool(connection.execute(count).scalar_one())


def keyed(connection: Connection) -> frozenset[str]:
    """Return the stewards who have a password."""
    return frozenset(connection.execute(select(steward_password.c.steward_id)).scalars())


def set_password(connection: Connection, who: str, kept: str, now_s: int) -> None:
    """Give a steward a password by its hash; every visit ends, codes stay as they are.

    A hash takes long: it is made before anything is written, so that nobody waits for it.
    """
    values = {"hash": kept, "set_s": now_s}
    if find_key(connection, who) is None:
        connection.execute(insert(steward_password).values(steward_id=who, **values))
    else:
        held = steward_password.c.steward_id == who
        connection.execute(update(steward_password).where(held).values(**values))
    end_visits(connection, who)


def set_codes(connection: Connection, who: str, secret: str | None, step: int = 0) -> None:
    """Ask for codes of this secret from now on, after `step`; None asks for none."""
    held = steward_password.c.steward_id == who
    values = {"totp_secret": secret, "totp_step": step}
    connection.execute(update(steward_password).where(held).values(**values))


def note_code(connection: Connection, who: str, step: int) -> bool:
    """Use up a code; False when another sign-in used it meanwhile."""
    unused = (steward_password.c.steward_id == who) & (steward_password.c.totp_step < step)
    used = connection.execute(update(steward_password).where(unused).values(totp_step=step))
    return used.rowcount == 1


def end_visits(connection: Connection, who: str) -> None:
    """End every visit of a steward."""
    connection.execute(delete(visit).where(visit.c.steward_id == who))
