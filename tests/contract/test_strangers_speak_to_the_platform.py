"""Strangers play WeChat: their cryptography seals what arrives, their parsers read what the platform answers."""

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import pytest
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import deserialize_reply
from wechatpy.utils import WeChatSigner
from werobot.crypto import MessageCrypt
from werobot.parser import parse_user_msg
from werobot.utils import get_signature

from make.worlds import START, Browser
from tongshang.platform.ids import NIL
from tongshang.platform.work import settle
from tongshang.platform.world import World
from tongshang.wechat import accounts, components
from weixin import replies
from weixin.crypto import MessageCrypt as OurCrypt
from weixin.messages import Said

COMPONENT, ACCOUNT = "wxc0c0c0c0c0c0c0c0", "wxa1a1a1a1a1a1a1a1"
TOKEN, KEY = "platformtoken", "kVJk9sZ0uQe3Yb7TnW5xLr2HcM8pDgFa4oEiXvB1StG"
NOW = str(int(START.timestamp()))
HEAD = f"<ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[oAlice]]></FromUserName><CreateTime>{NOW}"
NAMES = {"MediaId": "media_id", "MusicUrl": "music_url", "HQMusicUrl": "hq_music_url", "ThumbMediaId": "thumb_media_id"}
ITEM = re.compile("(<item>.*?</item>)", re.DOTALL)
TEXT = {"kind": "text", "text": "{{text}}？有的"}
RULES: list[dict[str, Any]] = [
    {"trigger": "follow", "messages": [{"kind": "text", "text": "欢迎 <&> ]]> 常来"}]},
    {"trigger": "scan", "keys": ["door"], "messages": [{"kind": "news", "title": "门口", "url": "https://u.example/"}]},
    {"words": ["人"], "messages": [{"kind": "transfer", "kf_account": "a@gh_1"}]},
    {"words": ["茶"], "messages": [TEXT]},
    {"trigger": "default", "messages": [{"kind": "text", "text": "没听懂"}]},
]


class Wechatpy:
    """wechatpy's half of the encryption, and its own reader of replies."""

    def __init__(self) -> None:
        self.crypto = WeChatCrypto(TOKEN, KEY, COMPONENT)

    def sign(self, *parts: str) -> str:
        """Sign the parts of a query."""
        signer = WeChatSigner()
        signer.add_data(*parts)
        return str(signer.signature)

    def seal(self, plain: str, nonce: str) -> str:
        """Seal a message as WeChat does; the envelope of a reply has what a push needs."""
        return str(self.crypto.encrypt_message(plain, nonce, NOW))

    def read(self, envelope: dict[str, str]) -> dict[str, Any]:
        """Open and read a reply."""
        parts = (envelope["MsgSignature"], envelope["TimeStamp"], envelope["Nonce"])
        plain = self.crypto.decrypt_message(envelope, *parts)
        if "<item>" in str(plain):
            # Its own reader breaks on news with a single article (xmltodict gives no list): two are the same to us.
            plain = ITEM.sub(r"\1\1", str(plain))
        said = deserialize_reply(plain)
        names = ("content", "media_id", "image", "voice", "title", "description", "articles", *NAMES.values())
        read = {name: getattr(said, name) for name in names if getattr(said, name, None)}
        for name in ("image", "voice"):
            if name in read:
                read["media_id"] = read.pop(name)
        if "articles" in read:
            read["articles"] = read["articles"][:1]
        return {"type": said.type, "to": said.target, **read}


class Werobot:
    """WeRoBot's half of the encryption, and its parser, which reads anything in WeChat's XML."""

    def __init__(self) -> None:
        self.crypto = MessageCrypt(TOKEN, KEY, COMPONENT)

    def sign(self, *parts: str) -> str:
        """Sign the parts of a query."""
        return str(get_signature(parts[0], parts[1], parts[2], *parts[3:]))

    def seal(self, plain: str, nonce: str) -> str:
        """Seal a message as WeChat does."""
        return str(self.crypto.encrypt_message(plain, NOW, nonce))

    def read(self, envelope: dict[str, str]) -> dict[str, Any]:
        """Open and read a reply."""
        parts = (envelope["TimeStamp"], envelope["Nonce"], envelope["MsgSignature"], envelope["Encrypt"])
        said = parse_user_msg(self.crypto.decrypt_message(*parts))
        fields = vars(said)
        read: dict[str, Any] = {"type": said.type, "to": said.target}
        if said.type == "text":
            read["content"] = said.content
        for part in ("Image", "Voice", "Video", "Music"):
            for name, value in fields.get(part, {}).items():
                read[NAMES.get(name, name.lower())] = value
        if said.type == "news":
            item = fields["Articles"]["item"]
            names = {"title": "Title", "description": "Description", "image": "PicUrl", "url": "Url"}
            read["articles"] = [{ours: item[theirs] or "" for ours, theirs in names.items()}]
        return read


