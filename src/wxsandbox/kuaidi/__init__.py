"""kuaidi100, beside WeChat: numbers that are watched, what happens to parcels, and pushes that are signed.

Words: an *account* has a customer number and a key; a *parcel* is a number of a carrier with what happened to it; a
*watch* is somebody's subscription to it, with the salt its pushes are signed with. Not one of WeChat's, so its routes
name no page of WeChat's: they are written from https://api.kuaidi100.com/document/5f0ffa8f2977d50a94e1023c
(subscription, push) and https://api.kuaidi100.com/document/5f0ffb5ebc8da837cbd8aefc (query), 2026-11.
"""

from wxsandbox.kuaidi import api, control, life
from wxsandbox.routes import Part

PART = Part(
    name="kuaidi",
    routes=(*api.ROUTES, *control.ROUTES),
    dues={life.STEP: life.step_due},
    couriers={life.COURIER: life.courier},
)
