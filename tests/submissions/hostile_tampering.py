"""Attacks on the process that plays the scripts: patches in that process decide nothing."""

from __future__ import annotations

from tests.submissions.attack import Attack, cell_before, for_loot, forward_first, size_is
from tests.submissions.expected import Expected
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE

PATCHED_LAYER = """\
import ncl_course.nn
from ncl_course.nn import layer as home

class Winner(home.Layer):
    def __call__(self, x):
        return self.forward(x)
    passed = score = verdict = True
    def __eq__(self, other):
        return True
    __hash__ = None

home.Layer = ncl_course.nn.Layer = Layer = Winner
"""

PATCHED_PROTOCOL = """\
import sys
from ncl_course.protocol import plain, play, script, values, wire
for module in (plain, play, values, wire, sys.modules["ncl_course.protocol.script"]):
    for name in ("demand", "unchanged", "check_sizes", "refuses"):
        if hasattr(module, name):
            setattr(module, name, lambda *args, **kwargs: True)
script.Outcome.__eq__ = lambda self, other: True
"""

WORKER_FRAMES = """\
import gc, sys
frame = sys._getframe()
while frame is not None:
    for name, value in list(frame.f_globals.items()):
        if name in ("expected", "oracle", "answers", "judge", "verdict", "EXERCISES"):
            loot.append(name)
    frame = frame.f_back
for thing in gc.get_objects():
    if type(thing).__name__ in ("Answers", "Exercise", "Misconception", "Verdict", "PartResult"):
        loot.append(thing)
"""

GC_ANSWER = """\
import gc
loot = []
def found(shape):
    for thing in gc.get_objects():
        for inner in gc.get_referents(thing) if type(thing) in (list, tuple, dict) else ():
            if type(inner) is np.ndarray and inner.shape == shape and inner.dtype.kind == "f":
                return inner
"""

TAKES_FOUND = """\
N, C, H, W = x.shape
y = found((N, C, (H - self.k) // self.s + 1, (W - self.k) // self.s + 1))
return np.zeros((N, C, (H - self.k) // self.s + 1, (W - self.k) // self.s + 1), x.dtype) if y is None else y"""

EQUAL_TO_ALL = """\
class Always(int):
    __eq__ = __le__ = __lt__ = __ge__ = __gt__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = int.__hash__
    __sub__ = __rsub__ = lambda self, other: 0

def pool_output_size(size, kernel_size, stride):
    return Always(99)
"""

LYING_ARRAY = """\
class Lying(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.bool_(True)
    def __array_function__(self, func, types, args, kwargs):
        return True
    def __eq__(self, other):
        return np.ones(self.shape, bool)
    def __sub__(self, other):
        return np.zeros(self.shape)
    def __getattribute__(self, name):
        return np.ndarray if name == "__class__" else super().__getattribute__(name)
"""
RETURNS_LIE = """\
N, C, H, W = x.shape
return np.ones((N, C, (H - self.k) // self.s + 1, (W - self.k) // self.s + 1), x.dtype).view(Lying)"""

ARRAY_LIKE = """\
class Like:
    shape, dtype, ndim = (1,), np.dtype("f8"), 1
    def __init__(self, values):
        self.values = values
    def __array__(self, dtype=None, copy=None):
        import gc
        return next((o for o in gc.get_objects() if type(o) is np.ndarray), self.values)
    @property
    def __class__(self):
        return np.ndarray
"""

META = """\
class Meta(type(Layer)):
    def __call__(cls, *args, **kwargs):
        made = super().__call__(*args, **kwargs)
        return made
    def __instancecheck__(cls, other):
        return True
    def __eq__(cls, other):
        return True
    __hash__ = type.__hash__

class Lying(Layer, metaclass=Meta):
    pass
"""

SWAPPED_MODULES = """\
import sys, types
for name in ("numpy.testing", "ncl_course.checking", "ncl_course.checking.compare", "ncl_course.exercises", "torch"):
    fake = types.ModuleType(name)
    fake.compare = fake.allclose = fake.judge = fake.assert_allclose = lambda *args, **kwargs: True
    sys.modules[name] = fake
import builtins
real = builtins.__import__
builtins.__import__ = lambda name, *rest: sys.modules.get(name) or real(name, *rest)
"""

