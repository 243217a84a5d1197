"""How the operations of freight, regions and search are asked for."""

from make.asking import GONE, Case, gone, owns, shopper

RATE = {"first": 1, "first_fen": 800, "more": 1, "more_fen": 200}
SHELF: dict[str, Case] = {
    "list_freight_templates": Case(), "list_regions": Case(), "store_regions": shopper(),
    "put_freight_template": owns({"name": "江浙沪", "rest": RATE}, template_id="new_template"),
    "drop_freight_template": gone(template_id="freight_template"),
    "store_freight": shopper(GONE, query="variant=$variant&region=浙江省,杭州市"),
    "read_address": shopper(body={"text": "小爱 13800000001 浙江省杭州市西湖区龙井路二号"}),
}  # fmt: skip
