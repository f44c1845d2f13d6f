"""Start the kernel that JupyterLab offers for a notebook, find out which Python it is, and stop it."""

import json
from typing import Any

from jupyter_client.manager import start_new_kernel

NAME = "python3"  # the kernel in the notebooks' metadata
SECONDS = 90


def main() -> None:
    """Print the answer: the folder of the kernel's environment."""
    manager, client = start_new_kernel(startup_timeout=SECONDS, kernel_name=NAME)
    said: list[str] = []

    def hear(message: dict[str, Any]) -> None:
        said.append(message["content"].get("text", ""))

    try:
        client.execute_interactive("import sys; print(sys.prefix)", timeout=SECONDS, output_hook=hear)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    print(json.dumps({"kernel": NAME, "prefix": "".join(said).strip()}))


if __name__ == "__main__":
    main()
