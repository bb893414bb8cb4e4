"""Everything that differs between machines, read from `OPSTALK_*` environment variables."""

from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from secrets import token_urlsafe

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Defaults run the embedded product on loopback: SQLite, one process each, nothing else to install."""

    model_config = SettingsConfigDict(env_prefix="OPSTALK_", env_file=None)

    var_dir: Path = ROOT / "var"
    database_url: str = ""
    secret_key: str = ""
    rasa_secret: str = ""
    host: str = "127.0.0.1"
    port: int = 8600
    rasa_port: int = 8601
    actions_port: int = 8602
    markets_port: int = 8603
    markets_url: str = Field(
        default="", description="the market sandbox; empty: only accounts of `market_accounts` are reached"
    )
    market_accounts: Path | None = Field(
        default=None, description="JSON with addresses and keys of real market accounts"
    )
    public_url: str = ""
    widget_origins: tuple[str, ...] = Field(
        default=(), description="pages beside our own and loopback that may host the widget: JSON, https://shop.example"
    )
    turn_timeout_seconds: float = 8.0
    plan_minutes: int = Field(default=30, description="a preview may be confirmed for this long")
    demo: bool = Field(default=True, description="serve the demo mall and its identity tokens")
    log_level: str = "WARNING"
    log_json: bool = False

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.var_dir / 'opstalk.db'}"

    @property
    def rasa_url(self) -> str:
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def base_url(self) -> str:
        return self.public_url or f"http://{self.host}:{self.port}"

    def secret(self) -> str:
        """The key that signs tokens; made once and kept in `var/` when none is configured."""
        return self.secret_key or _kept_secret(self.var_dir / "secret")

    def channel_secret(self) -> str:
        """The secret shared by the hub and the Rasa channel."""
        return self.rasa_secret or _kept_secret(self.var_dir / "rasa-secret")


@lru_cache
def _kept_secret(path: Path) -> str:
    """Made whole beside its place and then linked there: of two processes that start at once, one wins, both read it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}-{token_urlsafe(6)}")
        fresh.touch(mode=0o600)
        fresh.write_text(token_urlsafe(48), encoding="ascii")
        with suppress(FileExistsError):
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_text(encoding="ascii").strip()


@lru_cache
def get_settings() -> Settings:
    return Settings()
