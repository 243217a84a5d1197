"""Tags, remarks and the blacklist: what a merchant notes of people, the same here and at WeChat.

What is changed here is promised in a row, carried to WeChat by a reaction, and then holds; what is changed there comes
with the follower sync. A *task* is one such change to many people, with its progress.
"""