def fields_of(xml: str) -> dict[str, str]:
    """Read the envelope with the one XML reader both SDKs use."""
    import xmltodict

    return dict(xmltodict.parse(xml)["xml"])


class WeChat:
    """WeChat's servers, whose every byte is a stranger's."""

    def __init__(self, stranger: Wechatpy | Werobot, url: str, http: aiohttp.ClientSession) -> None:
        self.stranger, self.http = stranger, http
        self.address, self.count = f"{url}/wechat/messages/{ACCOUNT}", 0

    async def push(self, kind: str, inner: str, *, number: int = 0) -> tuple[int, str]:
        """Push one message or event; what was answered, unread."""
        self.count += 1
        nonce = f"nonce{self.count}"
        tail = "" if kind == "event" else f"<MsgId>{number or 24_000_000_000_000_000 + self.count}</MsgId>"
        plain = f"<xml>{HEAD}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{inner}{tail}</xml>"
        sealed = fields_of(self.stranger.seal(plain, nonce))
        query = {
            "signature": self.stranger.sign(TOKEN, NOW, nonce), "timestamp": NOW, "nonce": nonce,
            "openid": "oAlice", "encrypt_type": "aes", "msg_signature": sealed["MsgSignature"],
        }  # fmt: skip
        body = f"<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[{sealed['Encrypt']}]]></Encrypt></xml>"
        async with self.http.post(self.address, params=query, data=body.encode()) as answer:
            return answer.status, await answer.text()

    async def hear(self, kind: str, inner: str) -> dict[str, Any]:
        """Push something and read the answer; `success` is an answer that says nothing."""
        status, answer = await self.push(kind, inner)
        assert status == 200, answer
        return {} if answer == "success" else self.stranger.read(fields_of(answer))


@pytest.fixture(params=[Wechatpy, Werobot])
async def wechat(
    request: pytest.FixtureRequest, world: World, merchant: UUID, url: str, owner: Browser
) -> AsyncIterator[WeChat]:
    """A merchant's account that has authorized the platform, and a rule for every kind of answer."""
    async with world.tx(NIL) as tx:
        await components.configure(tx, appid=COMPONENT, secret="s" * 32, token=TOKEN, aes_key=KEY)
    async with world.tx(merchant) as tx:
        await accounts.authorize(tx, appid=ACCOUNT, component=COMPONENT, permissions=[1, 2, 3])
    status, _ = await owner("PUT", "/api/console/welcome", {"enabled": False})
    assert status == 200
    for rule in RULES:
        words = [{"how": "contains", "text": word} for word in rule.get("words", [])]
        body = {"name": "规则", "trigger": "keyword", **rule, "words": words}
        status, made = await owner("PUT", f"/api/console/replies/{uuid4()}", body)
        assert status == 200, made
    async with aiohttp.ClientSession() as http:
        yield WeChat(request.param(), url, http)


async def facts(world: World, merchant: UUID) -> list[str]:
    async with world.tx(merchant) as tx:
        sql = "select array(select kind from fact where merchant_id = $1 and kind like 'wechat.%' order by id)"
        return [kind for kind in await tx.value(sql, merchant) if kind != "wechat.account_authorized"]


