"""Captures and answers as JSON: one object a capture, one capture a line; opens no device."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field, StrictInt, ValidationError

from collector.errors import ConfigurationError
from collector.problems import describe
from collector.profiles.decode import Decoded
from collector.profiles.layout import Captured
from collector.profiles.profile import Profile
from collector.profiles.register import Address
from collector.reading import Value

LAST_ADDRESS = 65_535

Word = Annotated[StrictInt, Field(ge=0, le=65_535)]


class CaptureBlock(BaseModel):
    """One block of a capture; null stands for a word that did not come."""

    function_code: Annotated[StrictInt, Field(ge=3, le=4)]
    start_address: Address
    registers: Annotated[tuple[Word | None, ...], Field(min_length=1)]


class Capture(BaseModel):
    """One capture; what else stands in it is left alone."""

    blocks: tuple[CaptureBlock, ...]


def read_captures(source: str, text: str) -> list[list[Captured]]:
    """Read one capture, or one a line; raise ConfigurationError with every problem at once."""
    documents = _split(source, text)
    problems: list[str] = []
    captures = []
    for number, document in enumerate(documents, start=1):
        where = f"capture {number}" if len(documents) > 1 else ""
        try:
            capture = Capture.model_validate(document)
        except ValidationError as error:
            problems += describe(error, Capture, where)
            continue
        problems += [f"{where}: {one}" if where else one for one in _find_too_long(capture)]
        captures.append(
            [
                Captured(one.function_code, one.start_address, one.registers)
                for one in capture.blocks
            ]
        )
    if problems:
        raise ConfigurationError(source, problems)
    return captures


def check_tables(source: str, profile: Profile, captures: Sequence[Sequence[Captured]]) -> None:
    """Refuse a capture whose function codes are not the profile's."""
    allowed = {*profile.function_codes} | {
        one.function_code for one in profile.registers if one.function_code
    }
    wrong = sorted({one.function_code for blocks in captures for one in blocks} - allowed)
    if wrong:
        found = ", ".join(str(code) for code in wrong)
        names = " or ".join(str(code) for code in sorted(allowed))
        problem = f"found function code {found}, profile {profile.name} uses {names}"
        raise ConfigurationError(source, [problem])


def dump_capture(blocks: Sequence[Captured]) -> str:
    """Write a capture as one line."""
    return json.dumps(
        {
            "blocks": [
                {
                    "function_code": one.function_code,
                    "start_address": one.address,
                    "registers": list(one.words),
                }
                for one in blocks
            ]
        }
    )


def dump_answer(profile: str, decoded: Sequence[Decoded]) -> str:
    """Write an answer as JSON, one quantity a line; values are exact decimals, never floats."""
    lines = ",\n".join(f"  {_dump_decoded(one)}" for one in decoded)
    return f'{{"profile": {json.dumps(profile)}, "quantities": [\n{lines}\n]}}'


def dump_answers(answers: Sequence[str]) -> str:
    """Write the answers of several captures as one document."""
    return '{"captures": [\n' + ",\n".join(answers) + "\n]}"


def format_value(value: Value | None) -> str:
    """Write a value for people: all its digits, no exponent."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else str(value)


# Beside broken JSON: a number of thousands of digits, and brackets nested too deep.
_NOT_JSON = (ValueError, RecursionError)


def _split(source: str, text: str) -> list[object]:
    try:
        return [json.loads(text)]
    except _NOT_JSON as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) <= 1:
            raise ConfigurationError(
                source, [f"is not JSON: {error}; allowed: what `minga device record` writes"]
            ) from error
    return [_load_line(source, number, line) for number, line in enumerate(lines, start=1)]


def _load_line(source: str, number: int, line: str) -> object:
    try:
        return json.loads(line)
    except _NOT_JSON as error:
        problem = f"line {number} is not JSON: {error}; allowed: one capture, or one a line"
        raise ConfigurationError(source, [problem]) from error


def _find_too_long(capture: Capture) -> list[str]:
    return [
        f"blocks #{number} ends at {end}, the last address is {LAST_ADDRESS}"
        for number, block in enumerate(capture.blocks, start=1)
        if (end := block.start_address + len(block.registers) - 1) > LAST_ADDRESS
    ]


def _dump_decoded(one: Decoded) -> str:
    value = one.value
    text = format(value, "f") if isinstance(value, Decimal) else json.dumps(value)
    start = {"quantity": one.quantity, "address": one.address, "count": one.count}
    end = {"unit": one.unit, "quality": str(one.quality), "raw": list(one.raw)}
    return f'{json.dumps(start)[:-1]}, "value": {text}, {json.dumps(end, ensure_ascii=False)[1:]}'
