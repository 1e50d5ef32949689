"""Decides whether the device that answers is the one that is meant; knows no registers."""

from typing import Protocol

from collector.devices.device_state import Known
from collector.errors import ConfigurationError, StrangerError
from collector.problems import suggest


class Remembers(Protocol):
    """Where it is remembered who a device is."""

    def identity(self, device: str) -> Known | None:
        """Return what is known of a device."""
        ...

    def set_identity(self, device: str, known: Known) -> None:
        """Remember who a device is."""
        ...


class IdentityCheck:
    """One device's number: pinned by the settings, or the first that was seen."""

    def __init__(self, device: str, pinned: str | None, memory: Remembers) -> None:
        """Ask nobody yet."""
        self._device, self._pinned, self._memory = device, pinned, memory

    def check(self, name: str) -> str:
        """Return the event that a new number is, or nothing; raise StrangerError on another one.

        `name` is empty when the device does not say who it is.
        """
        known = self._memory.identity(self._device)
        if self._pinned is not None:
            return self._check_pinned(name, known)
        if known is None:
            if name:
                self._memory.set_identity(self._device, Known(name))
            return ""
        if not name:
            raise StrangerError(
                f"device {self._device}: no serial number comes, {known.known} was here;"
                " nothing is taken until it says who it is, it is asked again at each poll"
            )
        if name != known.known:
            return self._refuse(name, known)
        if known.found or known.was:
            self._memory.set_identity(self._device, Known(name))
        return f"serial_number replaced {known.was} by {name}" if known.was else ""

    def _check_pinned(self, name: str, known: Known | None) -> str:
        if name != self._pinned:
            raise StrangerError(
                f"device {self._device}: serial number {name or 'none'} answers, the settings say"
                f" {self._pinned}; check the unit ids behind the gateway, or correct serial"
            )
        if known == Known(name):
            return ""
        self._memory.set_identity(self._device, Known(name))
        is_new = known is not None and known.known != name
        return f"serial_number replaced {known.known} by {name}" if known and is_new else ""

    def _refuse(self, name: str, known: Known) -> str:
        if known.found != name:
            self._memory.set_identity(self._device, known._replace(found=name))
        raise StrangerError(
            f"device {self._device}: serial number {name} answers, {known.known} was here;"
            " check the unit ids behind the gateway; if the device was replaced, run:"
            f" minga device accept {self._device}"
        )


def accept_identity(device: str, devices: list[str], memory: Remembers) -> Known:
    """Let a device be who answers now; raise ConfigurationError when nobody else does."""
    if device not in devices:
        hint = suggest(device, devices) or f", known: {', '.join(devices) or 'none'}"
        raise ConfigurationError(f"device {device!r}", [f"is not in the settings{hint}"])
    known = memory.identity(device)
    if known is None or known.found is None:
        who = f"it is {known.known}" if known else "it never said who it is"
        raise ConfigurationError(
            f"device {device}", [f"no other serial number answers, {who}; nothing was changed"]
        )
    memory.set_identity(device, Known(known.found, was=known.known))
    return Known(known.found, was=known.known)
