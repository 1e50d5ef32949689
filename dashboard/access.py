"""Which route is for whom, and the headers every answer carries; what is not named is denied."""

import hmac
from collections.abc import Mapping
from typing import NoReturn

from flask import Flask, Response, abort, g, request

from dashboard.doors.phrases import ENDED, STALE_FORM
from dashboard.failures import refuse
from dashboard.visiting import FIELD, Audience, Visitor, asked_home, unmasked, visitor

__all__ = ["ACCESS", "HEADERS", "Audience", "guard", "may_enter"]

ACCESS: dict[str, Audience] = {
    "home": Audience.ANYONE,
    "home_json": Audience.ANYONE,
    "home_csv": Audience.ANYONE,
    "tv": Audience.ANYONE,
    "tv_json": Audience.ANYONE,
    "tv_csv": Audience.ANYONE,
    "own_home": Audience.HOME,
    "own_home_json": Audience.HOME,
    "own_home_csv": Audience.HOME,
    "own_statement": Audience.HOME,
    "own_why": Audience.HOME,
    "own_why_json": Audience.HOME,
    "own_why_csv": Audience.HOME,
    "steward": Audience.STEWARDS,
    "steward_cards": Audience.STEWARDS,
    "steward_cards_json": Audience.STEWARDS,
    "steward_cards_csv": Audience.STEWARDS,
    "POST make_cards": Audience.STEWARDS,
    "POST end_cards": Audience.STEWARDS,
    "steward_stewards": Audience.STEWARDS,
    "steward_stewards_json": Audience.STEWARDS,
    "steward_stewards_csv": Audience.STEWARDS,
    "POST steward_stewards_act": Audience.STEWARDS,
    "steward_record": Audience.STEWARDS,
    "steward_record_json": Audience.STEWARDS,
    "steward_record_csv": Audience.STEWARDS,
    # A stranger reads the public part of approved reports; the views hold to it.
    "reports": Audience.ANYONE,
    "reports_json": Audience.ANYONE,
    "reports_csv": Audience.ANYONE,
    "report": Audience.ANYONE,
    "report_file": Audience.ANYONE,
    "report_read": Audience.ANYONE,
    "report_slips": Audience.STEWARDS,
    "assembly": Audience.MEMBERS,
    "assembly_json": Audience.MEMBERS,
    "assembly_csv": Audience.MEMBERS,
    "community": Audience.MEMBERS,
    "community_json": Audience.MEMBERS,
    "community_csv": Audience.MEMBERS,
    "steward_month": Audience.STEWARDS,
    "steward_month_json": Audience.STEWARDS,
    "steward_month_csv": Audience.STEWARDS,
    "steward_close": Audience.STEWARDS,
    "steward_close_json": Audience.STEWARDS,
    "steward_close_csv": Audience.STEWARDS,
    "POST steward_close_act": Audience.STEWARDS,
    "steward_json": Audience.STEWARDS,
    "steward_csv": Audience.STEWARDS,
    "steward_data": Audience.STEWARDS,
    "steward_data_json": Audience.STEWARDS,
    "steward_data_csv": Audience.STEWARDS,
    "api-docs.openapi_json": Audience.ANYONE,
    "api.now": Audience.ANYONE,
    "api.community_day": Audience.MEMBERS,
    "api.community_day_slots": Audience.MEMBERS,
    "api.community_month": Audience.MEMBERS,
    "api.community_month_slots": Audience.MEMBERS,
    "api.community_year": Audience.MEMBERS,
    "api.home": Audience.HOME,
    "api.home_day": Audience.HOME,
    "api.home_day_slots": Audience.HOME,
    "api.home_month": Audience.HOME,
    "api.home_month_slots": Audience.HOME,
    "api.home_why": Audience.HOME,
    "api.reports": Audience.ANYONE,
    "api.report": Audience.ANYONE,
    "api.assembly": Audience.MEMBERS,
    "api.devices": Audience.STEWARDS,
    "api.devices_coverage": Audience.STEWARDS,
    "steward_members": Audience.STEWARDS,
    "steward_members_json": Audience.STEWARDS,
    "steward_members_csv": Audience.STEWARDS,
    "POST steward_members_act": Audience.STEWARDS,
    "steward_meters": Audience.STEWARDS,
    "steward_meters_json": Audience.STEWARDS,
    "steward_meters_csv": Audience.STEWARDS,
    "POST steward_meters_act": Audience.STEWARDS,
    "steward_quarantine": Audience.STEWARDS,
    "steward_quarantine_json": Audience.STEWARDS,
    "steward_quarantine_csv": Audience.STEWARDS,
    "steward_roofs": Audience.STEWARDS,
    "steward_roofs_json": Audience.STEWARDS,
    "steward_roofs_csv": Audience.STEWARDS,
    "steward_keys": Audience.STEWARDS,
    "steward_keys_json": Audience.STEWARDS,
    "steward_keys_csv": Audience.STEWARDS,
    "POST steward_keys_act": Audience.STEWARDS,
    "steward_prices": Audience.STEWARDS,
    "steward_prices_json": Audience.STEWARDS,
    "steward_prices_csv": Audience.STEWARDS,
    "POST steward_prices_act": Audience.STEWARDS,
    "steward_fund": Audience.STEWARDS,
    "steward_fund_json": Audience.STEWARDS,
    "steward_fund_csv": Audience.STEWARDS,
    "POST steward_fund_act": Audience.STEWARDS,
    "steward_readings": Audience.STEWARDS,
    "steward_readings_json": Audience.STEWARDS,
    "steward_readings_csv": Audience.STEWARDS,
    "POST steward_readings_act": Audience.STEWARDS,
    "steward_words": Audience.STEWARDS,
    "steward_words_json": Audience.STEWARDS,
    "steward_words_csv": Audience.STEWARDS,
    "POST steward_words_act": Audience.STEWARDS,
    "stream": Audience.ANYONE,
    "health": Audience.ANYONE,
    "static": Audience.ANYONE,
    "card": Audience.ANYONE,
    "POST card": Audience.ANYONE,
    "sign_in": Audience.ANYONE,
    "POST sign_in": Audience.ANYONE,
    "setup": Audience.ANYONE,
    "POST setup": Audience.ANYONE,
    "POST sign_out": Audience.MEMBERS,
    "account": Audience.STEWARDS,
    "POST password": Audience.STEWARDS,
    "POST codes": Audience.STEWARDS,
    "pin": Audience.HOUSEHOLD,
    "POST pin": Audience.HOUSEHOLD,
}
"""For whom each endpoint is; one that changes something stands here as `POST endpoint` too."""

