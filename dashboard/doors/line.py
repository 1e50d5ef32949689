"""Whether nobody between can read what a steward types: https, or the machine itself."""

from ipaddress import ip_address

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

_OF_PROXIES = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP")


def believe_proxy(app: Flask) -> None:
    """Take the address and https of who asks from the one proxy in front of the pages."""
    app.config["MINGA_BEHIND_PROXY"] = True
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]  # Flask's own way


def is_private(app: Flask) -> bool:
    """Say whether a steward may sign in over this line.

    A proxy on the same machine makes every address look like our own: unless it is the one we were
    told to believe, what it brings is not private.
    """
    if request.is_secure:
        return True
    is_brought = any(name in request.headers for name in _OF_PROXIES)
    if is_brought and not app.config.get("MINGA_BEHIND_PROXY"):
        return False
    return _is_loopback(request.remote_addr or "") and _is_our_name(request.host)


def _is_our_name(host: str) -> bool:
    # Another name that leads here was made to: DNS rebinding.
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name == "localhost" or _is_loopback(name.strip("[]"))


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
