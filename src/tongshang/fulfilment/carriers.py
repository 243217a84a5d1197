"""Who brings parcels, as data: names, kuaidi100's code, and what their numbers look like. Pure.

Codes: kuaidi100's list of express companies (https://api.kuaidi100.com/document/5f0ff6adbc8da837cbd8aef4, 2026-11).
Numbers: each carrier's usual form; a number that looks otherwise is warned of and not refused, since carriers change.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Carrier:
    """A carrier; `other` are further names people write."""

    code: str
    zh: str
    en: str
    number: str
    other: tuple[str, ...] = ()


CARRIERS = (
    Carrier("shunfeng", "顺丰速运", "SF Express", r"SF\d{9,15}|\d{12}", ("顺丰", "sf")),
    Carrier("zhongtong", "中通快递", "ZTO Express", r"\d{12,15}|ZTO?\d{6,15}", ("中通", "zto")),
    Carrier("yuantong", "圆通速递", "YTO Express", r"YT\d{13}|\d{10,18}", ("圆通", "圆通快递", "yto")),
    Carrier("shentong", "申通快递", "STO Express", r"\d{12,15}", ("申通", "sto")),
    Carrier("yunda", "韵达快递", "Yunda Express", r"\d{13,15}", ("韵达", "yd")),
    Carrier("jtexpress", "极兔速递", "J&T Express", r"JT\d{13}", ("极兔", "jt")),
    Carrier("jd", "京东快递", "JD Express", r"JD[A-Z0-9]{9,20}|\d{10,20}", ("京东", "京东物流", "jd")),
    Carrier("ems", "EMS", "EMS", r"[A-Z]{2}\d{9}[A-Z]{2}|\d{13}", ("邮政ems", "中国邮政ems")),
    Carrier("youzhengguonei", "邮政快递包裹", "China Post", r"\d{13}", ("邮政", "中国邮政", "邮政包裹")),
    Carrier("debangkuaidi", "德邦快递", "Deppon", r"DPK?\d{10,13}|\d{8,13}", ("德邦", "db")),
)
BY_NAME = {name.lower(): one for one in CARRIERS for name in (one.zh, one.en, one.code, *one.other)}


def named(text: str) -> Carrier | None:
    """Find a carrier by whatever people call him."""
    return BY_NAME.get(text.strip().lower())


def usual(carrier: Carrier, number: str) -> bool:
    """Say whether a number looks like this carrier's."""
    return re.fullmatch(carrier.number, number.upper()) is not None
