"""A steward mends a phrase without a programmer, and it outlives an update."""

import pytest
from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from coop.database.opening import Database
from coop.database.schema import phrase
from coop.errors import InputError
from coop.members.community import Validity
from coop.members.stewards import Steward, add_steward
from coop.words import Language, Words, say
from coop.words.corrections import correct_phrase, read_corrections
from tests.coop.village import START

QU = Language.QUECHUA
MESSAGE = "You used {wh} Wh."


@pytest.fixture
def with_rosa(database: Database) -> Database:
    with database.writing() as connection:
        add_steward(connection, Steward("rosa", "Rosa", Validity(0)))
    return database


def correct(database: Database, text: str, message: str = MESSAGE, by: str = "rosa") -> None:
    with database.writing() as connection:
        correct_phrase(connection, QU, message, text, (by, START))


def told(database: Database) -> str:
    with database.reading() as connection:
        return Words([QU], read_corrections(connection)).tell(say(MESSAGE, wh=5))


def test_the_newest_correction_counts(with_rosa: Database) -> None:
    correct(with_rosa, "{wh} Wh")
    correct(with_rosa, "Kallpa: {wh} Wh ")

    assert told(with_rosa) == "Kallpa: 5 Wh"


@pytest.mark.parametrize(
    ("text", "message", "by", "said"),
    [
        ("Kallpa", MESSAGE, "rosa", r"keep what stands in braces.*needed: \{wh\}; found: none"),
        ("{wh} {home}", MESSAGE, "rosa", r"needed: \{wh\}; found: \{home\}, \{wh\}"),
        ("{wh} {", MESSAGE, "rosa", "keep what stands in braces"),
        (" ", MESSAGE, "rosa", "found 0 letters; allowed: 1 to 1000"),
        ("x", "You used it.", "rosa", "there is none with this English text"),
        ("{wh}", MESSAGE, "ana", "steward ana: no steward at"),
    ],
    ids=["place left out", "another place", "a lone brace", "empty", "unknown", "a stranger"],
)
def test_a_correction_that_could_not_be_read_is_refused(
    with_rosa: Database, text: str, message: str, by: str, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        correct(with_rosa, text, message, by)

    assert told(with_rosa) == "5 Wh kallpata apaykacharqanki."


def test_a_correction_is_never_taken_out_of_the_database(with_rosa: Database) -> None:
    correct(with_rosa, "{wh} Wh")

    with pytest.raises(IntegrityError, match="insert-only"), with_rosa.writing() as connection:
        connection.execute(delete(phrase))


def test_a_correction_of_a_phrase_that_was_dropped_does_no_harm(with_rosa: Database) -> None:
    row = {"language": "qu", "message": "gone", "text": "x", "steward_id": "rosa", "written_s": 0}
    with with_rosa.writing() as connection:
        connection.execute(insert(phrase).values(**row))

    assert told(with_rosa) == "5 Wh kallpata apaykacharqanki."
