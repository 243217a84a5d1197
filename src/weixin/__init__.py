"""The WeChat protocol as a library: signatures, message encryption, tokens, OAuth, WeChat Pay v3.

Usable alone: it knows no database, no tenant and no shop.
"""
