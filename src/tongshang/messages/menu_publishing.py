"""Publishing menus: what WeChat has, what would change, one step back, and who sees what."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tongshang.fans import people
from tongshang.messages import menus
from tongshang.messages.menus import Button, Menu, Special, wire
from tongshang.messages.welcome import store_url
from tongshang.platform.db import Tx
from tongshang.platform.world import World
from tongshang.tenancy import merchants
from tongshang.wechat import calls
from tongshang.wechat.authorization import permissions
from weixin.products import mp
from weixin.products.mp import menus as wechat

EDITIONS_MOST = 20
PUBLISHED = "update menu set published = $2, published_at = $3 where merchant_id = $1"
SPECIAL_PUBLISHED = "update menu_special set published = $3, wechat_id = $4 where merchant_id = $1 and id = $2"
GONE = "delete from menu_special where merchant_id = $1 and removed"
EDITION = "insert into menu_edition (merchant_id, id, made_at, menus) values ($1, $2, $3, $4)"
EDITIONS = "select id, made_at, menus from menu_edition where merchant_id = $1 order by id desc limit $2"
ONE = "select id, made_at, menus from menu_edition where merchant_id = $1 and id = $2"
FORGET = """delete from menu_edition where merchant_id = $1 and id not in
  (select id from menu_edition where merchant_id = $1 order by id desc limit $2)"""


class Both(msgspec.Struct, frozen=True):
    """The menu for everybody, and those for some."""

    buttons: list[Button]
    special: list[Special]


class Edition(msgspec.Struct, frozen=True):
    """Menus as they were published once."""

    id: UUID
    made_at: datetime
    menus: Both


class Line(msgspec.Struct, frozen=True):
    """One difference between what WeChat has and what would be published."""

    change: str
    menu: str
    name: str
    before: str
    after: str


class Comparison(msgspec.Struct, frozen=True):
    """What WeChat has, and what publishing would change; `foreign`: WeChat's was made elsewhere."""

    on: bool
    lines: list[Line]
    buttons: list[dict[str, Any]]
    special: int


async def draft(tx: Tx) -> tuple[Both, str]:
    """Give the menus as they were last edited, and the address of the store."""
    menu = await menus.get(tx)
    home = store_url(tx, (await merchants.get(tx)).slug)
    return Both(menu.buttons, await menus.specials(tx)), home


async def publish(world: World, merchant: UUID) -> Menu:
    """Publish the menus as they were last edited; an empty one is removed. Raises WeixinError, NoAccount, NotGranted.

    Repeating it is harmless: the personalized menus WeChat has are looked at, and replaced when they are not ours.
    """
    async with world.tx(merchant) as tx:
        await permissions.needs(tx, "menus")
        both, home = await draft(tx)
    if both.buttons:
        wanted = [wire(button, home) for button in both.buttons]
        await calls.ask(world, merchant, lambda client, token: mp.menu_create(client, token=token, buttons=wanted))
        ids = await _publish_special(world, merchant, both.special, home)
    else:
        await calls.ask(world, merchant, lambda client, token: mp.menu_delete(client, token=token))
        ids = {}
    async with world.tx(merchant) as tx:
        await tx.run(PUBLISHED, tx.merchant, both.buttons, tx.now)
        for one in both.special:
            kept = {"buttons": one.buttons, "rule": one.rule()}
            await tx.run(SPECIAL_PUBLISHED, tx.merchant, one.id, kept, ids.get(one.id))
        await tx.run(GONE, tx.merchant)
        plain = [msgspec.structs.replace(one, published=None) for one in both.special]
        await tx.run(EDITION, tx.merchant, tx.new_id(), tx.now, Both(both.buttons, plain))
        await tx.run(FORGET, tx.merchant, EDITIONS_MOST)
        return await menus.get(tx)


async def _publish_special(world: World, merchant: UUID, special: list[Special], home: str) -> dict[UUID, str]:
    found = await calls.ask(world, merchant, lambda client, token: wechat.get(client, token=token))
    there = found.personal if found else []
    wanted = [(one.rule(), [wire(button, home) for button in one.buttons]) for one in special]
    if [(one.rule, bare(one.buttons)) for one in there] == [(rule, bare(buttons)) for rule, buttons in wanted]:
        return {one.id: old.menu_id for one, old in zip(special, there, strict=True)}
    for old in there:
        await _drop(world, merchant, old.menu_id)
    ids: dict[UUID, str] = {}
    # The newest counts first, so the first is made last.
    for one, (rule, buttons) in reversed(list(zip(special, wanted, strict=True))):
        ids[one.id] = await _add(world, merchant, rule, buttons)
    return ids


async def _drop(world: World, merchant: UUID, menu_id: str) -> None:
    await calls.ask(world, merchant, lambda client, token: wechat.delete_personal(client, token=token, menu_id=menu_id))


