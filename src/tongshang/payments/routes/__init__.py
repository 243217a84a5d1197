"""The routes of payments: `console` for staff, `store` for shoppers, `public` for WeChat Pay's notices."""

from litestar.types import ControllerRouterHandler

from tongshang.payments.payouts import routes as payouts
from tongshang.payments.routes import account, books, mending, notices, reconciliation, sharing

console: list[ControllerRouterHandler] = [
    *account.console,
    *books.console,
    *mending.console,
    *reconciliation.console,
    *payouts.console,
    *sharing.console,
]
store: list[ControllerRouterHandler] = [*payouts.store]
public: list[ControllerRouterHandler] = [*notices.public]

__all__ = ["console", "public", "store"]
