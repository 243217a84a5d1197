"""The routes of payments: `console` for staff, `public` for WeChat Pay's notices."""

from litestar.types import ControllerRouterHandler

from tongshang.payments.routes import account, books, notices, reconciliation

console: list[ControllerRouterHandler] = [*account.console, *books.console, *reconciliation.console]
public: list[ControllerRouterHandler] = [*notices.public]

__all__ = ["console", "public"]
