"""Comments below articles that are out: read at WeChat, featured, answered, deleted; opened and closed.

WeChat pushes nothing when somebody comments, and keeps them itself; so nothing of them is kept here.
"""
