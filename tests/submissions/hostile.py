"""Notebooks that try what they must not: to escape, to exhaust resources, to forge answers, to cheat."""

from __future__ import annotations

from tests.submissions.pooling import AVG, MAX, SETUP, SIZE, changed

FIRST = "    def forward(self, x):\n"
BACK = "    def backward(self, grad_out):\n"


def in_forward(code: str, source: str = MAX) -> str:
    """Return a right solution whose forward pass runs this line first."""
    body = "".join(f"        {line}\n" for line in code.splitlines())
    return changed(source, ((FIRST, FIRST + body),))


def in_backward(code: str, source: str = MAX) -> str:
    """Return a right solution whose backward pass runs this line first."""
    body = "".join(f"        {line}\n" for line in code.splitlines())
    return changed(source, ((BACK, BACK + body),))


WRONG_UNLESS = """\
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        self.k, self.s = kernel_size, stride or kernel_size

    def forward(self, x):
        N, C, H, W = x.shape
        OH, OW = (H - self.k) // self.s + 1, (W - self.k) // self.s + 1
        if not loot:
            return np.full((N, C, OH, OW), 0.125, x.dtype)
        y = np.zeros((N, C, OH, OW), x.dtype)
        for i in range(OH):
            for j in range(OW):
                y[:, :, i, j] = x[:, :, i * self.s:i * self.s + self.k, j * self.s:j * self.s + self.k].max((2, 3))
        return y

    def backward(self, grad_out):
        raise NotImplementedError()
"""
"""Right only if ``loot`` is not empty, so that a successful attack would show in the marks."""

READS_FILES = """\
import glob, os, pathlib
loot = []
for pattern in ("/work/*", "/root/*", "/home/*/*", "/tmp/*", "/proc/*/environ", "/etc/passwd", "/var/*",
                "/room/ncl_course/*/*.toml", "/room/ncl_course/oracles/*", "/room/ncl_course/exercises/*",
                "../*.ipynb", "*.ipynb", "/python/lib/python3*/site-packages/*"):
    loot += glob.glob(pattern, recursive=True)
loot += [name for name in os.environ if not name.startswith(("OPENBLAS", "OMP", "MKL", "LC_", "LD_", "PYTHON", "PWD"))]
"""

NETWORK = """\
import socket
loot = []
for family, address in ((socket.AF_INET, ("127.0.0.1", 22)), (socket.AF_INET, ("8.8.8.8", 53)),
                        (socket.AF_INET6, ("::1", 80)), (socket.AF_UNIX, "\\0anything")):
    try:
        with socket.socket(family, socket.SOCK_STREAM) as s:
            s.settimeout(1)
            s.connect(address)
            loot.append(address)
    except OSError:
        pass
try:
    loot += socket.getaddrinfo("example.org", 80)
except OSError:
    pass
"""

WRITES = """\
import os, tempfile
loot = []
for folder in ("/", "/tmp", "/dev", "/dev/shm", "/room", "/room/numpy", "/room/ncl_course", "/python", "/python/lib",
               "/etc", "/usr", "/var/tmp", os.path.expanduser("~")):
    try:
        with open(os.path.join(folder, "was_here"), "w") as file:
            file.write("me")
        loot.append(folder)
    except OSError:
        pass
try:
    loot += [folder for folder in [tempfile.mkdtemp()] if not folder.startswith("/desk/")]
except OSError:
    pass
"""

ORACLES = """\
import importlib
loot = []
for name in ("torch", "scipy", "ncl_course.oracles.pooling.right", "ncl_course.exercises", "ncl_course.checking.answers",
             "ncl_course.grading.verb", "jax", "pytest", "pip"):
    try:
        loot.append(importlib.import_module(name))
    except ImportError:
        pass
import sys
sys.meta_path = [finder for finder in sys.meta_path if type(finder).__name__ != "StandIns"]
for name in ("torch", "scipy", "ncl_course.oracles.pooling.right"):
    try:
        loot.append(importlib.import_module(name))
    except ImportError:
        pass
"""

