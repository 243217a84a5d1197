"""Presales: a deposit when the order is placed, the balance within a window later, and then the goods.

Words: the *deposit* (定金) is the order's first charge, the *balance* (尾款) its second. With the deposit paid, the
order holds its stock until the balance is paid. When it is not paid in time, the order closes and the deposit stays
with the merchant, who may give it back. Publishes DepositPaid and BalanceOpened; reacts to both when the time has come.
"""
