"""Serve a plant: every gateway a Modbus TCP server, every answer of one moment and written down."""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from collector.clock import Clock
from collector.profiles.profile import load_profile
from collector.reading import Value
from collector.simulator.modbus_server import ModbusServer, Refusal
from collector.simulator.plant import Bus, Plant, SimulatedDevice
from collector.simulator.registers import Image, Nameplate, RegisterImage
from collector.simulator.served import Served, ServedLog

MODELS = {"sunspec_101_103": 103, "sunspec_201_204": 203}
"""Which SunSpec model each family serves: three phases, star for meters."""


@dataclass(frozen=True, slots=True)
class OpenPlant:
    """A plant that listens."""

    servers: Mapping[str, ModbusServer]

    @property
    def ports(self) -> dict[str, int]:
        """Return the real port of each bus."""
        return {bus: server.port for bus, server in self.servers.items()}

    @property
    def function_codes(self) -> dict[int, int]:
        """Return how often each function code was asked for, answered or not."""
        asked: Counter[int] = Counter()
        for server in self.servers.values():
            asked.update(server.function_codes)
        return dict(sorted(asked.items()))


@contextmanager
def serve_plant(plant: Plant, host: str, clock: Clock, log: ServedLog) -> Iterator[OpenPlant]:
    """Listen on every port of a plant, and close all of them at the end."""
    logging.getLogger("pymodbus").setLevel(logging.WARNING)
    with ExitStack() as listening:
        yield OpenPlant(
            {
                bus.id: listening.enter_context(
                    ModbusServer(_desk(bus, clock, log), bus.port, host)
                )
                for bus in plant.buses
            }
        )


class Simulation:
    """One device with the registers that it shows."""

    def __init__(self, device: SimulatedDevice) -> None:
        """Lay out its registers once."""
        profile = load_profile(device.profile)
        nameplate = Nameplate(serial=device.id, model=MODELS.get(device.profile))
        self.device = device
        self._registers = RegisterImage(profile, nameplate)
        self._identity: dict[str, Value] = (
            {} if profile.sunspec else dict.fromkeys(profile.identity, device.id)
        )

    def image(self, values: Mapping[str, Value]) -> Image:
        """Return all words while the device says these values."""
        return self._registers.encode({**self._identity, **values})


@dataclass(frozen=True, slots=True)
class _Desk:
    """Answers all reads of one bus."""

    simulations: Mapping[int, Simulation]
    clock: Clock
    log: ServedLog

    def __call__(
        self, unit: int, function_code: int, address: int, count: int
    ) -> Sequence[int] | Refusal:
        simulation = self.simulations.get(unit)
        if simulation is None:
            return Refusal.NO_RESPONSE
        at, device = self.clock.now(), simulation.device
        values = device.quantities(at)
        image = simulation.image(values)
        keys = [(function_code, one) for one in range(address, address + count)]
        if any(key not in image for key in keys):
            return Refusal.ILLEGAL_ADDRESS
        value = values.get(device.counter)
        self.log.note(Served(device.id, function_code, address, count, at, device.counter, value))
        return [image[key] for key in keys]


def _desk(bus: Bus, clock: Clock, log: ServedLog) -> _Desk:
    simulations = {unit: Simulation(device) for unit, device in bus.devices.items()}
    return _Desk(simulations, clock, log)
