"""The commands `words …`: what Minga says in a language, and what a steward makes of it."""

import json

import click

from coop.members.entering import Front, echo_table, json_option
from coop.words import Language, read_catalogue

language_argument = click.argument(
    "language", metavar="LANG", type=click.Choice([str(one) for one in Language])
)


@click.group()
def words() -> None:
    """Show what Minga says in a language, and correct it.

    Example: minga words list qu
    """


@words.command("list")
@language_argument
@json_option
@click.pass_obj
def list_phrases(front: Front, language: str, *, as_json: bool) -> None:
    """List every phrase with its English text; drafts wait for the assembly to correct them.

    Example: minga words list qu --json
    """
    from coop.database.opening import open_database  # noqa: PLC0415  --help needs no SQLAlchemy
    from coop.words.corrections import read_corrections  # noqa: PLC0415  as above
    from coop.words.words import Phrases  # noqa: PLC0415  as above

    with open_database(front.coop()) as database, database.reading() as connection:
        corrections = read_corrections(connection)
    phrases = Phrases(Language(language), corrections)
    found = [
        (message, phrases.find(message)) for message in sorted(read_catalogue(Language.SPANISH))
    ]
    rows = [
        {
            "english": message,
            "text": told.text if told else None,
            "is_draft": bool(told and told.is_draft),
            "is_corrected": (Language(language), message) in corrections,
        }
        for message, told in found
    ]
    if as_json:
        click.echo(
            json.dumps({"language": language, "phrases": rows}, ensure_ascii=False, indent=1)
        )
        return
    echo_table(
        ("ENGLISH", "TEXT", ""),
        [
            (
                str(row["english"]),
                str(row["text"] or "-"),
                "corrected" if row["is_corrected"] else "draft" if row["is_draft"] else "",
            )
            for row in rows
        ],
    )


@words.command("correct")
@language_argument
@click.argument("english")
@click.argument("text")
@click.option("--steward", required=True, help="Who corrects it.")
@click.pass_obj
def correct(front: Front, language: str, english: str, text: str, steward: str) -> None:
    """Say a phrase otherwise from now on, also after an update; ENGLISH names the phrase.

    Example: minga words correct qu "You used {wh} Wh." "{wh} Wh apaykachasqayki." --steward rosa
    """
    from coop.database.opening import open_database  # noqa: PLC0415  --help needs no SQLAlchemy
    from coop.words.corrections import correct_phrase  # noqa: PLC0415  as above

    by = steward, front.clock().now()
    with open_database(front.coop()) as database, database.writing() as connection:
        correct_phrase(connection, Language(language), english, text, by)
    click.echo(f"{language}: {text}")
