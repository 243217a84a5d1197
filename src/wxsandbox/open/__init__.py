"""The Open Platform for third-party platforms: tickets, tokens, authorization pages, accounts' grants."""

from wxsandbox.open import (
    account_pages,
    authorizers,
    binding,
    component_api,
    domains,
    fastregister,
    minilinks,
    pages,
    platform_pages,
    registrations,
    release,
    tickets,
    verification,
)
from wxsandbox.routes import Part

PART = Part(
    name="open",
    routes=(
        *component_api.ROUTES,
        *authorizers.ROUTES,
        *pages.ROUTES,
        *platform_pages.ROUTES,
        *account_pages.ROUTES,
        *registrations.ROUTES,
        *binding.ROUTES,
        *fastregister.ROUTES,
        *domains.ROUTES,
        *minilinks.ROUTES,
        *verification.ROUTES,
    ),
    dues={"ticket": tickets.beat, "fastregister": fastregister.lapse},
    couriers={"component": tickets.COURIER, "release": release.COURIER},
    start=tickets.start,
)
