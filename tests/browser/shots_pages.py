"""Which pages there are to take pictures of, and how each is reached."""

from dataclasses import dataclass

# The console's pages of a merchant: name and address. Braces are filled with ids that the API lists.
CONSOLE = {
    "overview": "/",
    "orders": "/orders",
    "order": "/orders/{order}",
    "presale-order": "/orders/{presold}",
    "local-order": "/orders/{local}",
    "tracked-order": "/orders/{tracked}",
    "shipping": "/shipping",
    "after-sales": "/after-sales?states=all",
    "case": "/after-sales/{case}",
    "after-sales-statistics": "/after-sales/statistics",
    "after-sales-settings": "/after-sales/settings",
    "refunds": "/refunds",
    "tickets": "/tickets",
    "pickups": "/pickups",
    "products": "/products",
    "product-sheets": "/products/sheets",
    "product-groups": "/product-groups",
    "pictures": "/media",
    "reviews": "/reviews",
    "invoices": "/invoices",
    "product": "/products/{product}",
    "presale": "/products/{presale}",
    "ticket": "/products/{ticket}",
    "categories": "/categories",
    "fans": "/fans",
    "fan": "/fans/{fan}",
    "tags": "/tags",
    "insights": "/insights",
    "conversations": "/conversations",
    "conversation": "/conversations/{fan}",
    "desk": "/desk",
    "notices": "/notices",
    "promotions": "/promotions",
    "promotion": "/promotions/00000000-0000-7000-8000-000000000001?new=full",
    "calculator": "/calculator",
    "coupons": "/coupons",
    "codes": "/codes",
    "stock": "/stock",
    "stock-moves": "/stock/moves",
    "stock-counts": "/stock/counts",
    "home": "/home",
    "freight": "/freight",
    "search-settings": "/search-settings",
    "shop": "/shop",
    "wechat": "/wechat",
    "own": "/wechat/own",
    "journal": "/journal",
    "mini-programs": "/mini-programs",
    "health": "/health",
    "welcome": "/welcome",
    "replies": "/replies",
    "menu": "/menu",
    "broadcasts": "/broadcasts",
    "broadcast": "/broadcasts/00000000-0000-7000-8000-000000000001",
    "articles": "/articles",
    "archive": "/articles?at=published",
    "comments": "/comments",
    "article": "/articles/00000000-0000-7000-8000-000000000001",
    "materials": "/materials",
    "reconciliation": "/reconciliation",
    "bill": "/reconciliation/{day}",
    "settlements": "/settlements",
    "ledger": "/ledger",
    "statement": "/ledger?account=cash_at_wechat",
    "stored-value": "/stored-value",
    "sharing": "/sharing",
    "payouts": "/payouts",
    "wallet": "/stored-value/{holder}",
    "pay": "/pay",
    "pay-application": "/pay/application",
    "staff": "/staff",
    "audit": "/audit",
    "data-exports": "/data-exports",
    "jobs": "/jobs",
    "account": "/account",
}
# A page of one thing has no empty state: without the thing there is no page. A new product is an empty form.
ONE_THING = {
    "order", "presale-order", "local-order", "tracked-order", "case", "presale", "ticket", "fan", "conversation",
    "bill", "wallet", "account",
}  # fmt: skip
NEW_PRODUCT = "/products/00000000-0000-7000-8000-000000000001?new=1"
PROVIDER = {
    "merchants": "/merchants",
    "component": "/component",
    "platform-journal": "/provider-journal",
    "arbitrations": "/arbitrations",
    "applyments": "/applyments",
    "provider-pay": "/provider-pay",
    "arbitration": "/arbitrations/{merchant}/{called}",
    "workers": "/workers",
    "provider-audit": "/provider-audit",
}
STORE = {
    "index": "",
    "category": "category/category",
    "search": "search/search",
    "product": "product/product?id={product}",
    "presale": "product/product?id={presale}",
    "cart": "cart/cart",
    "checkout": "checkout/checkout?variant={variant}&quantity=1",
    "waiting": "waiting/waiting?id={line}",
    "paid": "paid/paid?id={order}",
    "orders": "orders/orders",
    "order": "order/order?id={order}",
    "presale-order": "order/order?id={presold}",
    "local-order": "order/order?id={local}",
    "tracked-order": "order/order?id={tracked}",
    "refunded-order": "order/order?id={refunded}",
    "me": "me/me",
    "addresses": "addresses/addresses",
    "address": "address/address",
    "review": "review/review?id={reviewed}",
    "coupons": "coupons/coupons",
    "tickets": "tickets/tickets",
    "wallet": "wallet/wallet",
    "payouts": "payouts/payouts",
    "after-sale": "aftersale/aftersale?id={order}",
    "after-sales": "aftersales/aftersales",
    "invoice": "invoice/invoice?id={order}",
    "issued-invoice": "invoice/invoice?id={invoiced}",
    "refunds": "aftersales/aftersales?show=refunds",
    "case": "case/case?id={case}",
}
# What a new shop, or a person who has never bought, sees nothing on.
STORE_EMPTY = (
    "index", "category", "search", "cart", "orders", "addresses", "coupons", "tickets", "wallet", "after-sales",
    "refunds",
)  # fmt: skip


@dataclass(frozen=True)
class Shot:
    """One picture: a page in one language, at one width, in one state."""

    language: str
    width: int
    page: str
    state: str = "loaded"

    @property
    def name(self) -> str:
        """The picture's name; the loaded state is the one that needs no word."""
        tail = "" if self.state == "loaded" else f"-{self.state}"
        return f"{self.language}-{self.width}-{self.page}{tail}"
