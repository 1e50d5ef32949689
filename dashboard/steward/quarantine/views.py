"""The views of the quarantine: parse, ask, render."""

import re
from collections.abc import Callable

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from collector.errors import CollectorError
from collector.intake.reasons import RefusalKind
from dashboard.failures import refuse
from dashboard.outage import Outage
from dashboard.serving.answers import csv_answer
from dashboard.sources import Sources
from dashboard.steward.quarantine import documents, telling
from dashboard.steward.quarantine.reading import SHOWN, Quarantine, read_quarantine
from dashboard.steward.sections import NAMES, show

IN_A_TABLE = 1_000
_PLACE = re.compile(r"[0-9]{1,18}")


class QuarantinePages:
    """What was refused, by kind."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._outage = Outage("the quarantine", sources.clock)

    def register(self, app: Flask) -> None:
        """Give each view its address."""
        routes: dict[str, Callable[..., ResponseReturnValue]] = {
            "/steward/quarantine": self.steward_quarantine,
            "/steward/quarantine.json": self.steward_quarantine_json,
            "/steward/quarantine.csv": self.steward_quarantine_csv,
        }
        for rule, view in routes.items():
            app.add_url_rule(rule, view.__name__, view, methods=["GET"])

    def steward_quarantine(self) -> ResponseReturnValue:
        """Show what was refused, why, and what to do next."""
        return show(
            "steward/quarantine.html",
            "steward_quarantine",
            title=NAMES["steward_quarantine"],
            page=self._read(SHOWN),
            now=self._sources.now(),
            kept=telling,
        )

    def steward_quarantine_json(self) -> ResponseReturnValue:
        """Return what was refused."""
        return jsonify(documents.quarantine_document(self._read(SHOWN)))

    def steward_quarantine_csv(self) -> ResponseReturnValue:
        """Return what was refused as a table."""
        return csv_answer(documents.quarantine_csv(self._read(IN_A_TABLE)), "quarantine")

    def _read(self, limit: int) -> Quarantine:
        kind, before_id = _asked_kind(), _asked_place()
        intake = self._sources.watch.intake
        page = self._outage.ask(
            lambda: read_quarantine(intake, kind, before_id, limit), CollectorError
        )
        if page is None:
            refuse(503, telling.AWAY)
        return page


def _asked_kind() -> RefusalKind | None:
    asked = request.args.get("kind")
    if asked is not None and asked not in set(RefusalKind):
        refuse(400, telling.BAD_KIND)
    return None if asked is None else RefusalKind(asked)


def _asked_place() -> int | None:
    asked = request.args.get("before")
    if asked is not None and not _PLACE.fullmatch(asked):
        refuse(400, telling.BAD_PLACE)
    return None if asked is None else int(asked)
