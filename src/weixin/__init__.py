"""The WeChat protocol as a library: signatures, message encryption, tokens, OAuth, WeChat Pay v3.

Usable alone: it knows no database, no tenant and no shop; it reads no clock and makes no random numbers.

- `errors`: WeixinError (errcode, errmsg, rid, retry), Unreachable, PayError (status, code, message, detail,
  request_id), BadSignature (with Stale, UnknownSerial, UnverifiedAnswer), BadMessage
- `transport`: Transport (one HTTP pool), Answer, with_query · `client`: Client.get / .post for all of the API
- `signing`: sha1_signature, check_url_signature, jsapi_signature, card_signature
- `crypto`: MessageCrypt.open / .unseal / .seal · `safexml`: parse, cdata
- `callbacks`: read_push, read_plain_push -> Push(kind, message, fields, raw_xml, dedupe_key, previous_key)
- `messages`: what a push says (Text, Subscribe, Scan, Click, Ticket, Authorized …)
- `replies`: passive_text, passive_news, seal_reply, SUCCESS
- `tokens`: Token(value, expires_in_seconds) · `times`, `money`: WeChat's times and yuan · `legacy`: Pay V2, open data
- `pay`: Merchant, Keys, PayClient.request / .download / .refresh_certificates, verify, pay_sign, read_notice,
  encrypt_field, decrypt_field, load_private_key, load_public_key
- `products.open`: start_push_ticket, component_token, create_preauthcode, query_auth, authorizer_token,
  authorizer_info, authorizer_list, pc_link, phone_link
- `products.mp`: access_token, stable_token, oauth_url, oauth_token, component_oauth_token, userinfo, jsapi_ticket,
  qrcode_create, menu_create, menu_delete, custom_send, user_info
- `products.pay`: jsapi_order, native_order, query, close, refund, query_refund, certificates, trade_bill,
  fund_flow_bill, download_bill, parse_trade_bill, parse_fund_bill, transaction, refund_result
"""