LOOKING = frozenset({"GET", "HEAD", "OPTIONS"})

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def may_enter(audience: Audience, who: Visitor, asked: str | None) -> bool:
    """Say whether a visitor may see what is for `audience`; `asked` is the home in the address."""
    if audience is Audience.ANYONE:
        return True
    if who.is_program and who.home_id is not None and audience is not Audience.HOME:
        return False
    if audience is Audience.STEWARDS:
        return who.steward_id is not None
    if audience is Audience.MEMBERS or (audience is Audience.HOME and who.steward_id is not None):
        return who.is_known
    return who.home_id is not None and asked in {None, who.home_id}


def guard(app: Flask) -> None:
    """Deny every route without a declaration, and put the headers on every answer."""

    @app.before_request
    def deny() -> None:
        if request.endpoint is None:
            return  # nobody lives there: 404 or 405 follows
        is_look = request.method in LOOKING
        audience = ACCESS.get(request.endpoint if is_look else _act(request.endpoint))
        if audience is None:
            abort(403)
        if audience is not Audience.ANYONE and not may_enter(audience, visitor(), asked_home()):
            _deny(visitor(), is_look=is_look)
        if not is_look and visitor().is_program:
            abort(403)
        if not is_look:
            _refuse_foreign_form()

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response


def _deny(who: Visitor, *, is_look: bool) -> NoReturn:
    g.denied = True
    if who.is_known:
        abort(403)
    if is_look:
        abort(401)
    refuse(401, ENDED)


def _act(endpoint: str) -> str:
    return f"{request.method} {endpoint}"


def _refuse_foreign_form() -> None:
    """Refuse what was sent by a page that is not ours, or by one of an earlier visit."""
    sent = request.form.get(FIELD, "")
    if not hmac.compare_digest(unmasked(sent), visitor().form_key.encode()):
        refuse(400, STALE_FORM)
