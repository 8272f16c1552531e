"""Numbers that name a party: their kind as lists label them, and whether their check digits agree.

The rules: GB 32100-2015 (Unified Social Credit Code: weights 3^i mod 31), ISO 17442 (LEI: ISO 7064 mod 97-10), the
orders of the Russian tax service on INN and OGRN, IMO resolution A.1117(30) (ship numbers), ISO 6166 (ISIN: Luhn), ISO
9362 (BIC: form only).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from exeat.screen.catalogue import country, fold, identifier_kinds, identifier_labels
from exeat.screen.model import Identifier

USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, Z, S, V
INN_WEIGHTS = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


def is_uscc(value: str) -> bool:
    """Eighteen characters, the last a check on the others."""
    if len(value) != 18 or any(char not in USCC_LETTERS for char in value):
        return False
    total = sum(USCC_LETTERS.index(char) * pow(3, place, 31) for place, char in enumerate(value[:17]))
    return USCC_LETTERS[(31 - total % 31) % 31] == value[17]


def is_lei(value: str) -> bool:
    """Twenty letters and digits that are 1 modulo 97."""
    return bool(re.fullmatch(r"[0-9A-Z]{18}[0-9]{2}", value)) and _as_number(value) % 97 == 1


def is_inn(value: str) -> bool:
    """Ten digits (organisations) or twelve (persons)."""
    if not re.fullmatch(r"[0-9]{10}|[0-9]{12}", value):
        return False
    checked = (9,) if len(value) == 10 else (10, 11)
    return all(_inn_digit(value[:place]) == value[place] for place in checked)


def _inn_digit(digits: str) -> str:
    weights = INN_WEIGHTS[len(INN_WEIGHTS) - len(digits) :]
    return str(sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11 % 10)


def is_ogrn(value: str) -> bool:
    """Thirteen digits (organisations, from 1 or 5) or fifteen (entrepreneurs, from 3)."""
    if not re.fullmatch(r"[15][0-9]{12}|3[0-9]{14}", value):
        return False
    return str(int(value[:-1]) % (len(value) - 2) % 10) == value[-1]


def is_imo(value: str) -> bool:
    """Seven digits; the last is the weighted sum of the first six. Company numbers have another rule and are not
    tested.
    """
    if not re.fullmatch(r"[0-9]{7}", value):
        return False
    return (
        str(sum(int(digit) * weight for digit, weight in zip(value[:6], range(7, 1, -1), strict=True)) % 10) == value[6]
    )


def is_isin(value: str) -> bool:
    """Two letters, nine characters, a Luhn digit over all of them as numbers."""
    if not re.fullmatch(r"[A-Z]{2}[0-9A-Z]{9}[0-9]", value):
        return False
    digits = str(_as_number(value))[::-1]
    return sum(sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(digits)) % 10 == 0


def is_bic(value: str) -> bool:
    """Eight or eleven characters with a country; a BIC has no check digit, so this tells only one from another code."""
    found = re.fullmatch(r"[A-Z]{4}([A-Z]{2})[0-9A-Z]{2}([0-9A-Z]{3})?", value)
    return found is not None and country(found[1]) == found[1]


def _as_number(value: str) -> int:
    return int("".join(str(int(char, 36)) for char in value))


CHECKS: dict[str, Callable[[str], bool]] = {
    "uscc": is_uscc,
    "lei": is_lei,
    "inn": is_inn,
    "ogrn": is_ogrn,
    "imo": is_imo,
    "isin": is_isin,
    "bic": is_bic,
}


def kind_of(label: str) -> str:
    """The kind that a list's label stands for; "other" if it stands for none."""
    key = fold(label)
    labels = identifier_labels()
    if key in labels:
        return labels[key]
    if key.startswith("digitalcurrencyaddress"):
        return "wallet"
    return next((kind for text, kind in labels.items() if len(text) > 3 and key.startswith(text)), "other")


