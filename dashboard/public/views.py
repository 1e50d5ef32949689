"""Parses a request, asks for the figures, renders: nothing is computed here."""

from collections.abc import Callable

from flask import Flask, Response, jsonify, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from dashboard.language.speech import plain
from dashboard.public import documents
from dashboard.public.figures import Board, Reader, State
from dashboard.public.pictures import TALL, WIDE, board_kinds, draw_horizon
from dashboard.serving.answers import csv_answer


class Pages:
    """The views; each is a few lines."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def register(self, app: Flask) -> None:
        """Give each view its addresses."""
        routes: dict[str, Callable[[], ResponseReturnValue]] = {
            "/": self.home,
            "/index.json": self.home_json,
            "/index.csv": self.home_csv,
            "/tv": self.tv,
            "/tv.json": self.tv_json,
            "/tv.csv": self.tv_csv,
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

    def home_csv(self) -> ResponseReturnValue:
        """Return the public figures as a table."""
        board = self._reader.board()
        return csv_answer(documents.board_csv(board), f"index-{board.today.date}")

    def tv_json(self) -> ResponseReturnValue:
        """Return the public screen's figures."""
        return jsonify(documents.board_document(self._reader.board()))

    def tv_csv(self) -> ResponseReturnValue:
        """Return the public screen's figures as a table."""
        board = self._reader.board()
        return csv_answer(documents.board_csv(board), f"tv-{board.today.date}")

    def health(self) -> ResponseReturnValue:
        """Say that the pages are served, and nothing else."""
        return Response("ok", mimetype="text/plain")


def _render_board(board: Board, template: str) -> str:
    tag = documents.now_tag(board)
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
    return render_template(template, board=board, tag=tag, horizons=horizons, kinds=kinds)
