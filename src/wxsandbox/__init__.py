"""A WeChat on a laptop: accounts, the Open Platform, WeChat Pay, and people with phones, over real HTTP.

Usable alone, by anyone who builds for WeChat in any language. It shares no code with what it tests.
`async with wxsandbox.serve() as box:` starts one; `wxsandbox.client.Sandbox(box.url)` drives it.
"""

from wxsandbox.box import Box
from wxsandbox.server import serve

__all__ = ["Box", "serve"]
