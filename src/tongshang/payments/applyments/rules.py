"""What WeChat asks of whom, what it costs, and how long data is kept: dated data with its source.

Editing a rule is adding an edition; what was sent under an older one stays explained.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from tongshang.payments.applyments.model import Subject

Needs = Literal["none", "may", "must"]


@dataclass(frozen=True)
class Industry:
    """A line of business by WeChat's own name of it, and which licence it has to show."""

    name: str
    en: str
    needs: Needs
    zh_hint: str = ""
    en_hint: str = ""


FOOD = Industry(
    "餐饮",
    "Food and drink",
    "may",
    "请上传《食品经营许可证》《餐饮服务许可证》等；没有许可证时，请在“实体店”中提供门头、店内环境照片。",
    "A food licence; without one, pictures of the shop's front and inside under “Physical shop”.",
)
FRESH = Industry(
    "食品生鲜",
    "Fresh food",
    "may",
    "销售初级农产品无需资质；销售加工食品请上传《食品经营许可证》等。",
    "Nothing for raw farm produce; a food licence for processed food.",
)
CLINIC = Industry(
    "私立/民营医院/诊所", "Private clinic", "must", "《医疗机构执业许可证》", "Licence of a medical institution"
)
DRUGS = Industry(
    "保健器械/医疗器械/非处方药品",
    "Medical devices, OTC drugs",
    "must",
    "《互联网药品交易服务证》《药品经营许可证》或《医疗器械经营企业许可证》",
    "Licence to sell drugs or medical devices",
)
GAMES = Industry(
    "游艺厅/KTV/网吧",
    "Arcade, karaoke, internet café",
    "must",
    "《娱乐场所许可证》或《网络文化经营许可证》",
    "Licence of a place of entertainment",
)
FLIGHTS = Industry(
    "机票/机票代理",
    "Flights",
    "must",
    "《航空公司营业执照》或《航空公司机票代理资格证》",
    "Airline's or agent's licence",
)
PETS = Industry("宠物医院", "Animal clinic", "must", "《动物诊疗许可证》", "Licence to treat animals")
SCHOOL = Industry("教育/培训/考试缴费/学费", "Education", "must", "《办学许可证》", "Licence to run a school")
TRAVEL = Industry("旅行社", "Travel agency", "must", "《旅行社业务经营许可证》", "Travel agency's licence")
RELICS = Industry("文物经营/文物复制品销售", "Antiques", "must", "《文物经营许可证》", "Licence to sell antiques")
AUCTION = Industry(
    "拍卖典当",
    "Auctions, pawnshop",
    "must",
    "《拍卖经营批准证书》或《典当经营许可证》",
    "Auctioneer's or pawnbroker's licence",
)
SHARING = Industry("共享服务", "Sharing services", "must", "资金监管协议", "Agreement on the custody of funds")
RETAIL_SMALL = Industry("零售批发/生活娱乐/其他", "Retail, wholesale, daily life, other", "none")
RETAIL = Industry("零售批发/生活娱乐/网上商城/其他", "Retail, wholesale, online shop, other", "none")


@dataclass(frozen=True)
class Rules:
    """What holds from a day on."""

    since: datetime
    settlement_ids: dict[Subject, str]
    rate_per_myriad: int
    industries: dict[Subject, tuple[Industry, ...]]
    sources: tuple[str, ...]
    # Of a picture that WeChat was handed, how long its name there is used again.
    media_life: timedelta = timedelta(days=1)
    picture_bytes: int = 2 * 1024 * 1024
    # How long what was typed is kept after the end, and how long a draft that nobody touches.
    kept_after_end: timedelta = timedelta(days=30)
    kept_untouched: timedelta = timedelta(days=90)
    keeping: tuple[str, ...] = field(default=())


COMMON = (FOOD, FRESH, CLINIC, DRUGS, GAMES, FLIGHTS, PETS, SCHOOL)
HISTORY = (
    Rules(
        since=datetime(2024, 1, 1, tzinfo=UTC),
        settlement_ids={Subject.INDIVIDUAL: "719", Subject.ENTERPRISE: "716"},
        rate_per_myriad=60,
        industries={
            Subject.INDIVIDUAL: (RETAIL_SMALL, *COMMON),
            Subject.ENTERPRISE: (RETAIL, *COMMON, TRAVEL, RELICS, AUCTION, SHARING),
        },
        sources=(
            # Rates and lines of business, as public projects transcribed the table by 2026-11; ids 719 and 716, 0.6 %.
            "https://pay.weixin.qq.com/doc/v2/partner/4014115425 (费率结算规则对照表, 2026-11)",
            "https://pay.weixin.qq.com/doc/v3/partner/4012719997 (提交申请单, 2026-11)",
            "https://pay.weixin.qq.com/doc/v3/partner/4012760490 (图片上传, 2026-05-09)",
        ),
        keeping=(
            "《个人信息保护法》第十九条、第四十七条 (2021-11-01): no longer than the purpose needs",
            "30 and 90 days: the platform's own choice, 2026-11-23",
        ),
    ),
)


def at(moment: datetime, history: tuple[Rules, ...] = HISTORY) -> Rules:
    """Give the rules in force at a moment."""
    return max((rules for rules in history if rules.since <= moment), key=lambda rules: rules.since)


def industry(rules: Rules, subject: Subject, name: str) -> Industry | None:
    """Find a line of business among those of a kind of subject."""
    return next((one for one in rules.industries[subject] if one.name == name), None)


def pause(*, since_moved: timedelta) -> timedelta:
    """Say how long to wait before asking again: a quarter of how long it has not moved, a minute to two hours.

    A review takes one to three working days, opening half an hour; WeChat allows 15 questions a second (2026-11).
    """
    return min(max(since_moved / 4, timedelta(minutes=1)), timedelta(hours=2))
