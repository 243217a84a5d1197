"""Official Accounts: tokens, users, QR codes, menus, messages both ways, web OAuth, JS tickets."""

from wxsandbox.mp import (
    article_pages,
    base,
    broadcasts,
    comments,
    consents,
    crowd,
    custom,
    datacube,
    drafts,
    kf,
    kf_sessions,
    materials,
    media,
    menus,
    messages,
    oauth_api,
    oauth_pages,
    once,
    order_shipping,
    personal_menus,
    prompts,
    publishing,
    qrcodes,
    quotas,
    shortkeys,
    subscriptions,
    tags,
    templates,
    users,
)
from wxsandbox.routes import Part

PART = Part(
    name="mp",
    routes=(
        *base.ROUTES, *users.ROUTES, *qrcodes.ROUTES, *menus.ROUTES, *personal_menus.ROUTES,
        *custom.ROUTES, *oauth_pages.ROUTES,
        *oauth_api.ROUTES, *media.ROUTES, *materials.ROUTES,
        *article_pages.ROUTES, *comments.ROUTES, *drafts.ROUTES, *publishing.ROUTES, *broadcasts.ROUTES,
        *tags.ROUTES, *shortkeys.ROUTES, *datacube.ROUTES, *crowd.ROUTES,
        *quotas.ROUTES, *templates.ROUTES, *subscriptions.ROUTES, *consents.ROUTES, *prompts.ROUTES, *once.ROUTES,
        *kf.ROUTES, *kf_sessions.ROUTES, *order_shipping.ROUTES,
    ),
    dues={**publishing.DUES, **broadcasts.DUES},
    couriers={"message": messages.COURIER},
)  # fmt: skip
