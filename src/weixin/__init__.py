"""The WeChat protocol as a library: signatures, message encryption, tokens, OAuth, WeChat Pay v3.

Usable alone: it knows no database, no tenant and no shop; it reads no clock and makes no random numbers.

- `errors`: WeixinError (errcode, errmsg, rid, retry), Unreachable, PayError (status, code, message, detail,
  request_id), BadSignature (with Stale, UnknownSerial, UnverifiedAnswer), BadMessage
- `transport`: Transport (one HTTP pool), Answer · `client`: Client.get / .post for all of api.weixin.qq.com
- `signing`: sha1_signature, check_url_signature, jsapi_signature, card_signature
- `crypto`: MessageCrypt.open / .unseal / .seal · `safexml`: parse, cdata
- `callbacks`: read_push, read_plain_push -> Push(kind, message, fields, raw_xml, dedupe_key, previous_key)
- `messages`: what a push says (Text, Subscribe, Scan, Click, Ticket, Authorized …)
- `replies`: passive_text, passive_news, seal_reply, SUCCESS
"""
