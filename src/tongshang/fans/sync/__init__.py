"""Follower sync: the whole list of followers read from WeChat, in pieces, so that a kill in the middle costs a piece.

A run has phases: the tags, the people, the blacklist, and those who are gone. Where it is stands in its row, so any
worker can go on with it. What the list says and what events say is decided by WeChat's own times.
"""
