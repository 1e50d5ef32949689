"""The only user of pvlib: what a roof makes under a clear sky, and under the town's clouds.

Whole milliwatt-hours per five-minute step, reckoned in blocks of sixteen days that begin at fixed
days since 1970, so that every process and every restart finds the same numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

import numpy as np
import numpy.typing as npt
import pandas as pd
import pvlib

from collector.simulator.clouds import daylight
from collector.simulator.town import STEP_S, STEPS_A_DAY, Town, local_steps, step_start

UNITS_PER_WH = 1_000
BLOCK_STEPS = 16 * STEPS_A_DAY
LINKE_TURBIDITY = 2.6
AIR_C, WIND_M_S = 14.0, 1.5
PER_DEGREE = -0.0037
LOSSES = 0.12

Column = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Roof:
    """Panels of one slope behind one inverter; azimuth counts from north over east."""

    panels_w: int
    inverter_w: int
    tilt_deg: int
    azimuth_deg: int


def clear_sky_mwh(town: Town, roof: Roof, first: int) -> Iterator[int]:
    """Yield the energy of each step from a step number on, without a cloud, for ever."""
    for block in count(first // BLOCK_STEPS):
        begin = max(first - block * BLOCK_STEPS, 0)
        yield from _roof_block(town, roof, block)[begin:]


def production_mwh(town: Town, roof: Roof, seed: int, first: int) -> Iterator[int]:
    """Yield the energy of each step from a step number on, under the clouds of a seed, for ever."""
    steps = zip(clear_sky_mwh(town, roof, first), local_steps(first, town.timezone), strict=True)
    for clear_mwh, (day, number) in steps:
        yield int(clear_mwh * daylight(seed, day)[number]) if clear_mwh else 0


@dataclass(frozen=True, slots=True)
class _Light:
    zenith_deg: Column
    azimuth_deg: Column
    direct_w_m2: Column
    global_w_m2: Column
    diffuse_w_m2: Column


@lru_cache(maxsize=8)
def _light(town: Town, block: int) -> _Light:
    first = step_start(block * BLOCK_STEPS)
    middles = pd.date_range(first, periods=BLOCK_STEPS, freq=f"{STEP_S}s") + pd.Timedelta(
        seconds=STEP_S // 2
    )
    place = pvlib.solarposition.get_solarposition(
        middles, town.latitude, town.longitude, altitude=town.altitude_m
    )
    zenith = place["apparent_zenith"].to_numpy()
    air_mass = pvlib.atmosphere.get_absolute_airmass(
        pvlib.atmosphere.get_relative_airmass(zenith), pvlib.atmosphere.alt2pres(town.altitude_m)
    )
    beyond_air = pvlib.irradiance.get_extra_radiation(middles.day_of_year.to_numpy())
    with np.errstate(divide="ignore", invalid="ignore"):  # below the horizon there is no air mass
        sky = pvlib.clearsky.ineichen(
            zenith, air_mass, LINKE_TURBIDITY, town.altitude_m, beyond_air
        )
    return _Light(zenith, place["azimuth"].to_numpy(), sky["dni"], sky["ghi"], sky["dhi"])


@lru_cache(maxsize=64)
def _roof_block(town: Town, roof: Roof, block: int) -> list[int]:
    light = _light(town, block)
    on_panels = pvlib.irradiance.get_total_irradiance(
        roof.tilt_deg,
        roof.azimuth_deg,
        light.zenith_deg,
        light.azimuth_deg,
        light.direct_w_m2,
        light.global_w_m2,
        light.diffuse_w_m2,
    )["poa_global"]
    cells_c = pvlib.temperature.faiman(on_panels, AIR_C, WIND_M_S)
    dc_w = pvlib.pvsystem.pvwatts_dc(on_panels, cells_c, roof.panels_w, PER_DEGREE)
    with np.errstate(divide="ignore", invalid="ignore"):  # an inverter at rest has no efficiency
        ac_w = pvlib.inverter.pvwatts(dc_w * (1 - LOSSES), roof.inverter_w / 0.96)
    mwh = np.nan_to_num(ac_w) * (STEP_S * UNITS_PER_WH / 3_600)
    return [int(one) for one in np.clip(np.round(mwh), 0, None)]
