"""What the books hold of the assembly: its fund month by month, what it decided, its stewards."""

from coop.assembly.book import AssemblyBook
from coop.assembly.model import Assembly, FundMonth, GrantMade, KeyAdopted, PriceSet

__all__ = ["Assembly", "AssemblyBook", "FundMonth", "GrantMade", "KeyAdopted", "PriceSet"]
