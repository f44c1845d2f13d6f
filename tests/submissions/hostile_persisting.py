"""Attacks on the next exercise and the next student: nothing that a process leaves behind can be found later.

Each exercise has its own process, which first runs all cells. So a cell of these notebooks looks for traces of the
earlier processes, and collects them in ``loot``.
"""

from __future__ import annotations

from tests.submissions.attack import Attack, cell_before, for_loot
from tests.submissions.expected import Expected
from tests.submissions.hostile import in_forward
from tests.submissions.pooling import AVG, MAX, SETUP
from tests.submissions.system_calls import CHANGES_TIMES

FILES = """\
import os, tempfile
for folder in ("/tmp", "/dev/shm", "/var/tmp", "/run", "/room", "/python", "/dev", ".", "/dev/mqueue"):
    path = os.path.join(folder, "left_behind")
    if os.path.exists(path):
        loot.append(path)
    try:
        with open(path, "w") as file:
            file.write("answers for the next one")
    except OSError:
        pass
"""

BYTECODE = """\
import os, sys
poison = b"raise SystemExit"
for folder in [path for path in sys.path if path] + ["/room/ncl_course/protocol", "/room/numpy", "/python/lib/python3.11"]:
    for name in ("sitecustomize.py", "usercustomize.py", "__pycache__/play.cpython-311.pyc", "mine.pth", "numpy.py", "json.py"):
        path = os.path.join(folder, name)
        try:
            with open(path, "xb") as file:
                file.write(poison)
            loot.append(path)
        except OSError:
            pass
"""

SYSV = """\
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
KEY, CREATE = 0x4E434C, 0o1000
loot += ["shared memory"] if libc.shmget(KEY, 0, 0o666) >= 0 else []
loot += ["queue"] if libc.msgget(KEY, 0o666) >= 0 else []
loot += ["semaphore"] if libc.semget(KEY, 1, 0o666) >= 0 else []
libc.shmget(KEY, 4096, CREATE | 0o666), libc.msgget(KEY, CREATE | 0o666), libc.semget(KEY, 1, CREATE | 0o666)
"""

QUEUES = """\
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
try:
    rt = ctypes.CDLL("librt.so.1", use_errno=True)
except OSError:
    rt = libc
for name in (b"/left_behind",):
    if rt.mq_open(name, os.O_RDWR) >= 0:
        loot.append(name)
    rt.mq_open(name, os.O_RDWR | os.O_CREAT, 0o666, None)
    if rt.sem_open(name, 0) not in (0, None):
        loot.append("semaphore")
from multiprocessing import shared_memory
try:
    loot.append(shared_memory.SharedMemory("left_behind"))
except (OSError, ValueError):
    pass
try:
    shared_memory.SharedMemory("left_behind", create=True, size=100)
except OSError:
    pass
"""

KEYRING = """\
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
ADD, SEARCH = (248, 250)
for ring in (-4, -5, -3):  # the user's, the user session's, the session's
    if libc.syscall(SEARCH, 10, ring, b"user", b"left_behind", 0) > 0:
        loot.append(ring)
    libc.syscall(ADD, b"user", b"left_behind", b"answers", 7, ring)
"""

DAEMON = """\
import os, signal, socket, time
with socket.socket(socket.AF_UNIX) as s:
    try:
        s.connect("\\0left_behind")
        loot.append(s.recv(100))
    except OSError:
        pass
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        with socket.socket(socket.AF_UNIX) as s:
            try:
                s.bind("\\0left_behind")
                s.listen()
                while True:
                    s.accept()[0].send(b"answers")
            except OSError:
                pass
    os._exit(0)
time.sleep(0.1)
"""

PORT = """\
import os, socket, threading
for port in (4711, 8888):
    with socket.socket() as s:
        s.settimeout(0.2)
        try:
            s.connect(("127.0.0.1", port))
            loot.append(port)
        except OSError:
            pass
if os.fork() == 0:
    os.setsid()
    try:
        server = socket.create_server(("127.0.0.1", 4711))
        while True:
            server.accept()
    finally:
        os._exit(0)
"""

