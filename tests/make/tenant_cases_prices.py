"""How the operations of promotions and of the calculator are asked for."""

from make.asking import GONE, Case, gone, owns, shopper

FULL = {"kind": "full", "name": "满减", "steps": [{"min_fen": 100, "minus_fen": 1}], "per_person": 99}
SUM = {"lines": [{"variant_id": "$variant", "quantity": 1}], "draft": FULL}
PRICES: dict[str, Case] = {
    "list_promotions": Case(), "get_promotion": gone(promotion_id="promotion"),
    "move_promotion": gone({"state": "paused"}, promotion_id="promotion_spare"),
    # From here on the stranger has a promotion of his own under the same id.
    "put_promotion": owns(FULL, promotion_id="promotion"),
    "say_promotion": Case(body=FULL), "calculate_price": Case(GONE, SUM),
    "get_price_policy": Case(), "put_price_policy": Case(body={"members": "followers"}),
    "list_offers": shopper(GONE, product_id="product"),
}  # fmt: skip
