"""The calls we make, by product: `open` (third-party platform), `mp` (accounts), `pay` (WeChat Pay v3).

Anything else goes through `Client.post` and `PayClient.request` directly.
"""
