"""The views of a household: each asks for the figures of the home that came in, and shows them."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from flask import Flask, Response, g, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from coop.explain.document import explanation_document
from coop.household import HomePage
from coop.slots import moment_of
from dashboard.failures import NextStep, answer
from dashboard.household import documents, lost, sentences, wording
from dashboard.household.asked import (
    Asked,
    months_between,
    slot_name,
)
from dashboard.household.chapters import RECOMPUTED, WhyPage
from dashboard.household.lost import LostError
from dashboard.household.pictures import (
    TALL,
    WIDE,
    draw_hours,
    draw_month,
    hours_shown,
    kinds_of,
)
from dashboard.household.reading import HomeReader
from dashboard.language.speech import plain
from dashboard.public.figures import State
from dashboard.serving.keeping import Parts
from dashboard.sources import PageSettings
from dashboard.visiting import visited_home

_ANY_SLOT = "0000-00-00T00:00Z"


class Households:
    """The pages of the household that is looking; a steward names one with `?home=`."""

    def __init__(self, reader: HomeReader, settings: PageSettings) -> None:
        self._reader = reader
        self._settings = settings
        self._parts = Parts()

    def register(self, app: Flask) -> None:
        """Give each view its address."""
        routes: dict[str, Callable[..., ResponseReturnValue]] = {
            "/home": self.own_home,
            "/home.json": self.own_home_json,
            "/home.csv": self.own_home_csv,
            "/home/statement": self.own_statement,
            "/home/why/<slot>": self.own_why,
            "/home/why/<slot>.json": self.own_why_json,
            "/home/why/<slot>.csv": self.own_why_csv,
        }
        for rule, view in routes.items():
            app.add_url_rule(rule, view.__name__, view, methods=["GET"])
        app.register_error_handler(LostError, _show_lost)
        app.url_defaults(_keep_home)
        app.jinja_env.globals.update(slot_name=slot_name)

    def own_home(self) -> ResponseReturnValue:
        """Show what the home got."""
        asked, page = self._page()
        # Of the present moment such a page tells the day only.
        told = replace(page, now=page.now.replace(hour=0, minute=0, second=0, microsecond=0))
        state = self._reader.state(page)
        body = self._parts.show(
            (told, state),
            lambda: render_template("household/month.html", **self._shown(asked, told, state)),
            of=page.home_id,
        )
        return render_template("household/home.html", page=page, body=body)

    def own_home_json(self) -> ResponseReturnValue:
        """Return what the home got."""
        _, page = self._page()
        return jsonify(documents.home_document(page, self._reader.state(page)))

    def own_home_csv(self) -> ResponseReturnValue:
        """Return the days of the month as a table."""
        asked, page = self._page()
        text = documents.home_csv(page)
        return _attached(text, "text/csv", f"home-{page.home_id}-{asked.month}.csv")

    def own_statement(self) -> ResponseReturnValue:
        """Return the month as one file that stands alone."""
        asked, page = self._page()
        shown = self._shown(asked, page, self._reader.state(page))
        text = render_template("household/statement.html", **shown)
        return _attached(text, "text/html", f"statement-{page.home_id}-{asked.month}.html")

    def own_why(self, slot: str) -> ResponseReturnValue:
        """Show how the figures of one slot came to be."""
        return render_template(
            "household/why.html", page=self._why(slot), own=wording, recomputed=RECOMPUTED
        )

    def own_why_json(self, slot: str) -> ResponseReturnValue:
        """Return how the figures of one slot came to be."""
        page = self._why(slot)
        return jsonify(explanation_document(page.explanation, page.lines, g.words))

    def own_why_csv(self, slot: str) -> ResponseReturnValue:
        """Return how the figures of one slot came to be, line by line."""
        page = self._why(slot)
        name = f"why-{page.explanation.home}-{page.start:%Y%m%dT%H%M}.csv"
        return _attached(documents.why_csv(page, g.words), "text/csv", name)

    def _page(self) -> tuple[Asked, HomePage]:
        return self._reader.page(
            visited_home(), request.args.get("month"), request.args.get("date")
        )

    def _why(self, slot: str) -> WhyPage:
        return self._reader.why(visited_home(), slot)

    def _shown(self, asked: Asked, page: HomePage, state: State) -> dict[str, object]:
        """Return what the template of a home's month is made of."""
        month = page.month
        year, number = map(int, asked.month.split("-"))
        count = monthrange(year, number)[1]
        frames = {"month": WIDE, "monthphone": TALL} if month.sums else {}
        return {
            "page": page,
            "asked": asked,
            "state": state.value,
            "charts": {
                name: Markup(draw_month(month, count, name, frame, plain))  # noqa: S704  charts escapes every text
                for name, frame in frames.items()
            },
            "kinds": kinds_of(month),
            "hours": Markup(draw_hours(page.best, plain)),  # noqa: S704  as above
            "hours_shown": hours_shown(page.best),
            "months": months_between(page.first or page.now.date(), page.now.date()),
            "slot_s": self._settings.slot_s,
            "why_of": _address_of_slots(),
            "own": wording,
            "tells": sentences,
        }


def _address_of_slots() -> Callable[[datetime], str]:
    """Return what writes the address of a slot's reason; building it anew for each takes long."""
    first = url_for("own_why", slot=_ANY_SLOT)
    return lambda moment: first.replace(_ANY_SLOT, slot_name(moment), 1)


def _show_lost(error: LostError) -> Response:
    g.failure = error.failure
    if error.failure is not lost.NO_HOME:
        g.next_step = NextStep(url_for("own_home"), wording.BACK)
    if error.slot_s is not None:
        meant = slot_name(moment_of(error.slot_s))
        g.next_step = NextStep(url_for("own_why", slot=meant), wording.WHY)
    return answer(error.status)


def _keep_home(endpoint: str, values: dict[str, object]) -> None:
    """Keep the home that a steward named through the links of its pages."""
    named = request.args.get("home") if request else None
    if named is not None and endpoint.startswith("own_"):
        values.setdefault("home", named)


def _attached(text: str, kind: str, name: str) -> Response:
    return Response(
        text, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
