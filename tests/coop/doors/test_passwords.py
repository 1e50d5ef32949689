"""What is refused as a password, and how secrets are kept; codes as RFC 6238 has them."""

import base64

import pytest
from argon2 import extract_parameters

from coop.doors.credentials.codes import code_at, enrolment, make_secret, matching_step
from coop.doors.credentials.passwords import NOBODYS, Weakness, fits, make_hash, weakness
from coop.doors.credentials.tries import wait_s

RFC = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", Weakness.SHORT),
        ("warmi12", Weakness.SHORT),
        ("warmi123", None),
        ("x1" * 32, Weakness.COMMON),
        ("warmi wasi wayra con ñandú y 64 letras o más, que se puede pegar", None),
        ("k7" + "w" * 254, None),
        ("k7" + "w" * 255, Weakness.LONG),
        ("password", Weakness.COMMON),
        ("PassWord1", Weakness.COMMON),
        ("contraseña", Weakness.COMMON),
        ("aaaaaaaaaaaa", Weakness.COMMON),
        ("rosahuaman", Weakness.NAMED),
        ("Rosahuaman2026", Weakness.NAMED),
        ("12345678", Weakness.COMMON),
    ],
)
def test_short_common_and_own_names_are_refused(password: str, why: Weakness | None) -> None:
    assert weakness(password, "rosahuaman", "Rosa Huamán") is why


def test_a_hash_is_argon2id_and_tells_no_password() -> None:
    kept = make_hash("warmi-wasi-wayra")

    assert kept.startswith("$argon2id$v=19$m=32768,t=3,p=1$")
    assert "warmi" not in kept
    assert kept != make_hash("warmi-wasi-wayra")
    assert fits(kept, "warmi-wasi-wayra")
    assert not fits(kept, "warmi-wasi-wayrA")


def test_one_letter_written_in_two_ways_is_one_letter() -> None:
    assert fits(make_hash("contrasen\u0303a-larga"), "contrase\u00f1a-larga")


@pytest.mark.parametrize("kept", [None, "", "no hash", "$argon2id$v=19$m=8,t=1,p=1$x$y"])
def test_what_is_no_hash_fits_nothing(kept: str | None) -> None:
    assert not fits(kept, "warmi-wasi-wayra")


def test_the_check_of_nobodys_password_is_as_much_work_as_any() -> None:
    assert extract_parameters(NOBODYS) == extract_parameters(make_hash("x"))


@pytest.mark.parametrize(
    ("at_s", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(at_s: int, code: str) -> None:
    assert code_at(RFC, at_s // 30) == code
    assert matching_step(RFC, code, at_s, 0) == at_s // 30


@pytest.mark.parametrize("code", ["", "28708", "2870822", "abcdef", "\ud800", "٢٨٧٠٨٢"])
def test_what_is_no_code_matches_nothing(code: str) -> None:
    assert matching_step(RFC, code, 59, 0) is None


def test_an_authenticator_reads_secret_and_names() -> None:
    told = enrolment(RFC, "rosa", "Cooperativa & Sol")

    assert told == (
        f"otpauth://totp/Cooperativa%20%26%20Sol%3Arosa?secret={RFC}&issuer=Cooperativa%20%26%20Sol"
    )
    assert len(base64.b32decode(make_secret())) == 20


@pytest.mark.parametrize(
    ("failed", "now", "wait"),
    [
        ([], 0, 0),
        ([100], 100, 1),
        ([100], 101, 0),
        ([100, 101], 101, 2),
        ([100, 101, 103, 107], 107, 8),
        ([100, 101, 103, 107, 115], 115, 885),
        ([100, 101, 103, 107, 115], 999, 1),
        ([100, 101, 103, 107, 115], 1_000, 0),
        ([2_000], 100, 0),
    ],
)
def test_how_long_one_waits(failed: list[int], now: int, wait: int) -> None:
    assert wait_s(failed, now) == wait
