"""Reading a pasted address: name, phone, region and the rest, in whatever order people write them."""

import re

import msgspec

from tongshang.trade.regions import areas

PHONE = re.compile(r"(?<!\d)(?:\+?86[\s-]?)?(1[3-9]\d[\s-]?\d{4}[\s-]?\d{4})(?!\d)")
LABEL = re.compile(
    r"(?:收货人|收件人|联系人|姓名|名字|手机号码?|手机|联系电话|电话号码|电话|联系方式|所在地区|所在省市区|地区|"
    r"详细地址|收货地址|收件地址|地址|邮政编码|邮编)\s*[:：]\s*"
)
POSTCODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
BREAK = re.compile(r"[\s,，;；、|/。]+")
TITLE = re.compile(r"(?:先生|女士|小姐|收|同学|老师)$")


class Pasted(msgspec.Struct, frozen=True):
    """What could be read; what could not is empty."""

    name: str
    phone: str
    region: list[str]
    detail: str


def read(text: str) -> Pasted:
    """Take a pasted address apart; whatever is not understood ends up in the detail, for the person to see."""
    text = text.strip()[:400]
    phone = ""
    if found := PHONE.search(text):
        phone = re.sub(r"\D", "", found.group(1))
        text = f"{text[: found.start()]} {text[found.end() :]}"
    named = re.search(r"(?:收货人|收件人|联系人|姓名|名字)\s*[:：]\s*([^\s,，;；、|]{1,20})", text)
    name = named.group(1) if named else ""
    if named:
        text = text.replace(named.group(0), " ", 1)
    words = [word for word in BREAK.split(POSTCODE.sub(" ", LABEL.sub(" ", text))) if word]
    region, rest = _region(words)
    if not name:
        name = _name(rest)
        if name:
            rest.remove(name)
    return Pasted(TITLE.sub("", name) or name, phone, region, "".join(rest)[:100])


def _region(words: list[str]) -> tuple[list[str], list[str]]:
    """Find the region: the word, or words in a row, that begin with a province, or a city of one name only."""
    for start, word in enumerate(words):
        code, taken = _eat("", word)
        if not code and (city := _city_first(word)):
            code, taken = city
        if not code:
            continue
        rest, at = word[taken:], start + 1
        while True:
            deeper, eaten = _eat(code, rest)
            if not deeper and len(code) == 6 and code.endswith("0000"):  # 浙江西湖区: the city left out
                deeper, eaten = _skip_city(code, rest)
            if deeper:
                code, rest = deeper, rest[eaten:]
            elif not rest and at < len(words) and (code.endswith("00")):
                ahead, _ = _eat(code, words[at])
                if not ahead:
                    break
                rest, at = words[at], at + 1
            else:
                break
        kept = [*words[:start], *([rest] if rest else []), *words[at:]]
        return areas.path(code), kept
    return [], list(words)


def _eat(code: str, text: str) -> tuple[str, int]:
    """Find the area below `code` whose name `text` begins with: the code and how much of the text it took."""
    best, taken = "", 0
    for one in areas.below().get(code, ()):
        name = areas.known()[one]
        spoken = areas.short(name)
        for form in (name, spoken):
            if len(form) > max(taken, 1) and text.startswith(form):
                # 吉林市 below 吉林省, 海南藏族自治州: the longest name wins.
                best, taken = one, len(form)
    if best and (tail := re.match(r"[省市]", text[taken:])) and taken and text[taken - 1] not in "省市区县":
        taken += len(tail.group(0))
    return best, taken


def _skip_city(code: str, text: str) -> tuple[str, int]:
    for city in areas.below().get(code, ()):
        found, taken = _eat(city, text)
        if found and text[taken - 1 : taken] in ("区", "县", "市", "旗"):
            return found, taken
    return "", 0


def _city_first(text: str) -> tuple[str, int] | None:
    """Find a city with which a text begins that does not name its province."""
    for province in areas.below()[""]:
        found, taken = _eat(province, text)
        if found and (taken > 2 or text[taken - 1 : taken] == "市"):
            return found, taken
    return None


def _name(words: list[str]) -> str:
    """Guess the name: the first short word without digits that is no street."""
    street = re.compile(r"[\d#]|[路街道巷弄号楼室村镇乡栋幢座层单元苑园区县市省]$")
    return next((word for word in words if 2 <= len(word) <= 8 and not street.search(word)), "")