def identifier(label: str, value: str, where: str = "", note: str = "") -> Identifier | None:
    """A number under its label, checked; None where the value is empty.

    A registration or tax number that fits the rule of exactly one better known kind, check digit included, becomes that
    kind (OFAC gives INNs as "Tax ID No."); its label stays in the note.
    """
    value = " ".join(value.split())
    if not value:
        return None
    kind = kind_of(label)
    place = country(where) if where else ""
    plain = re.sub(r"[^0-9A-Za-z]", "", value).upper()
    if kind == "imo":
        plain = plain.removeprefix("IMO")
    if kind in ("tax", "registration"):
        kind, note = _better(kind, plain, place, label, note)
    if kind in ("other", "tax", "registration", "national id", "passport") and not note:
        note = label
    elif kind == "other" and label.casefold() not in (*note.casefold().split("; "), "other", ""):
        note = f"{label}; {note}"  # what kind of number it is stands nowhere else
    check = CHECKS.get(_check(kind))
    if check is None:
        return Identifier(kind, value, place, note)
    home = str(identifier_kinds()[kind].get("country", ""))
    return Identifier(kind, plain or value, place or home, note, "yes" if check(plain) else "no")


def _check(kind: str) -> str:
    kinds = identifier_kinds()
    return str(kinds[kind].get("check", "")) if kind in kinds else ""


def _better(kind: str, plain: str, place: str, label: str, note: str) -> tuple[str, str]:
    if is_lei(plain):
        return "lei", note or label
    if place in ("CN", "") and is_uscc(plain):
        return "uscc", note or label
    if place == "RU" and is_inn(plain):
        return "inn", note or label
    if place == "RU" and is_ogrn(plain):
        return "ogrn", note or label
    return kind, note


# A number named in running text: "IMO: 8937675", "OGRN 1027700132195", "Tax ID No. 7707083893 (Russia)".
_NAMED = re.compile(
    r"\b(?P<label>IMO(?: number| no\.?)?|MMSI|OGRN|INN|LEI|USCC|SWIFT/BIC|SWIFT|BIC|ISIN|KPP|OKPO|ОГРН|ИНН|КПП|ОКПО)"
    r"\)?[:\s#–-]+(?P<value>[0-9A-Z]{6,20})\b",
    re.I,
)
# A number that a note on a document names: "Tunisian passport number L 191609 issued on …", "identity card DE-473900".
_NOTED = re.compile(
    r"(?:\bnumbers?|\bnos?\b\.?|\bcode|\bcard|\bpassport|\bSSN)\s*:?\s*"
    r"(?P<value>(?:[A-Z]{1,3}[ -]{0,2})?[0-9A-Z/-]*\d[0-9A-Z/-]{2,})",
    re.I,
)
_PASSPORT = re.compile(r"\bpassport (?:numbers?|nos?\b\.?)\s*:?\s*(?P<value>(?:[A-Z]{1,3}[ -]?)?\d[0-9A-Z]{3,})", re.I)


def noted(text: str) -> str:
    """The number that a note about one document names, or begins with; "" if none can be told."""
    found = _NOTED.search(text) or re.match(r"(?P<value>\d{5,})\b", text)
    return " ".join(found["value"].split()) if found else ""


def passports_in(text: str) -> Iterator[Identifier]:
    """The passports whose numbers running text gives."""
    for found in _PASSPORT.finditer(text):
        one = identifier("passport", found["value"])
        if one is not None:
            yield one


def only_number(text: str) -> tuple[str, str]:
    """A number freed from the words around it (``UK Company no. 06527449``), and those words; the text as it is where
    it holds several numbers or none.
    """
    found = re.findall(r"[0-9A-Za-z/.-]*\d[0-9A-Za-z/.-]*", text)
    if len(found) == 1 and len(found[0].strip("./-")) >= 5 and re.search(r"[A-Za-z]{2}", text.replace(found[0], "")):
        return found[0].strip("./-"), text
    return text, ""


def named_in(text: str) -> Iterator[Identifier]:
    """The numbers that running text names by a well-known label."""
    for found in _NAMED.finditer(text):
        value = found["value"]
        if not any(char.isdigit() for char in value) and kind_of(found["label"]) != "bic":
            continue
        one = identifier(found["label"], value)
        if one is not None:
            yield one
