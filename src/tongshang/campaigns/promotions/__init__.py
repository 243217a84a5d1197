"""Promotions: what a merchant declares (满减, N 件 M 元, 第二件半价, 打折, 满赠, 加价购, 包邮, 秒杀), and who used it.

Words: a *promotion* is declared data, in draft, on, paused or ended; a *use* is what an order took of one; a *count*
says how often that may be. Prices are reckoned by trade's engine; here the rules are kept, read and counted.
"""