async def test_a_whole_conversation(wechat: WeChat, world: World, merchant: UUID) -> None:
    hear = wechat.hear
    seen = await hear("event", "<Event><![CDATA[subscribe]]></Event><EventKey><![CDATA[qrscene_door]]></EventKey>")
    assert seen == {"type": "text", "to": "oAlice", "content": "欢迎 <&> ]]> 常来"}
    seen = await hear("event", "<Event>SCAN</Event><EventKey>door</EventKey><Ticket>t</Ticket>")
    (card,) = seen.pop("articles")
    assert (seen["type"], card["title"], card["url"]) == ("news", "门口", "https://u.example/")
    seen = await hear("text", "<Content><![CDATA[有茶吗]]></Content>")
    assert seen == {"type": "text", "to": "oAlice", "content": "有茶吗？有的"}
    nothing = {"type": "text", "to": "oAlice", "content": "没听懂"}
    place = "<Location_X>30.25</Location_X><Location_Y>120.1</Location_Y><Scale>15</Scale><Label>龙井村</Label>"
    assert await hear("location", place) == nothing
    assert await hear("image", "<PicUrl>http://p/1.jpg</PicUrl><MediaId>m1</MediaId>") == nothing
    assert await hear("voice", "<MediaId>m2</MediaId><Format>amr</Format>") == nothing
    assert await hear("event", "<Event>LOCATION</Event><Latitude>30.25</Latitude><Longitude>120.1</Longitude>") == {}
    assert await hear("event", "<Event>VIEW</Event><EventKey>http://u/</EventKey><MenuId>1</MenuId>") == {}
    assert await hear("event", "<Event>unsubscribe</Event><EventKey></EventKey>") == {}
    await settle(world)
    kinds = await facts(world, merchant)
    assert len(kinds) == 9, kinds
    assert {"wechat.followed", "wechat.unfollowed", "wechat.said"} <= set(kinds)


async def test_a_hand_over_to_customer_service(wechat: WeChat) -> None:
    status, answer = await wechat.push("text", "<Content>找人</Content>")
    assert status == 200
    if isinstance(wechat.stranger, Werobot):
        assert wechat.stranger.read(fields_of(answer))["type"] == "transfer_customer_service"
    else:
        plain = wechat.stranger.crypto.decrypt_message(
            fields_of(answer), *(fields_of(answer)[name] for name in ("MsgSignature", "TimeStamp", "Nonce"))
        )
        assert fields_of(plain)["TransInfo"] == {"KfAccount": "a@gh_1"}


async def test_the_same_message_three_times_has_one_answer(wechat: WeChat, world: World, merchant: UUID) -> None:
    said = [await wechat.push("text", "<Content>茶</Content>", number=24_000_000_000_000_777) for _ in range(3)]
    read = [wechat.stranger.read(fields_of(answer)) for status, answer in said if status == 200]
    assert read == [{"type": "text", "to": "oAlice", "content": "茶？有的"}] * 3
    await settle(world)
    assert await facts(world, merchant) == ["wechat.said"]


async def test_the_address_is_verified_and_a_wrong_hand_is_refused(wechat: WeChat) -> None:
    query = {"timestamp": NOW, "nonce": "n", "signature": wechat.stranger.sign(TOKEN, NOW, "n"), "echostr": "echo"}
    async with wechat.http.get(wechat.address, params=query) as answer:
        assert (answer.status, await answer.text()) == (200, "echo")
    wechat.stranger.crypto.token = "guessed"
    status, answered = await wechat.push("text", "<Content>茶</Content>")
    assert (status, "callback.forged" in answered) == (401, True)


@pytest.mark.parametrize("stranger", [Wechatpy, Werobot])
def test_every_kind_of_answer_is_read(stranger: type[Wechatpy | Werobot]) -> None:
    said = Said("gh_1", "oAlice", int(NOW))
    music = {"title": "茶歌", "description": "d", "url": "http://m/", "hq_url": "http://m/hq", "thumb_media_id": "t"}
    written = {
        "image": replies.passive_media(said, "image", "i1", now=int(NOW)),
        "voice": replies.passive_media(said, "voice", "v1", now=int(NOW)),
        "video": replies.passive_video(said, "f1", title="采茶", description="春", now=int(NOW)),
        "music": replies.passive_music(said, replies.Music(**music), now=int(NOW)),
    }
    reader, crypt = stranger(), OurCrypt(TOKEN, KEY, COMPONENT)
    read = {}
    for kind, reply in written.items():
        sealed = replies.seal_reply(crypt, reply, timestamp=int(NOW), nonce="n", random16=bytes(16))
        read[kind] = reader.read(fields_of(sealed.decode()))
        assert (read[kind].pop("type"), read[kind].pop("to")) == (kind, "oAlice")
    assert read["image"] == {"media_id": "i1"}
    assert read["voice"] == {"media_id": "v1"}
    assert read["video"] == {"media_id": "f1", "title": "采茶", "description": "春"}
    urls = {"music_url": "http://m/", "hq_music_url": "http://m/hq", "thumb_media_id": "t"}
    assert read["music"] == {"title": "茶歌", "description": "d", **urls}
