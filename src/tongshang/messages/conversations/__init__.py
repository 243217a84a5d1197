"""Conversations: what people say to the account, what it says to them, and a person who answers.

Words: a *contact* is an act that opens a *window* for customer-service messages; a *conversation* is the latest of
what was said, with a mark for what nobody has read; a *service message* is written by staff.
Reacts to what people say and do at WeChat, and to messages that were sent.
"""
