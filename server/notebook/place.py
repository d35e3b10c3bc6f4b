"""Where a notebook's browser finds a port of this machine: here, or behind the proxy that the environment tells of."""

from __future__ import annotations

import os
import sys


def proxied(port: int) -> str | None:
    """Return the address of a port as the notebook's browser has to ask for it; None where it is this machine's own.

    It is, in this order: what ``BACKSCOPE_PROXY`` says, with ``{port}`` for the number; what code-server says in
    ``VSCODE_PROXY_URI``; Colab's own; on JupyterHub, the path of jupyter-server-proxy, on whatever host the hub has.

    Parameters
    ----------
    port : int
        On 127.0.0.1.
    """
    given = os.environ.get("BACKSCOPE_PROXY") or os.environ.get("VSCODE_PROXY_URI", "").replace("{{port}}", "{port}")
    if given:
        return given.replace("{port}", str(port)).rstrip("/") + "/"
    colab = sys.modules.get("google.colab.output")
    if colab is not None:
        return str(colab.eval_js(f"google.colab.kernel.proxyPort({port})")).rstrip("/") + "/"
    prefix = os.environ.get("JUPYTERHUB_SERVICE_PREFIX")
    return f"{prefix.rstrip('/')}/proxy/{port}/" if prefix else None
