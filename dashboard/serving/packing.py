"""Sends text packed with gzip to who can unpack it; knows nothing of what it says."""

import gzip

from flask import Flask, Response, request

LEAST = 500
"""Bytes below which packing saves nothing worth its time."""

_LEVEL = 5
_TEXTS = ("text/", "application/json", "image/svg+xml")


def pack_answers(app: Flask) -> None:
    """Pack every text; call it before all else that looks at answers, so that it comes last."""

    @app.after_request
    def pack(response: Response) -> Response:
        if not (response.mimetype or "").startswith(_TEXTS):
            return response
        response.vary.add("Accept-Encoding")
        if not _can_be_packed(response) or not request.accept_encodings["gzip"]:
            return response
        response.direct_passthrough = False
        body = response.get_data()
        if len(body) < LEAST:
            return response
        # The time of packing would make equal answers different.
        response.set_data(gzip.compress(body, _LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        # Packed and unpacked are the same to who reads, but not byte for byte.
        tag, _ = response.get_etag()
        if tag:
            response.set_etag(tag, weak=True)
        return response


def _can_be_packed(response: Response) -> bool:
    """Say whether it is one whole body; a part, a stream and a 304 stay as they are."""
    is_whole = response.status_code not in {204, 206, 304}
    is_ready = not response.is_streamed or response.direct_passthrough
    return is_whole and is_ready and "Content-Encoding" not in response.headers
