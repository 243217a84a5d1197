"""What a promotion says of itself, in both languages: to merchants in lists, to customers at the shelf and the till."""

from collections.abc import Sequence

from tongshang.platform.money import yuan
from tongshang.trade.prices.rules import Coupon, Kind, Promotion, Step

Pair = tuple[str, str]
NAMES: dict[str, Pair] = {
    Kind.FLASH: ("限时秒杀", "Flash sale"),
    Kind.GROUP: ("客群价", "Group price"),
    Kind.FREE_FREIGHT: ("包邮", "Free freight"),
    Kind.N_FOR: ("一口价", "Set price"),
    Kind.NTH: ("第 N 件优惠", "Nth piece"),
    Kind.PERCENT: ("折扣", "Percent off"),
    Kind.FULL: ("满减", "Full reduction"),
    Kind.GIFT: ("满赠", "Gift"),
    Kind.ADDON: ("加价购", "Add-on"),
    "member": ("会员价", "Member price"),
    "coupon": ("优惠券", "Coupon"),
}


def fold(percent: int) -> Pair:
    """Say what percent is to be paid as Chinese and English shops do: 88 is 8.8 折, 12% off."""
    whole, tenth = divmod(percent, 10)
    return (f"{whole}.{tenth}" if tenth else f"{whole}") + " 折", f"{100 - percent}% off"


def short(fen: int) -> str:
    """Write an amount without needless zeros: 3000 is 30, 1990 is 19.90."""
    return yuan(fen).removesuffix(".00")


def counted(count: int, one: str) -> str:
    """Write a number with its English noun: 1 piece, 2 pieces."""
    return f"{count} {one}" if count == 1 else f"{count} {one}s"


def threshold(step: Step, each: bool = False) -> Pair:
    """Say from when on a step counts."""
    every_zh, every_en = ("每满", "each") if each else ("满", "over")
    if step.min_fen:
        return f"{every_zh} {short(step.min_fen)} 元", f"{every_en} {short(step.min_fen)} yuan"
    if step.min_pieces:
        return f"{every_zh} {step.min_pieces} 件", f"{every_en} {counted(step.min_pieces, 'piece')}"
    return "", ""


def terms(promotion: Promotion) -> Pair:
    """Say what a promotion gives, without its name."""
    each = promotion.each
    match promotion.kind:
        case Kind.FLASH | Kind.GROUP:
            return from_price(promotion.kind, min((one.price_fen for one in promotion.specials), default=0))
        case Kind.N_FOR:
            return (
                f"{promotion.pieces} 件 {short(promotion.price_fen)} 元",
                f"{promotion.pieces} for {short(promotion.price_fen)} yuan",
            )
        case Kind.NTH:
            zh, en = ("半价", "half price") if promotion.percent == 50 else fold(promotion.percent)
            if promotion.percent == 0:
                zh, en = "免费", "free"
            return f"第 {promotion.pieces} 件{zh}", f"piece {promotion.pieces}: {en}"
        case Kind.ADDON:
            low = min((one.price_fen for one in promotion.specials), default=0)
            when_zh, when_en = threshold(promotion.steps[0]) if promotion.steps else ("", "")
            return f"{when_zh}加 {short(low)} 元起换购".strip(), f"{when_en} add on from {short(low)} yuan".strip()
        case _:
            said = [step_terms(promotion.kind, step, each) for step in promotion.steps]
            return "，".join(zh for zh, _ in said), ", ".join(en for _, en in said)


def from_price(kind: Kind, fen: int) -> Pair:
    """Say from which price on there is something at a price of its own."""
    zh = "秒杀价" if kind == Kind.FLASH else "专享价"
    return f"{zh} {short(fen)} 元起", f"from {short(fen)} yuan"


def step_terms(kind: Kind, step: Step, each: bool = False) -> Pair:
    """Say what one step gives."""
    zh, en = threshold(step, each)
    match kind:
        case Kind.FULL:
            return f"{zh}减 {short(step.minus_fen)} 元", f"{short(step.minus_fen)} yuan off {en}".strip()
        case Kind.PERCENT:
            off_zh, off_en = fold(step.percent)
            return f"{zh} {off_zh}".strip(), f"{off_en} {en}".strip()
        case Kind.GIFT:
            return f"{zh}送赠品", f"a gift {en}".strip()
        case _:
            return f"{zh}包邮", f"free freight {en}".strip()


def given(promotion: Promotion, step: Step) -> Pair:
    """Say what reaching a step brings, without its threshold."""
    match promotion.kind:
        case Kind.FULL:
            return f"减 {short(step.minus_fen)} 元", f"{short(step.minus_fen)} yuan off"
        case Kind.PERCENT:
            zh, en = fold(step.percent)
            return f"享 {zh}", en
        case Kind.GIFT:
            return "送赠品", "a gift"
        case Kind.ADDON:
            return "可加价购", "add-ons at a special price"
        case _:
            return "包邮", "free freight"


def coupon_terms(coupon: Coupon) -> Pair:
    """Say what a coupon gives."""
    zh, en = threshold(Step(min_fen=coupon.min_spend_fen))
    if coupon.kind == "minus":
        return f"{zh}减 {short(coupon.minus_fen)} 元", f"{short(coupon.minus_fen)} yuan off {en}".strip()
    off_zh, off_en = fold(coupon.percent)
    cap_zh, cap_en = "", ""
    if coupon.cap_fen is not None:
        cap_zh, cap_en = f"，最多减 {short(coupon.cap_fen)} 元", f", {short(coupon.cap_fen)} yuan at most"
    return f"{zh} {off_zh}{cap_zh}".strip(), f"{off_en} {en}{cap_en}".strip()


STACKS: dict[str, Pair] = {
    "coupons": ("优惠券", "coupons"),
    "promotions": ("其他促销", "other promotions"),
    "member": ("会员价", "member prices"),
    "flash": ("秒杀价", "flash prices"),
}


def stacking(stacks_with: Sequence[str]) -> Pair:
    """Say what may be had beside it."""
    known = [STACKS[word] for word in STACKS if word in stacks_with]
    if not known:
        return "不与其他优惠同享", "not with other benefits"
    return (
        "可与" + "、".join(zh for zh, _ in known) + "同享",
        "together with " + ", ".join(en for _, en in known),
    )


def sentence(promotion: Promotion) -> Pair:
    """Say a whole promotion in one sentence, as the merchant's preview shows it."""
    zh, en = terms(promotion)
    with_zh, with_en = stacking(promotion.stacks_with)
    who_zh, who_en = ("会员专享：", "members only: ") if promotion.members_only else ("", "")
    if promotion.audience:
        who_zh, who_en = f"{who_zh}指定人群：", f"{who_en}for a group: "
    more_zh, more_en = [zh, with_zh], [en, with_en]
    if promotion.per_person is not None:
        more_zh.append(f"每人限 {promotion.per_person} 次")
        more_en.append(f"{counted(promotion.per_person, 'time')} per person")
    return who_zh + "，".join(more_zh), who_en + ", ".join(more_en)
