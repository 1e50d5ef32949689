#!/usr/bin/env python3
"""Check one exported month of a Minga cooperative: recompute everything from the readings.

    python3 verify.py [DIR] [--before DIR]

DIR holds the export (by default the folder of this file), `--before` the export of the month
before. Needs Python 3.9 and nothing else; it shares no code with the service that wrote the files.
Exit code 0: all is right, and the line for the minutes is printed. 1: something is not, and each
problem names its place. 2: the folder cannot be read.
"""

import argparse
import hashlib
import json
import math
import sys
from bisect import bisect_left
from datetime import datetime, timezone
from fractions import Fraction
from pathlib import Path

MOST_PROBLEMS = 20
STATEMENT_HEAD = (
    "home,slots,slots_missing,consumption_wh,own_use_wh,shared_wh,set_aside_wh,grid_wh,"
    "late_own_use_wh,late_shared_wh,kept_centimos"
)
READINGS_HEAD = "counter,slot_start_s,first_ms,first_wh,last_ms,last_wh,falls"


class Unreadable(Exception):
    """The export is not there or not whole."""


class Report:
    """Collect what is wrong, each with its place."""

    def __init__(self):
        self.problems = []

    def say(self, place, text):
        """Note one problem."""
        self.problems.append(f"{place}: {text}")

    def same(self, place, found, expected):
        """Note when two things that must be the same are not."""
        if found != expected:
            self.say(place, f"found {_short(found)}, recomputed {_short(expected)}")


def main(arguments):
    """Check a folder and print what was found; return the exit code."""
    parser = argparse.ArgumentParser(description="Check one exported month of a cooperative.")
    here = Path(__file__).resolve().parent
    parser.add_argument("folder", metavar="DIR", nargs="?", type=Path, default=here)
    parser.add_argument("--before", metavar="DIR", type=Path, help="the month before")
    folder, before = vars(parser.parse_args(arguments)).values()
    try:
        report, line = check(folder, before)
    except Unreadable as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for problem in report.problems[:MOST_PROBLEMS]:
        print(problem)
    more = len(report.problems) - MOST_PROBLEMS
    if more > 0:
        print(f"and {more} more")
    if report.problems:
        print("NOT RIGHT: do not sign; ask for the export again, or for a backup")
        return 1
    print(line)
    return 0


def check(folder, before=None):
    """Return the report on a folder, and the line for the minutes."""
    report = Report()
    export = Export(folder, report)
    _check_files(export, report)
    _check_signatures(export, report)
    if before is not None:
        _check_before(export, before, report)
    try:
        export.read(report)
        entries = _check_chain(export, report)
        slots = _check_slots(export, report)
        _check_bookings(export, entries, slots, report)
        late = _check_late(export, entries, report)
        _check_statements(export, entries, slots, late, report)
        _check_facts(export, entries, slots, report)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # What was changed above may make nonsense of the rest; an export as it was written does not.
        report.say("the export", f"can not be recomputed to its end ({error!r})")
    facts = export.facts
    digest = _sha256(export.texts["manifest.txt"])
    groups = " ".join(digest[at : at + 8] for at in range(0, 64, 8))
    count = facts.get("entries_last", "?")
    return report, f"{facts.get('coop')} / {facts.get('month')} / entries {count} / {groups}"


# --- the files ------------------------------------------------------------------------------------

FILES = """
coop.json keys.jsonl late.jsonl ledger.journal ledger.txt manifest.txt manual.jsonl readings.csv
reasons.csv registry.json signatures.txt slots.jsonl statements.csv tariffs.jsonl verify.py
"""
NAMES = tuple(FILES.split())


