"""Official Accounts: tokens, users, QR codes, menus, messages both ways, web OAuth, JS tickets."""

from wxsandbox.mp import (
    articles,
    base,
    broadcasts,
    crowd,
    custom,
    datacube,
    drafts,
    materials,
    media,
    menus,
    messages,
    oauth_api,
    oauth_pages,
    publishing,
    qrcodes,
    quotas,
    shortkeys,
    tags,
    users,
)
from wxsandbox.routes import Part

PART = Part(
    name="mp",
    routes=(
        *base.ROUTES, *users.ROUTES, *qrcodes.ROUTES, *menus.ROUTES, *custom.ROUTES, *oauth_pages.ROUTES,
        *oauth_api.ROUTES, *media.ROUTES, *materials.ROUTES,
        *articles.ROUTES, *drafts.ROUTES, *publishing.ROUTES, *broadcasts.ROUTES,
        *tags.ROUTES, *shortkeys.ROUTES, *datacube.ROUTES, *crowd.ROUTES,
        *quotas.ROUTES,
    ),
    dues={**publishing.DUES, **broadcasts.DUES},
    couriers={"message": messages.COURIER},
)  # fmt: skip
