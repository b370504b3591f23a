"""Taking out of people's words what identifies them: e-mail, phone, payment card, IBAN.

The rules have a version, which is recorded with what they were applied to. A number is taken
for a card or an account only if its check digits are right, so order numbers stay readable.
"""

import re
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from openxmo.core.privacy.checksums import IBAN_LENGTHS, passes_iban, passes_luhn

RULES_VERSION = "1"

# What a text must hold for any rule to apply: an at sign, six digits in a loose row, an account's beginning.
MAYBE = r"@|[0-9](?:[^0-9A-Za-z]*[0-9]){5}|[A-Za-z]{2}[0-9]{2}[ A-Za-z0-9]{11}"

# All repetitions are bounded, so that no text, however long or odd, takes long to read.
EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.\w{2,24}")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b", re.ASCII | re.IGNORECASE)
CARD = re.compile(r"(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-])", re.ASCII)
PHONE = re.compile(r"(?<![\w.,])(?:\+|00|0(?=[\d(/ -])|\(\+?\d{1,5}\) ?)[\d(][\d ()/.\-]{4,18}\d(?!\w)", re.ASCII)
GROUPED_PHONE = re.compile(r"(?<![\w.,-])\d{3}[ .-]\d{3}[ .-]\d{4}(?![\w-])", re.ASCII)  # 555-867-5309
PHONE_DIGITS = range(7, 16)  # ITU-T E.164: at most 15


def redact(text: str) -> str:
    """The text with each finding replaced by its kind in brackets."""
    text = EMAIL.sub("[email]", text)
    text = IBAN.sub(only_account, text)
    text = CARD.sub(only_if("[card]", passes_luhn), text)
    text = PHONE.sub(only_if("[phone]", lambda digits: len(digits) in PHONE_DIGITS), text)
    return GROUPED_PHONE.sub("[phone]", text)


def only_if(mask: str, is_one: Callable[[str], bool]) -> Callable[[re.Match[str]], str]:
    def replace(found: re.Match[str]) -> str:
        digits = "".join(letter for letter in found[0] if letter.isdecimal())
        return mask if is_one(digits) else found[0]

    return replace


def only_account(found: re.Match[str]) -> str:
    """The match may run on into the next words; a country's accounts all have one length."""
    text = found[0]
    length = IBAN_LENGTHS.get(text[:2].upper())
    places = [place for place, letter in enumerate(text) if letter != " "][:length]
    account = "".join(text[place] for place in places).upper()
    if length is None or len(account) != length or not passes_iban(account):
        return text
    return "[iban]" + text[places[-1] + 1 :]


def redact_column(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """The same for a column; texts that can hold nothing to redact are not looked at one by one."""
    suspects = pc.fill_null(pc.match_substring_regex(texts, MAYBE), False)
    if not pc.any(suspects).as_py():
        return texts
    clean = [redact(text) for text in texts.filter(suspects).to_pylist()]
    return pc.replace_with_mask(texts.combine_chunks(), suspects.combine_chunks(), pa.array(clean, pa.string()))
