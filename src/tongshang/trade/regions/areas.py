"""The list of areas, and finding an area by its name among those below another one."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType

SOURCE = "GB/T 2260, @vant/area-data 2.1.0, 2025-10-03"
# What people leave out, longest first: "内蒙古", "延边", "杭州", "西湖".
PEOPLES = (
    "壮族|回族|维吾尔|藏族|苗族|彝族|土家族|蒙古族?|布依族|侗族|朝鲜族|傣族|"
    "景颇族|傈僳族|白族|哈尼族|哈萨克|柯尔克孜|羌族|黎族|瑶族|满族"
)
TAIL = re.compile(rf"(?:(?:{PEOPLES})*自治[区州县旗]|特别行政区|林区|地区|新区|矿区|街道|[省市区县盟旗州镇乡])$")
# Names of yore and of speech, and what they are in the list.
ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "襄樊市": "襄阳市",
        "思茅市": "普洱市",
        "思茅地区": "普洱市",
        "台湾": "台湾省",
        "香港": "香港特别行政区",
        "澳门": "澳门特别行政区",
    }
)


@cache
def known() -> Mapping[str, str]:
    """Give all areas: code to name, in the list's order."""
    text = files("tongshang.trade.regions").joinpath("areas.txt").read_text(encoding="utf-8")
    lines = (line.partition(" ") for line in text.splitlines() if line and not line.startswith("#"))
    return MappingProxyType({code: name for code, _, name in lines})


@cache
def below() -> Mapping[str, Sequence[str]]:
    """Give the codes right below each code, the provinces below ""."""
    tree: dict[str, list[str]] = {}
    for code in known():
        tree.setdefault(parent(code), []).append(code)
    return MappingProxyType(tree)


def parent(code: str) -> str:
    """Give the code an area lies in; "" for a province."""
    if code.endswith("0000"):
        return ""
    return f"{code[:2]}0000" if code.endswith("00") else f"{code[:4]}00"


def path(code: str) -> list[str]:
    """Give the names from the province down to an area."""
    names = [known()[code]]
    while code := parent(code):
        names.insert(0, known()[code])
    return names


def short(name: str) -> str:
    """Give a name as people say it: "浙江", "内蒙古", "西湖"."""
    bare = TAIL.sub("", name)
    if len(bare) < 2:
        bare = name.removesuffix("自治区")  # 内蒙古, whose people are part of the name
    return bare


def child(code: str, name: str) -> str | None:
    """Find the area of a name right below another one: by its whole name, else by how people say it."""
    name = ALIASES.get(name, name)
    codes = below().get(code, ())
    for one in codes:
        if known()[one] == name:
            return one
    wanted = short(name)
    return next((one for one in codes if short(known()[one]) == wanted), None)


def locate(names: Sequence[str]) -> list[str]:
    """Give the codes of a region's names, from the province down, as far as they are known.

    A district written right below its province, or below a city that was renamed, is found in the province's cities.
    """
    codes: list[str] = []
    for name in names:
        here = codes[-1] if codes else ""
        found = child(here, name)
        if found is None and len(codes) == 1:
            below_city = ((city, child(city, name)) for city in below().get(here, ()))
            city, found = next(((city, one) for city, one in below_city if one), (None, None))
            if city:
                codes.append(city)
        if found is None:
            if len(codes) == 1:
                continue  # a city nobody knows; perhaps its district tells
            break
        codes.append(found)
    return codes
