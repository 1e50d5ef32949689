"""A bus in memory: it answers from an image of registers."""

from dataclasses import dataclass, field

from collector.errors import DeviceError, RefusedError
from collector.simulator.registers import Image


@dataclass
class FakeBus:
    """Answers from an image; addresses in `refused` and `silent` do not."""

    image: Image
    refused: frozenset[int] = frozenset()
    silent: frozenset[int] = frozenset()
    session: int = 0
    exception_code: int = 2
    asked: list[tuple[int, int, int]] = field(default_factory=list)

    def read(self, unit: int, function_code: int, address: int, count: int) -> list[int]:
        del unit
        self.asked.append((function_code, address, count))
        wanted = range(address, address + count)
        if self.silent & set(wanted):
            self.session += 1
            raise DeviceError("no answer")
        keys = [(function_code, one) for one in wanted]
        if self.refused & set(wanted) or any(key not in self.image for key in keys):
            raise RefusedError("refused", self.exception_code)
        return [self.image[key] for key in keys]

    def close(self) -> None:
        self.session += 1
