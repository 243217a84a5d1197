"""Automatic replies: rules that merchants write, tried in order; the first that fits answers, once.

The first message goes out as the answer to WeChat's own push when it is ready in time, the others as customer-service
messages after it. What is answered to a push is decided once and written down (*plan*), so that the same push sent
again gets the same answer, and a message answered on the spot is not sent again.
"""
