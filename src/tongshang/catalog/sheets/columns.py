"""The columns of a sheet of goods: what each is called, how a cell of it is read, and how it is written."""

# ruff: noqa: E501 - the table of columns is read as a table

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

SHANGHAI = timezone(timedelta(hours=8))
EXCEL_DAY_ZERO = datetime(1899, 12, 30, tzinfo=SHANGHAI)
SPLIT = re.compile(r"[,，、;；\n]+")
MOMENT = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2}):(\d{2})(?::\d{2})?)?")
AMOUNT = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
PICTURE = re.compile(
    r"(?:.*/media/[0-9a-f]{32}/)?([0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12})(?:/\d+\.\w+)?"
)
KINDS = {"physical": ("实物", "goods"), "service": ("到店服务", "service"), "ticket": ("电子票", "ticket"),
         "virtual": ("虚拟", "virtual"), "bundle": ("组合", "bundle")}  # fmt: skip
STATES = {"on": ("在售", "on sale"), "off": ("下架", "off shelf")}
DEDUCTS = {"placing": ("下单", "ordered"), "paying": ("付款", "paid")}


# What the catalog says of a field, in the words of who fills in a sheet.


class Wrong(Exception):
    """Says what is wrong with a cell, in Chinese and in English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


@dataclass(frozen=True)
class Column:
    """A column: its key, its names, whether it is about the product or one variant, and what may be in it."""

    key: str
    zh: str
    en: str
    of_variant: bool
    read: Callable[[str], Any]
    write: Callable[[Any], Any]
    told_zh: str
    told_en: str


def _text(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")  # as workbooks end lines, whatever a .csv does


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Wrong("编号不对，新商品请留空", "not an id; leave it empty for new goods") from None


def _number(text: str) -> Decimal | None:
    """Read a number in digits of either width; commas only where they part thousands: 9,90 is no 990."""
    plain = unicodedata.normalize("NFKC", text)
    return Decimal(plain.replace(",", "")) if AMOUNT.fullmatch(plain) else None


def _money(text: str) -> int:
    yuan = _number(text.strip("¥￥ 元"))
    if yuan is None:
        raise Wrong(f"“{text[:20]}”不是金额，请填写如 19.90", f'"{text[:20]}" is no amount; write as 19.90')
    if not 0 <= yuan <= 1_000_000 or yuan * 100 != int(yuan * 100):
        raise Wrong(
            "金额需在 0 到 1000000 元之间，最多两位小数", "an amount is 0 to 1000000 yuan with two decimals at most"
        )
    return int(yuan * 100)


def _whole(text: str) -> int:
    number = _number(text)
    if number is None:
        raise Wrong(f"“{text[:20]}”不是数字", f'"{text[:20]}" is no number')
    if not 0 <= number <= 10_000_000 or number != int(number):
        raise Wrong("需要 0 到 10000000 的整数", "a whole number from 0 to 10000000 is needed")
    return int(number)


def _moment(text: str) -> datetime:
    try:
        if found := MOMENT.fullmatch(text):
            year, month, day, hour, minute = (int(part or 0) for part in found.groups())
            return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)
        days = float(text)  # as Excel keeps a date
        if 20_000 < days < 80_000:
            return (EXCEL_DAY_ZERO + timedelta(minutes=round(days * 1440))).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Wrong(f"“{text[:20]}”不是时间，请填写如 2026-12-01 10:00", "write a time as 2026-12-01 10:00")


def _one_of(words: dict[str, tuple[str, str]]) -> Callable[[str], str]:
    known = {name.lower(): key for key, names in words.items() for name in (key, *names)}
    zh, en = "、".join(one[0] for one in words.values()), ", ".join(one[1] for one in words.values())

    def read(text: str) -> str:
        if (found := known.get(text.lower())) is None:
            raise Wrong(f"只能填写：{zh}", f"one of: {en}")
        return found

    return read


def _list(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in SPLIT.split(text) if part.strip()))


def _pictures(text: str) -> list[UUID]:
    found = []
    for part in _list(text):
        if not (match := PICTURE.fullmatch(part)):
            raise Wrong(
                "图片请先上传到图片库，再填写图片库里的地址", "upload pictures to the library and write their addresses"
            )
        found.append(UUID(match[1]))
    return found


def _options(text: str) -> list[tuple[str, str]]:
    """Read "颜色:红; 尺码:M"; a value alone is of an axis called 规格."""
    found = []
    for part in re.split(r"[;；\n]+", text):
        if not part.strip():
            continue
        *name, value = (one.strip() for one in re.split("[:：]", part, maxsplit=1))
        found.append((name[0] if name else "规格", value))
    if any(not name or not value for name, value in found) or len({name for name, _ in found}) != len(found):
        raise Wrong("请写成 颜色:红; 尺码:M", "write as Colour:red; Size:M")
    return found


def _yuan(fen: int | None) -> float | int | None:
    return None if fen is None else fen // 100 if fen % 100 == 0 else fen / 100


def _local(at: datetime | None) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if at else ""


def _word(words: dict[str, tuple[str, str]]) -> Callable[[Any], str]:
    return lambda key: words[key][0]


def _same(value: Any) -> Any:
    return value


C = Column
COLUMNS: tuple[Column, ...] = (
    C("product_id", "商品ID", "Product ID", False, _id, str, "导出时自带；新商品留空", "from an export; empty for new goods"),
    C("title", "商品名称", "Name", False, _text, _same, "必填，60 字以内；多规格商品每行写同一名称", "required; the same in all rows of one product"),
    C("subtitle", "卖点", "Pitch", False, _text, _same, "100 字以内", "100 characters at most"),
    C("category", "分类", "Category", False, _text, _same, "已有分类的名称", "the name of a category you have"),
    C("tags", "标签", "Tags", False, _list, "，".join, "用逗号分开，最多 10 个", "comma between them, 10 at most"),
    C("kind", "商品类型", "Kind", False, _one_of(KINDS), _word(KINDS), "、".join(one[0] for one in KINDS.values()), "goods, service, ticket, virtual, bundle"),
    C("state", "销售状态", "State", False, _one_of(STATES), _word(STATES), "在售 或 下架；新商品默认下架", "on sale or off shelf"),
    C("pictures", "图片", "Pictures", False, _pictures, "\n".join, "图片库中的图片地址，用逗号分开；在售商品至少一张", "addresses in your library; one at least to be on sale"),
    C("detail", "商品介绍", "Description", False, _text, _same, "文字或导出时的图文", "words, or what an export had"),
    C("on_sale_from", "开售时间", "On sale from", False, _moment, _local, "如 2026-12-01 10:00，北京时间", "such as 2026-12-01 10:00, Beijing time"),
    C("on_sale_until", "停售时间", "On sale until", False, _moment, _local, "同上", "as above"),
    C("limit_order", "每单限购", "Per order", False, _whole, _same, "留空不限", "empty: no limit"),
    C("limit_person", "每人限购", "Per person", False, _whole, _same, "留空不限", "empty: no limit"),
    C("limit_days", "限购天数", "Within days", False, _whole, _same, "留空为永久", "empty: ever"),
    C("deduct", "扣库存方式", "Stock goes when", False, _one_of(DEDUCTS), _word(DEDUCTS), "下单 或 付款", "ordered or paid"),
    C("variant_id", "规格ID", "Variant ID", True, _id, str, "导出时自带；新规格留空", "from an export; empty for new ones"),
    C("options", "规格", "Options", True, _options, _same, "如 颜色:红; 尺码:M；单规格留空", "such as Colour:red; Size:M"),
    C("price_fen", "价格", "Price", True, _money, _yuan, "必填，元", "required, yuan"),
    C("market_price_fen", "划线价", "Was", True, _money, _yuan, "不低于价格", "not below the price"),
    C("member_price_fen", "会员价", "Member price", True, _money, _yuan, "不高于价格", "not above the price"),
    C("cost_fen", "成本价", "Cost", True, _money, _yuan, "只有员工可见", "only staff see it"),
    C("stock", "库存", "Stock", True, _whole, _same, "留空则不改动", "empty: left as it is"),
    C("sku_code", "商品编码", "Code", True, _text, _same, "没有 ID 时按编码找到已有商品", "finds your goods where there is no id"),
    C("barcode", "条码", "Bar code", True, _text, _same, "", ""),
    C("weight_g", "重量（克）", "Weight, g", True, _whole, _same, "", ""),
)  # fmt: skip
BY_KEY = {column.key: column for column in COLUMNS}
NEEDED = ("title", "price_fen")


def heads(cells: dict[int, str]) -> tuple[dict[int, Column], list[str]]:
    """Say which column is which, by its name in either language; and what is written there that nobody knows."""
    known = {_plain(name): column for column in COLUMNS for name in (column.zh, column.en, column.key)}
    found = {at: known[_plain(text)] for at, text in cells.items() if _plain(text) in known}
    return found, [text for text in cells.values() if _plain(text) not in known]


def _plain(name: str) -> str:
    return re.sub(r"[\s*（(].*$", "", name.strip()).lower() if not name.isascii() else name.strip(" *").lower()


def as_written(key: str, said: Any, known: Any) -> bool:
    """Say whether a cell says what an export writes for a value, though less exactly: seconds, or commas in a tag."""
    column = BY_KEY[key]
    try:
        return bool(known) and said == column.read(column.write(known).strip())
    except Wrong:
        return False


def head(language: str = "zh") -> Sequence[str]:
    """Write the first row."""
    return [getattr(column, language) + (" *" if column.key in NEEDED else "") for column in COLUMNS]