class Export:
    """All that the folder says, read once."""

    def __init__(self, folder, report):
        self.texts = {name: _read(folder / name) for name in NAMES}
        self.facts, self.digests, self.counter_digests, self.lines = {}, {}, {}, {}
        self._read_manifest(report)
        for name in sorted({one.name for one in folder.iterdir()} - {*NAMES, "__pycache__"}):
            report.say(name, "does not belong to the export")

    def read(self, report):
        """Understand what the files say; raise ValueError with the place where one is no JSON."""
        self.frame = self._json("coop.json")
        self.registry = self._json("registry.json")
        self.keys = self._json_lines("keys.jsonl")
        for key in self.keys:
            key["homes"] = {one["id"]: one for one in key["homes"]}
        self.tariffs = self._json_lines("tariffs.jsonl")
        self.late = self._json_lines("late.jsonl")
        self.slot_lines = self._json_lines("slots.jsonl")
        self.readings = self._read_readings(report)
        self.manual = _standing(self._json_lines("manual.jsonl"))
        self.slot_s = self.frame["slot_s"]
        self.homes = sorted(one["id"] for one in self.registry["homes"])

    def key_at(self, at_s):
        """Return the key in force in a slot."""
        return next((key for key in self.keys if _holds(key, at_s)), None)

    def meters_at(self, at_s):
        """Return the meters that count in a slot, by name."""
        held = [one for one in self.registry["meters"] if _holds(one, at_s)]
        return sorted(held, key=lambda one: one["counter"])

    def is_prosumer(self, home, at_s):
        """Say whether what a home feeds in joins the pool."""
        return any(one["home"] == home and _holds(one, at_s) for one in self.registry["prosumers"])

    def owner(self, roof):
        """Return whose a roof is; None for the community's."""
        return next(one["home"] for one in self.registry["roofs"] if one["id"] == roof)

    def _read_manifest(self, report):
        for number, line in enumerate(self.texts["manifest.txt"].splitlines(), start=1):
            kind, *words = line.split(" ")
            if kind == "sha256" and len(words) in (2, 3):
                held = self.digests if len(words) == 2 else self.counter_digests
                held[words[-2]] = words[-1]
            elif kind == "lines" and len(words) == 2:
                self.lines[words[0]] = words[1]
            elif words:
                self.facts[kind] = " ".join(words)
            else:
                report.say(f"manifest.txt line {number}", f"is not understood: {_short(line)}")

    def _json(self, name):
        return _parsed(name, self.texts[name])

    def _json_lines(self, name):
        lines = enumerate(self.texts[name].splitlines(), start=1)
        return [_parsed(f"{name} line {number}", line) for number, line in lines]

    def _read_readings(self, report):
        """Return the edges of each counter; each is a tuple of six numbers."""
        found, before = {}, ("", -1)
        head, *rows = self.texts["readings.csv"].splitlines() or [""]
        report.same("readings.csv line 1", head, READINGS_HEAD)
        for number, row in enumerate(rows, start=2):
            counter, *figures = row.split(",")
            try:
                edge = tuple(int(figure) for figure in figures)
            except ValueError:
                edge = ()
            if len(edge) != 6:
                report.say(f"readings.csv line {number}", f"is not understood: {_short(row)}")
                continue
            if (counter, edge[0]) <= before:
                report.say(f"readings.csv line {number}", "stands behind a later one")
            before = (counter, edge[0])
            found.setdefault(counter, []).append(edge)
        return found


def _parsed(place, text):
    try:
        return json.loads(text)
    except ValueError as error:
        raise ValueError(f"{place}: is not JSON ({error})") from error


def _standing(told):
    """Return what counts of the manual readings, by counter: (second, Wh, Wh anew or None)."""
    newest = {(one["counter"], one["at_s"], one["begins_anew"]): one for one in told}
    held = {place: one["wh"] for place, one in newest.items() if not one["withdrawn"]}
    found = {}
    for counter, at_s, begins_anew in sorted(held):
        if not begins_anew:
            both = held[counter, at_s, False], held.get((counter, at_s, True))
            found.setdefault(counter, []).append((at_s, *both))
    return found


def _read(path):
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise Unreadable(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path}: is not text ({error})") from error


def _check_files(export, report):
    for name in (one for one in NAMES if one not in ("manifest.txt", "signatures.txt")):
        text = export.texts[name]
        report.same(f"{name}: number of lines", str(text.count("\n")), export.lines.get(name))
        if export.digests.get(name) != _sha256(text):
            report.say(name, "was changed: its digest is not the one of the manifest")
    rows = {}
    for row in export.texts["readings.csv"].splitlines()[1:]:
        rows.setdefault(row.partition(",")[0], []).append(f"{row}\n")
    for counter in sorted({*rows, *export.counter_digests}):
        if _sha256("".join(rows.get(counter, []))) != export.counter_digests.get(counter):
            report.say(f"readings.csv counter {counter}", "its rows were changed")


def _check_signatures(export, report):
    digest = _sha256(export.texts["manifest.txt"])
    lines = export.texts["signatures.txt"].splitlines()
    if not lines:
        report.say("signatures.txt", "is empty; the first line says that the month was frozen")
    for number, line in enumerate(lines, start=1):
        place = f"signatures.txt line {number}"
        seal, _, said = line.partition(" ")
        if _sha256(said) != seal:
            report.say(place, "was changed")
        words = said.split(" ")
        if len(words) < 5 or words[3] != digest:
            report.say("manifest.txt", f"is not the one that was frozen and signed ({place})")


