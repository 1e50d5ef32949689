"""The live figures for programs."""

from flask import Response, jsonify

from dashboard.api.offering import Asked, Offer
from dashboard.api.shapes.community import Now
from dashboard.public import documents
from dashboard.public.figures import Reader


class LiveApi:
    """What the roofs make now."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def offers(self) -> tuple[Offer, ...]:
        """Return its addresses."""
        return (Offer("/now", self.now, Now, is_same_for_all=True),)

    def now(self, _asked: Asked) -> Response:
        """Return the live figures; 304 while nothing was measured or settled since."""
        board = self._reader.board()
        response = jsonify({**documents.now_document(board), "age_s": documents.age_s(board)})
        response.headers["ETag"] = documents.now_tag(board)
        response.headers["Cache-Control"] = "no-cache"
        return response
