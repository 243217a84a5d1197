"""The Open Platform for third-party platforms: tickets, tokens, authorization pages, accounts' grants."""

from wxsandbox.open import authorizers, component_api, pages, tickets
from wxsandbox.routes import Part

PART = Part(
    name="open",
    routes=(*component_api.ROUTES, *authorizers.ROUTES, *pages.ROUTES),
    dues={"ticket": tickets.beat},
    couriers={"component": tickets.COURIER},
    start=tickets.start,
)
