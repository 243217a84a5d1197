"""How the operations of stock are asked for."""

from typing import Any

from make.asking import OWN, Case, gone, owns

STOCK: dict[str, Case] = {
    "list_stock": Case(), "list_stock_moves": Case(query="variant=$variant"),
    "adjust_stock": gone({"quantity": 1, "note": "补货"}, variant_id="variant"),
    "keep_stock_back": gone({"safety": 1, "warn_at": 2}, variant_id="variant"),
    "list_stock_counts": Case(), "get_stock_count": gone(count_id="stock_count"),
    "put_stock_count_line": gone({"counted": 49}, count_id="stock_count", variant_id="variant"),
    "post_stock_count": gone(count_id="stock_count"),
    "start_stock_count": owns({"note": "月末"}, count_id="new_stock_count"),
    "drop_stock_count": Case(OWN, path={"count_id": "new_stock_count"}),
}  # fmt: skip


async def count_things(stage: Any) -> None:
    """Have a count begun, and something bought that is limited by person."""
    await stage.do("PUT", f"/stock/counts/{stage.fresh('stock_count')}", {"note": "月末"})
    stage.fresh("new_stock_count")
    path = f"/stock/counts/{stage.has['stock_count']}/lines/{stage.has['variant']}"
    await stage.do("PUT", path, {"counted": 50})
