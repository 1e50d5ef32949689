"""All that programs are offered."""

from dataclasses import dataclass

from flask import Flask

from dashboard.api.community import CommunityApi
from dashboard.api.live import LiveApi
from dashboard.api.offering import offer
from dashboard.community.reading import CommunityReader
from dashboard.figures import Reader
from dashboard.sources import Sources


@dataclass(frozen=True, slots=True)
class Readers:
    """What reads the pages; what it keeps in memory serves programs too."""

    board: Reader
    community: CommunityReader


def offer_all(app: Flask, sources: Sources, readers: Readers) -> None:
    """Give every resource its address."""
    community = CommunityApi(readers.community, sources.settings)
    offer(app, (*LiveApi(readers.board).offers(), *community.offers()))