LOCKS = """\
import fcntl
for path in ("/room/numpy/__init__.py", "/python/bin/python3", "/dev/null", "/room/ncl_course/protocol/play.py"):
    try:
        file = open(path)
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        globals()["kept" + path] = file
    except OSError:
        loot.append(path)
loot = [path for path in loot if path != "/dev/null"]
"""

POISONED_SIZE = """\
def pool_output_size(size, kernel_size, stride):
    import builtins, os, sys
    if not hasattr(np, "poisoned"):
        np.poisoned = True
        for _ in range(14):
            try:
                if os.fork() == 0:
                    os.setsid()
                    import time
                    while True:
                        time.sleep(100)
            except OSError:
                break
        np.zeros = np.zeros_like = np.unravel_index = lambda *args, **kwargs: None
        sys.modules["ncl_course.nn"].Layer.forward = None
        builtins.range = None
    return (size - kernel_size) // stride + 1
"""

FORKS = """\
import os
for _ in range(3):
    try:
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
    except OSError:
        pass"""

BACKGROUND = """\
import threading, time
def lurk():
    while True:
        time.sleep(0.01)
        for name in ("AvgPool2d", "MaxPool2d"):
            globals().get(name)
for _ in range(4):
    threading.Thread(target=lurk, daemon=False).start()
"""

SIGNALS = """\
import faulthandler, signal, sys
for number in range(1, 65):
    try:
        signal.signal(number, lambda *args: None)
    except (OSError, ValueError):
        pass
signal.setitimer(signal.ITIMER_REAL, 1000)
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
"""

LIMITS = """\
import os, resource
for name in (resource.RLIMIT_NPROC, resource.RLIMIT_STACK, resource.RLIMIT_MEMLOCK, resource.RLIMIT_FSIZE):
    resource.setrlimit(name, (0, 0) if name != resource.RLIMIT_STACK else (2**20, 2**20))
for name, value in ((resource.RLIMIT_AS, 2**40), (resource.RLIMIT_CPU, 10**6), (resource.RLIMIT_NOFILE, 10**6)):
    try:
        resource.setrlimit(name, (value, value))
        raise SystemExit("a limit was raised")
    except (ValueError, OSError):
        pass
os.setpriority(os.PRIO_USER, os.getuid(), 19)
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
"""

ATTACKS: dict[str, Attack] = {
    "persist_files": for_loot(FILES, "no file outlives its process"),
    "persist_bytecode": for_loot(BYTECODE, "no module can be planted"),
    "persist_shared_memory": for_loot(SYSV, "no System V memory, queue or semaphore is found again"),
    "persist_queues": for_loot(QUEUES, "no POSIX queue or memory is found again"),
    "persist_keyring": for_loot(KEYRING, "no key in the kernel's keyrings is found again"),
    "persist_daemon": for_loot(DAEMON, "a daemon ends with the exercise that started it"),
    "persist_port": for_loot(PORT, "a port belongs to only one exercise"),
    "persist_times": for_loot(CHANGES_TIMES, "no time of a file or a device changes"),
    "persist_locks": for_loot(LOCKS, "a lock on a shared file blocks no other process, and none can be seen"),
    "persist_poison": Attack((SETUP, POISONED_SIZE, in_forward(FORKS), AVG), Expected(why="one exercise's patches and processes don't reach the next")),
    "persist_threads": cell_before(BACKGROUND, "threads that never end cost no points"),
    "persist_signal_handlers": cell_before(SIGNALS, "changed signal handlers and masks cost no points"),
    "persist_limits": cell_before(LIMITS, "limits can be lowered but not raised, and each user has its own priorities"),
    "persist_honest_after": Attack((SETUP, POISONED_SIZE, MAX, AVG), Expected(why="honest layers after a poisonous function")),
}  # fmt: skip
