"""How the operations of the order desk are asked for."""

from make.asking import OWN, Case, owns

DESK: dict[str, Case] = {
    "list_orders": Case(), "export_orders": Case(), "list_order_views": Case(),
    "put_order_view": owns({"name": "大单", "filters": {"least_fen": 10_000}}, view_id="order_view"),
    "drop_order_view": Case({404, *OWN}, path={"view_id": "order_view"}),
    "do_orders": Case(OWN, {"action": "memo", "orders": ["$shown"], "memo": "急"}, path={"work_id": "order_work"}),
}  # fmt: skip
