"""Every word the pages say, in one place: Spanish, and Quechua terms beside headings.

The Quechua terms are drafts for the assembly to correct. Nothing is decided here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from coop.books import Standing
from dashboard.figures import Board, CommunityDay, Day, Light, Row
from dashboard.live import Live, LiveState
from dashboard.numbers import duration, hour, kilo, kilo_of_tenths, long_date, percent, whole


@dataclass(frozen=True, slots=True)
class Term:
    """One thing in Spanish and, where a term is known, in Quechua."""

    es: str
    qu: str = ""


NOW = Term("El sol da ahora", "kunan inti kallpa")
SHARED = Term("Compartido hoy", "kunan p'unchaw rakiy")
FUND = Term("Fondo solidario", "ayni qullqi")
LEFT_OVER = Term("Sobró hoy", "puchu")
COMMUNITY = Term("El día de la comunidad", "ayllu p'unchaw")
PRODUCED = Term("Producido", "ruwasqa")

BANDS: Mapping[str, str] = {
    "own": "Uso propio",
    "shared": "Compartido",
    "aside": "Apartado",
    "over": "Sobrante",
    "missing": "Sin medición",
    "ghost": "Ayer",
    "outline": "Consumo",
}
MERGED_BAND = "Usado en casas"

LIGHTS: Mapping[Light, str] = {
    Light.PLENTY: "Buen momento para usar energía",
    Light.TIGHT: "Toda la energía está en uso",
    Light.DARK: "Ahora no hay sol",
    Light.UNKNOWN: "Ahora no se sabe",
}
STANDINGS: Mapping[Standing, str] = {
    Standing.SETTLED: "medido",
    Standing.PROVISIONAL: "provisional",
    Standing.UNSETTLED: "sin medición",
    Standing.MISSING: "sin medición",
    Standing.AHEAD: "",
}

EMPTY_BOARD = (
    "Todavía no hay datos de la cooperativa. Las cifras aparecen solas cuando el primer techo "
    "y los medidores hayan informado un rato."
)
EMPTY_DAY = "Este día no tiene datos en los libros de la cooperativa."
WITHHELD = (
    "Esta página no muestra cifras: la cooperativa tiene menos de cinco hogares y una suma "
    "diría demasiado de cada uno."
)
FUND_NOTE = "reunido desde el comienzo"


@dataclass(frozen=True, slots=True)
class Failure:
    """What an error page says."""

    title: str
    text: str
    qu: str = ""


FAILURES: Mapping[int, Failure] = {
    400: Failure(
        "Fecha no entendida", "Escriba el día como año-mes-día, por ejemplo ?date=2026-03-01."
    ),
    403: Failure("No permitido", "Esta dirección no está abierta."),
    404: Failure(
        "Página no encontrada",
        "Esta dirección no existe, o ese día está fuera de los libros.",
        "P'anqaqa manam tarikunchu",
    ),
    405: Failure("Solo lectura", "Aquí solo se puede mirar: nada se envía a esta dirección."),
    500: Failure("Algo falló", "El error quedó anotado. Intente de nuevo.", "Pantay"),
    503: Failure(
        "Los libros no están a mano",
        "No se pueden leer las cifras en este momento. La medición sigue por su cuenta y esta "
        "página vuelve a intentarlo sola.",
        "Suyarillay",
    ),
}
OTHER_FAILURE = Failure("No se puede", "El pedido no se puede atender.")


def live_note(live: Live, now: datetime) -> str:
    """Say how current the live figure is."""
    if live.state is LiveState.FRESH:
        if live.reporting < live.roofs:
            return f"{live.reporting} de {live.roofs} techos informan"
        return f"medido a las\N{NO-BREAK SPACE}{_local_hour(live, now)}"
    return {
        LiveState.STALE: f"sin lectura desde {_since(live, now)}",
        LiveState.NEVER: "ningún techo ha informado todavía",
        LiveState.AWAY: "las lecturas no están a mano",
        LiveState.WITHHELD: "informan muy pocos techos",
    }[live.state]


def day_note(day: Day) -> str:
    """Say how far the day is counted and what is missing in it."""
    if day.total is None:
        return "todavía nada contado"
    notes = [f"contado hasta las\N{NO-BREAK SPACE}{hour(day.counted_until)}"]
    if day.missing:
        notes.append(f"sin medición {duration(day.missing * day.slot)}")
    if day.provisional:
        notes.append(f"provisional {duration(day.provisional * day.slot)}")
    return " · ".join(notes)


def use_sentence(day: Day) -> str:
    """Say in words how much of what the homes used came from the roofs, if all of it is known."""
    total = day.total
    if total is None or not total.consumption_wh or day.provisional:
        return ""
    sun_wh = (total.own_use_wh or 0) + (total.shared_wh or 0)
    return (
        f"Los hogares usaron {kilo(total.consumption_wh)} kWh: "
        f"{percent(sun_wh, total.consumption_wh)} vino de los techos, "
        f"{kilo(max(total.consumption_wh - sun_wh, 0))} kWh de la red."
    )


def horizon_text(board: Board) -> str:
    """Describe the picture of the public screen."""
    total = board.today.total
    if total is None:
        return "Hoy todavía no se ha contado nada. Al fondo, la línea de ayer."
    return (
        f"El día escalón por escalón {day_note(board.today)}: los techos dieron "
        f"{kilo(total.produced_wh)} kWh; se compartieron {kilo(total.shared_wh)} kWh y sobraron "
        f"{kilo(total.left_over_wh)} kWh. Lo que falta del día muestra la línea de ayer."
    )


def day_text(page: CommunityDay) -> str:
    """Describe the chart of a day."""
    total = page.day.total
    if total is None:
        return EMPTY_DAY
    best = max(page.day.passed, key=lambda row: row.produced_wh or 0)
    return (
        f"Energía cada {duration(page.day.slot)}. Producido {whole(total.produced_wh)} Wh, "
        f"lo más alto {whole(best.produced_wh)} Wh a las {hour(best.start)}. "
        "Las mismas cifras están en la tabla de abajo."
    )


def day_title(day: date) -> str:
    """Head the chart of a day."""
    return f"Producción del {long_date(day)}"


def fund_amount(tenths_wh: int) -> str:
    """Write what the fund holds."""
    return kilo_of_tenths(tenths_wh)


def band_names(day: Day) -> Mapping[str, str]:
    """Name the bands of a day; own use has no name where it is told inside shared."""
    return {**BANDS, "shared": MERGED_BAND} if day.is_merged else BANDS


def standing_name(row: Row) -> str:
    """Name how a slot stands."""
    return STANDINGS[row.standing]


def _local_hour(live: Live, now: datetime) -> str:
    return hour(live.taken_at.astimezone(now.tzinfo) if live.taken_at else None)


def _since(live: Live, now: datetime) -> str:
    if live.taken_at is None:
        return "hace tiempo"
    local = live.taken_at.astimezone(now.tzinfo)
    if local.date() == now.date():
        return f"las\N{NO-BREAK SPACE}{hour(local)}"
    return f"el {local.day}/{local.month} a las {hour(local)}"
