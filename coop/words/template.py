"""Makes the template of all phrases out of the code, and tells each catalogue what is new.

For who changes the code: `make words`. A phrase is found wherever `say` is called with a literal.
"""

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from coop.words.catalogue import FOLDER, parse_catalogue, path_of
from coop.words.languages import FALLBACK, Language

TEMPLATE = FOLDER / "words.pot"
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
ROOMS = ("coop", "dashboard")
STEWARDS_ONLY = ("dashboard/steward/", "dashboard/desk/", "coop/problems/")
"""What is said only here may be told in Spanish to who reads another language."""


def find_messages(root: Path) -> dict[str, list[str]]:
    """Return every phrase in the code, with the files that say it."""
    found: dict[str, list[str]] = {}
    for path in sorted(path for room in ROOMS for path in (root / room).rglob("*.py")):
        for message in dict.fromkeys(_said(path)):
            found.setdefault(message, []).append(path.relative_to(root).as_posix())
    return found


def template_text(messages: dict[str, list[str]]) -> str:
    """Write the template."""
    return HEAD + "".join(
        f'\n#: {" ".join(places)}\nmsgid {quoted(message)}\nmsgstr ""\n'
        for message, places in sorted(messages.items())
    )


def wanted_in(language: Language, messages: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the phrases that the catalogue of a language has to hold."""
    if language is FALLBACK:
        return set(messages)
    return {
        message
        for message, places in messages.items()
        if not all(place.startswith(STEWARDS_ONLY) for place in places)
    }


def quoted(text: str) -> str:
    """Write a phrase as a `.po` file does."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def main() -> None:
    """Write the template, and append to each catalogue what it lacks."""
    messages = find_messages(FOLDER.parent.parent)
    TEMPLATE.write_text(template_text(messages), encoding="utf-8")
    for language in Language:
        path = path_of(language)
        if language is not Language.ENGLISH:
            text = path.read_text(encoding="utf-8") if path.exists() else HEAD
            lacking = sorted(wanted_in(language, messages) - set(parse_catalogue(text)))
            new = "".join(f'\nmsgid {quoted(one)}\nmsgstr ""\n' for one in lacking)
            path.write_text(text + new, encoding="utf-8")
            sys.stdout.write(f"{path.name}: {len(lacking)} new\n")


def _said(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
            first = node.args[0] if node.args else None
            if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
                raise SystemExit(f"{path}:{node.lineno}: say() needs its phrase as a literal")
            yield first.value


if __name__ == "__main__":
    main()
