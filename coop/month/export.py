"""Puts the files of a month into a folder; a file is whole or not there."""

from collections.abc import Mapping
from pathlib import Path

from coop.errors import InputError


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, making it; refuse a folder that holds something else."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        others = sorted(one.name for one in folder.iterdir() if one.name not in files)
        if others:
            raise InputError(
                f"{folder}: holds {', '.join(others[:3])} already, which is not of this month; "
                "name an empty or a new folder"
            )
        for name, content in files.items():
            beside = folder / f".{name}.new"
            beside.write_bytes(content)
            beside.replace(folder / name)
    except OSError as error:
        raise InputError(
            f"{folder}: cannot be written ({error.strerror}); name another folder"
        ) from error
