"""What the ETL says, in the language of the request.

The ETL writes its reasons in English into report and database, where they stay as they are. Each sentence that it can
say about a row, a file or a delivery has a template here: the same text is searched with its gaps and is the msgid of
the translation. A sentence without a template is shown as it came; a test holds the templates to what the ETL can say.
"""

import re
from functools import cache
from typing import Final

from dashboard.i18n import N_, language
from dashboard.i18n import gettext as _

# Exact ones before those with gaps, narrow gaps before wide ones: the first that fits wins.
TEMPLATES: Final = (
    N_("expected a street, but there is none"),
    N_("expected a known street, but %(street)s is none"),
    N_("expected one street, but %(street)s is as near to several"),
    N_("expected one address, but %(address)s exists %(count)s times"),
    N_("expected the house number %(number)s in %(street)s, but it is not known there"),
    N_("expected a house number in %(street)s, but it is not known there"),
    N_("expected text, found a zero byte in it"),
    N_("expected a value, found an empty field"),
    N_("expected a parcel, found an empty field"),
    N_("expected an address, found an empty field"),
    N_("expected the parcel of one property, but of %(parcel)s no property has it"),
    N_("expected the parcel of one property, but of %(parcel)s %(count)s properties have it"),
    N_("expected the address of one property, but %(count)s properties lie there"),
    N_("expected a property of register %(register)s, but %(key)s is unknown"),
    N_("expected a known area, but there is no %(area)s"),
    N_("expected two areas, but an area cannot lie in itself"),
    N_("expected another value (what came is not kept, because this source tells of persons)"),
    N_("expected one description for a key, found several different ones"),
    N_("expected a share like 1/2, found something else"),
    N_("expected one row for a key, but lines %(lines)s have the same key and different content"),
    N_("duplicate of line %(line)s"),
    N_("erased on %(day)s; the key is not taken over again"),
    N_("expected a date from the closing (%(day)s) on, found an earlier one"),
    N_("expected a date from %(start)s (%(day)s) on, found an earlier one"),
    N_("expected a date from %(year)s on, found %(found)s"),
    N_("expected a date like %(example)s, found %(found)s"),
    N_("expected a date up to %(day)s (as-of date + 1 day), found %(found)s"),
    N_("expected a date after valid_from"),
    N_("expected no type of control, because this figure does not count controls"),
    N_("expected no share, because this figure is no part of another one"),
    N_("expected at most 100 per cent, found more"),
    N_("expected a last day on or after the day of the decision, found an earlier one"),
    N_("expected a number beside %(other)s, found an empty field"),
    N_("expected a value beside %(other)s, found an empty field"),
    N_("expected an empty field in a row of the aspect %(aspect)s, found a value"),
    N_("expected an empty field in a duty by law, found a number"),
    N_("expected a value, because another field of the row asks for it, found an empty field"),
    N_("expected at most the eligible cost, found more"),
    N_("expected at most the share of the eligible cost, found more"),
    N_("expected a date from the day of the notice on, found an earlier one"),
    N_("expected at least the smallest share, found less"),
    N_("expected a share within the bounds of the programme, found another one"),
    N_("expected a date from the day of the call on, found an earlier one"),
    N_("expected at most the amount called, found more"),
    N_("expected a date from the day of the payment on, found an earlier one"),
    N_("expected at most the amount paid, found more"),
    N_("expected a property or an area, found both"),
    N_("expected a known grant, but there is no %(key)s"),
    N_("expected a call after the notice of grant %(key)s, found an earlier one"),
    N_("expected at least what was called already, found less"),
    N_("expected the property to which the steps of this proceeding belong, found another one"),
    N_("expected the property to which the events of this closed house belong, found another one"),
    N_("expected a date up to the first step (%(day)s), found a later one"),
    N_("expected calls up to the amount of grant %(key)s, found more with this one"),
    N_("expected another proceeding, but it cannot follow itself"),
    N_("expected a value before a house is closed, found an empty field"),
    N_("expected the day of the announcement or of the cut, found neither"),
    N_("expected a known kind of proceeding, but there is no %(kind)s"),
    N_("expected a known proceeding, but there is no %(key)s"),
    N_("expected the property of proceeding %(key)s, but it has another one"),
    N_("expected a step of the kind of proceeding %(kind)s, but %(step)s is none"),
    N_("expected a known closed house, but there is no %(key)s"),
    N_("expected the property of the closed house %(key)s, but it has another one"),
    N_("expected at most %(most)s households, because no more lived there, found %(found)s"),
    N_("expected at most %(most)s, because there are no more of all sizes, found more"),
    N_("expected a number of households, found an empty field"),
    N_("expected an empty field in a row about the house, found households"),
    N_("expected another place than the one to which the households went"),
    N_("expected dwellings lost or won, found neither"),
    N_("expected what was delivered before, because %(key)s was changed in the application since"),
    N_("expected yes or no (ja, nein, true, false, 1, 0), found %(found)s"),
    N_("expected one of %(codes)s, found %(found)s"),
    N_("expected a whole number from %(least)s to %(most)s, found %(found)s"),
    N_("expected a whole number from %(least)s on, found %(found)s"),
    N_("expected a whole number, found %(found)s"),
    N_("expected a number with a decimal comma from %(least)s to %(most)s, found %(found)s"),
    N_("expected a number with a decimal comma from %(least)s on, found %(found)s"),
    N_("expected a number with a decimal comma, found %(found)s"),
    N_("expected a number with a decimal point from %(least)s to %(most)s, found %(found)s"),
    N_("expected a number with a decimal point from %(least)s on, found %(found)s"),
    N_("expected a number with a decimal point, found %(found)s"),
    N_("expected a house number like 12 or 12 a, found %(found)s"),
    N_("expected %(count)s fields, but %(found)s came"),
    N_("expected a feature, but something else came"),
    N_("expected a geometry, but it cannot be built (%(problem)s)"),
    N_("expected a geometry, but it cannot be built"),
    N_("expected a geometry, but it is empty"),
    N_("expected a geometry, but nothing of it is left"),
    N_("expected a geometry, found none"),
    N_("expected an outline, but there is none"),
    N_("expected an outline with an area, but nothing is left of it (%(problem)s)"),
    N_("expected a polygon, but a %(shape)s came"),
    N_("expected a point, found a %(shape)s"),
    N_("expected coordinates, but one of them is not a number"),
    N_("expected coordinates in %(crs)s, but %(place)s has no place there"),
    N_("expected coordinates within %(allowed)s of the address, but they lie %(distance)s away"),
    N_("expected a place within %(west)s to %(east)s E and %(south)s to %(north)s N, but it lies outside"),
    N_("Self-intersection[%(place)s]"),
    N_("Ring Self-intersection[%(place)s]"),
    N_("Too few points in geometry component[%(place)s]"),
    N_("Hole lies outside shell[%(place)s]"),
    N_("Everything lies outside the expected extent."),
    N_("The file has no rows."),
    N_("The filter of the mapping leaves none of the %(count)s rows."),
    N_("Nothing would be loaded: all %(count)s rows are rejected."),
    N_("%(rejected)s of %(rows)s rows are rejected; expected at most %(most)s rows or %(share)s."),
    N_("The mapping %(mapping)s names columns that the file does not have: %(columns)s."),
    N_("The file has: %(columns)s."),
    N_("The file has columns that tell of single persons: %(columns)s."),
    N_("Persons are never taken over; send the file again without these columns."),
    N_("The as-of date %(day)s lies in the future."),
    N_("Expected an as-of date in the file name (%(pattern)s), found %(found)s."),
    N_("Expected an as-of date (%(layout)s) in column %(column)s, found none."),
    N_("Column %(column)s has %(count)s different dates; the latest is the as-of date."),
    N_("Expected a CRS, but neither the file nor the mapping names one; --crs can name it."),
    N_("Expected %(wanted)s because of the name %(name)s, but the content is %(found)s."),
    N_("Expected %(wanted)s, but %(name)s is empty (0 bytes)."),
    N_("Expected a zip archive, but %(name)s is damaged."),
    N_("Expected a file ending in one of %(endings)s, but %(name)s ends in %(found)s."),
    N_("Expected the sheet %(sheet)s, but %(name)s has %(found)s."),
    N_("Expected a readable %(format)s, but %(name)s is damaged (%(problem)s)."),
    N_("Expected XML without document type and entities, but %(name)s holds %(found)s."),
    N_(
        "Expected a record in line %(line)s of %(name)s, but it cannot be read (%(problem)s): "
        "most often a quotation mark is opened and never closed."
    ),
    N_("Expected text in %(encoding)s, but in %(name)s line %(line)s holds the byte %(byte)s."),
    N_("Expected a header line in %(name)s, but its first line is empty."),
    N_("Expected the column %(column)s once, but %(name)s has it %(count)s times."),
    N_("Expected GeoJSON, but %(name)s breaks off in line %(line)s: %(problem)s."),
    N_("Expected features, but %(name)s holds none."),
    N_("Expected a readable spreadsheet, but %(name)s is damaged or protected (%(problem)s)."),
    N_("Expected a header and rows in %(name)s, but the sheet %(sheet)s is empty."),
    N_("The CRS %(crs)s has no code; transformed by its own definition."),
    N_(
        "The axes are swapped (northing before easting, or latitude before longitude); "
        "read the other way round."
    ),
    N_("The eastings start with the zone number %(zone)s, which %(crs)s does not have; it was taken away."),
    N_("The eastings lack the zone number %(zone)s, which %(crs)s has; it was added."),
    N_("Properties without a place, and no official addresses are loaded: %(count)s."),
    N_("Properties without a place: %(count)s."),
    N_("They are in tables and counts, not on the map."),
    N_("Properties that lie by their coordinates, at no official address: %(count)s."),
    N_("Left out %(count)s empty row."),
    N_("Left out %(count)s empty rows."),
    N_("Read as %(encoding)s: %(reason)s."),
    N_("Read %(name)s from the archive."),
    N_("The database does not answer."),
    N_("The database refuses a row: %(problem)s."),
    N_("Waited for another delivery of the municipality."),
    N_("Delivery %(id)s was refused, so nothing of it is in force."),
    N_("Delivery %(id)s is withdrawn already."),
    N_("Withdraw delivery %(id)s first."),
    N_("There is no delivery %(id)s."),
)  # fmt: skip
_GAP: Final = re.compile(r"%\\?\((\w+)\\?\)s")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?]) (?=[A-Z%\d])")
_COLUMNS_OF_FILE: Final = "The file has: "
_NEAREST: Final = "; nearest: "


