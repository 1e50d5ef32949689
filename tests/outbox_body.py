"""The judge's own way to read what the outbox accepted: it shares nothing with the program."""

import zlib


def read_body(body: bytes) -> list[tuple[str, str]]:
    """Return device and content of each reading in a row of the outbox, in their order."""
    lines = zlib.decompress(body).decode().split("\n")
    found = {}
    while lines:
        head = lines.pop(0).split("\t")
        assert not head[0]
        boot, trusted, names = head[1], head[2], head[3:]
        columns = [lines.pop(0).split("\t") for _ in range(5 + len(names))]
        for place, device, taken_at, mono_ms, *values, bad in zip(*columns, strict=True):
            q = ",".join(f'"{name}":{one}' for name, one in zip(names, values, strict=True))
            clock = f'"taken_at":"{taken_at}","boot":{boot},"mono_ms":{mono_ms}'
            content = f'{{{clock},"trusted":{trusted},"q":{{{q}}},"bad":{bad}}}'
            found[int(place)] = (device, content)
    return [found[place] for place in sorted(found)]
