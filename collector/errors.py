"""Everything the collector raises on purpose.

CollectorError
├── ConfigurationError    a file or an option is wrong; every problem is listed at once
├── UnreachableError      a device, broker or store does not answer
│   ├── NotAcceptedError         the disk refuses to accept readings
│   └── DeviceError              one Modbus exchange failed
│       ├── RefusedError         the device answered with a Modbus exception
│       ├── SilentError          nobody answered, or the gateway says so
│       ├── NoConnectionError    the gateway or port cannot be opened
│       ├── LostConnectionError  the other side ended the connection
│       └── StrangerError        another device answers than the one that is meant
├── StateError            a state folder or database cannot be used
└── ConflictError         a second, different value came under an existing identity
"""

from collections.abc import Sequence


class CollectorError(Exception):
    """Say what is wrong in one line that a steward can act on."""

    exit_code = 2


class ConfigurationError(CollectorError):
    """Hold every problem of one source, so that nobody mends them one by one."""

    def __init__(self, source: str, problems: Sequence[str]) -> None:
        """Take the file's name and one line for each problem."""
        self.source = source
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{source}: {problem}" for problem in problems))


class UnreachableError(CollectorError):
    """Name the service that does not answer."""

    exit_code = 3


class DeviceError(UnreachableError):
    """One exchange with a device failed; no value may be taken from it."""


class RefusedError(DeviceError):
    """The device is there and refuses this read; `exception_code` is its own reason."""

    def __init__(self, message: str, exception_code: int) -> None:
        """Take the message and the Modbus exception code."""
        self.exception_code = exception_code
        super().__init__(message)


class SilentError(DeviceError):
    """No answer came in time, or a gateway says that its unit gave none."""


class NoConnectionError(DeviceError):
    """The gateway or port itself cannot be opened; no unit can be asked."""


class LostConnectionError(DeviceError):
    """The other side ended the connection; another one may be opened after a while."""


class StrangerError(DeviceError):
    """Another device answers than the one that is meant, or one that does not say who it is."""


class NotAcceptedError(UnreachableError):
    """The disk refuses: so many readings were not accepted and are gone."""

    def __init__(self, message: str, refused: int) -> None:
        """Take the disk's own message and how many readings it cost."""
        self.refused = refused
        super().__init__(message)


class StateError(CollectorError):
    """A state folder or database cannot be used as it is."""


class ConflictError(CollectorError):
    """A different value came under an identity that is stored already."""
