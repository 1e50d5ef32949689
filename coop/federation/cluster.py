"""Hands partitions to workers by Dask: processes of this machine, or a cluster that is there.

The months of one cooperative follow each other, for its ledger is one chain; cooperatives do not
wait for each other. A worker that ends takes nothing along: its partition is done again.
"""

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from coop.errors import StateError, UnreachableError
from coop.federation.partition import (
    Due,
    Failure,
    Front,
    Settled,
    find_due,
    settle_month,
    tell_failure,
)

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_S = 10
DEATHS = 10
"""How many workers may end under one partition before it is given up."""

Progress = Callable[[int, int], None]
"""Told how many of how many partitions are done."""


@dataclass(frozen=True, slots=True)
class Where:
    """The scheduler of a cluster, or how many processes of this machine; 0 is one for each core."""

    scheduler: str | None = None
    workers: int = 0


def settle_all(
    fronts: Sequence[Front], now: datetime, where: Where, progress: Progress | None = None
) -> Iterator[Settled | Failure]:
    """Settle what is due at `now` in all installations; yield each month as it is done."""
    with _client(where, len(fronts)) as client:
        from distributed import as_completed  # noqa: PLC0415  whoever has a client has it

        owners = {client.submit(find_due, one, now, pure=False): one for one in fronts}
        waiting = as_completed(list(owners))
        for done, future in enumerate(waiting, start=1):
            front = owners.pop(future)
            found = _result(future, front)
            if isinstance(found, Due):
                months = list(_submit(client, front, found, now))
                owners |= dict.fromkeys(months, front)
                waiting.update(months)
            else:
                yield found
            if progress is not None:
                progress(done, done + len(owners))


def _submit(client: "Client", front: Front, due: Due, now: datetime) -> "Iterator[Future]":
    before: Future | None = None
    for month in due.months:
        before = client.submit(settle_month, front, month, now, before, pure=False)
        yield before


def _result(future: "Future", front: Front) -> Due | Settled | Failure:
    error = future.exception()
    if error is not None:
        return tell_failure(front, error)
    found: Due | Settled | Failure = future.result()
    return found


@contextmanager
def _client(where: Where, partitions: int) -> "Iterator[Client]":
    try:
        import dask  # noqa: PLC0415  1.6 s and an extra that only a federation needs
        from distributed import Client, LocalCluster  # noqa: PLC0415  as above
    except ModuleNotFoundError as error:
        raise StateError(
            f"minga federation needs the Python package {error.name}; "
            "install Minga with its extra `federation`"
        ) from error
    logging.getLogger("distributed").setLevel(logging.ERROR)
    if where.scheduler is not None:
        try:
            client = Client(where.scheduler, timeout=CONNECT_S)
        except (OSError, ValueError) as error:
            raise UnreachableError(
                f"--scheduler {where.scheduler}: no scheduler of Dask answers ({error}); "
                "start it, or leave the option out to use this machine"
            ) from error
        with client:
            yield client
        return
    workers = where.workers or min(os.cpu_count() or 1, max(partitions, 1))
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": DEATHS}),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.ERROR,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client
