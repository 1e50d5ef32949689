"""One register as a profile states it: what may be said of it, and what cannot be true."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

Address = Annotated[StrictInt, Field(ge=0, le=65_535)]
FunctionCode = Literal[3, 4]
WordOrder = Literal["big", "little"]
Quantity = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\{n\})?$", max_length=64)]


def _exact(value: object) -> object:
    """Take a decimal only as text: a binary fraction would not be exact."""
    if not isinstance(value, str):
        raise ValueError(f'found {value!r}, allowed: a decimal in quotes, such as "0.1"')  # noqa: TRY004  pydantic listens to ValueError
    try:
        return Decimal(value)
    except InvalidOperation:
        raise ValueError(f"found {value!r}, allowed: a decimal in quotes") from None


Exact = Annotated[
    Decimal,
    BeforeValidator(_exact),
    Field(allow_inf_nan=False),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}),
]


class Kind(StrEnum):
    """How the words of a register make a number or a text."""

    U16 = "u16"
    S16 = "s16"
    U32 = "u32"
    S32 = "s32"
    U64 = "u64"
    S64 = "s64"
    F32 = "f32"
    STRING = "string"
    IPADDR = "ipaddr"
    IPV6ADDR = "ipv6addr"
    EUI48 = "eui48"
    BITFIELD16 = "bitfield16"
    BITFIELD32 = "bitfield32"
    ENUM16 = "enum16"
    ENUM32 = "enum32"
    ACC32 = "acc32"
    SUNSSF = "sunssf"

    @property
    def words(self) -> int | None:
        """Return how many words it takes; None for a text of any length."""
        return None if self is Kind.STRING else _BITS[self] // 16

    @property
    def is_signed(self) -> bool:
        """Return whether the raw integer has a sign."""
        return self in _SIGNED

    @property
    def is_integer(self) -> bool:
        """Return whether the words make an integer."""
        return self is not Kind.F32 and not self.is_text

    @property
    def is_text(self) -> bool:
        """Return whether the words make a text."""
        return self in {Kind.STRING, Kind.IPADDR, Kind.IPV6ADDR, Kind.EUI48}

    @property
    def is_enumeration(self) -> bool:
        """Return whether the number may stand for a text."""
        return self in {Kind.ENUM16, Kind.ENUM32}

    def raw_range(self) -> tuple[int, int]:
        """Return the smallest and the largest raw integer."""
        bits = _BITS[self]
        return (-(1 << bits - 1), (1 << bits - 1) - 1) if self.is_signed else (0, (1 << bits) - 1)


_SIGNED = frozenset({Kind.S16, Kind.S32, Kind.S64, Kind.SUNSSF})
_BITS = {
    Kind.U16: 16,
    Kind.S16: 16,
    Kind.BITFIELD16: 16,
    Kind.ENUM16: 16,
    Kind.SUNSSF: 16,
    Kind.U32: 32,
    Kind.S32: 32,
    Kind.F32: 32,
    Kind.BITFIELD32: 32,
    Kind.ENUM32: 32,
    Kind.ACC32: 32,
    Kind.U64: 64,
    Kind.S64: 64,
    Kind.IPADDR: 32,
    Kind.IPV6ADDR: 128,
    Kind.EUI48: 64,
}


class Part(BaseModel):
    """A part of a profile that knows all its keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Register(Part):
    """Where one quantity lives, and how to read it.

    Value = ((raw & mask) + offset) * multiplier in `unit`; a SunSpec point is also multiplied by
    ten to the power of its scale factor. `point_offset` counts from the model's ID register.
    """

    quantity: Quantity
    address: Address | None = None
    addresses: tuple[Address, ...] = ()
    point: str | None = None
    point_offset: Annotated[StrictInt, Field(ge=0, le=1_000)] | None = None
    repeat: bool = False
    count: Annotated[StrictInt, Field(ge=1, le=125)] | None = None
    function_code: FunctionCode | None = None
    type: Kind
    word_order: WordOrder | None = None
    multiplier: Exact = Decimal(1)
    scale_factor: str | None = None
    offset: StrictInt = 0
    mask: Annotated[StrictInt, Field(gt=0)] | None = None
    unit: str
    sign: Literal["import", "export", "charge", "discharge", "production", "unknown"] | None = None
    sentinels: tuple[StrictInt, ...] = ()
    plausible: tuple[Decimal, Decimal] | None = None
    codes: str | None = None
    bits: str | None = None
    note: str = ""
    confidence: Literal["high", "medium", "low"]
    sources: Annotated[tuple[str, ...], Field(min_length=1)]

    @property
    def start(self) -> int:
        """Return the first address, or the first offset inside a SunSpec model."""
        return next(one for one in (self.address, self.point_offset) if one is not None)

    @property
    def words(self) -> tuple[int, ...]:
        """Return the addresses of all words in word order, most often side by side."""
        length = self.type.words or self.count or 0
        return self.addresses or tuple(range(self.start, self.start + length))

    @model_validator(mode="after")
    def _check_itself(self) -> Self:
        if problems := [f"{self.quantity}: {one}" for one in self._find_problems()]:
            raise ValueError("\n".join(problems))
        return self

    def _find_problems(self) -> Iterator[str]:
        if (self.address is None) == (self.point_offset is None):
            yield "needs either an address or a point_offset"
            return
        yield from self._find_place_problems()
        yield from self._find_number_problems()
        if self.plausible and self.plausible[0] > self.plausible[1]:
            yield f"plausible {self.plausible[0]}..{self.plausible[1]} is empty; smaller one first"
        if self.codes and not self.type.is_enumeration:
            yield f"codes belong to enum16 and enum32, found type {self.type}"
        if self.bits and self.type not in {Kind.BITFIELD16, Kind.BITFIELD32}:
            yield f"bits belong to bitfield16 and bitfield32, found type {self.type}"

    def _find_place_problems(self) -> Iterator[str]:
        length = self.type.words
        if length is None and self.count is None:
            yield "a string needs its count of registers"
        elif length is not None and self.count not in {None, length}:
            yield f"count {self.count}, but {self.type} takes {length}"
        if self.addresses and len(self.addresses) != (length or self.count):
            yield f"{len(self.addresses)} addresses, but {self.type} takes {length or self.count}"
        if self.addresses and self.addresses[0] != self.address:
            yield f"address {self.address} is not the first of addresses {list(self.addresses)}"
        if max(self.words, default=0) > 65_535:  # noqa: PLR2004  the last Modbus address
            yield f"ends at {max(self.words)}, the last address is 65535"

    def _find_number_problems(self) -> Iterator[str]:
        if self.type.is_integer:
            lowest, highest = self.type.raw_range()
            for one in self.sentinels:
                if not lowest <= one <= highest:
                    yield f"sentinel {one} cannot be a {self.type}: {lowest}..{highest}"
            if self.mask and self.mask > highest:
                yield f"mask {self.mask} is wider than a {self.type}"
        elif self.sentinels or self.mask or self.offset:
            yield f"sentinels, mask and offset need an integer type, found {self.type}"
        if not self.multiplier:
            yield "multiplier 0 would make every value 0"
