"""Who is there: units that answer, keep silent, answer for each other, or go away."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from threading import Event

import pytest

from collector.errors import DeviceError, LostConnectionError, NoConnectionError
from collector.profiles.profile import load_profile, read_profile
from collector.reading import Value
from collector.scanning.questions import Pace
from collector.scanning.scan import Scan
from collector.simulator.modbus_server import Refusal, Words, serve_memory
from tests.collector.scanning.roofs import (
    Line,
    at_noon,
    every_profile,
    image_of,
    names_of,
    scan_bus,
    scan_line,
)
from tests.requirements import ROOT

METER = "eastron_sdm"


def device(family: str, **changes: Value) -> Words:
    """Serve a device of a family at noon, with some values of its own."""
    return serve_memory(image_of(family, at_noon(load_profile(family)) | changes))


def refuse(code: Refusal) -> Words:
    """Answer everything with one exception."""
    return lambda _unit, _code, _address, _count: code


class Impatient(Pace):
    """Never rests, and remembers for how long it would have."""

    def __init__(self) -> None:
        super().__init__()
        self.rests: list[float] = []

    def rest(self, seconds: float) -> None:
        self.rests.append(seconds)


class Faulty(Line):
    """A line on which the n-th request fails."""

    def __init__(self, units: dict[int, Words], failures: dict[int, DeviceError]) -> None:
        super().__init__(units)
        self.failures = failures

    def read(self, unit: int, function_code: int, address: int, count: int) -> list[int]:
        failure = self.failures.get(len(self.asked))
        if failure:
            self.asked.append((unit, function_code, address, count))
            raise failure
        return super().read(unit, function_code, address, count)


def test_a_register_inside_another_profiles_longer_one_is_asked_for_by_itself(
    tmp_path: Path,
) -> None:
    page = (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8")
    example = tmp_path / "my_meter.toml"
    example.write_text(page.partition("```toml\n")[2].partition("```")[0], encoding="utf-8")
    own = read_profile(example)
    words = {0: 2_301, 12: 65_535, 13: 65_116, 72: 0, 73: 42_130}
    meter = serve_memory({(4, address): word for address, word in words.items()})

    scan = Scan(Line({1: meter}), [*every_profile(), own], Pace())
    scan.run([1])

    assert next((one.profile.name, str(one.sure)) for one in scan.found[0].fits) == (
        "my_meter",
        "likely",
    )


def test_a_unit_that_keeps_silent_is_asked_twice() -> None:
    line = Line({})

    scan = scan_bus(line, (1, 2))

    assert scan.silent == [1, 2]
    assert [unit for unit, *_ in line.asked] == [1, 1, 2, 2]


@pytest.mark.parametrize("code", [Refusal.DEVICE_FAILURE, Refusal.SILENCE])
def test_a_gateway_that_refuses_for_a_unit_that_is_not_there_does_not_make_it_a_device(
    code: Refusal,
) -> None:
    scan = scan_line({1: refuse(code), 2: device(METER)}, (1, 2))

    assert scan.silent == [1]
    assert [one.unit for one in scan.found] == [2]


def test_a_device_that_answers_device_failure_where_it_has_nothing_is_found() -> None:
    image = image_of(METER, at_noon(load_profile(METER)))

    def answer(unit: int, code: int, address: int, count: int) -> Sequence[int] | Refusal:
        found = serve_memory(image)(unit, code, address, count)
        return Refusal.DEVICE_FAILURE if found is Refusal.ILLEGAL_ADDRESS else found

    scan = scan_line({1: answer})

    assert names_of(scan) == [METER]


def test_a_device_that_keeps_silent_where_it_has_nothing_is_found() -> None:
    image = image_of(METER, at_noon(load_profile(METER)))

    def answer(unit: int, code: int, address: int, count: int) -> Sequence[int] | Refusal:
        found = serve_memory(image)(unit, code, address, count)
        return Refusal.SILENCE if found is Refusal.ILLEGAL_ADDRESS else found

    scan = scan_line({1: answer})

    assert names_of(scan) == [METER]
    assert scan.pace.asked < 150


def test_a_device_that_no_profile_fits_is_said_to_answer() -> None:
    scan = scan_line({1: refuse(Refusal.ILLEGAL_ADDRESS)})

    assert [(one.unit, one.fits) for one in scan.found] == [(1, [])]


def test_meters_of_one_family_are_recognised_with_a_few_requests_each() -> None:
    meters = {
        unit: device(METER, import_energy_total=1_000_000 * unit, grid_power=100 + unit)
        for unit in range(1, 6)
    }
    line = Line(meters)

    scan = scan_bus(line, range(1, 6))

    assert [one.fits[0].profile.name for one in scan.found] == [METER] * 5
    assert [one.same_as for one in scan.found] == [None] * 5
    assert sum(unit == 5 for unit, *_ in line.asked) < 25


def test_behind_a_range_it_goes_on_while_devices_answer() -> None:
    meters = {unit: device(METER, import_energy_total=1_000 * unit) for unit in (2, 3, 5)}
    scan = Scan(Line(meters), every_profile(), Pace())

    scan.run(chain((1, 2), scan.list_more(2)))

    assert [one.unit for one in scan.found] == [2, 3, 5]
    assert scan.silent == [1, 4, 6, 7]


def test_behind_a_range_it_does_not_go_on_for_one_device_under_every_unit_id() -> None:
    line = Line(dict.fromkeys(range(1, 248), device("goodwe_dt_dns")))
    scan = Scan(line, every_profile(), Pace())

    scan.run(chain(range(1, 11), scan.list_more(10)))

    assert max(unit for unit, *_ in line.asked) == 10


def test_one_device_under_every_unit_id_is_noticed_at_once() -> None:
    line = Line(dict.fromkeys(range(1, 8), device("goodwe_dt_dns")))

    scan = scan_bus(line, range(1, 8))

    assert [one.same_as for one in scan.found] == [None, 1, 1, 1, 1, 1, 1]
    assert sum(unit == 7 for unit, *_ in line.asked) < 10


def test_one_device_whose_power_changes_is_noticed_by_its_serial_number() -> None:
    units = {unit: device("huawei_sun2000", ac_power=1_000 + unit) for unit in (1, 2)}

    scan = scan_line(units, (1, 2))

    assert [(one.serial, one.same_as) for one in scan.found] == [
        ("2302170042", None),
        ("2302170042", 1),
    ]


def test_one_meter_whose_power_changes_is_noticed_by_its_counter() -> None:
    units = {
        unit: device(METER, grid_power=400 + unit, ac_voltage_l1=220 + unit) for unit in (1, 2)
    }

    scan = scan_line(units, (1, 2))

    assert [one.same_as for one in scan.found] == [None, 1]


def test_one_register_under_three_unit_ids_is_one_device() -> None:
    units = dict.fromkeys((1, 2, 3), serve_memory({(3, 30_073): 0, (3, 30_074): 3_000}))

    scan = scan_line(units, (1, 2, 3))

    assert [one.same_as for one in scan.found] == [None, 1, 1]


def test_a_nameplate_is_read_for_the_settings() -> None:
    (found,) = scan_line({1: device("huawei_sun2000")}).found

    assert (found.name, found.serial, found.rated_power_w) == (
        "SUN2000-5KTL-L1",
        "2302170042",
        5000,
    )


def test_a_gateway_that_is_not_there_ends_the_scan_at_once() -> None:
    line = Faulty({}, {0: NoConnectionError("no connection")})

    with pytest.raises(NoConnectionError):
        scan_bus(line, (1, 2))

    assert len(line.asked) == 1


def test_a_gateway_that_goes_away_leaves_what_was_found() -> None:
    gone = NoConnectionError("no connection")
    line = Faulty({1: device("huawei_sun2000")}, dict.fromkeys(range(10, 40), gone))
    pace = Impatient()

    scan = scan_bus(line, (1, 2, 3), pace)

    assert names_of(scan) == ["huawei_sun2000"]
    assert scan.lost == "no connection"
    assert pace.rests == [5.0]


def test_a_connection_that_the_device_ends_is_opened_again_after_a_while() -> None:
    line = Faulty({1: device("huawei_sun2000")}, {3: LostConnectionError("reset")})
    pace = Impatient()

    scan = scan_bus(line, (1,), pace)

    assert names_of(scan) == ["huawei_sun2000"]
    assert pace.rests == [5.0]


def test_a_busy_device_is_asked_once_more() -> None:
    answers = iter([Refusal.DEVICE_BUSY])
    huawei = device("huawei_sun2000")

    def answer(unit: int, code: int, address: int, count: int) -> Sequence[int] | Refusal:
        return next(answers, None) or huawei(unit, code, address, count)

    pace = Impatient()
    scan = scan_bus(Line({1: answer}), (1,), pace)

    assert names_of(scan) == ["huawei_sun2000"]
    assert pace.rests == [1.0]


def test_broken_answers_are_told_apart_from_silence() -> None:
    broken = DeviceError("the checksum of the answer is wrong")
    line = Faulty({}, {0: broken, 1: broken})

    scan = scan_bus(line, (1, 2))

    assert scan.broken == {1: "the checksum of the answer is wrong"}
    assert scan.silent == [2]


def test_a_stopped_scan_keeps_what_it_found() -> None:
    stop = Event()

    def tell(_unit: int, asked: int) -> None:
        if asked == 120:
            stop.set()

    units = {1: device("huawei_sun2000"), 2: device("goodwe_dt_dns")}
    scan = scan_bus(Line(units), (1, 2, 3), Pace(stop, tell))

    assert scan.is_stopped
    assert [one.fits[0].profile.name for one in scan.found] == ["huawei_sun2000", "goodwe_dt_dns"]
    assert (scan.pace.asked, scan.silent) == (120, [])


def test_a_scan_asks_with_reading_function_codes_only() -> None:
    line = Line({1: device(METER), 2: refuse(Refusal.ILLEGAL_ADDRESS)})

    scan_bus(line, (1, 2))

    assert {code for _, code, _, _ in line.asked} == {3, 4}


def test_nothing_is_asked_of_a_unit_twice() -> None:
    line = Line({1: refuse(Refusal.ILLEGAL_ADDRESS)})

    scan_bus(line, (1,))

    assert len(line.asked) == len(set(line.asked))


def test_a_device_without_a_function_is_not_asked_with_it_again() -> None:
    line = Line({1: refuse(Refusal.ILLEGAL_FUNCTION)})

    scan_bus(line, (1,))

    assert len(line.asked) == 2
