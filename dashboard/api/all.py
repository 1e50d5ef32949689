"""All that programs are offered."""

from dataclasses import dataclass

from flask import Flask

from dashboard.api.assembly import AssemblyApi
from dashboard.api.community import CommunityApi
from dashboard.api.devices import DevicesApi
from dashboard.api.home import HomeApi
from dashboard.api.live import LiveApi
from dashboard.api.offering import offer
from dashboard.community.reading import CommunityReader
from dashboard.household.reading import HomeReader
from dashboard.public.figures import Reader
from dashboard.sources import Sources


@dataclass(frozen=True, slots=True)
class Readers:
    """What reads the pages; what it keeps in memory serves programs too."""

    board: Reader
    community: CommunityReader
    home: HomeReader


def offer_all(app: Flask, sources: Sources, readers: Readers) -> None:
    """Give every resource its address."""
    settings = sources.settings
    resources = (
        LiveApi(readers.board),
        CommunityApi(readers.community, settings),
        HomeApi(readers.home, settings),
        AssemblyApi(sources.reports, sources.assembly, settings.zone),
        DevicesApi(sources),
    )
    offer(app, [one for resource in resources for one in resource.offers()])