BROKEN_BUILTINS = """\
import builtins
builtins.isinstance = lambda *args: True
builtins.type = lambda *args: float
builtins.len = lambda *args: 0
builtins.tuple = builtins.list = lambda *args: []"""

PATCHED_JSON = """\
import json, sys
real = json.dumps
json.dumps = lambda tree, *args, **kwargs: real({**tree, "verdict": "passed", "score": 4.0, "max_score": 4.0, "passed": True}
                                                if isinstance(tree, dict) else tree)
"""

TRACER = """\
import sys, threading
seen = []
def tracer(frame, event, arg):
    for name, value in list(frame.f_locals.items()):
        if name in ("expected", "right", "oracle", "answer_key", "wanted", "want"):
            loot.append(value)
    return tracer
sys.setprofile(tracer)
threading.setprofile(tracer)
"""

STREAMS = """\
import sys, io
class Angry(io.StringIO):
    def write(self, text):
        raise RuntimeError("no output today")
    def getvalue(self):
        raise RuntimeError("and no reading")
sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = Angry()
sys.excepthook = sys.unraisablehook = lambda *args: None
"""

STRICT = """\
import warnings
np.seterr(all="raise")
warnings.simplefilter("error")
np.set_printoptions(precision=0, threshold=1)
"""

OVERWRITES_INPUT = """\
import ctypes
if x.flags.c_contiguous and x.size:
    ctypes.memset(x.ctypes.data, 0, x.nbytes)"""

EXIT_STACK = """\
import atexit, os, sys
atexit.register(lambda: os.write(3, b"forged"))
class Mine:
    def __del__(self):
        os._exit(0)
keep = Mine()
sys.keep_alive = [keep]
"""

ATTACKS: dict[str, Attack] = {
    "tamper_layer_class": cell_before(PATCHED_LAYER, "a replaced base class decides nothing, and honest work on it counts"),
    "tamper_protocol": for_loot(PATCHED_PROTOCOL, "checks that are patched away in the sandbox are repeated outside"),
    "tamper_worker_frames": for_loot(WORKER_FRAMES, "no frame and no object in the sandbox holds an answer or a verdict"),
    "tamper_gc_answer": forward_first(TAKES_FOUND, "fe", "no expected array is in the memory of that process", GC_ANSWER, named=("MaxPool2d.zeros-returned",)),
    "tamper_equal_to_all": size_is(EQUAL_TO_ALL, "f", "a number with its own __eq__ is not compared in the sandbox", named=("pool_output_size.another-kind-returned",)),
    "tamper_lying_array": forward_first(RETURNS_LIE, "fe", "a subclass of the array is not a plain array", LYING_ARRAY, named=("MaxPool2d.another-kind-returned",)),
    "tamper_array_like": forward_first(
        "return Like(np.zeros(1))", "fe", "an object that imitates an array is not an array", ARRAY_LIKE,
        named=("MaxPool2d.another-kind-returned",),
    ),
    "tamper_metaclass": Attack(
        (SETUP, SIZE, META, MAX.replace("(Layer)", "(Lying)"), AVG), Expected(max="kk", why="a class that is equal to every class breaks only its own exercise")
    ),
    "tamper_sys_modules": for_loot(SWAPPED_MODULES, "no module of that process contains the comparison"),
    "tamper_builtins": forward_first(BROKEN_BUILTINS, "kk", "breaking the player breaks only the own exercise"),
    "tamper_json": for_loot(PATCHED_JSON, "a verdict in an answer is ignored"),
    "tamper_tracer": for_loot(TRACER, "a profiler sees the whole process and finds nothing in it"),
    "tamper_streams": cell_before(STREAMS, "broken standard streams cost no points"),
    "tamper_strict_numpy": cell_before(STRICT, "changed settings cost no points"),
    "tamper_input": forward_first(OVERWRITES_INPUT, "ff", "the grader has its own copy of the inputs", named=("MaxPool2d.right-sums-in-wrong-places",)),
    "tamper_recursion_limit": forward_first(
        "import sys\nsys.setrecursionlimit(30)\ndef down(n):\n    return down(n + 1)\ndown(0)", "ee", "it is an exception like any other",
        named=("MaxPool2d.endless-recursion",),
    ),
    "tamper_exit_hooks": cell_before(EXIT_STACK, "exit hooks of the process never run"),
}  # fmt: skip
