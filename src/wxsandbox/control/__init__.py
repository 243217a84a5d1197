"""The control plane under `/_sandbox`: the hand that moves people, accounts, clock and faults."""

from wxsandbox.control import acts, coverage, feed, setup, world
from wxsandbox.routes import Part

PART = Part(
    name="control",
    routes=(*world.ROUTES, *setup.ROUTES, *acts.ROUTES, *feed.ROUTES, *coverage.ROUTES),
)
