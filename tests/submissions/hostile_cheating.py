"""Attacks on the marks without breaking anything: borrowed, remembered, guessed or missing answers."""

from __future__ import annotations

from tests.submissions.attack import Attack, for_loot, forward_first, size_is

SCIPY = "from scipy.ndimage import maximum_filter\nreturn maximum_filter(x, (1, 1, self.k, self.k))[:, :, ::self.s, ::self.s]"

LIBTORCH = """\
import ctypes, ctypes.util, glob
names = ["libtorch_cpu.so", "libtorch.so", "libc10.so", "libtorch_python.so", "libmkl_rt.so"]
names += glob.glob("/**/libtorch*", recursive=True) + [ctypes.util.find_library("torch") or "libtorch.so.1"]
for name in names:
    try:
        loot.append(ctypes.CDLL(name))
    except OSError:
        pass
"""

PEEKS = """\
import os, socket, stat
def peek():
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                with socket.socket(fileno=os.dup(fd)) as s:
                    yield s.recv(10_000, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except OSError:
            pass
loot = list(peek())
"""

READS_SCRIPTS = """\
import gc, sys
def steal(shape):
    frame = sys._getframe(1)
    while frame is not None:
        for value in frame.f_locals.values():
            for step in value if type(value) in (list, tuple) else ():
                for argument in getattr(step, "args", ()):
                    values = getattr(argument, "values", None)
                    if isinstance(values, np.ndarray) and values.shape == shape:
                        return values
        frame = frame.f_back
"""

KNOWN_INPUTS = """\
KNOWN = {1.0: 7.0}
def recall(x, shape):
    key = float(x.ravel()[0]) if x.size else 0.0
    return np.full(shape, KNOWN.get(key, key), x.dtype)
"""

OUT = "N, C, H, W = x.shape\nshape = (N, C, (H - self.k) // self.s + 1, (W - self.k) // self.s + 1)\n"

PENCIL_ONLY = """\
def pool_output_size(size, kernel_size, stride):
    return {(4, 2, 2): 2, (5, 2, 2): 2, (7, 3, 2): 3, (28, 2, 2): 14, (32, 2, 2): 16}.get((size, kernel_size, stride), 1)
"""

DETECTS = """\
import os, sys
graded = "ipykernel" not in sys.modules or not os.path.exists("/proc") or "standins" in sys.modules
loot = [] if graded else ["nobody looks"]
from ncl_course import check
if not graded:
    check = print
"""

SOURCES = """\
import inspect, linecache, sys, zipimport
for name in list(sys.modules):
    for word in ("max_pool", "torch", "oracle", "def backward"):
        try:
            source = inspect.getsource(sys.modules[name])
        except (OSError, TypeError):
            continue
        if word in source and name.startswith("ncl_course") and word in ("max_pool", "oracle"):
            if name.partition(".")[2].split(".")[0] not in ("nn", "protocol"):
                loot.append(name)
"""

REDUCES = """\
class Bomb:
    def __reduce__(self):
        import os
        return os.system, ("touch /tmp/was_here",)
    def __float__(self):
        return 1.0
"""

ATTACKS: dict[str, Attack] = {
    "cheat_scipy": forward_first(SCIPY, "ee", "SciPy is not available"),
    "cheat_libtorch": for_loot(LIBTORCH, "torch's libraries are not available either"),
    "cheat_peeks_at_channel": for_loot(PEEKS, "nothing is in the channel before a question is sent"),
    "cheat_reads_scripts": forward_first(OUT + "found = steal(shape)\nreturn np.zeros(shape, x.dtype) if found is None else found", "fe", "scripts hold questions, not answers", READS_SCRIPTS, named=("MaxPool2d.zeros-returned",)),
    "cheat_remembers_inputs": forward_first(OUT + "return recall(x, shape)", "fe", "the grader's inputs differ from the notebook's", KNOWN_INPUTS),
    "cheat_table_of_answers": size_is(PENCIL_ONLY, "f", "a table of answers seen in the notebook"),
    "cheat_detects_grader": for_loot(DETECTS, "detecting the grader gains nothing"),
    "cheat_reads_sources": for_loot(SOURCES, "no source file in the sandbox holds an answer"),
    "cheat_nan": forward_first(OUT + "return np.full(shape, np.nan, x.dtype)", "fe", "NaN is equal to nothing"),
    "cheat_objects": forward_first(OUT + "y = np.empty(shape, object)\ny[...] = Bomb()\nreturn y", "fe", "objects cannot be sent, and nothing is unpickled", REDUCES, named=("MaxPool2d.another-kind-returned",)),
    "cheat_complex": forward_first("self.x = x\n" + OUT + "return np.zeros(shape, complex)", "fp", "complex numbers are never an answer", named=("MaxPool2d.dtype-drift",)),
    "cheat_structured": forward_first("return np.zeros(3, [('a', 'f8'), ('b', 'O')])", "fe", "records cannot be sent", named=("MaxPool2d.another-kind-returned",)),
    "cheat_generator": forward_first("return (value for value in x)", "fe", "a generator is not an array", named=("MaxPool2d.another-kind-returned",)),
    "cheat_returns_torch_name": forward_first("tensor = type('Tensor', (), {'numpy': lambda self: x})\nreturn tensor()", "fe", "another library's name on an object", named=("MaxPool2d.another-kind-returned",)),
}  # fmt: skip
