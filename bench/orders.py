"""The merchant's list of orders among millions (ORDERS, 5,000,000 unless told): how long each look takes.

The orders are copied in, with the indexes made again afterwards; what is measured is the list as the console asks for
it, over HTTP, by a member of staff who is logged in, with its lines, pictures, customers and counts.
"""

import os
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from urllib.parse import quote

import msgspec

from bench import shop as shops
from bench.client import Client
from bench.shop import Shop
from bench.stage import NAME, Stage, staged
from make.worlds import Browser

ORDERS, LOOKS, FANS, GOODS, DAYS = int(os.environ.get("ORDERS", "5000000")), 1_200, 20_000, 200, 730
CORES = os.cpu_count() or 1
PASSWORD = "bench-only-1234"
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华慧建文玲辉红"
FILL_FANS = """insert into fan (merchant_id, id, appid, openid, nickname, subscribed, source, created_at, seen_at)
select '{m}', ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '{appid}', 'o' || lpad(n::text, 27, '0'),
  '茶友' || n, true, 'store', now(), now() from generate_series(1, {fans}) n"""
FILL = """insert into orders (merchant_id, id, number, fan_id, state, delivery, goods_fen, discount_fen, freight_fen,
  total_fen, refunded_fen, coupon_id, explanation, address, remark, asked, placed_at, pay_by, paid_at, shipped_at,
  completed_at, closed_at)
select '{m}', gen_random_uuid(), 1000000 + n,
  ('00000000-0000-4000-8000-' || lpad(to_hex(1 + (n * 7919) % {fans}), 12, '0'))::uuid, s.state, d.delivery,
  f.fen, 0, 0, f.fen, case when n % 97 = 0 and s.state = 'completed' then f.fen else 0 end,
  case when n % 7 = 0 then gen_random_uuid() end, '[]',
  case when d.delivery = 'express' then jsonb_build_object(
    'name', substr('{surnames}', 1 + (n % 30)::integer, 1) || substr('{given}', 1 + (n / 30 % 30)::integer, 1)
      || substr('{given}', 1 + (n / 900 % 30)::integer, 1),
    'phone', '13' || lpad((n * 7907 % 1000000000)::text, 9, '0'), 'region', '["浙江省", "杭州市", "西湖区"]'::jsonb,
    'detail', '龙井路 ' || n % 999 || ' 号') end,
  case when n % 50 = 0 then '请放门卫' else '' end, '', t.at, t.at + interval '15 minutes',
  case when s.state in ('paid', 'shipped', 'completed') then t.at end,
  case when s.state in ('shipped', 'completed') then t.at end, case when s.state = 'completed' then t.at end,
  case when s.state = 'closed' then t.at end
from generate_series({first}::bigint, {last}) n,
  lateral (select case when n > {n} - 200 then 'unpaid' when n > {n} - 3000 then 'paid' when n > {n} - 30000
    then 'shipped' when n % 12 = 0 then 'closed' else 'completed' end as state) s,
  lateral (select case when n % 5 = 0 then 'pickup' else 'express' end as delivery) d,
  lateral (select 900 + (n * 7901 % 90000) as fen) f,
  lateral (select now() - interval '{days} days' * (({n} - n)::float8 / {n}) as at) t"""
FILL_LINES = """insert into order_line (merchant_id, id, order_id, position, product_id, variant_id, title, options,
  unit_price_fen, quantity, goods_fen, discount_fen, paid_fen, refunded_fen)
select o.merchant_id, gen_random_uuid(), o.id, 0, g.product, g.variant, '明前龙井 ' || lpad(g.nth::text, 4, '0'),
  '["100g"]', o.goods_fen, 1, o.goods_fen, 0, o.goods_fen, o.refunded_fen
from orders o join bench_goods g on g.nth = o.number % {goods}
where o.merchant_id = '{m}' and o.number between 1000000 + {first} and 1000000 + {last}"""