# --- the ledger -----------------------------------------------------------------------------------
def _check_chain(export, report):
    """Return what the entries say, after checking that they hang together."""
    before, *lines = export.texts["ledger.txt"].splitlines() or [""]
    number = int(export.facts.get("entries_first", "0"))
    if number == 1 and before != _sha256(export.frame["coop"]):
        report.say("ledger.txt line 1", "is not the first hash of this cooperative")
    found = []
    for place, line in enumerate(lines, start=2):
        digest, _, text = line.partition(" ")
        said = _entry(text)
        where = f"ledger.txt line {place} (entry {number})"
        if _sha256(f"{before}\n{text}") != digest:
            report.say(where, "was changed, or stands behind another entry than before")
        elif said["number"] != number or sum(said["postings"].values()):
            report.say(where, "has another number or does not balance")
        before, number = digest, number + 1
        found.append(said)
    report.same("ledger.txt last hash", before, export.facts.get("entries_hash"))
    report.same("ledger.txt last entry", str(number - 1), export.facts.get("entries_last"))
    return found


def _entry(text):
    try:
        said = json.loads(text)
        if isinstance(said.get("postings"), dict):
            return said
    except (ValueError, AttributeError):
        pass
    return {"number": 0, "postings": {}, "month": "", "kind": "", "unit": ""}


def _check_bookings(export, entries, slots, report):
    """Compare what the books say of each slot of the month with what was recomputed."""
    booked, month = {}, export.frame["month"]
    for said in (one for one in entries if one["month"] == month):
        if said["kind"] in ("slot", "reversal"):
            _add(booked.setdefault(said["slot"], {}), said["postings"])
    for at_s, (energy, shared) in slots.items():
        expected = postings(export, at_s, energy, shared) or {}
        found = _without_zeros(booked.pop(_stamp(at_s), {}))
        report.same(f"ledger.txt slot {_stamp(at_s)}", found, expected)
    for slot in sorted(booked):
        if _without_zeros(booked[slot]):
            report.say(f"ledger.txt slot {slot}", "is booked, but is no slot of this month")


def postings(export, at_s, energy, shared):
    """Return what a settled slot means for every account; None when it is not settled."""
    if shared["status"] != "settled":
        return None
    homes, turn = shared["homes"], at_s // export.slot_s
    made, drawn = roofs_of(export, flows_of(export, at_s, energy))
    roofs = [one for one in made if export.owner(one) in (None, *homes)]
    made = {one: made[one] if one in roofs else 0 for one in made}
    offered = dict(made)
    for home in homes:
        mine = [roof for roof in made if export.owner(roof) == home]
        own = homes[home][2]
        used = [made[roof] for roof in mine]
        if own is not None:
            used = split(own, used, turn_order(range(len(mine)), len(mine), turn))
        for roof, part in zip(mine, used):
            offered[roof] -= part
    found = {f"roof:{roof}": -10 * made[roof] for roof in made}
    for home, (_, _, own, given, aside, _) in homes.items():
        found[f"own:{home}"] = 10 * (own or 0)
        found[f"shared:{home}"] = 10 * (given or 0)
        found[f"aside:{home}"] = 10 * (aside or 0)
    fed = shared.get("fed_wh", {})
    found.update({f"export:{home}": -10 * wh for home, wh in fed.items()})
    for roof in (one for one in drawn if one in roofs):
        found.update({f"plant:{roof}": 10 * drawn[roof], f"drawn:{roof}": -10 * drawn[roof]})
    found["fund:energy"] = shared["fund_tenths_wh"]
    left = 10 * shared["surplus_wh"] - shared["fund_tenths_wh"]
    shares = {f"surplus:{roof}": offered[roof] for roof in made}
    shares.update({f"unshared:{home}": fed[home] for home in sorted(fed)})
    parts = split(left, [*shares.values()], turn_order(range(len(shares)), len(shares), turn))
    return _without_zeros({**found, **dict(zip(shares, parts))})


# --- energy ---------------------------------------------------------------------------------------
def _check_slots(export, report):
    """Return the lines of all slots, after recomputing each from the readings."""
    frame, found = export.frame, {}
    starts = range(frame["from_s"], frame["to_s"], export.slot_s)
    report.same("slots.jsonl: slots", len(export.slot_lines), len(starts))
    energies = {
        one: meter(export, one, export.readings.get(one, []), starts)
        for one in {*export.readings, *export.manual}
    }
    for place, (at_s, line) in enumerate(zip(starts, export.slot_lines), start=1):
        where = f"slots.jsonl line {place} ({_stamp(at_s)})"
        report.same(f"{where} slot", line["slot"], _stamp(at_s))
        energy = {
            one["counter"]: energies.get(one["counter"], {}).get(at_s, [None, "missing", "gap"])
            for one in export.meters_at(at_s)
        }
        for counter in sorted({*energy, *line["energy"]}):
            report.same(f"{where} {counter}", line["energy"].get(counter), energy.get(counter))
        _compare_sharing(where, line["allocation"], share(export, at_s, energy), report)
        found[at_s] = (line["energy"], line["allocation"])
    return found


