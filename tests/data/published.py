"""A small CIFAR-10 in the real binary format, and a local server that publishes it."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

from ncl_course.data.download import Source

FOLDER = "cifar-10-batches-bin"
NAMES = (*(f"data_batch_{number}.bin" for number in range(1, 6)), "test_batch.bin")
RECORDS = 20
FILE = "cifar-10-binary.tar.gz"


def batch(number: int, records: int = RECORDS) -> tuple[np.ndarray, np.ndarray]:
    """Return images (N, 3, 32, 32) and labels of one file; the first pixel identifies the image and its file."""
    rng = np.random.default_rng(number)
    images, labels = rng.integers(0, 256, (records, 3, 32, 32), np.uint8), rng.integers(0, 10, records, np.uint8)
    images[:, 0, 0, 0], images[:, 0, 0, 1] = number, np.arange(records)
    return images, labels


def binary(images: np.ndarray, labels: np.ndarray) -> bytes:
    """Return a file in the authors' format: <1 x label><3072 x pixel>, red, green, blue, each row by row."""
    return b"".join(
        bytes([label]) + red.tobytes() + green.tobytes() + blue.tobytes()
        for label, (red, green, blue) in zip(labels.tolist(), images, strict=True)
    )


def files() -> dict[str, bytes]:
    """Return the archive's files by name, including those that are never read."""
    contents = {f"{FOLDER}/{name}": binary(*batch(number)) for number, name in enumerate(NAMES)}
    return {f"{FOLDER}/readme.html": b"<html>", f"{FOLDER}/batches.meta.txt": b"airplane\n", **contents}


def archive(contents: dict[str, bytes] | None = None) -> bytes:
    """Return a tar.gz of those files, always the same bytes: without the time that gzip would write into it."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        folder = tarfile.TarInfo(FOLDER)
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
        for name, content in (files() if contents is None else contents).items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return gzip.compress(made.getvalue(), compresslevel=1, mtime=0)


def cut_inside(content: bytes) -> bytes:
    """Return a complete gzip file whose tar ends half-way."""
    tar = gzip.decompress(content)
    return gzip.compress(tar[: len(tar) // 2])


def sha256(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


class Server:
    """The served file, and the number of requests for it."""

    def __init__(self, content: bytes) -> None:
        self.content, self.sent, self.status, self.asked = content, len(content), 200, 0
        self.base = ""

    def source(self, known_hash: str | None = None) -> Source:
        return Source("CIFAR-10", f"{self.base}/{FILE}", known_hash or sha256(self.content), 162)


@contextmanager
def serving(content: bytes) -> Iterator[Server]:
    """Serve one file on the loopback interface, or only ``sent`` bytes of it, whatever its announced length."""
    served = Server(content)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked += 1
            self.send_response(served.status)
            self.send_header("Content-Length", str(len(served.content)))
            self.end_headers()
            self.wfile.write(served.content[: served.sent])

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    served.base = f"http://127.0.0.1:{server.server_port}"
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
