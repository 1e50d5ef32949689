"""What stewards made of phrases, in the cooperative's database: it goes before any catalogue.

So it outlives every update. Nothing is taken back; the newest correction of a phrase counts.
"""

import re
from collections.abc import Collection
from datetime import datetime
from difflib import get_close_matches

from sqlalchemy import Connection, insert, select

from coop.database.schema import phrase
from coop.errors import InputError
from coop.members.stewards import refuse_strangers
from coop.problems import words as problems
from coop.slots import unix_s
from coop.words.catalogue import read_catalogue
from coop.words.languages import FALLBACK, Language
from coop.words.saying import placeholders
from coop.words.words import Corrections

_BRACE = re.compile(r"[{}]")
MOST = 1_000
"""Longest text of a phrase."""


def read_corrections(connection: Connection) -> Corrections:
    """Return what counts of all corrections, by language and message."""
    wanted = select(phrase.c.language, phrase.c.message, phrase.c.text).order_by(phrase.c.id)
    return {
        (Language(language), message): text
        for language, message, text in connection.execute(wanted)
    }


def correct_phrase(
    connection: Connection, language: Language, message: str, text: str, by: tuple[str, datetime]
) -> None:
    """Enter what a steward makes of a phrase; raise InputError when it could not be read.

    `by` is the steward and the moment.
    """
    steward, now = by
    _refuse_unknown(message)
    _refuse_unreadable(message, text)
    refuse_strangers(connection, [steward], unix_s(now))
    connection.execute(
        insert(phrase).values(
            language=language,
            message=message,
            text=text.strip(),
            steward_id=steward,
            written_s=unix_s(now),
        )
    )


def _refuse_unknown(message: str) -> None:
    known = read_catalogue(FALLBACK)
    if message not in known:
        near = get_close_matches(message, known, n=1)
        meant = f"; did you mean {near[0]!r}?" if near else ""
        raise InputError(problems.no_phrase(message, meant))


def _refuse_unreadable(message: str, text: str) -> None:
    if not text.strip() or len(text) > MOST:
        raise InputError(problems.odd_length(len(text.strip()), MOST))
    needed, found = placeholders(message), placeholders(text)
    if needed != found or len(_BRACE.findall(text)) % 2:
        raise InputError(problems.odd_places(message, _braced(needed), _braced(found)))


def _braced(names: Collection[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "none"
