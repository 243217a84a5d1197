"""Fans: people as a merchant knows them, from the first follow to the last refund.

Words: a *fan* is one person at one account; a *session* is a log-in of the store, made by WeChat's OAuth; a *consent*
is an answer to the privacy text, never changed; the *timeline* is everything that happened to a fan.
Publishes FanFollowed, FanUnfollowed, FanScanned, FanSaid, FanTapped, FanEntered, ConsentGiven, ConsentWithdrawn,
AuthorizationRevoked, WechatClosed.
Reacts to what people do at WeChat. Asks higher contexts for the privacy text and for a fan's figures.
"""
