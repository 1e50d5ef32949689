"""Parses which day, month or year is asked for, asks for it, renders: nothing is computed here."""

from flask import Flask, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from dashboard.community import documents, wording
from dashboard.community.asked import Asked, Unit, is_within, of, parse
from dashboard.community.period import Period
from dashboard.community.pictures import FRAMES, draw_period, kinds_shown
from dashboard.community.reading import CommunityDay, CommunityReader
from dashboard.failures import refuse
from dashboard.language.speech import plain
from dashboard.language.wording import BAD_DATE
from dashboard.public.figures import State
from dashboard.public.pictures import DAY_TALL, DAY_WIDE, draw_day
from dashboard.public.pictures import kinds_shown as kinds_of_day
from dashboard.serving.answers import csv_answer
from dashboard.serving.keeping import Parts


class CommunityPages:
    """The views of the community; each is a few lines."""

    def __init__(self, reader: CommunityReader) -> None:
        self._reader = reader
        self._parts = Parts()

    def register(self, app: Flask) -> None:
        """Give each view its addresses."""
        app.jinja_env.globals["community"] = wording
        for view in (self.community, self.community_json, self.community_csv):
            rule = "/" + view.__name__.replace("_", ".")
            app.add_url_rule(rule, view.__name__, view, methods=["GET"])

    def community(self) -> ResponseReturnValue:
        """Show a day, a month or a year."""
        asked = self._asked()
        if asked.unit is Unit.DAY:
            day = self._reader.day(asked.first)
            body = self._parts.show(day, lambda: _render_day(day, asked))
        else:
            period = self._reader.period(asked)
            body = self._parts.show(period, lambda: _render_period(period))
        return render_template("community/page.html", asked=asked, body=body)

    def community_json(self) -> ResponseReturnValue:
        """Return a day, a month or a year."""
        asked = self._asked()
        if asked.unit is Unit.DAY:
            return jsonify(documents.day_of(self._reader.day(asked.first)))
        return jsonify(documents.period_of(self._reader.period(asked)))

    def community_csv(self) -> ResponseReturnValue:
        """Return a day, a month or a year as a table."""
        asked = self._asked()
        if asked.unit is Unit.DAY:
            text = documents.day_csv(self._reader.day(asked.first))
        else:
            text = documents.period_csv(self._reader.period(asked))
        return csv_answer(text, f"community-{asked.name}")

    def _asked(self) -> Asked:
        today = self._reader.now().date()
        try:
            asked = parse(request.args, today)
        except ValueError:
            refuse(400, BAD_DATE)
        if not is_within(asked, today):
            abort(404)
        return asked


def _render_day(page: CommunityDay, asked: Asked) -> str:
    has_figures = page.state is State.FULL
    frames = {"day": DAY_WIDE, "dayphone": DAY_TALL} if has_figures else {}
    charts = {
        name: Markup(draw_day(page.day, name, frame, plain))  # noqa: S704  charts escapes every text
        for name, frame in frames.items()
    }
    kinds = kinds_of_day(page.day.rows) if has_figures else ()
    return render_template(
        "community/day.html", page=page, charts=charts, kinds=kinds, **_ways(asked, page)
    )


def _render_period(page: Period) -> str:
    frames = FRAMES if page.state is State.FULL else {}
    charts = {
        name: Markup(draw_period(page, name, frame, plain))  # noqa: S704  as above
        for name, frame in frames.items()
    }
    kinds = kinds_shown(page) if frames else ()
    return render_template(
        "community/period.html",
        page=page,
        charts=charts,
        kinds=kinds,
        inside=page.asked.inside,
        **_ways(page.asked, page),
    )


def _ways(asked: Asked, page: CommunityDay | Period) -> dict[str, object]:
    """Return where the links of a page lead: before, after, and to the other stretches."""
    today = page.today
    first = page.span[0] if page.span else today
    beside = (asked.before(), asked.next())
    before, after = (one if one.last >= first and one.first <= today else None for one in beside)
    inside = min(max(asked.first, first), asked.last, today)
    tabs = [of(unit, inside) for unit in Unit]
    return {"asked": asked, "before": before, "after": after, "tabs": tabs}
