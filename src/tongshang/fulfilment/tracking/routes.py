"""Tracking over HTTP: the merchant's account, asking for a parcel, and what kuaidi100 tells."""

from datetime import datetime
from typing import Annotated
from urllib.parse import parse_qs
from uuid import UUID

import msgspec
from litestar import Response, get, post, put
from litestar.types import ControllerRouterHandler

from tongshang.fans.access import Shopper
from tongshang.fulfilment.tracking import accounts, kuaidi100, tracks, watching
from tongshang.fulfilment.tracking.shown import TrackView, view
from tongshang.platform.errors import NotFound, Refused, TooLarge
from tongshang.platform.web import AnyRequest, world_of
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

MANAGER = {"role": Role.MANAGER}
LARGEST = 512 * 1024
TAKEN = {"result": True, "returnCode": "200", "message": "成功"}


class NotGenuine(Refused):
    """This was not told by kuaidi100."""

    code, status, zh = "tracking.not_genuine", 401, "推送签名不正确。"


class AccountAsked(msgspec.Struct, forbid_unknown_fields=True):
    """An account at kuaidi100; without a key the one that is there stays."""

    customer: str
    enabled: bool
    key: Annotated[str, msgspec.Meta(max_length=200)] = ""


class AccountView(msgspec.Struct):
    """An account as the console shows it: a fingerprint instead of the key."""

    customer: str = ""
    key_print: str = ""
    enabled: bool = False
    problem: str = ""
    updated_at: datetime | None = None


def _account(found: accounts.Account | None) -> AccountView:
    if found is None:
        return AccountView()
    return AccountView(found.customer, found.key_print, found.enabled, found.problem, found.updated_at)


@get("/shop/tracking", operation_id="get_tracking", opt=MANAGER)
async def get_tracking(who: Staff) -> AccountView:
    """Show the account at kuaidi100."""
    async with who.tx() as tx:
        return _account(await accounts.get(tx))


@put("/shop/tracking", operation_id="put_tracking", opt=MANAGER)
async def put_tracking(who: Staff, data: AccountAsked) -> AccountView:
    """Keep the account; what was sent in the last 30 days is tracked from now on, too."""
    async with who.tx() as tx:
        await accounts.put(tx, customer=data.customer, key=data.key, enabled=data.enabled)
        if data.enabled:
            await tracks.want_lately(tx)
        return _account(await accounts.get(tx))


@post("/orders/{order_id:uuid}/shipments/{shipment_id:uuid}/tracking", operation_id="look_for_parcel", status_code=200)
async def look_for_parcel(who: Staff, order_id: UUID, shipment_id: UUID) -> TrackView:
    """Ask kuaidi100 where a parcel is; within half an hour of the last time, say what is known."""
    return view(await watching.look(who.world, who.merchant, order=order_id, shipment=shipment_id))


@post("/orders/{order_id:uuid}/shipments/{shipment_id:uuid}/tracking", operation_id="look_for_my_parcel",
      status_code=200)  # fmt: skip
async def look_for_my_parcel(who: Shopper, order_id: UUID, shipment_id: UUID) -> TrackView:
    """Ask where a parcel of one's own is; within half an hour of the last time, say what is known."""
    found = await watching.look(who.world, who.merchant, order=order_id, shipment=shipment_id, fan=who.fan)
    return view(found)


@post("/kuaidi100/{merchant_hex:str}/{track_hex:str}", operation_id="receive_tracking", status_code=200,
      include_in_schema=False)  # fmt: skip
async def receive_tracking(request: AnyRequest, merchant_hex: str, track_hex: str) -> Response[dict[str, object]]:
    """Take in what kuaidi100 tells of a parcel; anything but this answer makes it tell again."""
    merchant, track = _id(merchant_hex), _id(track_hex)
    body = await request.body()
    if len(body) > LARGEST:
        raise TooLarge(limit=LARGEST)
    form = parse_qs(body.decode("utf-8", "replace"))
    param, sign = form.get("param", [""])[0], form.get("sign", [""])[0]
    async with world_of(request).tx(merchant) as tx:
        found = await tracks.get(tx, track=track)
        if not kuaidi100.genuine(param, tx.unseal(tracks.SALT, found.salt_sealed).decode(), sign):
            raise NotGenuine
        try:
            told = kuaidi100.pushed(param)
        except msgspec.DecodeError:
            raise NotGenuine from None
        await tracks.tell(tx, track=track, told=told)
    return Response(dict(TAKEN))


def _id(text: str) -> UUID:
    try:
        return UUID(hex=text)
    except ValueError:
        raise NotFound from None


console: list[ControllerRouterHandler] = [get_tracking, put_tracking, look_for_parcel]
store: list[ControllerRouterHandler] = [look_for_my_parcel]
public: list[ControllerRouterHandler] = [receive_tracking]
