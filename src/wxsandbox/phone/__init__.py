"""The phone: a WeChat to look at, one host per person, with WeChat's own JS-SDK file running on a bridge to it."""

from wxsandbox.phone import addresses, codes, jssdk, pages
from wxsandbox.routes import Part

PART = Part(name="phone", routes=(*pages.ROUTES, *codes.ROUTES, *jssdk.ROUTES, *addresses.ROUTES))
