"""How the operations of exports are asked for, and the one that the first merchant has."""

from typing import Any

from make.asking import OWN, Case, gone, owns, provider

WORDS = {"passphrase": "铁观音 大红袍 碧螺春 龙井"}
OF_MERCHANT = {"merchant_id": "merchant_written_out"}
MOVING: dict[str, Case] = {
    "list_exports": Case(), "get_export_file": gone(export_id="export"),
    "list_merchant_exports": provider(**OF_MERCHANT),
    "get_merchant_export_file": provider(**OF_MERCHANT, export_id="export"),
    "ask_merchant_export": provider(WORDS, **OF_MERCHANT, export_id="providers_export"),
    "drop_merchant_export": provider(**OF_MERCHANT, export_id="providers_export"),
    "ask_export": owns(WORDS, export_id="new_export"),
    "drop_export": Case(OWN, path={"export_id": "new_export"}),
}  # fmt: skip


async def write_out(stage: Any) -> None:
    """Have the first merchant written out."""
    stage.has["merchant_written_out"] = str(stage.town.merchant)
    for name in ("providers_export", "new_export"):
        stage.fresh(name)
    await stage.do("PUT", f"/data-exports/{stage.fresh('export')}", WORDS)
    await stage.town.settle()
