"""Answers that are not pages: files to keep."""

from flask import Response


def csv_answer(text: str, name: str) -> Response:
    """Return a table as a file with a name."""
    return Response(
        text,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