def in_words(said: str) -> str:
    """What the ETL said, translated sentence by sentence; what has no template stays as it came."""
    if language() == "en":
        return said
    if f" {_COLUMNS_OF_FILE}" in said:
        # Names of columns hold dots ("lfd. Nr."), so this end of a sentence is found by what follows it.
        before, mark, columns = said.partition(_COLUMNS_OF_FILE)
        return f"{in_words(before.rstrip())} {_one_sentence(mark + columns)}"
    whole = _translated(said)
    if whole is not None:
        return whole
    return " ".join(_one_sentence(sentence) for sentence in _SENTENCE_END.split(said))


def template_of(said: str) -> tuple[str, dict[str, str]] | None:
    """The template that a sentence fits, with what stands in its gaps."""
    for template in TEMPLATES:
        found = _pattern(template).fullmatch(said)
        if found:
            return template, found.groupdict()
    return None


def _one_sentence(sentence: str) -> str:
    reason, nearest, candidates = sentence.partition(_NEAREST)
    translated = _translated(reason)
    if translated is None:
        return sentence
    return translated + (f"; {_('nearest')}: {candidates}" if nearest else "")


def _translated(said: str) -> str | None:
    found = template_of(said)
    return None if found is None else _(found[0], **found[1])


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(_GAP.sub(r"(?P<\1>.+?)", re.escape(template)), re.DOTALL)
