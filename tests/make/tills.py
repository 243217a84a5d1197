"""A shop that is paid: a world and a simulator that share one clock, a merchant with keys, people with wallets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import wxsandbox
from make import worlds
from tongshang.payments import accounts, charges, ledger, paying
from tongshang.payments.model import Charge, Mode
from tongshang.platform.work import settle
from tongshang.platform.world import World
from wxsandbox.client import Sandbox
from wxsandbox.pay import merchants, notices, orders
from wxsandbox.pay.rows import PayOrder

START = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # ten in the morning in Shanghai
APPID, SP_APPID = "wx00000000000000a1", "wx00000000000000a9"
WINDOW = timedelta(minutes=30)


class BoxClock:
    """The simulator's clock, read in the same process."""

    def __init__(self, box: wxsandbox.Box) -> None:
        self.box = box

    def now(self) -> datetime:
        """Say the world's time, in UTC."""
        return datetime.fromtimestamp(self.box.clock.now(), UTC)


class Shop:
    """One merchant at the till, WeChat behind it, and people in front of it."""

    def __init__(self, world: World, box: wxsandbox.Box, sandbox: Sandbox, merchant: UUID, url: str) -> None:
        self.world, self.box, self.sandbox, self.merchant, self.url = world, box, sandbox, merchant, url
        self.made: dict[str, Any] = {}

    def id(self) -> UUID:
        """Make an id."""
        return UUID(int=self.world.rng.getrandbits(128))

    async def open_account(self, *, mode: str = "public_key", partner: bool = False, **more: Any) -> dict[str, Any]:
        """Have a merchant number at the simulator, and its keys in the platform."""
        self.made = await self.number(mode=mode, partner=partner, **more)
        await self.save_account(self.made, sub=self.made.get("sub_mchid", ""), mode=mode)
        return self.made

    async def number(self, *, mode: str = "public_key", partner: bool = False, **more: Any) -> dict[str, Any]:
        """Have a merchant number at the simulator alone."""
        appids = [APPID, SP_APPID] if partner else [APPID]
        made = dict(await self.sandbox.call("POST", "/merchants", {"appids": appids, "mode": mode, **more}))
        if partner:
            below = await self.sandbox.call("POST", "/merchants", {"appids": [APPID], "partner": made["mchid"]})
            made["sub_mchid"] = below["mchid"]
        return made

    async def save_account(self, made: dict[str, Any], *, sub: str = "", mode: str = "public_key") -> None:
        """Put numbers and keys into the platform, as the console does."""
        public = mode != "certificate"
        async with self.world.tx(self.merchant) as tx:
            await accounts.save(
                tx,
                mode=Mode.PARTNER if sub else Mode.DIRECT,
                mchid=made["mchid"],
                appid=APPID,
                sub_mchid=sub,
                sp_appid=SP_APPID if sub else "",
                serial=made["serial"],
                public_key_id=made["public_key_id"] if public else "",
            )
            await accounts.save_keys(
                tx,
                private_key_pem=made["private_pem"],
                apiv3_key=made["apiv3_key"],
                public_key_pem=made["platform_public_pem"] if public else "",
            )

    async def person(self, name: str = "lily") -> str:
        """Have somebody with a wallet; gives the openid at our account."""
        await self.sandbox.call("POST", "/people", {"name": name, "nickname": name})
        return str((await self.sandbox.call("POST", f"/people/{name}/payer", {"appid": APPID}))["openid"])

    async def charge(self, fen: int = 8800, *, name: str = "lily", window: timedelta = WINDOW) -> Charge:
        """Ask somebody for an amount."""
        openid = await self.person(name)
        subject = self.id()
        async with self.world.tx(self.merchant) as tx:
            return await charges.open(
                tx,
                charge_id=self.id(),
                subject=subject,
                amount_fen=fen,
                description="明前龙井, 100g\n礼盒",
                payer_openid=openid,
                expires_at=tx.now + window,
            )

    async def prepare(self, charge: Charge) -> dict[str, str]:
        """Have the parameters for the cashier."""
        return await paying.prepare(self.world, self.merchant, charge=charge.id)

    async def pay(self, bill: dict[str, str], *, name: str = "lily") -> dict[str, Any]:
        """Pay at the cashier, with the right password."""
        answer = await self.sandbox.call("POST", f"/people/{name}/pay", {**bill, "password": "123456"})
        return dict(answer)

    async def sell(self, fen: int = 8800, *, name: str = "lily") -> Charge:
        """Ask, pay, and let everybody hear of it."""
        charge = await self.charge(fen, name=name)
        assert (await self.pay(await self.prepare(charge), name=name))["result"] == "ok"
        await self.settle()
        return await self.look(charge)

    async def look(self, charge: Charge) -> Charge:
        """Read a charge again."""
        async with self.world.tx(self.merchant) as tx:
            return await charges.get(tx, charge=charge.id)

    async def settle(self) -> None:
        """Let every notice that is due arrive, and every job that is due be done."""
        for _ in range(50):
            await self.box.scheduler.settle()
            if not await settle(self.world):
                return

    async def wait(self, seconds: float, *, steps: int = 1) -> None:
        """Let world time pass, in steps, with everything due done at each."""
        for _ in range(steps):
            await self.box.scheduler.advance_to(self.box.clock.now() + seconds / steps)
            await self.settle()

    async def wait_until(self, moment: datetime) -> None:
        """Let world time pass up to a moment."""
        await self.box.scheduler.advance_to(moment.timestamp())
        await self.settle()

    async def all(self, sql: str, *args: Any) -> list[dict[str, Any]]:
        """Read rows of the merchant's."""
        async with self.world.database.system.acquire() as connection:
            return [dict(row) for row in await connection.fetch(sql, self.merchant, *args)]

    async def facts(self, kind: str) -> list[dict[str, Any]]:
        """Read the facts of a kind, oldest first."""
        rows = await self.all("select data from fact where merchant_id = $1 and kind = $2 order by id", kind)
        return [row["data"] for row in rows]

    async def parked(self) -> list[str]:
        """List what the worker gave up on, or failed at."""
        sql = "select kind || ': ' || last_error as why from job where merchant_id = $1 and last_error is not null"
        return [row["why"] for row in await self.all(sql)]


