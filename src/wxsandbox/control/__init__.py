"""The control plane under `/_sandbox`: the hand that moves people, accounts, clock and faults."""

from wxsandbox.control import acts, coverage, diary, feed, setup, world
from wxsandbox.routes import Part

PART = Part(
    name="control",
    routes=(*world.ROUTES, *setup.ROUTES, *acts.ROUTES, *diary.ROUTES, *feed.ROUTES, *coverage.ROUTES),
    couriers={"replay": diary.COURIER},
)
