"""The desk: WeChat's own customer service, where people answer in WeChat's program.

WeChat keeps all of it (accounts, invitations, sessions, who waits, what was said); here it is shown and changed.
A reply of the kind `transfer` hands a person over to it (`messages/replies`).
"""
