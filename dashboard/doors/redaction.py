"""Keeps the tokens of cards out of every log."""

import logging
import re

_TOKEN = re.compile(r"(/q/)[^\s\"'?&<>\]]+")


class Redaction(logging.Filter):
    """Blacks out what stands behind /q/ in a log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the line, and let it pass."""
        told = record.getMessage()
        if "/q/" in told:
            record.msg, record.args = redact(told), ()
        return True


def redact(text: str) -> str:
    """Return a text without the tokens in it."""
    return _TOKEN.sub(r"\1...", text)


def redact_logs(*names: str) -> None:
    """Redact what is logged under these names."""
    for name in names:
        logger = logging.getLogger(name)
        if not any(isinstance(held, Redaction) for held in logger.filters):
            logger.addFilter(Redaction())
