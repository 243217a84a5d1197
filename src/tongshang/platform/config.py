"""Settings: the one place where the process's environment becomes typed values."""

import os
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class WeChatBases:
    """Where WeChat's hosts are; another base than the real one means a simulator."""

    api: str = "https://api.weixin.qq.com"
    open: str = "https://open.weixin.qq.com"
    mp: str = "https://mp.weixin.qq.com"
    pay: str = "https://api.mch.weixin.qq.com"
    res: str = "https://res.wx.qq.com"

    def all_loopback(self) -> bool:
        """Say whether every base is on this machine."""
        return all(is_loopback(url) for url in (self.api, self.open, self.mp, self.pay, self.res))


@dataclass(frozen=True)
class Settings:
    """Everything a process is told from outside."""

    database_url: str = ""
    public_url: str = "http://localhost:8000"
    console_url: str = "http://127.0.0.1:8000"
    # Where stores are, each on a host of its own ("https://$APPID$.wx.example.com"); empty: all on public_url.
    store_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    var: Path = Path("var")
    wx: WeChatBases = field(default_factory=WeChatBases)
    # Who tells where parcels are.
    kuaidi_url: str = "https://poll.kuaidi100.com"
    clock_url: str = ""
    trusted_proxies: tuple[str, ...] = ()
    pool_size: int = 10
    json_logs: bool = False
    # How long what passed between WeChat and us can be looked up and replayed.
    journal_days: int = 30

    @property
    def keys_path(self) -> Path:
        """Where the master keys are."""
        return self.var / "keys" / "master.json"

    @property
    def local(self) -> bool:
        """Say whether the platform is on loopback, where plain http is allowed."""
        return is_loopback(self.public_url)


@lru_cache(maxsize=256)
def is_loopback(url: str) -> bool:
    """Say whether a URL's host is this machine (localhost and everything below it included)."""
    host = urlsplit(url).hostname or ""
    return host in LOOPBACK or host.endswith(".localhost")


def load() -> Settings:
    """Read the settings from the environment; what is not set keeps its default."""
    env = os.environ
    default = Settings()
    bases = WeChatBases()
    return Settings(
        database_url=env.get("DATABASE_URL", default.database_url),
        public_url=env.get("PUBLIC_URL", default.public_url).rstrip("/"),
        console_url=env.get("CONSOLE_URL", default.console_url).rstrip("/"),
        store_url=env.get("STORE_URL", "").rstrip("/"),
        host=env.get("HOST", default.host),
        port=int(env.get("PORT", default.port)),
        var=Path(env.get("TONGSHANG_VAR", default.var)),
        wx=WeChatBases(
            api=env.get("WX_API_BASE", bases.api).rstrip("/"),
            open=env.get("WX_OPEN_BASE", bases.open).rstrip("/"),
            mp=env.get("WX_MP_BASE", bases.mp).rstrip("/"),
            pay=env.get("WX_PAY_BASE", bases.pay).rstrip("/"),
            res=env.get("WX_RES_BASE", bases.res).rstrip("/"),
        ),
        kuaidi_url=env.get("KUAIDI_BASE", default.kuaidi_url).rstrip("/"),
        clock_url=env.get("CLOCK_URL", ""),
        trusted_proxies=tuple(filter(None, map(str.strip, env.get("TRUSTED_PROXIES", "").split(",")))),
        pool_size=int(env.get("POOL_SIZE", default.pool_size)),
        json_logs=env.get("JSON_LOGS", "") == "1",
        journal_days=int(env.get("JOURNAL_DAYS", default.journal_days)),
    )
