"""Where the process's environment becomes settings."""

from tongshang.platform.config import Settings, load

__all__ = ["Settings", "load"]
