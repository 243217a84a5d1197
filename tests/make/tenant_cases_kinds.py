"""How the operations on tickets and codes are asked for."""

from make.asking import GONE, Case, gone, shopper

KINDS: dict[str, Case] = {
    "count_codes": gone(product_id="product_of_card"), "list_codes": gone(variant_id="card"),
    "withdraw_code": gone(code_id="code_spare"),
    "add_codes": gone({"codes": ["TEA-PARTY-3"]}, variant_id="card"),
    "list_tickets": Case(), "get_ticket": gone(code="ticket_code"),
    "use_ticket": gone({"count": 1}, code="ticket_code", use_id="new_ticket_use"),
    "undo_ticket_use": gone(code="ticket_code", use_id="ticket_use"),
    "list_my_tickets": shopper(), "read_my_codes": shopper(GONE, order_id="order_of_card"),
    "reveal_my_codes": shopper(GONE, order_id="order_of_card"),
}  # fmt: skip
