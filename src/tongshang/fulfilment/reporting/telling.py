"""Reaching out to WeChat: what an order's shipping looks like in its words, and telling it once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from tongshang.fulfilment import carriers, shipments
from tongshang.fulfilment.reporting import reports
from tongshang.fulfilment.reporting.model import R, Reported
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.jobs import Again, Job
from tongshang.platform.world import World
from tongshang.trade import orders
from tongshang.trade.model import Delivery, Order, OrderLine, S
from tongshang.wechat import accounts, calls
from weixin.errors import Unreachable, WeixinError
from weixin.products.mp import shipping
from weixin.products.mp.shipping import Parcel, Report, Way

WAYS = {
    Delivery.EXPRESS: Way.EXPRESS, Delivery.LOCAL: Way.LOCAL, Delivery.PICKUP: Way.PICKUP, Delivery.NONE: Way.VIRTUAL,
}  # fmt: skip
NOT_ALLOWED = (48001, 61007)
KNOWN_WITHIN, PAUSE_SECONDS = timedelta(minutes=10), 60.0
"""A payment that WeChat does not know yet is looked for so long: it says that a minute is enough."""


class NotManaged(Refused):
    """WeChat does not hold this account's money until shipping is reported; nothing has to be."""

    code, status, zh = "shipping.not_managed", 409, "微信没有要求该账号上传发货信息，无需开启。"


class NotGrantedHere(Refused):
    """WeChat does not tell: the account is no mini program, or its authorization lacks permission set 142."""

    code, status = "shipping.not_granted", 409
    zh = "微信不允许查询：该账号不是小程序，或授权缺少发货信息管理权限（权限集 142）。"


async def check(world: World, merchant: UUID, *, enabled: bool) -> bool:
    """Ask WeChat whether the account's shipping has to be reported, and keep it; raises NotManaged when it has not."""
    async with world.tx(merchant) as tx:
        appid = (await accounts.current(tx)).appid
    try:
        managed = await calls.ask(
            world, merchant, lambda client, token: shipping.is_managed(client, token=token, appid=appid)
        )
    except WeixinError as error:
        if error.errcode in NOT_ALLOWED:
            raise NotGrantedHere from None
        raise
    async with world.tx(merchant) as tx:
        await reports.put_setting(tx, enabled=enabled, managed=managed)
    if enabled and not managed:
        raise NotManaged
    return managed


async def report(job: Job, *, report_id: UUID) -> None:
    """Tell WeChat how a payment was shipped; after a crash ask first, for telling twice uses the one correction up."""
    async with job.begin() as tx:
        row = await reports.get(tx, report=report_id)
        made = await _made(tx, row)
        await reports.try_once(tx, report=report_id)
    if row.state != R.DUE:
        async with job.finish():
            return
    try:
        if row.tried_at is None or not await _complete(job, row):
            made = await _named(job, made)
            at = job.world.clock.now()
            await calls.ask(
                job, job.merchant, lambda client, token: shipping.upload(client, token=token, report=made, at=at)
            )
    except Unreachable:
        raise
    except WeixinError as error:
        await _refused(job, row, made, error)
        return
    async with job.finish() as tx:
        await reports.sent(tx, report=report_id, said=said(made))


async def _refused(job: Job, row: Reported, made: Report, error: WeixinError) -> None:
    if error.errcode == shipping.BUSY:
        raise Unreachable(error.errmsg, errcode=error.errcode)
    if error.errcode == shipping.NOT_THERE_YET and job.world.clock.now() < row.due_at + KNOWN_WITHIN:
        raise Again(PAUSE_SECONDS)
    async with job.finish() as tx:
        if error.errcode == shipping.DONE_BEFORE:
            await reports.sent(tx, report=row.id, said=said(made))
        else:
            await reports.refuse(tx, report=row.id, code=error.errcode, words=error.errmsg)


async def _complete(job: Job, row: Reported) -> bool:
    """Say whether WeChat knows already what it is being told for the first time."""
    if row.corrections:
        return False
    number = row.transaction_id
    return await calls.ask(
        job, job.merchant, lambda client, token: shipping.is_complete(client, token=token, transaction_id=number)
    )


async def _named(job: Job, made: Report) -> Report:
    """Put WeChat's own ids in the place of carriers' names."""
    if made.way != Way.EXPRESS:
        return made
    ids = await calls.ask(job, job.merchant, lambda client, token: shipping.carriers(client, token=token))
    parcels = [Parcel(one.goods, ids.get(one.carrier, one.carrier), one.number, one.receiver) for one in made.parcels]
    return Report(made.transaction_id, made.openid, made.way, parcels)


async def _made(tx: Tx, row: Reported) -> Report:
    order = await orders.get(tx, order=row.order_id)
    lines = await orders.lines(tx, order=row.order_id)
    return await as_told(tx, order=order, lines=lines, transaction_id=row.transaction_id, openid=row.openid)


async def as_told(tx: Tx, *, order: Order, lines: list[OrderLine], transaction_id: str, openid: str) -> Report:
    """Say an order's shipping in WeChat's words; carriers still have their names."""
    way, sent = WAYS[order.delivery], await shipments.of_order(tx, order=order.id)
    if order.state == S.CLOSED and not sent:
        way = Way.VIRTUAL  # its goods went back and some of its money did not: nothing is sent any more
    if way != Way.EXPRESS:
        return Report(transaction_id, openid, way, [Parcel(_goods(lines, None))])
    inside = await shipments.contents(tx, order=order.id)
    phone = str((order.address or {}).get("phone") or "")
    masked = f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else ""
    parcels = []
    for one in sent:
        carrier = carriers.named(one.company)
        name = carrier.zh if carrier else one.company
        parcels.append(Parcel(_goods(lines, inside.get(one.id)), name, one.number, masked))
    return Report(transaction_id, openid, way, parcels)


def _goods(lines: list[OrderLine], inside: dict[UUID, int] | None) -> str:
    counts = {line.id: inside.get(line.id, 0) if inside else line.quantity for line in lines}
    text = "；".join(f"{line.title}×{counts[line.id]}" for line in lines if counts[line.id])
    return text[: shipping.LONGEST_GOODS] or "商品"


def said(made: Report) -> dict[str, Any]:
    """Give what was told, to be compared with what holds later: numbers alone, and no person's."""
    found: dict[str, Any] = msgspec.to_builtins({"way": made.way, "numbers": sorted(p.number for p in made.parcels)})
    return found
