"""An invoice and its life cycle, and what can be written on one. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from tongshang.platform.errors import Invalid
from tongshang.platform.machine import Machine

ASK_WITHIN = timedelta(days=365)
"""So long after the payment an invoice may be asked for; our own term, in the customer's favour."""

MOST_BYTES = 1 << 20


class V(StrEnum):
    """Where an invoice stands."""

    ASKED = "asked"
    ISSUED = "issued"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    RED_OWED = "red_owed"
    REVERSED = "reversed"


INVOICE = Machine(
    start=V.ASKED,
    moves={
        "issue": {V.ASKED: V.ISSUED, V.ISSUED: V.ISSUED},  # again: a number or a file that was wrong
        "refuse": {V.ASKED: V.REFUSED},
        "withdraw": {V.ASKED: V.WITHDRAWN},  # by the customer, or because all of the money went back
        "owe red letter": {V.ISSUED: V.RED_OWED, V.RED_OWED: V.RED_OWED},
        "reverse": {V.RED_OWED: V.REVERSED},
    },
)
COLUMNS = """id, number, order_id, fan_id, state, kind, title, tax_number, email, amount_fen, asked_at, ended_at,
ended_by, reason, invoice_number, link, file_name, issued_at, red_since, red_fen, red_number"""


@dataclass(frozen=True)
class Invoice:
    """An invoice that was asked for; `red_fen` is what of it has to be taken back."""

    id: UUID
    number: int
    order_id: UUID
    fan_id: UUID
    state: V
    kind: str
    title: str
    tax_number: str
    email: str
    amount_fen: int
    asked_at: datetime
    ended_at: datetime | None = None
    ended_by: UUID | None = None
    reason: str = ""
    invoice_number: str = ""
    link: str = ""
    file_name: str = ""
    issued_at: datetime | None = None
    red_since: datetime | None = None
    red_fen: int = 0
    red_number: str = ""


# GB 32100-2015: a unified social credit code of 18 signs, the last of which checks the others.
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
UNIFIED = re.compile(f"[{SIGNS}]{{18}}")
# Numbers from before it that are still in use: 15 to 17, or 20 signs.
EARLIER = re.compile(r"[0-9A-Z]{15,17}|[0-9A-Z]{20}")
EMAIL = re.compile(r"[^@\s<>\"',;]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,4}")
NUMBER = re.compile(r"[0-9A-Za-z-]{6,30}")
LINK = re.compile(r"https://[^\s<>\"']{4,500}")


def checked_tax_number(text: str) -> str:
    """Give a company's tax number as it is kept, or refuse it."""
    number = text.strip().upper().replace(" ", "")
    if UNIFIED.fullmatch(number):
        total = sum(SIGNS.index(sign) * pow(3, nth, 31) for nth, sign in enumerate(number[:17]))
        if SIGNS[(31 - total % 31) % 31] == number[17]:
            return number
    elif EARLIER.fullmatch(number):
        return number
    raise Invalid(
        field="tax_number", problem="GB 32100-2015", zh="须为 18 位统一社会信用代码或 15、17、18、20 位纳税人识别号"
    )


def checked_email(text: str) -> str:
    """Give an e-mail address as it is kept, or refuse it."""
    email = text.strip()
    if len(email) > 120 or not EMAIL.fullmatch(email):
        raise Invalid(field="email", problem="name@example.com")
    return email


def checked_title(text: str) -> str:
    """Give whom an invoice is made out to, or refuse it."""
    title = " ".join(text.split())
    if not 1 <= len(title) <= 100 or not title.isprintable():
        raise Invalid(field="title", problem="1-100")
    return title


def is_pdf(data: bytes) -> bool:
    """Say whether a file begins and ends as a PDF does."""
    return data.startswith(b"%PDF-") and b"%%EOF" in data[-1024:]
