"""Everything the dashboard raises on purpose.

DashboardError
└── AddressError    the web address cannot be listened on
"""


class DashboardError(Exception):
    """Say what is wrong in one line that a steward can act on."""

    exit_code = 2


class AddressError(DashboardError):
    """Name the host and port that cannot be used."""
