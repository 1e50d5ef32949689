"""Which route is for whom, and the headers every answer carries; what is not named is denied."""

from collections.abc import Mapping
from enum import StrEnum

from flask import Flask, Response, abort, request


class Audience(StrEnum):
    """Who may read."""

    ANYONE = "anyone"


ACCESS: Mapping[str, Audience] = {
    "home": Audience.ANYONE,
    "home_json": Audience.ANYONE,
    "tv": Audience.ANYONE,
    "tv_json": Audience.ANYONE,
    "tv_csv": Audience.ANYONE,
    # Sums only, and none that tells one home: open until there is a sign-in for members.
    "community": Audience.ANYONE,
    "community_json": Audience.ANYONE,
    "community_csv": Audience.ANYONE,
    "now": Audience.ANYONE,
    "health": Audience.ANYONE,
    "static": Audience.ANYONE,
}

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def guard(app: Flask) -> None:
    """Deny every route without a declaration, and put the headers on every answer."""

    @app.before_request
    def deny_undeclared() -> None:
        if request.endpoint is not None and request.endpoint not in ACCESS:
            abort(403)

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response
