"""Devices with a known truth, and the real processes between them and the store.

The verdict compares three independent records: what the gateway served, what SQLite noted as
accepted inside the outbox, and what the store gives back.
"""

import json
import os
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from collector.reading import Reading, dump_content
from collector.store_settings import SqliteSettings
from collector.stores.opening import open_store
from tests.collector.stores.fake_influx import FakeInflux
from tests.faults.accepted import (
    ask,
    count_accepted,
    count_unconfirmed,
    note_accepted,
    read_accepted,
)
from tests.faults.known_gateway import EXPORT_W, KnownGateway
from tests.faults.processes import Program, free_port, minga, mosquitto, wait_until
from tests.faults.report import Row

IS_FULL = os.environ.get("MINGA_FAULTS") == "full"
PROFILES = Path(__file__).with_name("profiles")
EVER = datetime(1970, 1, 2, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def either(short: int, full: int) -> int:
    """Return how much of something this run does."""
    return full if IS_FULL else short


@dataclass(frozen=True)
class Verdict:
    """What the three records say together."""

    accepted: int
    lost: int
    duplicated: int
    wrong: int


@dataclass
class Pipeline:
    """One gateway, a broker, a collector and ingest, each a process that can be killed."""

    folder: Path
    units: int = 10
    poll_s: float = 0.1
    timeout_s: float = 1.0
    gateway_port: int | None = None
    """Where the collector finds the gateway, when something stands between."""
    collector_mqtt_port: int | None = None
    ingest_mqtt_port: int | None = None
    influx: FakeInflux | None = None
    influx_port: int = 0
    clock: Path | None = None
    """The file of a virtual clock, if not the machine's own."""
    mqtt_port: int = field(default_factory=free_port)
    programs: dict[str, Program] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.gateway = KnownGateway(self.units)
        self.gateway.start()
        note_accepted(self.outbox)
        self.programs["mosquitto"] = mosquitto(self.folder, self.mqtt_port)

    @property
    def outbox(self) -> Path:
        """Return the collector's file of accepted readings."""
        return self.folder / "c" / "outbox.sqlite"

    def start(self, *names: str, **environment: str) -> None:
        """Start programs by name."""
        for name in names:
            if name != "mosquitto":
                self.programs[name] = self._service(name, environment)
            self.programs[name].start()

    def said(self, name: str) -> str:
        """Return what a program wrote."""
        return self.programs[name].said()

    def accepted(self) -> int:
        """Return how many readings were accepted so far."""
        return count_accepted(self.outbox)

    def waiting(self) -> int:
        """Return how many readings the store has not confirmed."""
        return count_unconfirmed(self.outbox)

    def wait_accepted(self, more: int, within_s: float = 60) -> float:
        """Wait until so many more readings are accepted; return how long that took."""
        begun_s, target = time.monotonic(), self.accepted() + more
        wait_until(lambda: self.accepted() >= target, f"{more} more accepted", within_s)
        return time.monotonic() - begun_s

    def wait_known(self, within_s: float = 60) -> None:
        """Wait until every counter has an accepted value: the first one is taken as it comes."""
        wait_until(
            lambda: len(self._measured()) == self.units, "every counter was accepted", within_s
        )

    def wait_served(self, more: int, within_s: float = 60) -> None:
        """Wait until the gateway was read so many more times."""
        target = self.served() + more
        wait_until(lambda: self.served() >= target, f"{more} more reads", within_s)

    def served(self) -> int:
        """Return how often the gateway was read."""
        return sum(len(values) for values in self.gateway.served.values())

    def tell(
        self,
        report: Callable[[Row], None],
        scenario: str,
        faults: int,
        recovery_s: float | None = None,
        naive: str = "",
    ) -> Row:
        """Report what a scenario came to, and return it."""
        found = astuple(self.verdict())
        row = Row(scenario, faults, *found, recovery_s, naive)
        report(row)
        return row

    def wait_stored(self, within_s: float = 60) -> float:
        """Wait until the store has confirmed all that is accepted now; return how long."""
        begun_s, target = time.monotonic(), self.accepted()
        wait_until(lambda: self.accepted() - self.waiting() >= target, "all is stored", within_s)
        return time.monotonic() - begun_s

    def settle_down(self, within_s: float = 60) -> None:
        """Stop measuring, and wait until everything is stored."""
        self.programs["collect"].stop()
        config = self.folder / "collect.toml"
        text = config.read_text(encoding="utf-8").partition("[[bus]]")[0]
        config.write_text(text, encoding="utf-8")
        self.programs["collect"].start()
        wait_until(lambda: self.waiting() == 0, "the outbox is empty", within_s)

    def verdict(self) -> Verdict:
        """Compare what was served, accepted and stored."""
        accepted, stored = read_accepted(self.outbox), self._stored()
        kept = {(device, seq): content for device, seq, content in accepted}
        found = {(device, seq): content for device, seq, content in stored}
        wrong = sum(found.get(key, content) != content for key, content in kept.items())
        wrong += len(found.keys() - kept.keys()) + self._strange(accepted)
        duplicated = len(stored) - len(found) + len(accepted) - len(kept)
        refused = self.quarantined()
        lost = [key for key in kept.keys() - found.keys() if key[1] not in refused]
        return Verdict(len(accepted), len(lost), duplicated, wrong)

    def measured(self) -> int:
        """Return how many accepted readings hold a value of their counter."""
        return sum(self._measured().values())

    def _measured(self) -> Counter[str]:
        accepted = read_accepted(self.outbox)
        return Counter(device for device, _, content in accepted if '"energy_total":' in content)

    def quarantined(self) -> dict[int, str]:
        """Return the reason of each number that was refused and kept aside."""
        rows = ask(
            self.folder / "i" / "journal.sqlite",
            "SELECT seq, reason FROM quarantine WHERE collector='box'",
        )
        return dict(rows)

    def end(self) -> None:
        """End everything that was started."""
        for program in reversed(self.programs.values()):
            program.resume()
            program.stop()
        self.gateway.stop()

    def _strange(self, accepted: list[tuple[str, int, str]]) -> int:
        """Count values that their device never served there, and counters that do not rise."""
        strange, last = 0, dict[tuple[str, str], int]()
        served = {
            "energy_total": {unit: set(values) for unit, values in self.gateway.served.items()},
            "export_energy_total": {
                unit: set(values) for unit, values in self.gateway.exported.items()
            },
        }
        for device, _, content in accepted:
            q, unit = json.loads(content)["q"], int(device[1:])
            strange += q.get("ac_power_l1", EXPORT_W + unit) != EXPORT_W + unit
            for quantity in served.keys() & q.keys():
                value = q[quantity]
                is_old = value <= last.get((device, quantity), 0)
                strange += is_old or value not in served[quantity][unit]
                last[device, quantity] = value
        return strange

    def stored(self) -> list[Reading]:
        """Return what the embedded store gives back, in the order of acceptance."""
        settings = SqliteSettings(path=self.folder / "readings.sqlite")
        with closing(open_store("sqlite", settings, None)) as store:
            found = [one for device in self._devices() for one in store.readings(device, *EVER)]
        return [one.reading for one in sorted(found, key=lambda one: one.identity.seq)]

    def _devices(self) -> list[str]:
        return sorted(f"k{unit}" for unit in range(1, self.units + 1))

    def _stored(self) -> list[tuple[str, int, str]]:
        return self._stored_in_sqlite() if self.influx is None else points_of(self.influx)

    def _stored_in_sqlite(self) -> list[tuple[str, int, str]]:
        settings = SqliteSettings(path=self.folder / "readings.sqlite")
        with closing(open_store("sqlite", settings, None)) as store:
            return [
                (device, one.identity.seq, dump_content(one.reading))
                for device in self._devices()
                for one in store.readings(device, *EVER)
            ]

    def _service(self, name: str, environment: dict[str, str]) -> Program:
        config = self.folder / f"{name}.toml"
        config.write_text(self._toml(name), encoding="utf-8")
        clock = {} if self.clock is None else {"MINGA_CLOCK": str(self.clock)}
        return minga(name, self.folder, "--config", str(config), name, **clock, **environment)

    def _toml(self, name: str) -> str:
        ports = {"collect": self.collector_mqtt_port, "ingest": self.ingest_mqtt_port}
        port = ports.get(name) or self.mqtt_port
        gateway = self.gateway_port or self.gateway.port
        devices = "".join(
            f'[[device]]\nid = "k{unit}"\nbus = "b"\nunit = {unit}\nprofile = "known"\n'
            "rated_power_w = 100000000\n"
            for unit in range(1, self.units + 1)
        )
        store, section = "sqlite", '[sqlite]\npath = "readings.sqlite"'
        if self.influx is not None:
            (self.folder / "token").write_text("user:password")
            store, section = (
                "influxdb",
                f'[influxdb]\nurl = "http://127.0.0.1:{self.influx_port}"\nbucket = "b"\n{_BESIDE}',
            )
        return (
            f'store = "{store}"\n[collector]\nid = "box"\nstate = "c"\n'
            f"poll_s = {self.poll_s}\ncommit_s = 0\n"
            f'profiles = "{PROFILES}"\n[mqtt]\nport = {port}\n[ingest]\nstate = "i"\n{section}\n'
            f'[[bus]]\nid = "b"\nurl = "tcp://127.0.0.1:{gateway}"\ntimeout_s = {self.timeout_s}\n'
            f"{devices}"
        )


def points_of(influx: FakeInflux) -> list[tuple[str, int, str]]:
    """Return what a server was made to keep; the same point again is the same point."""
    found: dict[tuple[str, int, str], None] = {}
    for body in influx.stored:
        for line in body.decode().splitlines():
            quoted = line.partition('message="')[2].rpartition('"')[0]
            said = json.loads(quoted.replace('\\"', '"').replace("\\\\", "\\"))
            device = line.partition("device=")[2].partition(",")[0]
            content = json.dumps({key: said[key] for key in _CONTENT}, separators=(",", ":"))
            found[device, said["seq"], content] = None
    return list(found)


_BESIDE = 'token_file = "token"\nindex = "index.sqlite"'
_CONTENT = ("taken_at", "boot", "mono_ms", "trusted", "q", "bad")
