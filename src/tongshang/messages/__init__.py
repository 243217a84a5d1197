"""Messages: the welcome, automatic replies, menus, and scene codes.

Words: the *welcome* greets who follows, once; a *reply rule* says what is answered, a *plan* what one push was
answered; a *menu* is edited here and published to WeChat; a *scene code* is a QR code that says where somebody came
from; an *outgoing* message is promised before WeChat is asked.
Publishes MessageSent, MessageNotSent. Reacts to fans who follow, scan, tap and write. Asks campaigns for the gift.
"""