def _compare_sharing(where, found, expected, report):
    for name in sorted({*found, *expected} - {"homes"}):
        report.same(f"{where} {name}", found.get(name), expected.get(name))
    for home in sorted({*found["homes"], *expected["homes"]}):
        report.same(f"{where} home {home}", found["homes"].get(home), expected["homes"].get(home))


def meter(export, counter, edges, starts):
    """Return what a counter says about each slot: [Wh, quality] or [None, "missing", flag]."""
    slot_s, limits = export.slot_s, export.frame["limits"]
    edges, told = by_hand(edges, export.manual.get(counter, []))
    samples = believed(edges)
    times = [sample[0] for sample in samples]
    borders = [*starts, starts[-1] + slot_s] if len(starts) else []
    values = [border(at_s * 1000, samples, times, limits) for at_s in borders]
    broken = distrusted(samples, starts, slot_s, limits)
    found = {}
    for place, at_s in enumerate(starts):
        (start, start_is), (end, end_is) = values[place], values[place + 1]
        if at_s in broken:
            found[at_s] = [None, "missing", broken[at_s]]
        elif start is None or end is None:
            found[at_s] = [None, "missing", "gap"]
        elif "estimated" in (start_is, end_is):
            found[at_s] = [end - start, "estimated"]
        elif any(
            first < at_ms < last or (first == last and 0 <= first - at_s * 1000 < slot_s * 1000)
            for first, last in told
            for at_ms in (at_s * 1000, (at_s + slot_s) * 1000)
        ):
            found[at_s] = [end - start, "manual"]
        elif start_is == end_is == "measured":
            found[at_s] = [end - start, "measured"]
        else:
            found[at_s] = [end - start, "interpolated"]
    return found


