"""What the schema does not say of itself: tables without row-level security, tables that stay, columns naming files.

A table with a merchant_id is carried with its merchant unless it stands in `STAYS`; a table without one must stand
there. tests/context/test_holdings.py finds a new table, or a new column of bytes, that nobody thought of.
"""

from collections.abc import Sequence

from tongshang.platform.schema import Table

DIRECTORIES = frozenset(
    ("shop_slug", "staff_login", "login_throttle", "preauth_directory", "account_directory", "inbox", "inbox_bucket",
     "registration_directory", "shelf_version")
)  # fmt: skip
"""Looked up before the merchant is known, or by the whole install: without row-level security, all others have it."""

PROVIDER = "the provider's own; no merchant has a row in it"
PASSING = "good for minutes, and for this install only; who needs one gets a new one"
STAYS = {
    "component": PROVIDER, "component_notice": PROVIDER, "release_answer": PROVIDER, "duty": PROVIDER,
    "worker": PROVIDER, "inbox": "not read yet, so nobody's; what was read is in the journal",
    "inbox_bucket": "how far this install's inbox is read", "login_throttle": "who guessed at log-ins here",
    "staff_session": PASSING, "store_session": PASSING, "invite": PASSING, "login_state": PASSING,
    "login_ticket": PASSING, "once_ask": PASSING, "preauth_directory": PASSING, "authorization_promise": PASSING,
    "authorization_grant": PASSING, "wechat_token": "fetched anew from WeChat",
    "wechat_usage": "counted by WeChat for each account; begins anew", "lent_picture": PASSING,
    "product_search": "made anew from the goods, with words that begin with the merchant's own key",
    "merchant_export": "about files that lie here",
}  # fmt: skip
"""What is not carried to another install, and why."""

STAYING_JOBS = ("moving.%",)
"""Kinds of jobs that are about this install alone."""

FILES = {"applyment_picture": "digest", "material": "sha256", "product_sheet": "digest", "said": "file_sha"}
"""Which column names a kept file by its SHA-256."""

NO_FILES = frozenset(
    ("bill.raw", "authorization_grant.code_hash", "authorization_promise.state_hash", "consent.text_hash",
     "goods_code.hash", "inbox.raw", "invite.secret_hash",
     "invoice_file.data", "login_state.browser_hash", "login_state.state_hash",
     "login_ticket.ticket_hash", "media_file.sha256", "merchant_export.salt", "merchant_export.sha256",
     "mini_registration.digest", "once_ask.state_hash", "orders.asked", "preauth_directory.code_hash",
     "registration_directory.digest", "staff_session.secret_hash", "store_session.token_hash")
)  # fmt: skip
"""Columns of bytes that name no kept file (a picture's files are found by its id)."""


def carried(tables: Sequence[Table]) -> list[Table]:
    """Choose the tables that go with a merchant."""
    return [table for table in tables if table.of_merchants and table.name not in STAYS]
