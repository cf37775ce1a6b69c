"""Numbers, dates and quantities in the language of the request, with their unit. Missing values read as a dash."""

import decimal
from contextlib import AbstractContextManager
from datetime import date, datetime

from babel import dates, numbers

from dashboard.i18n import language, ngettext
from geodata.calendar import BERLIN

MISSING = "–"
_LOCALES = {"de": "de_DE", "en": "en_GB"}


def _half_up() -> AbstractContextManager[decimal.Context]:
    """Round a half away from zero, as readers do: Babel rounds it to the even digit, so 1 of 8 became 12 %."""
    return decimal.localcontext(rounding=decimal.ROUND_HALF_UP)


def locale() -> str:
    """The locale of the request: de_DE or en_GB."""
    return _LOCALES[language()]


def format_date(day: date | None) -> str:
    """15.11.2026 or 15 Nov 2026."""
    if day is None:
        return MISSING
    return dates.format_date(day, "dd.MM.yyyy" if language() == "de" else "d MMM yyyy", locale=locale())


def format_moment(moment: datetime | None) -> str:
    """A moment with hours and minutes in the city's time."""
    if moment is None:
        return MISSING
    local = moment.astimezone(BERLIN)
    return f"{format_date(local.date())}, {dates.format_time(local, 'HH:mm', locale=locale())}"


def format_number(number: float | None, *, decimals: int = 0) -> str:
    """1.234,5 or 1,234.5."""
    if number is None:
        return MISSING
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    with _half_up():
        return numbers.format_decimal(number, format=pattern, locale=locale())


def format_percent(share: float | None, *, decimals: int = 0) -> str:
    """A share between 0 and 1 in per cent."""
    if share is None:
        return MISSING
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "") + ("\u00a0%" if language() == "de" else "%")
    with _half_up():
        return numbers.format_percent(share, format=pattern, locale=locale())


def format_share(part: int, whole: int) -> str:
    """A part of a whole in per cent, empty without a whole; 0 and 100 % only where it is none or all of them."""
    if not whole:
        return ""
    share = part / whole
    is_told = round(share, 2) not in (0, 1) or part in (0, whole)
    if is_told:
        return format_percent(share)
    return format_percent(min(max(share, 0.001), 0.999), decimals=1)


def format_money(amount_eur: float | None) -> str:
    """Whole euros, as sums are read."""
    return MISSING if amount_eur is None else _euros(amount_eur, "#,##0\u00a0¤")


def format_amount(amount_eur: float | None) -> str:
    """A single amount as it was entered: with its cents where it has some."""
    if amount_eur is None:
        return MISSING
    has_cents = round(amount_eur * 100) % 100 != 0
    return _euros(amount_eur, "#,##0.00\u00a0¤" if has_cents else "#,##0\u00a0¤")


def _euros(amount_eur: float, pattern: str) -> str:
    with _half_up():
        return numbers.format_currency(amount_eur, "EUR", locale=locale(), currency_digits=False, format=pattern)


def format_area(area_m2: float | None) -> str:
    """Square metres, from 1 hectare on hectares, from 10 square kilometres on those."""
    if area_m2 is None:
        return MISSING
    if area_m2 < 10_000:
        return f"{format_number(area_m2)}\u00a0m²"
    if area_m2 < 10_000_000:
        return f"{format_number(area_m2 / 10_000, decimals=1)}\u00a0ha"
    return f"{format_number(area_m2 / 1_000_000, decimals=2)}\u00a0km²"


def format_distance(distance_m: float | None) -> str:
    """Metres, from 1 kilometre on kilometres."""
    if distance_m is None:
        return MISSING
    if distance_m < 1_000:
        return f"{format_number(distance_m)}\u00a0m"
    return f"{format_number(distance_m / 1_000, decimals=1)}\u00a0km"


def format_days(days: int | None) -> str:
    """1 day, 12 days."""
    if days is None:
        return MISSING
    return ngettext("%(count)s day", "%(count)s days", days, count=format_number(days))


def format_bytes(size_bytes: int | None) -> str:
    """Bytes in the unit that reads best."""
    if size_bytes is None:
        return MISSING
    if size_bytes < 1_000_000:
        return f"{format_number(max(size_bytes / 1_000, 0.1), decimals=1)}\u00a0kB"
    return f"{format_number(size_bytes / 1_000_000, decimals=1)}\u00a0MB"


def format_seconds(seconds: float | None) -> str:
    """A duration in seconds with one decimal."""
    return MISSING if seconds is None else f"{format_number(seconds, decimals=1)}\u00a0s"