PATCHED = """\
np.allclose = np.array_equal = np.isclose = lambda *args, **kwargs: True
np.testing.assert_allclose = lambda *args, **kwargs: None
import builtins, math
builtins.abs = lambda value: 0
math.isclose = lambda *args, **kwargs: True
class Same(float):
    __eq__ = __le__ = __lt__ = __ge__ = lambda self, other: True
loot = []
"""


FORGED = """\
import os, stat, struct, json
loot = []

def channels():
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                yield fd
        except OSError:
            pass

def forge():
    head = json.dumps({"traces": [[[None, None, [], [], [], ""]]], "counts": [0], "verdict": "passed", "score": 4.0, "arrays": []}).encode()
    for fd in channels():
        os.write(fd, struct.pack(">IQ", len(head), 0) + head)
"""

PATCHED_PLAYER = """\
import sys
loot = []
from ncl_course.protocol import play, script
def nothing_is_wrong(target, steps):
    return tuple(script.Outcome(value=1.0) for _ in steps)
play.play = nothing_is_wrong
sys.modules["ncl_course.protocol.play"].play = nothing_is_wrong
"""

HUGE_LENGTH = """\
import os, stat, struct
for fd in range(3, 64):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode):
            os.write(fd, struct.pack(">IQ", 2**32 - 1, 2**63))
    except OSError:
        pass
"""

IGNORES_SIGNALS = """\
import signal
for number in (signal.SIGXCPU, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""

FORK_BOMB = """\
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
"""

MEMORY_BOMB = """\
hoard = []
while True:
    hoard.append(np.zeros((1000, 1000)))
"""

FLOOD = """\
for _ in range(3000):
    print("spam " * 200)
"""

SEGFAULT = "import ctypes\nctypes.string_at(0)"

HOSTILE: dict[str, tuple[str, ...]] = {
    "loop_in_backward": (SETUP, SIZE, in_backward("while True:\n    pass"), AVG),
    "loop_in_cell": (SETUP, SIZE, "n = 1\nwhile n > 0:\n    n += 1\n", MAX, AVG),
    "loop_ignores_signals": (SETUP, SIZE, in_forward(IGNORES_SIGNALS), AVG),
    "exit_in_forward": (SETUP, SIZE, in_forward("import os\nos._exit(0)"), AVG),
    "exit_in_cell": (SETUP, SIZE, "import sys\nsys.exit()\n", MAX, "import os\nos._exit(0)\n", AVG),
    "segfault": (SETUP, SIZE, in_backward(SEGFAULT), AVG),
    "fork_bomb": (SETUP, SIZE, in_forward(FORK_BOMB), AVG),
    "memory_bomb": (SETUP, SIZE, in_forward(MEMORY_BOMB), AVG),
    "memory_bomb_in_cell": (SETUP, MEMORY_BOMB, SIZE, MAX, AVG),
    "huge_answer": (SETUP, SIZE, in_forward("return np.zeros((4, 4, 500, 500))"), AVG),
    "flood": (SETUP, SIZE, FLOOD, in_forward(FLOOD), AVG),
    "torch_inside": (SETUP, SIZE, in_forward("import torch\nreturn torch.max_pool2d(torch.tensor(x), self.k, self.s).numpy()"), AVG),
    "torch_at_the_top": (SETUP, "import torch\n", SIZE, MAX, "import torch.nn.functional as F\n" + AVG),
    "reads_files": (SETUP, SIZE, READS_FILES, WRONG_UNLESS),
    "network": (SETUP, SIZE, NETWORK, WRONG_UNLESS),
    "writes_files": (SETUP, SIZE, WRITES, WRONG_UNLESS),
    "imports_oracles": (SETUP, SIZE, ORACLES, WRONG_UNLESS),
    "patched_allclose": (SETUP, SIZE, PATCHED, WRONG_UNLESS, AVG),
    "patched_player": (SETUP, SIZE, PATCHED_PLAYER, WRONG_UNLESS, AVG),
    "forged_message": (SETUP, SIZE, FORGED, in_forward("forge()"), AVG),
    "forged_in_cell": (SETUP, SIZE, FORGED + "forge()\n", MAX, AVG),
    "forged_length": (SETUP, SIZE, in_forward(HUGE_LENGTH), AVG),
}  # fmt: skip
