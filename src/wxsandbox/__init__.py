"""A WeChat on a laptop: accounts, the Open Platform, WeChat Pay, and people with phones, over real HTTP.

Usable alone, by anyone who builds for WeChat in any language. It shares no code with what it tests.
"""
