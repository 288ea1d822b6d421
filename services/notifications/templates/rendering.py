"""Letters put into words: in the recipient's language, as plain text and as HTML."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import NumberPattern, parse_pattern
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notifications.domain.letters import Letter
from services.notifications.settings import Settings
from shared.kernel.money import Money, UnitPrice

TEMPLATES = Path(__file__).parent
# English as written in Europe: the day before the month.
TERRITORIES = {"fr": "fr_FR", "en": "en_GB"}
SUBJECT_LENGTH = 200
CODE_BEFORE_FIGURE = re.compile(r"(?<=[^\W\d_])(?=\d)")
# Control characters, line separators and the marks that turn the direction of writing: a value may hold none of them.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Written:
    """A letter in words. The subject is one line."""

    subject: str
    text: str
    html: str


def render(letter: Letter, shop: Settings) -> Written:
    """Return a letter in its recipient's language. Raises jinja2.UndefinedError for a word or fact that is missing."""
    words = _environment(letter.to.locale)
    facts = {"letter": letter, "order": letter.order, "shop": shop, "zone": ZoneInfo(shop.shop_zone)}
    subject, text, html = (
        words.get_template(f"{letter.to.locale}/{letter.kind}.{part}").render(facts)
        for part in ("subject.txt", "txt", "html")
    )
    return Written(one_line(subject)[:SUBJECT_LENGTH].rstrip(), text, html)


def one_line(text: str) -> str:
    """Return a text without line breaks and control characters, so that it can forge no header and no paragraph."""
    return UNPRINTABLE.sub(" ", text).strip()


@cache
def _environment(language: str) -> Environment:
    """Return the templates of a language, with its numbers, dates and the words of the shared parts."""
    locale = Locale.parse(TERRITORIES[language])
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        finalize=lambda value: UNPRINTABLE.sub(" ", value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        keep_trailing_newline=True,
    )
    environment.globals["words"] = tomllib.loads((TEMPLATES / language / "words.toml").read_text("utf-8"))
    environment.globals["language"] = language
    environment.filters |= {
        "money": partial(_money, locale=locale),
        "number": partial(_number, locale=locale),
        "percent": partial(_percent, locale=locale),
        "day": partial(_day, locale=locale),
        "country": partial(_country, locale=locale),
        "iban": _iban,
    }
    return environment


def _money(value: Money | UnitPrice, locale: Locale) -> str:
    """Write an amount with exactly the decimals it has: money those of its currency, a unit price up to four."""
    decimals = max(0, -int(value.amount.as_tuple().exponent))
    pattern = _pattern(locale.currency_formats["standard"].pattern, decimals, decimals)
    written = _written(pattern, value.amount, locale, value.currency)
    # A code of letters keeps its distance from the figure (CLDR's spacing): "TND 2.500", yet "US$2.50".
    return CODE_BEFORE_FIGURE.sub("\u00a0", written)


def _number(value: Decimal | int, locale: Locale) -> str:
    return _written(_pattern(locale.decimal_formats[None].pattern, 0, 3), Decimal(value), locale)


def _percent(value: Decimal, locale: Locale) -> str:
    return _written(_pattern(locale.percent_formats[None].pattern, 0, 4), value, locale)


@cache
def _pattern(pattern: str, fewest: int, most: int) -> NumberPattern:
    """Return a locale's pattern with so many decimals."""
    parsed = parse_pattern(pattern)
    parsed.frac_prec = (fewest, most)
    parsed.scale = 0  # a percent is written as it is: 20 is 20 %
    return parsed


def _written(pattern: NumberPattern, value: Decimal, locale: Locale, currency: str | None = None) -> str:
    text: str = pattern.apply(value, locale, currency=currency, currency_digits=False)
    # The narrow no-break space of French thousands is missing in the fonts of older mail programs.
    return text.replace("\u202f", "\u00a0")


def _day(value: date | datetime, zone: ZoneInfo | None = None, *, locale: Locale) -> str:
    """Write a day in full; a moment (UTC) needs the shop's zone to have a day."""
    day = value.astimezone(zone) if isinstance(value, datetime) else value
    return format_date(day, "long", locale=locale)


def _country(code: str, locale: Locale) -> str:
    return str(locale.territories.get(code, code))


def _iban(iban: str) -> str:
    """Write an IBAN as banks print it, in groups of four."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))
