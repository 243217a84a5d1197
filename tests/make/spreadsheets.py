"""Sheets of goods as a merchant makes them, and what he does with them in the console."""

import io
from typing import Any
from uuid import uuid4

from make.worlds import Browser
from tongshang.catalog.sheets import writing
from tongshang.catalog.sheets.columns import COLUMNS
from tongshang.platform.work import settle
from tongshang.platform.world import World

CONSOLE = "/api/console"
ZH = {column.key: column.zh for column in COLUMNS}


def written(lines: list[list[Any]], kind: Any = "xlsx") -> bytes:
    """Write lines of cells as a file of one sheet."""
    file = io.BytesIO()
    out = writing.writer(file, kind)
    out.sheet("商品")
    for line in lines:
        out.row(line)
    out.close()
    return file.getvalue()


def sheet(rows: list[dict[str, Any]], kind: Any = "xlsx") -> bytes:
    """Write a sheet with just the columns that its rows name, by their Chinese names."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    return written([[ZH[key] for key in keys], *([row.get(key) for key in keys] for row in rows)], kind)


async def bring(owner: Browser, world: World, data: bytes, name: str = "goods.xlsx") -> str:
    path = f"{CONSOLE}/product-sheets/{uuid4()}"
    for _ in range(2):  # a double click brings it once
        status, made = await owner("PUT", path, data={"file": io.BytesIO(data)})
        assert status == 202, (name, made)
    await ended(owner, world, path, "checking")
    return path


async def ended(owner: Browser, world: World, path: str, state: str) -> dict[str, Any]:
    """Let what is given back for a moment be taken up again until it is over."""
    for _ in range(20):
        await settle(world)
        if (found := (await owner("GET", path))[1])["state"] != state:
            break
    return dict(found)


async def items(owner: Browser, path: str, state: str = "") -> list[dict[str, Any]]:
    return list((await owner("GET", f"{path}/items?limit=100&state={state}"))[1]["items"])


async def confirm(owner: Browser, world: World, path: str, **how: Any) -> dict[str, Any]:
    status, answer = await owner("PUT", f"{path}/confirmation", how)
    assert status == 202, answer
    return await ended(owner, world, path, "applying")
