"""Reporting to WeChat how orders were shipped, for accounts whose money it holds until it was told.

Words: a *report* is what WeChat is told of one payment; a *correction* is its one repetition.
"""
