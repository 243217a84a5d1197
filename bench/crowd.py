"""A crowd with prepared sessions: people who are logged in and have an address, copied in; and wrk, which is them."""

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import msgspec

from bench import cpu
from bench.shop import Shop
from tongshang.trade import quotes
from tongshang.trade.quotes import Wanted

SCRIPT = Path(__file__).parent / "lua" / "order.lua"
THREADS = 2
# The same rows that logging in and keeping an address write, made in the server: nobody waits for 200,000 log-ins.
PEOPLE = """
insert into fan (merchant_id, id, appid, openid, subscribed, source, created_at, seen_at)
select '{merchant}', ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '{appid}', 'bench' || n, false,
  'store', now(), now() from generate_series({first}, {last}) n;
insert into store_session (merchant_id, token_hash, fan_id, created_at, expires_at)
select '{merchant}', sha256(('buyer' || lpad(to_hex(n), 59, '0'))::bytea),
  ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, now(), now() + interval '30 days'
from generate_series({first}, {last}) n;
insert into address (merchant_id, id, fan_id, name, phone, region, detail, is_default, created_at)
select '{merchant}', ('00000000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid,
  ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '张三', '13800000000',
  '["浙江省", "杭州市", "西湖区"]', '龙井路 ' || n || ' 号', true, now() from generate_series({first}, {last}) n;
"""


class Told(msgspec.Struct, frozen=True):
    """What wrk saw: requests, seconds, refusals, broken connections, and latencies in milliseconds."""

    requests: int
    seconds: float
    refused: int
    broken: int
    p50: float
    p99: float
    most: float
    generator_cpu: float = 0.0


@dataclass(frozen=True)
class Crowd:
    """Who buys what: people numbered from 1, one variant, and the price they were shown."""

    shop: Shop
    variant: UUID
    quote_token: str
    total_fen: int

    async def buy(self, *, first: int, buyers: int, seconds: int, connections: int = 256, asks: int = 1) -> Told:
        """Let people order, each under `asks` ids of his own; when all have, wrk knocks idly until the time is over."""
        words = [
            self.shop.path, self.quote_token, str(self.total_fen), str(self.variant), str(first), str(buyers),
            str(asks), str(first),
        ]  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            "wrk", "-t", str(THREADS), "-c", str(connections), "-d", f"{seconds}s", "--timeout", "20s", "--latency",
            "-s", str(SCRIPT), f"http://127.0.0.1:{self.shop.stage.port}", "--", *words,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        before = cpu.own_children()
        said = (await process.communicate())[0].decode()
        found = re.search(r"^@(\{.*\})$", said, re.MULTILINE)
        assert found, said
        told = msgspec.json.decode(found[1], type=Told)
        await asyncio.sleep(1)  # wrk hangs up at the last second; what was asked is still done
        return msgspec.structs.replace(told, generator_cpu=cpu.own_children() - before)


async def gathered(shop: Shop, *, people: int) -> None:
    """Bring `people` people into the shop, numbered from 1."""
    sql = PEOPLE.format(merchant=shop.merchant, appid=shop.built.appid, first=1, last=people)
    await asyncio.to_thread(shop.stage.server.psql, sql, "bench")
    await shop.stage.known()


async def quoted(shop: Shop, variant: UUID) -> Crowd:
    """Quote people what they want: the same price for all."""
    async with shop.stage.world.tx(shop.merchant) as tx:
        fan = UUID("00000000-0000-7000-8000-000000000001")
        made = await quotes.make(tx, fan=fan, wanted=Wanted(variant_id=variant, quantity=1))
    assert not made.problems, made.problems
    return Crowd(shop, variant, made.quote_token, made.price.total_fen)
