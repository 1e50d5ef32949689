"""Which profiles fit one unit, how sure that is, and why; asks only until it knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from collector.profiles.profile import Profile
from collector.scanning.fingerprints import Evidence, Fingerprint
from collector.scanning.questions import Questions

LIKELY, LEAD = 12.0, 4.0
"""A likely profile has so many bits for it, and so many more than the next one."""
TELLING = 4.0
"""One register at least must say so much by itself."""
FOR_ONE_AGAINST = 5
"""For each register that does not fit so many others must."""
FAR_BEHIND = 8.0
MOST_FITS = 5
MOST_TOLD = 3


class Sure(StrEnum):
    """How sure it is that a profile is the right one."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Fit:
    """One profile that fits a unit."""

    profile: Profile
    sure: Sure
    why: tuple[str, ...]


def recognise(
    fingerprints: Sequence[Fingerprint],
    questions: Questions,
    known: Sequence[str] = (),
    last: Sequence[Fingerprint] = (),
) -> list[Fit]:
    """Return the profiles that fit, the best first.

    `known` are tried first and may suffice; `last` are tried when nothing else fits at all.
    """
    order = sorted(fingerprints, key=lambda one: _turn(one, questions.unit, known))
    for tried, one in enumerate(order, start=1):
        one.ask(questions)
        is_known = one.profile.name in known
        fits = weigh_all(order[:tried] if is_known else [one], questions)
        if _is_settled(fits, is_known):
            return fits
    fits = weigh_all(order, questions)
    if _is_settled(fits, is_known=True) or questions.is_quiet or not questions.is_there:
        return fits
    hinted = {fit.profile.name for fit in fits}
    for one in order:
        if not hinted or one.profile.name in hinted:
            one.ask_each(questions)
    return weigh_all(order, questions) or _try_last(last, questions)


def weigh_all(fingerprints: Sequence[Fingerprint], questions: Questions) -> list[Fit]:
    """Return the profiles for which anything speaks, the best first."""
    weighed = [(one.weigh(questions), one) for one in fingerprints]
    found = sorted(
        (pair for pair in weighed if pair[0].speaks),
        key=lambda pair: (-pair[0].score, pair[1].profile.name),
    )
    first = {one.profile.name: (evidence, one) for evidence, one in reversed(found)}
    found = [pair for pair in found if first[pair[1].profile.name] == pair]
    if not found:
        return []
    best = found[0][0].score
    lead = best - found[1][0].score if len(found) > 1 else LEAD
    near = [pair for pair in found if pair[0].score > best - FAR_BEHIND][:MOST_FITS]
    return [
        Fit(one.profile, _sure(evidence, one, 0.0 if place else lead), tell(evidence, one.doubt))
        for place, (evidence, one) in enumerate(near)
    ]


def tell(evidence: Evidence, doubt: str = "") -> tuple[str, ...]:
    """Say in words why a profile fits, and what speaks against it."""
    said = [f"it calls itself {evidence.name}"] if evidence.name else []
    told = sorted(evidence.clues, key=lambda clue: -clue.bits)
    fitting = [clue.text for clue in told if clue.bits > 0][:MOST_TOLD]
    against = [clue.text for clue in reversed(told) if clue.bits < 0][:MOST_TOLD]
    doubtful = [clue.text for clue in told if clue.bits == 0 and "data logger" in clue.text]
    said.append(f"it answers {evidence.answered} of {evidence.asked} registers asked for")
    said += [f"fits: {', '.join(fitting)}"] if fitting else []
    said += [f"does not fit: {', '.join([*doubtful, *against])}"] if doubtful or against else []
    said += [doubt] if doubt else []
    return tuple(said)


def _try_last(last: Sequence[Fingerprint], questions: Questions) -> list[Fit]:
    for one in last:
        one.ask(questions)
    return weigh_all(last, questions)


def _turn(one: Fingerprint, unit: int, known: Sequence[str]) -> tuple[bool, bool, bool]:
    says_its_name = any(saying.starts_with for saying in one.profile.fingerprint)
    is_usual = one.profile.default_unit == unit
    return one.profile.name not in known, not says_its_name, not is_usual


def _is_settled(fits: Sequence[Fit], is_known: bool) -> bool:  # noqa: FBT001  one of two reasons
    if not fits:
        return False
    return fits[0].sure is Sure.CERTAIN or (is_known and fits[0].sure is Sure.LIKELY)


def _sure(evidence: Evidence, one: Fingerprint, lead: float) -> Sure:
    if evidence.name:
        return Sure.CERTAIN
    for_it = sum(clue.bits > 0 for clue in evidence.clues)
    against = sum(clue.bits < 0 for clue in evidence.clues)
    is_telling = any(clue.bits >= TELLING for clue in evidence.clues)
    is_sound = against * FOR_ONE_AGAINST <= for_it and is_telling and not one.doubt
    is_likely = evidence.score >= LIKELY and lead >= LEAD and is_sound
    return Sure.LIKELY if is_likely else Sure.POSSIBLE
