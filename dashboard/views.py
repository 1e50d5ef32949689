"""Parses a request, asks for the figures, renders: nothing is computed here."""

from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256

from flask import Flask, Response, abort, json, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from dashboard import documents
from dashboard.figures import Board, Reader, State
from dashboard.pictures import (
    DAY_TALL,
    DAY_WIDE,
    TALL,
    WIDE,
    board_kinds,
    draw_day,
    draw_horizon,
    kinds_shown,
)
from dashboard.speech import plain

_EARLIEST = date(2000, 1, 1)


class Pages:
    """The views; each is a few lines."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def register(self, app: Flask) -> None:
        """Give each view its addresses."""
        routes: dict[str, Callable[[], ResponseReturnValue]] = {
            "/": self.home,
            "/index.json": self.home_json,
            "/tv": self.tv,
            "/tv.json": self.tv_json,
            "/tv.csv": self.tv_csv,
            "/community": self.community,
            "/community.json": self.community_json,
            "/community.csv": self.community_csv,
            "/api/v1/now": self.now,
            "/health": self.health,
        }
        for rule, view in routes.items():
            app.add_url_rule(rule, view.__name__, view, methods=["GET"])

    def home(self) -> ResponseReturnValue:
        """Show the public figures on any device."""
        return _render_board(self._reader.board(), "home.html")

    def tv(self) -> ResponseReturnValue:
        """Show the public screen of the plaza."""
        return _render_board(self._reader.board(), "tv.html")

    def home_json(self) -> ResponseReturnValue:
        """Return the public figures."""
        return jsonify(documents.board_document(self._reader.board()))

    def tv_json(self) -> ResponseReturnValue:
        """Return the public screen's figures."""
        return jsonify(documents.board_document(self._reader.board()))

    def tv_csv(self) -> ResponseReturnValue:
        """Return the public screen's figures as a table."""
        board = self._reader.board()
        return _csv(documents.board_csv(board), f"tv-{board.today.date}")

    def community(self) -> ResponseReturnValue:
        """Show one day of the community."""
        page = self._reader.community(self._asked_day())
        has_figures = page.state is State.FULL
        frames = {"day": DAY_WIDE, "dayphone": DAY_TALL} if has_figures else {}
        charts = {
            name: Markup(draw_day(page, name, frame, plain))  # noqa: S704  charts escapes every text
            for name, frame in frames.items()
        }
        return render_template(
            "community.html",
            page=page,
            charts=charts,
            kinds=kinds_shown(page.day.rows) if has_figures else (),
            before=_day_beside(page.day.date, -1, page.first or page.last, page.last),
            after=_day_beside(page.day.date, 1, page.first or page.last, page.last),
        )

    def community_json(self) -> ResponseReturnValue:
        """Return one day of the community."""
        return jsonify(documents.community_document(self._reader.community(self._asked_day())))

    def community_csv(self) -> ResponseReturnValue:
        """Return one day of the community as a table."""
        page = self._reader.community(self._asked_day())
        return _csv(documents.community_csv(page), f"community-{page.day.date}")

    def now(self) -> ResponseReturnValue:
        """Return the live figures; 304 while nothing was measured or settled since."""
        board = self._reader.board()
        content = documents.now_document(board)
        response = jsonify({**content, "age_s": documents.age_s(board)})
        digest = sha256(json.dumps(content).encode()).hexdigest()[:20]
        # Weak: the age in the body moves on while what was measured stays.
        response.set_etag(digest, weak=True)
        response.headers["Cache-Control"] = "no-cache"
        return response.make_conditional(request)

    def health(self) -> ResponseReturnValue:
        """Say that the pages are served, and nothing else."""
        return Response("ok", mimetype="text/plain")

    def _asked_day(self) -> date | None:
        asked = request.args.get("date")
        if asked is None:
            return None
        try:
            day = date.fromisoformat(asked)
        except ValueError:
            abort(400)
        if not _EARLIEST <= day <= self._reader.now().date():
            abort(404)
        return day


def _render_board(board: Board, template: str) -> str:
    shows = board.state in {State.FULL, State.STALE}
    horizons = (
        {
            name: Markup(draw_horizon(board, name, frame, plain))  # noqa: S704  charts escapes every text
            for name, frame in (("wide", WIDE), ("tall", TALL))
        }
        if shows
        else {}
    )
    kinds = board_kinds(board) if shows else ()
    return render_template(template, board=board, horizons=horizons, kinds=kinds)


def _day_beside(day: date, step: int, first: date, last: date) -> date | None:
    beside = day + timedelta(days=step)
    return beside if first <= beside <= last else None


def _csv(text: str, name: str) -> Response:
    return Response(
        text,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
