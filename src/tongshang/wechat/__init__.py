"""WeChat: the third-party platform, the accounts that authorized it, their tokens, and what WeChat tells us.

Words: the *component* is our third-party platform; an *account* is a merchant's Official Account; a *promise* is an
authorization we asked for, a *grant* the code WeChat gave for it; the *vault* keeps tokens; the *inbox* keeps pushes.
Publishes AccountAuthorized, AccountWithdrawn, Followed, Unfollowed, Scanned, Said, MenuClicked, Located, OtherPushed.
Speaks to WeChat for everybody: `calls.post(world, merchant, path, json)`.
"""
