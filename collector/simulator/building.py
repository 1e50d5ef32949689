"""From a plant's description to its devices; the only place that picks the source of a flow.

pvlib is loaded only when a roof under the modelled sky is there.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from collector.errors import ConfigurationError
from collector.simulator.curve import EnergyCurve, Grid
from collector.simulator.description import (
    DevicePart,
    HabitFlow,
    MeasuredFlow,
    PlantDescription,
    SunFlow,
)
from collector.simulator.families import find_family
from collector.simulator.households import UNITS_PER_WH, Home, consumption_mwh
from collector.simulator.plant import Bus, Plant, SimulatedDevice
from collector.simulator.replay import MeasuredCommunity, read_community
from collector.simulator.town import STEP, Town, step_number, step_start


def build_plant(description: PlantDescription) -> Plant:
    """Return the devices of a plant, ready to say what they measure."""
    builder = _Builder(description, _read_measured(description))
    devices = [builder.device(part) for part in description.device]
    return Plant(
        [
            Bus(bus.id, bus.port, {one.unit: one for one in devices if one.bus == bus.id})
            for bus in description.bus
        ]
    )


@dataclass(frozen=True, slots=True)
class _Builder:
    description: PlantDescription
    measured: MeasuredCommunity | None

    def device(self, part: DevicePart) -> SimulatedDevice:
        family = find_family(part.profile, part.direction)
        if family is None:
            raise ConfigurationError(part.id, [f"no {part.kind} of profile {part.profile!r}"])
        return SimulatedDevice(
            part.id,
            part.profile,
            part.bus,
            part.unit,
            family,
            self._curve(part),
            self._zone(part),
            part.base_wh,
        )

    def _zone(self, part: DevicePart) -> ZoneInfo:
        if isinstance(part.flow, MeasuredFlow):
            return ZoneInfo(self.description.measured_timezone)
        return ZoneInfo(self.description.town.timezone)

    def _curve(self, part: DevicePart) -> EnergyCurve:
        match part.flow:
            case MeasuredFlow(column=column):
                return self._measured(part, column)
            case SunFlow() as flow:
                return self._sun(flow)
            case HabitFlow() as flow:
                home = Home(part.id, flow.pattern, flow.size_percent)
                steps = consumption_mwh(self._town, home, self.description.seed, self._first)
                return EnergyCurve(self._grid, steps)

    def _sun(self, flow: SunFlow) -> EnergyCurve:
        from collector.simulator.sun import Roof, production_mwh  # noqa: PLC0415  brings pvlib

        roof = Roof(flow.panels_w, flow.inverter_w, flow.tilt_deg, flow.azimuth_deg)
        steps = production_mwh(self._town, roof, self.description.seed, self._first)
        return EnergyCurve(self._grid, steps)

    def _measured(self, part: DevicePart, column: str) -> EnergyCurve:
        homes = self.measured.homes if self.measured else {}
        if column not in homes:
            known = ", ".join(homes)
            raise ConfigurationError(
                part.id, [f"column {column!r} is not in the measured files; they have {known}"]
            )
        return homes[column].consumption if part.kind == "home" else homes[column].production

    @property
    def _town(self) -> Town:
        town = self.description.town
        return Town(town.name, town.latitude, town.longitude, town.altitude_m, town.timezone)

    @property
    def _first(self) -> int:
        if self.description.since is None:
            raise ConfigurationError("plant", ["a modelled device needs `since`"])
        return step_number(self.description.since)

    @property
    def _grid(self) -> Grid:
        return Grid(step_start(self._first), STEP, UNITS_PER_WH)


def _read_measured(description: PlantDescription) -> MeasuredCommunity | None:
    if description.measured is None:
        return None
    return read_community(description.measured, description.measured_timezone)
