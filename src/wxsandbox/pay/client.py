"""WeChat Pay in the Python client: merchants and lies for the sandbox, cashier and wallet for a phone."""

from abc import ABC, abstractmethod
from typing import Any


class PayHand(ABC):
    """What a `Sandbox` can do with WeChat Pay. Money is fen."""

    @abstractmethod
    async def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Call the control plane."""

    @abstractmethod
    async def fault(self, on: str, effect: str, **fields: Any) -> str:
        """Put a fault rule in force; returns its id."""

    async def merchant(self, **fields: Any) -> dict[str, Any]:
        """Create a merchant (mchid, name, appids, mode, partner, rate, ...); returns it with its keys."""
        return dict(await self.call("POST", "/merchants", fields))

    async def merchant_now(self, mchid: str) -> dict[str, Any]:
        """Read a merchant: keys, settings, balance_fen."""
        return dict(await self.call("GET", f"/merchants/{mchid}"))

    async def set_merchant(self, mchid: str, **fields: Any) -> dict[str, Any]:
        """Change settings: appids, rate, refund_seconds, refund_outcome, public_key_share, ..."""
        return dict(await self.call("PUT", f"/merchants/{mchid}", fields))

    async def rotate_certificate(self, mchid: str) -> dict[str, Any]:
        """Give a merchant one more platform certificate."""
        return dict(await self.call("POST", f"/merchants/{mchid}/certificates"))

    async def transfers(self) -> list[dict[str, Any]]:
        """List merchant transfers, the newest first."""
        return list((await self.call("GET", "/transfers"))["items"])

    async def take_out(self, mchid: str, fen: int) -> int:
        """Take money out of a merchant's balance; returns what is left."""
        return int((await self.call("POST", f"/merchants/{mchid}/withdrawals", {"fen": fen}))["balance_fen"])

    async def end_refund(self, number: str, status: str) -> dict[str, Any]:
        """End a refund (out_refund_no or refund_id) as SUCCESS, ABNORMAL or CLOSED."""
        return dict(await self.call("POST", f"/refunds/{number}/ending", {"status": status}))

    async def lie(
        self,
        mchid: str,
        date: str,
        what: str,
        *,
        number: str = "",
        fen: int = 1,
        bill: str = "trade",
        kind: str = "交易",
    ) -> str:
        """Make a bill of a day (trade, fund) lie: drop, add, double or reprice the line of a number; gives the rule."""
        data = {"date": date, "number": number, "fen": fen, "kind": kind}
        return await self.fault(f"bill:{bill}", f"bill_{what}", appid=mchid, data=data)


class PayPhone(ABC):
    """What a `Phone` can do with WeChat Pay."""

    name: str

    @abstractmethod
    async def act(self, what: str, **fields: Any) -> dict[str, Any]:
        """Do something as this person."""

    @abstractmethod
    async def open(self, url: str) -> Any:
        """Open a page in the phone's browser."""

    @abstractmethod
    async def submit(self, page: Any, fields: dict[str, str]) -> Any:
        """Fill in a page's form."""

    async def openid(self, appid: str) -> str:
        """Return this person's openid at an account, as if they had been there."""
        return str((await self.act("payer", appid=appid))["openid"])

    async def cashier(self, bill: dict[str, str]) -> dict[str, Any]:
        """Open the cashier with the parameters of getBrandWCPayRequest."""
        return await self.act("cashier", **bill)

    async def pay(self, bill: dict[str, str], *, password: str = "123456", outcome: str = "ok") -> dict[str, Any]:  # noqa: S107
        """Pay with the parameters of getBrandWCPayRequest; returns `result` and the page's `err_msg`."""
        return await self.act("pay", **bill, password=password, outcome=outcome)

    async def pay_code(self, code_url: str, *, password: str = "123456", outcome: str = "ok") -> dict[str, Any]:  # noqa: S107
        """Scan a Native code and pay it."""
        return await self.act("pay", code_url=code_url, password=password, outcome=outcome)

    async def pay_h5(self, h5_url: str, *, end: str = "pay", password: str = "123456") -> Any:  # noqa: S107
        """Go through the page of an H5 payment; gives the page the browser ended on."""
        return await self.submit(await self.open(h5_url), {"person": self.name, "password": password, "end": end})

    async def payment_code(self) -> str:
        """Show the code a counter scans; good for a minute."""
        return str((await self.act("payment-code"))["auth_code"])

    async def confirm_payment(self, number: str, *, password: str = "123456") -> dict[str, Any]:  # noqa: S107
        """Type the password for a code payment (out_trade_no) that waits for it."""
        return await self.act(f"payment-requests/{number}", password=password)

    async def leave_cashier(self) -> dict[str, Any]:
        """Leave the cashier without paying."""
        return await self.act("cancel")

    async def collect(self, handed: dict[str, str]) -> dict[str, Any]:
        """Take a transfer with what a page hands to requestMerchantTransfer (mchId, appId, package)."""
        return await self.act("transfer/confirmation", **handed)

    async def set_wallet(self, **fields: Any) -> dict[str, Any]:
        """Change balance_fen, password or card."""
        return await self.act("wallet", **fields)
