"""How the operations on log-ins and jobs are asked for, and a second device of the first merchant's owner."""

from typing import Any

from make.asking import Case, gone, provider
from make.worlds import Browser

OF_MERCHANT = {"merchant_id": "merchant_written_out"}
TEAM: dict[str, Case] = {
    "list_my_sessions": Case(), "end_my_session": gone(session_id="other_session"),
    "end_my_other_sessions": Case(),
    "reset_owner": provider(**OF_MERCHANT), "retry_any_job": provider(**OF_MERCHANT, job_id="job_of_any"),
    "list_provider_audit": provider(),
}  # fmt: skip


async def sit_elsewhere(stage: Any) -> None:
    """Have the owner log in at another desk, too."""
    known = {one["id"] for one in await stage.do("GET", "/me/sessions")}
    elsewhere = Browser(stage.town.url)
    try:
        await elsewhere.log_in("owner@tea")
    finally:
        await elsewhere.close()
    (stage.has["other_session"],) = {one["id"] for one in await stage.do("GET", "/me/sessions")} - known
