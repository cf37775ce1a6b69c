"""Amounts in euros as people type them: 1.234,56 or 1234.5, with or without the sign of the currency. Pure."""

import re
from typing import Final

_PLAIN: Final = re.compile(r"\d{1,10}(\.\d{1,2})?")
_THOUSANDS: Final = re.compile(r"\d{1,3}(\.\d{3})+")


def read_amount(typed: str | None) -> float | None:
    """Euros with at most two decimals; None where nothing was typed, ValueError for what is no amount.

    A comma sets decimals apart. A dot does so too, unless groups of three digits follow it: 1.234 is read as thousands,
    as everybody in the office does.
    """
    text = re.sub(r"[\s\u00a0\u202f€]|EUR", "", typed or "")
    if not text:
        return None
    whole, comma, decimals = text.partition(",")
    if comma or _THOUSANDS.fullmatch(whole):
        if "." in whole and not _THOUSANDS.fullmatch(whole):
            raise ValueError(f"{typed} is no amount.")
        text = whole.replace(".", "") + (f".{decimals}" if decimals else "")
    if not _PLAIN.fullmatch(text):
        raise ValueError(f"{typed} is no amount.")
    return float(text)


def write_amount(amount_eur: float | None) -> str:
    """An amount as the field of a form holds it: 1234,56, without decimals where there are none."""
    if amount_eur is None:
        return ""
    cents = round(amount_eur * 100)
    return f"{cents // 100}" if cents % 100 == 0 else f"{cents // 100},{cents % 100:02d}"
