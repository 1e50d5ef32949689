"""The page on which stewards read who did what."""

from collections.abc import Sequence

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from coop.doors.deeds import CONSOLE, STRANGER, Deed
from coop.slots import moment_of
from dashboard.documents import csv_text, utc
from dashboard.failures import refuse
from dashboard.serving.answers import csv_answer
from dashboard.sources import Sources
from dashboard.steward.admitting import wording
from dashboard.steward.sections import NAMES, show
from dashboard.typed import whole

_DIGITS = 18
"""As many as any row's number has."""
_A_PAGE = 100
_HEAD = ("id", "at", "who", "what", "text")
_NAMED = {STRANGER: wording.STRANGER, CONSOLE: wording.CONSOLE}


class RecordPages:
    """The views of the record."""

    def __init__(self, sources: Sources) -> None:
        self._doors = sources.doors
        self._zone = sources.settings.zone

    def register(self, app: Flask) -> None:
        """Give each view its address."""
        rule = "/steward/record"
        app.add_url_rule(rule, "steward_record", self.record, methods=["GET"])
        app.add_url_rule(f"{rule}.json", "steward_record_json", self.record_json, methods=["GET"])
        app.add_url_rule(f"{rule}.csv", "steward_record_csv", self.record_csv, methods=["GET"])

    def record(self) -> ResponseReturnValue:
        """Show a page of the record, the newest lines first."""
        deeds = self._read()
        return show(
            "steward/record.html",
            "steward_record",
            title=NAMES["steward_record"],
            deeds=deeds,
            at={one.id: moment_of(one.at_s).astimezone(self._zone) for one in deeds},
            named={one.who: _NAMED.get(one.who) for one in deeds},
            older=deeds[-1].id if len(deeds) == _A_PAGE else None,
            is_older="before" in request.args,
        )

    def record_json(self) -> ResponseReturnValue:
        """Return a page of the record."""
        deeds = self._read()
        older = deeds[-1].id if len(deeds) == _A_PAGE else None
        rows = [dict(zip(_HEAD, _row(one), strict=True)) for one in deeds]
        return jsonify({"deeds": rows, "before": older})

    def record_csv(self) -> ResponseReturnValue:
        """Return a page of the record as a table."""
        return csv_answer(csv_text(_HEAD, [_row(one) for one in self._read()]), "record")

    def _read(self) -> Sequence[Deed]:
        asked = request.args.get("before")
        if asked is None:
            return self._doors.record(_A_PAGE)
        before = whole(asked, _DIGITS)
        if before is None:
            refuse(404, wording.NO_PLACE)
        return self._doors.record(_A_PAGE, before)


def _row(one: Deed) -> tuple[int | None, str, str, str, str]:
    return one.id, utc(moment_of(one.at_s)) or "", one.who, one.what.value, one.text
