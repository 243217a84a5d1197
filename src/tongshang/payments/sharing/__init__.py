"""Profit sharing: parts of what is paid go to a service provider and to partners, and come back before a refund.

Words: a *receiver* (分账接收方) is a merchant or a person who gets a part by a rule; a *split* (分账单) is what is
shared of one payment; a *share* (分账) is one receiver's part of it; a *return* (分账回退) takes a share back; the
*rest* (剩余资金) is what nobody else gets, held by WeChat until it is set free.

A payment is shared by the rules it was paid under, some days after it was paid; what was refunded until then is not
shared. A refund after that waits until its part of every share is back, or until somebody said that the merchant
bears it. Modules: `model` `rules` (pure) `facts` · `settings` `receivers` (who, how much; telling WeChat) · `splits`
`shares` `splitting` (share, set the rest free) · `returns` `returning` (take back) · `queries` · `reactions`.
"""
