"""Finds the year of the assembly that somebody asks for, and how much of it they may see."""

from coop.assembly.years import Years
from dashboard.assembly import phrases
from dashboard.assembly.reading import AssemblySource, Page, UnknownYearError, page_of
from dashboard.failures import refuse
from dashboard.visiting import visitor


def find_page(source: AssemblySource, asked: str | None, years: Years) -> Page:
    """Return a year, all years for None; what is not there ends the request."""
    told = source.read()
    if visitor().steward_id is None:
        told = told.for_homes()
    try:
        return page_of(told, asked, years)
    except ValueError:
        refuse(400, phrases.BAD_YEAR)
    except UnknownYearError as error:
        refuse(404, phrases.no_such_year(error.known))