@asynccontextmanager
async def open_shop(database_url: str, var: Path, *, start: datetime = START, seed: int = 1) -> AsyncIterator[Shop]:
    """Open a simulator, a platform served over real HTTP, and a merchant."""
    async with wxsandbox.serve(start=start, seed=seed) as box, Sandbox(box.url) as sandbox:
        port, wx = worlds.free_port(), worlds.simulator_bases(box.url)
        async with (
            worlds.open_world(database_url, var, clock=BoxClock(box), wx=wx, port=port, seed=seed) as world,
            worlds.serving(world, port) as url,
        ):
            merchant = await worlds.make_merchant(world)
            yield Shop(world, box, sandbox, merchant, url)
            await asyncio.sleep(0)


async def balances(shop: Shop) -> dict[str, int]:
    """Read the trial balance, which must agree with itself; accounts with nothing in them are left out."""
    async with shop.world.tx(shop.merchant) as tx:
        trial = await ledger.trial_balance(tx)
    assert trial.agrees
    assert sum(one.balance_fen for one in trial.balances) == 0
    return {one.account: one.balance_fen for one in trial.balances if one.balance_fen}


def told(shop: Shop, resource: dict[str, Any], *, event: str = "TRANSACTION.SUCCESS") -> None:
    """Have WeChat tell something in a notice that is well signed and sealed."""
    caller = merchants.one(shop.box, shop.made["mchid"])
    what = "notice" if event.startswith("TRANSACTION") else "refund-notice"
    url = f"{shop.world.settings.public_url}/wechat/pay/{shop.merchant.hex}/{what}"
    notices.send(shop.box, caller, event=event, url=url, resource=resource)


async def seen(shop: Shop, number: str) -> dict[str, Any]:
    """Read how WeChat sees an order, as its notice would say."""
    (row,) = [row for row in shop.box.table(PayOrder) if row.out_trade_no == number]
    return orders.view(row)
