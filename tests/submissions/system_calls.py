"""Code that makes system calls by their numbers: what may not be done, and what nobody may be told."""

from __future__ import annotations

from ncl_course.grading.inside import never, refusals

LISTED = {**vars(never), **vars(refusals)}
TABLES = [table for name, table in LISTED.items() if isinstance(table, dict) and name.isupper() and name != "SIMPLE"]
NUMBERS = {name: both for table in TABLES for name, both in table.items()}

TRIES = f"""
import ctypes, errno, os, sys, time
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = libc.shmat.restype = libc.mmap.restype = ctypes.c_long
N = {NUMBERS}
N = {{name: both[{refusals.MACHINES}.index(os.uname().machine)] for name, both in N.items()}}

def call(name, *arguments):
    "Return the error of a system call; 0 if it succeeded; None if this machine has no such call."
    if N[name] is None:
        return None
    ctypes.set_errno(0)
    return ctypes.get_errno() if libc.syscall(N[name], *arguments) == -1 else 0
"""

WORDS = """
socket connect bind listen accept accept4 execve execveat uselib unshare setns chroot pivot_root mount umount2 open_tree
move_mount fsopen fsconfig fsmount fspick mount_setattr statmount listmount name_to_handle_at open_by_handle_at add_key
request_key keyctl shmget shmat shmctl msgget msgsnd msgrcv msgctl semget semop semctl semtimedop mq_open mq_unlink utime
utimes futimesat utimensat memfd_create memfd_secret vmsplice io_uring_setup io_uring_enter io_uring_register ptrace
process_vm_readv process_vm_writev perf_event_open bpf userfaultfd kcmp migrate_pages move_pages pidfd_open pidfd_getfd
pidfd_send_signal process_madvise process_mrelease inotify_init inotify_init1 fanotify_init mincore cachestat futex_waitv
futex_wake futex_wait futex_requeue syslog personality acct quotactl iopl ioperm modify_ldt
setsockopt io_setup landlock_create_ruleset landlock_add_rule landlock_restrict_self
"""
REFUSED = WORDS.split()
"""The calls that are refused whatever their arguments are. Without a filter, arguments like these give other errors."""

ASKS_ALL = f"""{TRIES}
for name in {REFUSED}:
    if call(name, -1, -1, -1, -1, -1, -1) not in (None, 1):
        loot.append(name)
"""

ABOUT = """
def about(pid):
    "Return the errors of all calls that tell something of a process with that number."
    clock = (~pid << 3) | 2
    space, size = ctypes.create_string_buffer(256), 64
    return [
        call("kill", pid, 0), call("tgkill", pid, pid, 0), call("tkill", pid, 0), call("getsid", pid),
        call("getpgid", pid), call("setpgid", pid, 0), call("getpriority", 1, pid),
        call("getpriority", 0, pid), call("setpriority", 0, pid, 5),
        call("sched_getaffinity", pid, 128, space), call("sched_setaffinity", pid, 128, space),
        call("sched_getscheduler", pid), call("sched_getparam", pid, space), call("sched_getattr", pid, space, size, 0),
        call("sched_rr_get_interval", pid, space), call("prlimit64", pid, 7, None, space), call("pidfd_open", pid, 0),
        call("process_vm_readv", pid, space, 0, space, 0, 0), call("ptrace", 16, pid, 0, 0),
        call("capget", (ctypes.c_int * 2)(0x20080522, pid), space),
        call("ioprio_get", 1, pid), call("get_robust_list", pid, space, space), call("kcmp", pid, pid, 0, 0, 0),
        call("migrate_pages", pid, 0, None, None), call("move_pages", pid, 0, None, None, None, 0),
        call("clock_gettime", clock, space), call("clock_getres", clock, space),
        call("timer_create", clock, None, space),
        call("fcntl", 1, 8, pid), call("prctl", 62, 0, pid, 0, space), call("prctl", 0x59616D61, pid, 0, 0, 0),
        call("rt_sigqueueinfo", pid, 0, space), call("ioctl", 3, 0x8901, ctypes.byref(ctypes.c_int(pid))),
    ]
"""

