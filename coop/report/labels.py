"""What each part and each figure of a report is called. Values only."""

from collections.abc import Mapping

from coop.metering.intervals import Quality
from coop.month.states import Act, State
from coop.words import Saying, say

PARTS: Mapping[str, Saying] = {
    "month": say("The month"),
    "community": say("The whole community"),
    "day": say("Each day"),
    "late": say("Late readings of earlier months"),
    "fund": say("Solidarity fund"),
    "grant": say("Given from the fund"),
    "home": say("Each home"),
    "roof": say("Each roof"),
    "prosumer": say("Each home that feeds in"),
    "key": say("Sharing keys"),
    "quality": say("How well it was measured"),
    "meter": say("Each meter, in slots"),
    "reason": say("Why there is no production"),
    "correction": say("Corrections of earlier months"),
    "before": say("The month before"),
    "year_before": say("The same month of last year"),
}

FIGURES: Mapping[str, Saying] = {
    "name": say("Name"),
    "state": say("State"),
    "signed_by": say("Signed by"),
    "review": say("Remarks of the assembly"),
    "line": say("Line for the minutes"),
    "produced_wh": say("Produced"),
    "own_use_wh": say("Used of own roofs"),
    "shared_wh": say("Shared"),
    "set_aside_wh": say("Set aside"),
    "used_wh": say("Used of own roofs, and shared"),
    "used_or_aside_wh": say("Used, shared or set aside"),
    "surplus_wh": say("Left over"),
    "surplus_tenths_wh": say("Left over, without the fund's part"),
    "unshared_tenths_wh": say("Left over of what was fed in, without the fund's part"),
    "fed_wh": say("Fed in and shared with all"),
    "plant_wh": say("Drawn by its inverter, as at night"),
    "fund_tenths_wh": say("For the solidarity fund"),
    "consumption_wh": say("Used by the homes"),
    "grid_wh": say("From the grid"),
    "kept_centimos": say("Kept from the utility"),
    "community_roofs_wh": say("Made by the community's roofs"),
    "own_roofs_wh": say("Made by roofs of homes"),
    "own_production_wh": say("Made by the own roof"),
    "late_own_use_wh": say("Own use, late readings"),
    "late_shared_wh": say("Shared, late readings"),
    "late_set_aside_wh": say("Set aside, late readings"),
    "received_tenths_wh": say("Received this month"),
    "late_tenths_wh": say("Received by late readings"),
    "total_tenths_wh": say("Received since the beginning"),
    "worth_centimos": say("Worth this month"),
    "balance_centimos": say("The fund holds"),
    "owed_centimos": say("The fund owes"),
    "centimos": say("Amount"),
    "text": say("Text"),
    "stewards": say("Stewards"),
    "decision": say("Decision"),
    "method": say("Method"),
    "fund_percent": say("Percent for the fund"),
    "homes": say("Homes"),
    "home": say("Home"),
    "slots": say("Slots"),
    "slots_missing": say("Slots without measurement"),
    "slots_estimated": say("Slots estimated"),
    "counted": say("Slots counted"),
    "settled": say("Slots settled"),
    "provisional": say("Slots that wait for a home"),
    "unsettled": say("Slots without production"),
    "missing": say("Slots not in the books"),
    "rebooked": say("Slots booked again"),
    "corrections": say("Slots of earlier months that were corrected"),
}

QUALITIES: Mapping[Quality, Saying] = {
    Quality.MEASURED: say("Measured"),
    Quality.INTERPOLATED: say("Between two readings"),
    Quality.ESTIMATED: say("Estimated"),
    Quality.MANUAL: say("Read by a steward"),
    Quality.MISSING: say("Without measurement"),
}

ACCOUNT = say("Account {account}")


STATES: Mapping[State, Saying] = {
    State.OPEN: say("Draft: the month is open"),
    State.FROZEN: say("Draft: the month is frozen, two stewards have to sign"),
    State.CLOSED: say("Signed by two stewards, to be read in the assembly"),
    State.REVIEWED: say("Approved by the assembly"),
}


def state_saying(state: State, said: Act | None) -> Saying:
    """Say how far a month is, and so how far its figures can be relied on."""
    return say("Observed by the assembly") if said is Act.OBSERVED else STATES[state]