async def _add(world: World, merchant: UUID, rule: dict[str, str], buttons: list[dict[str, Any]]) -> str:
    return await calls.ask(
        world, merchant, lambda client, token: wechat.add_personal(client, token=token, buttons=buttons, rule=rule)
    )


async def compare(world: World, merchant: UUID) -> Comparison:
    """Say what publishing would change at WeChat. Raises WeixinError, NoAccount."""
    async with world.tx(merchant) as tx:
        both, home = await draft(tx)
    shown = await calls.ask(world, merchant, lambda client, token: wechat.shown(client, token=token))
    found = await calls.ask(world, merchant, lambda client, token: wechat.get(client, token=token))
    lines = differences("", shown.buttons, [wire(button, home) for button in both.buttons])
    there = found.personal if found else []
    old = {one.menu_id: one.buttons for one in there}
    for n, one in enumerate(both.special):
        before = there[n] if n < len(there) else None
        same = before is not None and before.rule == one.rule()
        had = old[before.menu_id] if before is not None and same else []
        lines += differences(one.name, had, [wire(button, home) for button in one.buttons])
    for gone in there[len(both.special) :]:
        lines += differences(f"#{gone.menu_id}", gone.buttons, [])
    return Comparison(shown.on, lines, shown.buttons, len(there))


def differences(menu: str, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[Line]:
    """Compare two menus button by button: added, removed, changed, moved."""
    old, new = _places(before), _places(after)
    lines = [Line("removed", menu, name, _told(old[name]), "") for name in old if name not in new]
    for name, (place, button) in new.items():
        if name not in old:
            lines.append(Line("added", menu, name, "", _told((place, button))))
        elif _does(old[name][1]) != _does(button):
            lines.append(Line("changed", menu, name, _told(old[name]), _told((place, button))))
        elif old[name][0] != place:
            lines.append(Line("moved", menu, name, old[name][0], place))
    return lines


def _places(buttons: list[dict[str, Any]]) -> dict[str, tuple[str, dict[str, Any]]]:
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for n, top in enumerate(bare(buttons)):
        found[top["name"]] = (str(n + 1), top)
        for m, below in enumerate(top.get("sub_button", [])):
            found[f"{top['name']} / {below['name']}"] = (f"{n + 1}.{m + 1}", below)
    return found


def _does(button: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in button.items() if name not in ("name", "sub_button")}


def _told(place: tuple[str, dict[str, Any]]) -> str:
    does = _does(place[1])
    kind = str(does.pop("type", ""))
    return f"{kind} {' '.join(str(value) for value in does.values())}".strip()


def bare(buttons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Write buttons as we would: without the empty lists WeChat adds."""
    return [
        {
            **{name: value for name, value in one.items() if name != "sub_button"},
            **({"sub_button": bare(one["sub_button"])} if one.get("sub_button") else {}),
        }
        for one in buttons
    ]


async def editions(tx: Tx) -> list[Edition]:
    """List menus as they were published, newest first."""
    return await tx.all(Edition, EDITIONS, tx.merchant, EDITIONS_MOST)


async def against(tx: Tx, *, edition_id: UUID) -> list[Line]:
    """Say what taking an edition up again would change in the menus as they were last edited."""
    both, home = await draft(tx)
    edition = (await tx.one(Edition, ONE, tx.merchant, edition_id)).menus
    lines = differences("", _wired(both.buttons, home), _wired(edition.buttons, home))
    # Whom a menu is for says which one it is; that is how WeChat tells them apart, too.
    now = {(one.tag_id, one.platform): one for one in both.special}
    then = {(one.tag_id, one.platform): one for one in edition.special}
    for key in dict.fromkeys([*then, *now]):
        had = now[key].buttons if key in now else []
        gets = then[key].buttons if key in then else []
        lines += differences((then.get(key) or now[key]).name, _wired(had, home), _wired(gets, home))
    return lines


def _wired(buttons: list[Button], home: str) -> list[dict[str, Any]]:
    return [wire(button, home) for button in buttons]


async def restore(tx: Tx, *, edition_id: UUID) -> Menu:
    """Take the menus of an edition up again; WeChat hears of it when they are published."""
    edition = await tx.one(Edition, ONE, tx.merchant, edition_id)
    return await menus.put(tx, buttons=edition.menus.buttons, special=edition.menus.special)


async def seen_by(world: World, merchant: UUID, *, fan_id: UUID) -> tuple[str, list[dict[str, Any]]]:
    """Ask WeChat which menu a fan sees; give its name among ours (empty: everybody's). Raises WeixinError."""
    async with world.tx(merchant) as tx:
        fan = await people.get(tx, fan_id=fan_id)
        both, home = await draft(tx)
    found = await calls.ask(
        world, merchant, lambda client, token: wechat.try_match(client, token=token, user=fan.openid)
    )
    for one in both.special:
        if bare(found) == [wire(button, home) for button in one.buttons]:
            return one.name, found
    return "", found
