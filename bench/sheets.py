"""A sheet of 5,000 goods (SHEET_ROWS) brought in by the worker: new, at other prices, and with half of it wrong."""

import asyncio
import io
import os
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench import cpu
from bench import shop as shops
from bench.stage import Stage, staged
from make.worlds import Browser
from tongshang.catalog.sheets import writing

ROWS = int(os.environ.get("SHEET_ROWS", "5000"))
PASSWORD = "bench-only-1234"
HEAD = ("商品名称", "卖点", "标签", "价格", "库存", "商品编码", "详情")


async def run() -> dict[str, float]:
    """Bring in new goods, the same ones at other prices, and a sheet of which every other row is wrong."""
    async with staged() as stage:
        await shops.opened(stage)
        owner = Browser(f"http://127.0.0.1:{stage.port}")
        try:
            await owner.log_in("tea", PASSWORD)
            found = {"sheet_rows": float(ROWS)}
            for name, data, good in (
                ("fresh", _sheet(price=1_990), ROWS),
                ("changed", _sheet(price=2_990), ROWS),
                ("half", _sheet(price=3_990, wrong=True), ROWS // 2),
            ):
                found |= await _through(stage, owner, name, data, good)
                await stage.known()
            assert await stage.value("select count(*) from product where subtitle = '自产'") == ROWS
            assert await stage.value("select count(*) from product where low_fen = 3990") == ROWS // 2
            found["sheet_worker_most_mb"] = _most_mb(stage.pids["worker"])
            return found
        finally:
            await owner.close()


def _sheet(*, price: int, wrong: bool = False) -> bytes:
    """Write the sheet as the template has it; in a wrong one every other row has a price nobody can read."""
    file = io.BytesIO()
    out = writing.writer(file, "xlsx")
    out.sheet("商品")
    out.row(HEAD)
    for n in range(ROWS):
        fen: Any = "很贵" if wrong and n % 2 else price / 100
        out.row([f"高山云雾茶 {n:05d}", "自产", "春茶，送礼", fen, n % 90, f"YW-{n:05d}", shops.WORDS])
    out.close()
    return file.getvalue()


async def _through(stage: Stage, owner: Browser, name: str, data: bytes, good: int) -> dict[str, float]:
    """Have one sheet looked through and applied; every row is good and done, or named as wrong."""
    path = f"/api/console/product-sheets/{uuid4()}"
    before, began = stage.spent(), time.perf_counter()
    status, answer = await owner("PUT", path, data={"file": io.BytesIO(data)})
    assert status == 202, answer
    looked = await _until(owner, path, "checking")
    seconds = time.perf_counter() - began
    assert (looked["state"], looked["tally"]["good"]) == ("checked", good), looked
    assert looked["tally"].get("bad", 0) == ROWS - good, looked
    began = time.perf_counter()
    assert (await owner("PUT", f"{path}/confirmation", {"skip_bad": True}))[0] == 202
    done = await _until(owner, path, "applying")
    assert (done["state"], done["done"], done["refused"]) == ("done", good, 0), done
    spent = stage.spent() - before
    return {
        f"sheet_{name}_looked_seconds": round(seconds, 1),
        f"sheet_{name}_applied_seconds": round(time.perf_counter() - began, 1),
        f"sheet_{name}_cpu_ms_per_row": round((spent.worker + spent.database) / ROWS * 1000, 2),
    }


async def _until(owner: Browser, path: str, state: str) -> dict[str, Any]:
    while True:
        found: dict[str, Any] = (await owner("GET", path))[1]
        if found["state"] != state:
            return found
        await asyncio.sleep(0.5)


def _most_mb(root: int) -> float:
    """Say how much memory the largest process of a tree has had at most."""
    found = [root, *cpu.children(root)]
    texts = [Path(f"/proc/{pid}/status").read_text() for pid in found]
    return max(int(text.split("VmHWM:")[1].split()[0]) for text in texts) / 1024
