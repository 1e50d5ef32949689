"""CPU of the collector for a device poll, beside the loop one would write first.

One and twenty inverters of twenty quantities, ours and the naive loop, all four side by side over
the same simulated inverters and one broker. Ours accepts six cycles in one durable commit, as an
installation that polls every 10 s does, sends all of it, and forgets it when the store has it. The
naive loop keeps nothing.
"""

import tempfile
import time
from pathlib import Path

from collector.sending.outbox import Outbox
from tests.bench.figure import Figure
from tests.bench.scene import Scene, cpus_s, running
from tests.faults.processes import Program, wait_until

FEW, MANY = 1, 20
POLL_S = 1.0
COMMIT_S = 6.0
MEASURED_S = 30.0


def measure() -> list[Figure]:
    """Return CPU a device poll in milliseconds for one device and for twenty."""
    with tempfile.TemporaryDirectory() as name:
        scene = Scene(Path(name), MANY)
        with scene.running():
            few_ms, many_ms, few_naive_ms, many_naive_ms = _measure(scene)
    what = "CPU of the collector, a device poll"
    return [
        Figure(f"{what}, 1 device x 20 quantities", few_ms, "ms", few_naive_ms, "below 1.0"),
        Figure(f"{what}, 20 devices x 20 quantities", many_ms, "ms", many_naive_ms, "below 0.8"),
    ]


def _measure(scene: Scene) -> list[float]:
    settings = f"poll_s = {POLL_S}\ncommit_s = {COMMIT_S}"
    ours = [scene.service("collect", f"c{count}", count, settings) for count in (FEW, MANY)]
    naive = [_naive(scene, count) for count in (FEW, MANY)]
    ingest = scene.service("ingest", f"c{FEW}", FEW, settings)
    with running(ingest, *ours, *naive):
        outboxes = [Outbox(scene.outbox(f"c{count}")) for count in (FEW, MANY)]
        wait_until(lambda: all(one.pruned_seq for one in outboxes), "both are stored", 60)
        time.sleep(2)
        before_s, seqs = cpus_s([*ours, *naive]), [one.last_seq for one in outboxes]
        time.sleep(MEASURED_S)
        after_s = cpus_s([*ours, *naive])
        polls = [one.last_seq - seq for one, seq in zip(outboxes, seqs, strict=True)]
        for one in outboxes:
            one.close()
    spent_s = [after - before for after, before in zip(after_s, before_s, strict=True)]
    return [1_000 * one / count for one, count in zip(spent_s, polls * 2, strict=True)]


def _naive(scene: Scene, count: int) -> Program:
    ports = map(str, scene.ports[:count])
    return scene.python(
        f"naive-{count}", "tests.bench.naive_poll", str(scene.mqtt_port), str(POLL_S), *ports
    )
