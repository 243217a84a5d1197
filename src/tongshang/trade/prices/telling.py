"""Why it costs what it costs: each step for the customer, for the clerk, and for whoever has to find out."""

from collections.abc import Callable, Mapping, Sequence

from tongshang.platform.money import yuan
from tongshang.trade.model import BasketLine, Reason, Share
from tongshang.trade.prices import words
from tongshang.trade.prices.players import FREIGHT, ITEM, Player
from tongshang.trade.prices.rules import Kind, Promotion
from tongshang.trade.prices.search import Taken
from tongshang.trade.prices.words import Pair


def kind_of(player: Player) -> str:
    """Name what a player is."""
    if player.promotion is not None:
        return str(player.promotion.kind)
    return "coupon" if player.coupon is not None else "member"


def label(player: Player, step: int = 1) -> Pair:
    """Say to the customer what it was."""
    zh, en = words.NAMES[kind_of(player)]
    if player.coupon is not None:
        return f"{zh}：{player.coupon.name}", f"{en}: {player.coupon.name}"
    promotion = player.promotion
    if promotion is None:
        return zh, en
    if promotion.kind in (Kind.FULL, Kind.PERCENT, Kind.FREE_FREIGHT):
        done_zh, done_en = words.step_terms(promotion.kind, promotion.steps[step - 1], promotion.each)
    elif promotion.kind in (Kind.N_FOR, Kind.NTH):
        done_zh, done_en = words.terms(promotion)
    else:
        done_zh, done_en = promotion.name, promotion.name
    return f"{zh}：{done_zh}", f"{en}: {done_en}"


def rule_of(player: Player) -> str:
    """Give the id of what was declared."""
    if player.promotion is not None:
        return str(player.promotion.id)
    return str(player.coupon.coupon_id) if player.coupon is not None else ""


def reason(taken: Taken, places: Mapping[int, int]) -> Reason:
    """Tell of one benefit; `places` says where each of the engine's lines stands in the basket."""
    player, step = taken.player, taken.worth.step
    zh, en = label(player, step)
    clerk_zh, clerk_en = _clerk(taken)
    facts = {"base_fen": taken.base_fen, "pieces": taken.pieces, "step": step, "times": taken.worth.times}
    if player.phase == ITEM:
        facts = {"pieces": taken.pieces}
    touched = sorted((places[n], -fen) for n, fen in taken.shares.items() if fen)
    return Reason(
        kind_of(player), zh, en, -taken.fen, clerk_zh, clerk_en, rule_of(player), facts, touched,
    )  # fmt: skip


def _clerk(taken: Taken) -> Pair:
    player, fen, count = taken.player, yuan(taken.fen), len(taken.lines)
    pieces, lines = words.counted(taken.pieces, "piece"), words.counted(count, "line")
    if player.phase == ITEM:
        zh, en = label(player)
        return f"{zh}：{taken.pieces} 件按此价，比标价少 {fen} 元。", f"{en}: {pieces}, {fen} yuan less."
    known = player.promotion or player.coupon
    assert known is not None
    if player.coupon is not None:
        term_zh, term_en = words.coupon_terms(player.coupon)
    else:
        assert player.promotion is not None
        term_zh, term_en = _reached(player.promotion, taken)
    base = yuan(taken.base_fen)
    how_zh, how_en = f"减 {fen} 元，按应付金额分摊到 {count} 行", f"takes {fen} yuan off, shared by {lines}"
    if player.phase == FREIGHT:
        how_zh, how_en = f"免运费 {fen} 元", f"{fen} yuan of freight"
    return (
        f"「{known.name}」（{term_zh}）：适用商品 {taken.pieces} 件，按单价计 {base} 元，{how_zh}。",
        f"“{known.name}” ({term_en}): {pieces} at {base} yuan by their prices; {how_en}.",
    )


def _reached(promotion: Promotion, taken: Taken) -> Pair:
    if promotion.steps:
        zh, en = words.step_terms(promotion.kind, promotion.steps[taken.worth.step - 1], promotion.each)
        if len(promotion.steps) > 1:
            zh, en = f"第 {taken.worth.step} 档，{zh}", f"step {taken.worth.step}, {en}"
    else:
        zh, en = words.terms(promotion)
    if taken.worth.times > 1:
        zh, en = f"{zh}，计 {taken.worth.times} 次", f"{en}, {taken.worth.times} times"
    return zh, en


def sharer(taken: Taken) -> Callable[[int], Share]:
    """Tell lines their parts of a benefit; what is the same for all of them is said once."""
    zh, en = label(taken.player, taken.worth.step)
    kind, rule = kind_of(taken.player), rule_of(taken.player)
    return lambda fen: Share(kind, zh, en, -fen, rule)


def added(kind: Kind, promotion: Promotion, line: BasketLine, fen: int, place: int) -> Reason:
    """Tell of a gift or an add-on: its tag is among the goods, and here is what of it need not be paid."""
    zh, en = words.NAMES[kind]
    many = line.quantity
    return Reason(
        kind, f"{zh}：{line.title} ×{many}", f"{en}: {line.title} ×{many}", -fen,
        f"「{promotion.name}」：{line.title} {many} 件，标价 {yuan(line.goods_fen)} 元，减 {yuan(fen)} 元。",
        f"“{promotion.name}”: {many} of {line.title}, tagged {yuan(line.goods_fen)} yuan, {yuan(fen)} yuan off.",
        str(promotion.id), {"pieces": many}, [(place, -fen)],
    )  # fmt: skip


def missing(promotion: Promotion, titles: Sequence[str]) -> Reason:
    """Tell that a gift is gone, before anybody orders because of it."""
    named = "、".join(titles) or promotion.name
    return Reason(
        "gift_gone", f"赠品已送完：{named}", f"No gifts left: {named}", 0,
        f"「{promotion.name}」已达到条件，但赠品没有库存。",
        f"“{promotion.name}” is reached, but its gifts are out of stock.",
        str(promotion.id),
    )  # fmt: skip
