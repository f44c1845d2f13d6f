"""Query running JupyterLabs: one may belong to an environment that is not the notebooks' kernel's."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

SECONDS = 10.0
CONFIG = re.compile(r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', re.DOTALL)


@dataclass(frozen=True)
class Server:
    """One of this user's servers: its address for people, and the address of JupyterLab's page with the token."""

    address: str
    page: str


def servers() -> list[Server]:
    """Return this user's running servers from Jupyter's own list."""
    from jupyter_server.serverapp import list_running_servers

    return [
        Server(found["url"], f"{found['url']}lab?{urlencode({'token': found['token']})}")
        for found in list_running_servers()
    ]


def shows(server: Server, extension: str) -> bool | None:
    """Return whether that JupyterLab's page loads an extension.

    Returns None if that cannot be found out: the server does not answer, asks for a password, or is not a JupyterLab.
    """
    direct = build_opener(ProxyHandler({}))  # the server is on this machine, which a proxy cannot reach
    try:
        with direct.open(server.page, timeout=SECONDS) as reply:
            found = CONFIG.search(reply.read().decode("utf-8", "replace"))
        page = json.loads(found[1]) if found else {}
    except (OSError, HTTPException, ValueError):
        return None
    loaded = page.get("federated_extensions")
    return extension in {known.get("name") for known in loaded} if isinstance(loaded, list) else None
