"""What the pictures of a trial say; how it is said in a language is decided by `words`."""

from collections.abc import Mapping

from coop.allocation import Method
from coop.trial.comparison import Comparison, HomeRow
from coop.trial.question import BOOKS
from coop.words import Saying, say
from coop.words.amounts import signed, tenths

NAMES: Mapping[str, Saying] = {
    Method.STATIC: say("Fixed parts"),
    Method.EQUAL: say("Equal parts"),
    Method.PRO_RATA: say("By need"),
    Method.REDISTRIBUTE: say("Parts, the rest goes round"),
    Method.HYBRID: say("Fixed parts, then by need"),
    Method.PRIORITY: say("Groups in turn"),
    Method.RESERVED: say("Reserved parts first"),
    Method.LIFELINE: say("The first watt-hours for all"),
    BOOKS: say("as it was booked"),
}
OWN_ROOF = say("own roof")
SHARED = say("shared")
GRID = say("from the grid")
SHARED_WH = say("shared, Wh")
CHANGE_WH = say("more or less, Wh")


def title(one: Comparison) -> Saying:
    """Name the method, and what it is compared with."""
    name = NAMES[one.method]
    if one.method == one.against:
        return say("{method}: what each home would have had", method=name)
    return say("{method}, compared with: {other}", method=name, other=NAMES[one.against])


def energy(one: Comparison) -> Saying:
    """Tell how far the roofs reached, and what was left over."""
    return say(
        "From the sun {percent}, left over {wh} Wh, of it for the fund {fund} Wh",
        percent=one.self_sufficiency,
        wh=one.surplus_wh,
        fund=tenths(one.fund_tenths_wh),
    )


def outcome(one: Comparison) -> Saying:
    """Tell how many homes gain and lose."""
    more, less = len(one.winners), len(one.losers)
    return say(
        "Homes with more: {more}, with less: {less}, the same: {same}",
        more=more,
        less=less,
        same=len(one.rows) - more - less,
    )


def home(row: HomeRow) -> Saying:
    """Tell one home's figures."""
    return say(
        "{home} uses {used} Wh, {own} of its own roof, {shared} shared, {grid} from the grid, "
        "change {change}",
        home=row.home,
        used=row.consumption_wh,
        own=row.own_use_wh,
        shared=row.shared_wh,
        grid=row.grid_wh,
        change=signed(row.change_wh),
    )
