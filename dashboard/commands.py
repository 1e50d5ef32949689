"""`minga web`: opens what the pages need and serves them."""

from typing import TYPE_CHECKING, Protocol

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector.clock import Clock
    from collector.settings import Installation
    from collector.stores import ReadingStore
    from coop.database.opening import Database
    from coop.report.shelf import Shelf
    from coop.settings import CoopSettings
    from coop.words.words import Corrections
    from dashboard.serving.server import Worker
    from dashboard.serving.settling import SettlerLoop, Work
    from dashboard.settings import WebSettings
    from dashboard.sources import PageSettings, Sources
    from dashboard.steward.sources import WatchSources


class Front(Protocol):
    """What this command needs of the front door."""

    def collector(self) -> "Installation":
        """Return the sections that measuring needs."""
        ...

    def coop(self) -> "CoopSettings":
        """Return the section of the cooperative."""
        ...

    def web(self) -> "WebSettings":
        """Return the section of the pages."""
        ...

    def clock(self) -> "Clock":
        """Return the one clock."""
        ...

    def machine(self) -> "Clock":
        """Return the machine's own clock."""
        ...

    def open_store(self) -> "ReadingStore":
        """Open the store of readings."""
        ...


@click.command()
@click.pass_obj
def web(front: Front) -> None:
    """Serve the pages, and settle beside them.

    The address is host and port of the section [web].

    Example: minga --config minga.toml web
    """
    from dashboard.serving.server import listen, serve  # noqa: PLC0415  only this command pays for gunicorn

    settings = front.web()
    with listen(settings.host, settings.port) as listening:
        _check(front, listening.getsockname()[1])
        serve(listening, settings, lambda: _make_worker(front))


def _check(front: Front, port: int) -> None:
    """Open and close once before there is a worker, so that what is wrong ends the command."""
    from coop.database.opening import open_database  # noqa: PLC0415  only this command pays for SQLAlchemy

    with open_database(front.coop()) as database:
        _await_first_steward(database, front.machine(), port)
    front.open_store().close()


def _await_first_steward(database: "Database", machine: "Clock", port: int) -> None:
    from coop.doors.credentials.setting_up import offer_code  # noqa: PLC0415  as above
    from coop.slots import unix_s  # noqa: PLC0415  as above

    with database.writing() as connection:
        code = offer_code(connection, unix_s(machine.now()))
    if code is not None:
        click.echo(
            f"No steward can sign in yet. On this machine open http://127.0.0.1:{port}/setup and "
            f"type {code}; it holds for 30 minutes, once.",
            err=True,
        )


def _make_worker(front: Front) -> "Worker":
    from coop.database.opening import open_database  # noqa: PLC0415  as above
    from coop.report.shelf import Shelf  # noqa: PLC0415  as above
    from dashboard.app import create_app  # noqa: PLC0415  only this command pays for Flask
    from dashboard.language.speech import speech_of  # noqa: PLC0415  as above
    from dashboard.serving.server import Worker  # noqa: PLC0415  as above
    from dashboard.serving.streams import EXTENSION  # noqa: PLC0415  as above

    database, store = open_database(front.coop()), front.open_store()
    shelf = Shelf(database, front.coop())
    app = create_app(make_sources(front, database, store, shelf))
    beside = {"reading reports": shelf.renew, "reading corrections": speech_of(app).renew}

    def close() -> None:
        store.close()
        database.close()

    return Worker(
        app, app.extensions[EXTENSION], _settler(front, database, store, beside), close=close
    )


def _settler(
    front: Front, database: "Database", store: "ReadingStore", beside: "Mapping[str, Work]"
) -> "SettlerLoop":
    from coop.settling.settle import Settler  # noqa: PLC0415  as above
    from dashboard.serving.settling import SettlerLoop  # noqa: PLC0415  as above

    settler, clock = Settler(database, store, front.coop()), front.clock()
    return SettlerLoop(
        lambda: settler.settle(clock.now()), clock, front.web().settle_every_s, beside
    )


def make_sources(
    front: Front, database: "Database", store: "ReadingStore", shelf: "Shelf"
) -> "Sources":
    """Put together what the pages of an installation are made of."""
    from coop.assembly import AssemblyBook  # noqa: PLC0415  as above
    from coop.books import Books  # noqa: PLC0415  as above
    from coop.desk import Office  # noqa: PLC0415  as above
    from coop.doors.door import Doors  # noqa: PLC0415  as above
    from coop.household import HomeBook  # noqa: PLC0415  as above
    from coop.tokens.gate import Gate  # noqa: PLC0415  as above
    from dashboard.sources import Sources  # noqa: PLC0415  as above

    coop, clock, machine = front.coop(), front.clock(), front.machine()
    return Sources(
        Books(database, coop),
        store,
        clock,
        _page_settings(front),
        Doors(database, clock, machine),
        lambda: _corrections(database),
        HomeBook(database, coop),
        shelf,
        Office(database, store, coop, clock, machine),
        watch=_watch_sources(front, database),
        assembly=AssemblyBook(database, coop),
        gate=Gate(database, machine),
    )


def _corrections(database: "Database") -> "Corrections":
    from coop.words.corrections import read_corrections  # noqa: PLC0415  as above

    with database.reading() as connection:
        return read_corrections(connection)


def _watch_sources(front: Front, database: "Database") -> "WatchSources":
    from collector.intake.journal_reader import JournalReader  # noqa: PLC0415  as above
    from coop.watch.book import WatchBook  # noqa: PLC0415  as above
    from dashboard.steward.sources import WatchSources  # noqa: PLC0415  as above

    devices = front.collector().device
    rated_w = {one.id: one.rated_power_w for one in devices if one.rated_power_w is not None}
    return WatchSources(
        WatchBook(database, front.coop(), rated_w),
        JournalReader(front.collector().ingest.state / "journal.sqlite"),
        tuple(one.id for one in devices),
    )


def _page_settings(front: Front) -> "PageSettings":
    from dashboard.sources import PageSettings  # noqa: PLC0415  as above

    coop, web = front.coop(), front.web()
    return PageSettings(
        cooperative=coop.name,
        zone=coop.zone,
        slot_s=coop.slot_s,
        stale_after_s=max(web.stale_after_s, round(3 * front.collector().collector.poll_s)),
        refresh_s=web.refresh_s,
        streams_max=web.streams_max,
        languages=coop.languages,
        address=coop.address,
        is_behind_proxy=web.behind_proxy,
    )