ASKS_ABOUT_OTHERS = f"""{TRIES}{ABOUT}
mine, nobody = os.getpid(), 4_000_000
known = about(nobody)
others = {{1, 2, os.getppid(), mine - 1, mine - 2, mine + 1}} - {{0, -1, mine}}
loot += [pid for pid in others if about(pid) != known] + [error for error in known if error == 0]
"""

HIDES = """
hidden = {}
for _ in range(20):
    try:
        pid = os.fork()
    except OSError:
        break
    if pid == 0:
        kept = bytearray(100 << 20)
        time.sleep(3)
        os._exit(0)
    hidden["children"] = hidden.get("children", 0) + 100
for _ in range(8):
    number = libc.shmget(0, 100 << 20, 0o1600)
    address = libc.shmat(number, None, 0) if number >= 0 else -1
    if address != -1:
        ctypes.memset(address, 1, 100 << 20)
        libc.shmdt(ctypes.c_void_p(address))
        hidden["segments"] = hidden.get("segments", 0) + 100
for make in (lambda: os.memfd_create("x"), lambda: os.open("/dev/shm/x", os.O_CREAT | os.O_RDWR)):
    try:
        hidden["files"] = os.pwrite(make(), b"x", 500 << 20)
    except OSError:
        pass
class Piece(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]
reader, writer = os.pipe()
page = ctypes.create_string_buffer(4096)
if call("vmsplice", writer, ctypes.byref(Piece(ctypes.addressof(page), 4096)), 1, 0) == 0:
    hidden["gifts"] = 4096
import fcntl
try:
    hidden["pipes"] = fcntl.fcntl(writer, 1031, 1 << 20)
except OSError:
    pass
try:
    zeros = os.open("/dev/zero", os.O_RDWR)
except OSError:
    zeros = -1
for kind, file in ((0x21, -1), (0x23, -1), (0x1, zeros)):
    address = libc.mmap(None, 100 << 20, 3, kind, file, 0)
    if address != -1:
        ctypes.memset(ctypes.c_void_p(address), 1, 100 << 20)
        libc.munmap(ctypes.c_void_p(address + 4096), (100 << 20) - 4096)  # all pages stay in use, and one is counted
        hidden["mappings"] = hidden.get("mappings", 0) + 100
rules = libc.syscall(N["landlock_create_ruleset"], (ctypes.c_ulonglong * 3)(0, 3, 0), 16, 0)
if rules != -1:
    places = [(ctypes.c_ulonglong * 2)(1, port) for port in range(1_000)]
    hidden["rules"] = sum(call("landlock_add_rule", rules, 2, place, 0) == 0 for place in places)
if call("setsockopt", 3, 1, 7, ctypes.byref(ctypes.c_int(1 << 30)), 4) == 0:
    hidden["buffers"] = 1 << 30
timers = sum(call("timer_create", 1, None, ctypes.byref(ctypes.c_int())) == 0 for _ in range(1_000))
if timers:
    hidden["timers"] = timers
"""

HIDES_MEMORY = f"{TRIES}{HIDES}\nloot += list(hidden.items())\n"

SETS_TIMES = """
path, changed = b"/dev/null", []
before = os.stat(path)
changed.append(call("utimensat", -100, path, None, 0))
changed.append(call("utime", path, None))
changed.append(call("utimes", path, None))
changed.append(call("futimesat", -100, path, None))
changed.append(call("utimensat", 1, None, None, 0))
after = os.stat(path)
"""

READS = """
import numpy
paths = [numpy.__file__, numpy.__path__[0], "/python/bin/python3", "/room", "/dev/random", "/dev/null"]
times = []
for path in paths:
    before = os.stat(path).st_atime_ns
    if os.path.isdir(path):
        os.listdir(path)
    else:
        with open(path, "rb") as file:
            file.read(10)
    times.append(os.stat(path).st_atime_ns - before)
"""

CHANGES_TIMES = f"""{TRIES}{SETS_TIMES}
loot += [error for error in changed if error not in (None, 1)] + ([] if before == after else [before])
{READS}
loot += [time for time in times if time]
"""