async def run() -> dict[str, float]:
    """Fill a shop with orders, and look for some of them one after the other."""
    async with staged() as stage:
        shop = await shops.opened(stage)
        await shops.stocked(shop, count=GOODS, variants=1)
        began = time.perf_counter()
        _fill(stage, shop)
        await stage.known()
        filled = time.perf_counter() - began
        cookie = await _logged_in(stage)
        rng = random.Random(7)
        looks = [one for _ in range(LOOKS // len(list(_paths(rng)))) for one in _paths(rng)]
        found = await _measure(stage, cookie, looks)
        return {"orders_listed": float(ORDERS), "orders_fill_seconds": round(filled, 1), **found}


def _fill(stage: Stage, shop: Shop) -> None:
    """Copy orders in, without their indexes, which are made again at the end."""
    said = {
        "m": shop.merchant, "appid": shop.built.appid, "fans": FANS, "n": ORDERS, "days": DAYS, "goods": GOODS,
        "surnames": SURNAMES, "given": GIVEN,
    }  # fmt: skip
    do = stage.server.psql
    wanted = """select indexdef from pg_indexes where tablename in ('orders', 'order_line')
      and indexname not like '%\\_pk' and indexname <> 'orders_number_once'"""
    again = do(wanted, NAME).splitlines()
    for line in do(wanted.replace("indexdef", "indexname"), NAME).splitlines():
        do(f"drop index {line}", NAME)
    goods = enumerate(shop.goods)
    rows = ", ".join(f"({n}, '{product}'::uuid, '{variants[0]}'::uuid)" for n, (product, variants) in goods)
    do(f"create table bench_goods as select * from (values {rows}) as g(nth, product, variant)", NAME)
    hasty = "set session_replication_role = replica; set synchronous_commit = off; "
    do(hasty + FILL_FANS.format(**said), NAME)
    with ThreadPoolExecutor(CORES) as pool:  # a part each, as one statement takes one core only
        edges = [ORDERS * n // CORES for n in range(CORES + 1)]
        parts = [{**said, "first": low + 1, "last": high} for low, high in pairwise(edges)]
        for sql in (FILL, FILL_LINES):
            list(pool.map(lambda part, sql=sql: do(hasty + sql.format(**part), NAME), parts))
    for sql in again:
        do("set maintenance_work_mem = '512MB'; " + sql, NAME)
    do("vacuum (analyze) orders", NAME)
    do("vacuum (analyze) order_line", NAME)


def _paths(rng: random.Random) -> Iterator[tuple[str, str]]:
    """Look as people do: mostly at what waits, then by what a customer said, then by days and odd filters."""
    number = 1_000_000 + rng.randrange(1, ORDERS)
    name = "".join((rng.choice(SURNAMES), rng.choice(GIVEN), rng.choice(GIVEN)))
    phone = f"13{number * 7907 % 1_000_000_000:09d}"
    day = f"{time.strftime('%Y-%m-%d', time.gmtime(time.time() - rng.randrange(DAYS) * 86_400))}T00:00:00"
    yield "first", ""
    yield "to_ship", "state=to_ship"
    yield "unpaid", "state=unpaid"
    yield "completed", "state=completed"
    yield "number", f"q={number}"
    yield "phone", f"q={phone}"
    yield "tail", f"q={rng.randrange(10_000):04d}"
    yield "name", f"q={quote(name)}"
    yield "surname", f"q={quote(name[:2])}"
    yield "fan", f"q={quote(f'茶友{rng.randrange(FANS)}')}"
    yield "goods", f"q={quote(f'明前龙井 {rng.randrange(GOODS):04d}')}"
    yield "day", f"from={day}"
    yield "days", f"state=completed&to={day}"
    yield "refunded", "refund=all"
    yield "amount", "least_fen=90800&delivery=pickup"
    yield "noted", "noted=true&coupon=true"


async def _logged_in(stage: Stage) -> str:
    browser = Browser(f"http://127.0.0.1:{stage.port}")
    await browser.log_in("tea", PASSWORD)
    cookie = next(one.value for one in browser.session.cookie_jar if one.key == "ts_staff")
    await browser.close()
    return cookie


async def _measure(stage: Stage, cookie: str, looks: list[tuple[str, str]]) -> dict[str, float]:
    """Ask one thing after the other; the first of each kind is not counted, as connections and plans begin cold."""
    took: dict[str, list[float]] = {}
    before = stage.spent()
    async with Client(stage.port) as client:
        client.head = f"host: 127.0.0.1:{stage.port}\r\ncookie: ts_staff={cookie}\r\n"
        for kind, query in looks:
            started = time.perf_counter()
            status, body = await client.send("GET", f"/api/console/orders?{query}&limit=20")
            took.setdefault(kind, []).append((time.perf_counter() - started) * 1000)
            assert status == 200, (query, body)
            msgspec.json.decode(body)
    spent = stage.spent() - before
    every = sorted(one for kind in took.values() for one in kind[5:])
    print("  " + ", ".join(f"{kind} {sorted(ms)[len(ms) * 95 // 100]:.0f}" for kind, ms in took.items()) + " (p95, ms)")
    return {
        "orders_p50_ms": round(every[len(every) // 2], 2),
        "orders_p95_ms": round(every[len(every) * 95 // 100], 2),
        "orders_p99_ms": round(every[len(every) * 99 // 100], 2),
        "orders_cpu_ms": round(spent.platform / len(looks) * 1000, 2),
    }