def by_hand(edges, manual):
    """Return edges with manual readings among them, and the stretches in ms that rest on these.

    After a change-over everything is raised by what the new counter began lower than the old one
    ended; a stretch of no length is the moment of a change-over.
    """
    changes = [(at_s * 1000, wh - anew) for at_s, wh, anew in manual if anew is not None]
    said = {ms: wh for _, a, x, b, y, _ in edges for ms, wh in ((a, x), (b, y))} if manual else {}
    counted, points = set(), {}
    for ms, wh in sorted(said.items()):
        part = sum(at <= ms for at, _ in changes)
        counted.update([part] if wh else [])
        if wh or part not in counted:
            points[ms] = wh + sum(up for at, up in changes if at <= ms)
    for at_s, wh, _ in manual:
        points[at_s * 1000] = wh + sum(up for at, up in changes if at < at_s * 1000)
    hidden = {slot for slot, _, x, _, y, falls in edges if falls and y >= x}
    hidden -= {at // 900_000 * 900 for at, _ in changes}
    slots, times = {}, sorted(points)
    for ms in times:
        slots.setdefault(ms // 900_000 * 900, []).append((ms, points[ms]))
    found = [
        (slot, *held[0], *held[-1], slot in hidden or held[-1][1] < held[0][1])
        for slot, held in slots.items()
    ]
    around = [-math.inf, *times, math.inf]
    places = [times.index(at_s * 1000) for at_s, _, _ in manual]
    stretches = [(around[place], around[place + 2]) for place in places]
    return found if manual else edges, stretches + [(at, at) for at, _ in changes]


def believed(edges):
    """Return the samples that can be believed: (ms, Wh, falls on the way to it).

    Where nothing falls all are. Else zeros after the counter has counted are left out, and lone
    samples between two that agree.
    """
    samples = []
    for _, first_ms, first_wh, last_ms, last_wh, falls in edges:
        hidden = bool(falls) and last_wh >= first_wh
        samples.append((first_ms, first_wh, False))
        if (last_ms, last_wh) != (first_ms, first_wh):
            samples.append((last_ms, last_wh, hidden))
        elif hidden:
            samples[-1] = (first_ms, first_wh, True)
    if all(a[1] <= b[1] for a, b in zip(samples, samples[1:])) and not any(s[2] for s in samples):
        return samples
    counted, kept = False, []
    for sample in samples:
        counted = counted or sample[1] > 0
        if sample[1] or not counted:
            kept.append(sample)
    return [
        sample
        for place, sample in enumerate(kept)
        if place in (0, len(kept) - 1) or not _is_lone(kept[place - 1 : place + 2])
    ]


def _is_lone(three):
    (_, before, _), (_, here, _), (_, after, _) = three
    return before <= after and not before <= here <= after


def border(at_ms, samples, times, limits):
    """Return the counter's value at a border, and how it is known."""
    place = bisect_left(times, at_ms)
    if place < len(samples) and times[place] == at_ms:
        return samples[place][1], "measured"
    if place in (0, len(samples)):
        return None, ""
    (before_ms, before, _), (after_ms, after, _) = samples[place - 1], samples[place]
    gap, rise = after_ms - before_ms, after - before
    if gap > limits["max_gap_ms"]:
        is_rest = 0 <= rise <= limits["idle_wh"]
        return (before, "estimated" if rise else "interpolated") if is_rest else (None, "")
    near = limits["near_ms"]
    is_near = at_ms - before_ms <= near and after_ms - at_ms <= near
    return before + rise * (at_ms - before_ms) // gap, "measured" if is_near else "interpolated"


def distrusted(samples, starts, slot_s, limits):
    """Return the slots that touch a fall or an impossible rise, with the flag."""
    found = {}
    for (before_ms, before, _), (after_ms, after, falls) in zip(samples, samples[1:]):
        rise = -1 if falls else after - before
        too_fast = (rise - limits["jump_wh"]) * 3_600_000 > limits["max_power_w"] * (
            after_ms - before_ms
        )
        if rise >= 0 and not (rise > limits["jump_wh"] and too_fast):
            continue
        first = before_ms // (slot_s * 1000)
        beyond = max(-(-after_ms // (slot_s * 1000)), first + 1)
        if beyond - first > 1 and after_ms - before_ms > limits["max_gap_ms"]:
            continue
        flag = "register_reset" if rise < 0 else "implausible_rise"
        for number in range(first, beyond):
            if found.get(number * slot_s) != "register_reset":
                found[number * slot_s] = flag
    return {at_s: flag for at_s, flag in found.items() if starts[0] <= at_s <= starts[-1]}


# --- sharing --------------------------------------------------------------------------------------
def flows_of(export, at_s, energy):
    """Return what counters say: ("home" or "roof", id, what they count) -> Wh, None is missing."""
    found = {}
    for one in export.meters_at(at_s):
        kind = "home" if "home" in one else "roof"
        place = (kind, one[kind], one["counts"])
        found[place] = _sum([found.get(place, 0), energy[one["counter"]][0]])
    return found


def roofs_of(export, flows):
    """Return what each roof made (None is missing), and what plants drew that used more."""
    made, drawn = {}, {}
    for roof in sorted(one["id"] for one in export.registry["roofs"]):
        both = [flows.get(("roof", roof, one), 0) for one in ("production", "plant_use")]
        net = None if None in both else both[0] - both[1]
        made[roof] = net if net is None else max(net, 0)
        if net is not None and net < 0:
            drawn[roof] = -net
    return made, drawn


def share(export, at_s, energy):
    """Return what a frozen slot's line must say."""
    key, flows = export.key_at(at_s), flows_of(export, at_s, energy)
    members = {one["id"] for one in export.registry["homes"] if _holds(one, at_s)}
    every = sorted(members & set(key["homes"])) if key else export.homes
    roofs, drawn = roofs_of(export, flows)
    made = {
        home: _sum([roofs[one] for one in roofs if export.owner(one) == home])
        for home in (None, *every)
    }
    used = {home: flows.get(("home", home, "use")) for home in every}
    rare = {"fed_wh": {}, "plants_wh": drawn, "refused_wh": {}}
    for home in (one for one in every if ("home", one, "export") in flows):
        three = [used[home], made[home], flows["home", home, "export"]]
        net = None if None in three else three[0] + three[1] - three[2]
        is_prosumer = export.is_prosumer(home, at_s)
        used[home] = net if net is None or net >= 0 else 0 if is_prosumer else None
        if net is not None and net < 0:
            rare["fed_wh" if is_prosumer else "refused_wh"][home] = -net
            made[home] -= net if is_prosumer else 0
    community, rare = made.pop(None), {name: held for name, held in rare.items() if held}
    reason = _why_unsettled(key, community, made, used)
    if reason:
        homes = {home: [used[home], made[home], None, None, None, None] for home in every}
        said = {"community_wh": community, "homes": homes, "reason": reason, **rare}
        return {**said, "key": key["id"] if key else None, "status": "unsettled"}
    return {**_settled(key, at_s // export.slot_s, community, made, used), **rare}


def _why_unsettled(key, community, made, used):
    if key is None:
        return "no_key_in_force"
    if community is None or None in made.values():
        return "production_missing"
    if key["rules"]["missing"] == "hold" and None in used.values():
        return "held_for_a_missing_home"
    return None


def _settled(key, number, community, made, used):
    rules = key["rules"]
    known = [home for home in sorted(used) if used[home] is not None]
    own = {
        home: min(made[home], used[home]) if rules["own_use"] == "own_use_first" else 0
        for home in known
    }
    pool = community + sum(made[home] - own[home] for home in known)
    need = {home: used[home] - own[home] for home in known}
    turn = number % len(known) if rules["tie"] == "rotate" and known else 0
    given = Sharing(key, known, turn, set(key["homes"]) - set(known)).run(
        rules["method"], pool, need
    )
    surplus = pool - sum(given.values())
    homes = {home: [None, made[home], None, None, made[home], None] for home in used}
    for home in known:
        grid = used[home] - own[home] - given[home]
        homes[home] = [used[home], made[home], own[home], given[home], 0, grid]
    return {
        "community_wh": community,
        "fund_tenths_wh": math.floor(surplus * 10 * Fraction(rules["fund_percent"]) / 100),
        "homes": homes,
        "key": key["id"],
        "pool_wh": pool,
        "status": "settled",
        "surplus_wh": surplus,
    }


class Sharing:
    """The eight methods, in fractions."""

    def __init__(self, key, known, turn, absent):
        self.rules, self.known, self.turn = key["rules"], known, turn
        self.weight = {home: Fraction(key["homes"][home]["weight"]) for home in known}
        self.tier = {home: key["homes"][home]["tier"] for home in known}
        self.percent = {home: Fraction(key["homes"][home]["reserved_percent"]) for home in known}
        gone = sum((Fraction(key["homes"][home]["weight"]) for home in absent), Fraction(0))
        self.unassigned = Fraction(key["rules"]["unassigned_weight"])
        if not key["rules"]["renormalise"]:
            self.unassigned += gone

    def run(self, method, pool, need):
        """Return what each home is given, at most its need."""
        return getattr(self, f"_{method}")(pool, need)

    def _static(self, pool, need):
        return self._by_weight(pool, need, self.weight, self.unassigned)

    def _equal(self, pool, need):
        return self._by_weight(pool, need, dict.fromkeys(self.known, Fraction(1)), Fraction(0))

    def _by_weight(self, pool, need, weight, unassigned):
        everybody = [*self.known, None]
        parts = split(
            pool, [weight.get(one, unassigned) for one in everybody], self._order(everybody)
        )
        return {home: min(part, need[home]) for home, part in zip(self.known, parts)}

    def _pro_rata(self, pool, need):
        if sum(need.values()) <= pool:
            return dict(need)
        parts = split(pool, [need[home] for home in self.known], self._order(self.known))
        return dict(zip(self.known, parts))

    def _redistribute(self, pool, need):
        given, rest = dict.fromkeys(self.known, 0), pool
        active = [home for home in self.known if need[home] > 0 and self.weight[home] > 0]
        while active and rest > 0:
            whole = sum(self.weight[home] for home in active)
            full = [home for home in active if rest * self.weight[home] >= need[home] * whole]
            if not full:
                parts = split(rest, [self.weight[home] for home in active], self._order(active))
                given.update(zip(active, parts))
                break
            for home in full:
                given[home] = need[home]
                rest -= need[home]
            active = [home for home in active if home not in full]
        return given

    def _hybrid(self, pool, need):
        return self._then("pro_rata", self._static(pool, need), pool, need)

    def _priority(self, pool, need):
        given, rest = dict.fromkeys(self.known, 0), pool
        tiers = sorted({tier for tier in self.tier.values() if tier is not None})
        for tier in [*tiers, None]:
            here = {home: need[home] if self.tier[home] == tier else 0 for home in self.known}
            parts = self.run(self.rules["within_tier"], rest, here)
            given = {home: given[home] + parts[home] for home in self.known}
            rest -= sum(parts.values())
        return given

    def _reserved(self, pool, need):
        first = {
            home: min(need[home], math.floor(pool * self.percent[home] / 100))
            for home in self.known
        }
        return self._then(self.rules["then"], first, pool, need)

    def _lifeline(self, pool, need):
        basic = {home: min(need[home], self.rules["lifeline_wh"]) for home in self.known}
        first = self.run(self.rules["within_tier"], pool, basic)
        return self._then(self.rules["then"], first, pool, need)

    def _then(self, method, first, pool, need):
        left = {home: need[home] - first[home] for home in self.known}
        second = self.run(method, pool - sum(first.values()), left)
        return {home: first[home] + second[home] for home in self.known}

    def _order(self, who):
        """Return places in `who`, in the order in which spare units are handed out."""
        count = len(self.known)
        places = [self.known.index(one) if one is not None else count for one in who]
        return turn_order(places, count, self.turn)


def turn_order(places, count, turn):
    """Return the participants in turn; `places` are theirs among `count`, one beyond comes last."""
    turn = turn % count if count else 0
    return sorted(
        range(len(places)),
        key=lambda one: (places[one] >= count, (places[one] - turn) % max(count, 1)),
    )


def split(total, weights, order):
    """Share whole units by weight, the spare ones to the largest remainders, ties in `order`."""
    whole = sum(weights)
    if not total or not whole:
        return [0] * len(weights)
    quotas = [Fraction(total) * weight / whole for weight in weights]
    parts = [math.floor(quota) for quota in quotas]
    spare = total - sum(parts)
    by_remainder = sorted(order, key=lambda one: parts[one] - quotas[one])
    for one in by_remainder[:spare]:
        parts[one] += 1
    return parts


# --- what came late, statements, facts ------------------------------------------------------------
def _check_late(export, entries, report):
    """Return what late readings changed, by slot, after recomputing it."""
    month = export.frame["month"]
    changes = {}
    for said in entries:
        if said["month"] == month and said["kind"] == "adjustment":
            _add(changes.setdefault(said["slot"], {}), said["postings"])
    told = {line["slot"] for line in export.late}
    for slot in sorted(told ^ set(changes)):
        report.say(f"late.jsonl slot {slot}", "stands in the ledger only, or in late.jsonl only")
    for place, line in enumerate(export.late, start=1):
        _check_late_line(export, f"late.jsonl line {place} ({line['slot']})", line, changes, report)
    return changes


def _check_late_line(export, where, line, changes, report):
    at_s = int(datetime.fromisoformat(line["slot"].replace("Z", "+00:00")).timestamp())
    edges = {}
    for counter, *edge in line["readings"]:
        edges.setdefault(counter, []).append(tuple(edge))
    starts = range(at_s, at_s + export.slot_s, export.slot_s)
    energy = {
        one["counter"]: meter(export, one["counter"], edges.get(one["counter"], []), starts)[at_s]
        for one in export.meters_at(at_s)
    }
    report.same(f"{where} energy", line["energy"], energy)
    _compare_sharing(where, line["allocation"], share(export, at_s, energy), report)
    booked = dict(changes.get(line["slot"], {}))
    for told in line["earlier"]:
        before, digest, text = told.split(" ", 2)
        if _sha256(f"{before}\n{text}") != digest:
            report.say(where, "an earlier entry was changed")
        _add(booked, _entry(text)["postings"])
    expected = postings(export, at_s, line["energy"], line["allocation"])
    if expected is not None:
        report.same(f"{where} booked in all", _without_zeros(booked), expected)


def _check_statements(export, entries, slots, late, report):
    homes, by_tariff, fund = {}, {}, {}
    for at_s, (_, shared) in slots.items():
        for home, figures in shared["homes"].items():
            _count_home(homes, home, figures)
            sun_wh = (figures[2] or 0) + (figures[3] or 0)
            _count(export, "utility", by_tariff, {home: sun_wh}, at_s)
        _count(export, "surplus", fund, {"tenths": shared.get("fund_tenths_wh", 0)}, at_s)
    for slot, change in late.items():
        at_s = int(datetime.fromisoformat(slot.replace("Z", "+00:00")).timestamp())
        for account, tenths in change.items():
            kind, _, home = account.partition(":")
            if kind in ("own", "shared"):
                row = homes.setdefault(home, [0] * 10)
                row[7 if kind == "own" else 8] += tenths // 10
                _count(export, "utility", by_tariff, {home: tenths // 10}, at_s)
        _count(export, "surplus", fund, {"tenths": change.get("fund:energy", 0)}, at_s)
    kept = _kept(export, by_tariff)
    for home, centimos in kept.items():
        homes[home][9] = centimos
    _check_money(export, entries, kept, fund, report)
    rows = [f"{home},{','.join(map(str, homes[home]))}" for home in sorted(homes)]
    found = export.texts["statements.csv"].splitlines()
    for place, row in enumerate([STATEMENT_HEAD, *rows], start=1):
        held = found[place - 1] if place <= len(found) else None
        report.same(f"statements.csv line {place}", held, row)


def _count_home(homes, home, figures):
    used, _, own, given, aside, grid = figures
    row = homes.setdefault(home, [0] * 10)
    for place, amount in enumerate((1, used is None, used, own, given, aside, grid)):
        row[place] += int(amount or 0)


def _count(export, kind, sums, amounts, at_s):
    tariff = _tariff(export, kind, at_s)
    if tariff is not None and any(amounts.values()):
        _add(sums.setdefault(tariff, {}), amounts)


def _tariff(export, kind, at_s):
    """Return (start, price) of the tariff in force."""
    held = [
        (one["from_s"], Fraction(one["centimos_per_kwh"]))
        for one in export.tariffs
        if one["kind"] == kind and one["from_s"] <= at_s
    ]
    return max(held) if held else None


def _kept(export, by_tariff):
    year, month = map(int, export.frame["month"].split("-"))
    kept = {}
    for (_, price), by_home in sorted(by_tariff.items()):
        homes, whole = sorted(by_home), sum(by_home.values())
        sign = -1 if whole < 0 else 1
        total = round(whole * price / 1000)
        order = turn_order(range(len(homes)), len(homes), year * 12 + month)
        parts = split(sign * total, [sign * by_home[home] for home in homes], order)
        for home, part in zip(homes, parts):
            kept[home] = kept.get(home, 0) + sign * part
    return {home: centimos for home, centimos in kept.items() if centimos}


def _check_money(export, entries, kept, fund, report):
    worth = sum(round(one["tenths"] * price / 10_000) for (_, price), one in fund.items())
    expected = {f"kept:{home}": centimos for home, centimos in kept.items()}
    expected.update({"utility": -sum(kept.values()), "buyer": -worth})
    found, held = {}, int(export.facts["fund_centimos_before"])
    fund = {"fund:soles": held, "fund:owed": -int(export.facts["fund_owed_before"])}
    for said in entries:
        if said["month"] == export.frame["month"] and said["kind"] == "money":
            _add(found, said["postings"])
        elif said["unit"] == "centimo" and not found:
            _add(fund, said["postings"])
    owed = fund_owed_change(fund["fund:soles"], -fund["fund:owed"], worth)
    expected.update({"fund:soles": worth - owed, "fund:owed": owed})
    report.same("ledger.txt money of the month", _without_zeros(found), _without_zeros(expected))


def fund_owed_change(held, owed, worth):
    """Return what a month's worth changes of what the fund owes: it holds nothing while it does."""
    return max(min(worth, owed), 0) + min(worth + held, 0)


def _check_facts(export, entries, slots, report):
    shared = [allocation for _, allocation in slots.values()]
    settled = [one for one in shared if one["status"] == "settled"]
    own, given, aside = (
        sum(figures[place] or 0 for one in settled for figures in one["homes"].values())
        for place in (2, 3, 4)
    )
    surplus = sum(one["surplus_wh"] for one in settled)
    late = sum(
        said["postings"].get("fund:energy", 0)
        for said in entries
        if said["kind"] == "adjustment" and said["month"] == export.frame["month"]
    )
    expected = {
        "coop": export.frame["coop"],
        "fund_tenths_wh": sum(one["fund_tenths_wh"] for one in settled) + late,
        "month": export.frame["month"],
        "produced_wh": own + given + aside + surplus,
        "set_aside_wh": aside,
        "slots": len(slots),
        "software": export.frame["software"],
        "surplus_wh": surplus,
        "timezone": export.frame["timezone"],
        "unsettled": len(shared) - len(settled),
    }
    for name, value in expected.items():
        report.same(f"manifest.txt {name}", export.facts.get(name), str(value))


def _check_before(export, folder, report):
    """Check that this month follows the one in another folder."""
    manifest = _read(folder / "manifest.txt")
    report.same("manifest.txt previous", export.facts.get("previous"), _sha256(manifest))
    ledger = _read(folder / "ledger.txt").splitlines()
    here = set(export.texts["ledger.txt"].splitlines())
    last = int(export.facts.get("entries_first", "1")) - 1
    for line in ledger[1:]:
        number = _entry(line.partition(" ")[2])["number"]
        if number > last and line not in here:
            report.say(f"ledger.txt entry {number}", "is another one than in the month before")


# --- small things ---------------------------------------------------------------------------------
def _holds(one, at_s):
    return one["from_s"] <= at_s and (one["to_s"] is None or at_s < one["to_s"])


def _sum(amounts):
    return None if None in amounts else sum(amounts)


def _add(total, postings_):
    for account, amount in postings_.items():
        total[account] = total.get(account, 0) + amount


def _without_zeros(found):
    return {account: amount for account, amount in found.items() if amount}


def _sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _stamp(at_s):
    return datetime.fromtimestamp(at_s, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _short(value):
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:117]}..."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
