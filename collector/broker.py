"""The embedded MQTT broker of the demo and the only user of amqtt; it keeps nothing on disk.

It asks nobody who they are, so it listens on loopback only. A real installation runs Mosquitto.
"""

import asyncio
import logging
import socket
from collections.abc import Callable
from ipaddress import ip_address
from threading import Event

from amqtt.broker import Broker
from amqtt.contexts import BrokerConfig, ListenerConfig
from amqtt.errors import AMQTTError

from collector.errors import CollectorError

ANYBODY = {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}


def run_broker(host: str, port: int, stop: Event, ready: Callable[[], None]) -> None:
    """Serve until `stop` is set; call `ready` once clients can come."""
    _refuse_the_world(host)
    _refuse_taken(host, port)
    for name in ("amqtt", "transitions"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    asyncio.run(_serve(host, port, stop, ready))


async def _serve(host: str, port: int, stop: Event, ready: Callable[[], None]) -> None:
    listener = ListenerConfig(bind=f"{host}:{port}")
    broker = Broker(BrokerConfig(listeners={"default": listener}, plugins=dict(ANYBODY)))
    try:
        await broker.start()
    except AMQTTError as error:
        raise CollectorError(_taken(host, port, error)) from error
    ready()
    await asyncio.to_thread(stop.wait)
    await broker.shutdown()


def _refuse_the_world(host: str) -> None:
    if host != "localhost" and not _is_loopback(host):
        raise CollectorError(
            f"broker: host {host!r} is not loopback; the embedded broker asks for no password,"
            " use 127.0.0.1 here or run Mosquitto"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _refuse_taken(host: str, port: int) -> None:
    try:
        with socket.create_server((host, port)):
            return
    except OSError as error:
        raise CollectorError(_taken(host, port, error)) from error


def _taken(host: str, port: int, error: Exception) -> str:
    return (
        f"broker: cannot listen on {host}:{port} ({error}); end what uses it or choose another port"
    )
