"""Attacks on the sandbox: nothing outside can be read, reached or changed."""

from __future__ import annotations

from tests.submissions.attack import Attack, for_loot, forward_first
from tests.submissions.system_calls import ASKS_ABOUT_OTHERS, ASKS_ALL

LIBC = """\
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
"""

READS_PROC = """\
import os
for name in ("/proc/self/environ", "/proc/1/environ", "/proc/1/cmdline", "/proc/self/mountinfo", "/proc/self/maps",
             "/proc/net/unix", "/proc/net/tcp", "/proc/mounts", "/sys/class/net", "/proc/sys/kernel/core_pattern",
             "/proc/%d/cmdline" % os.getppid(), "/proc/%d/mem" % os.getppid(), "/proc/self/root/work"):
    try:
        loot.append(open(name, "rb").read(100) or name)
    except OSError:
        pass
loot += os.listdir("/proc") if os.path.isdir("/proc") else []
"""

DESCRIPTORS = """\
import os, stat
sockets = 0
for fd in range(256):
    try:
        mode = os.fstat(fd).st_mode
    except OSError:
        continue
    if stat.S_ISSOCK(mode):
        sockets += 1
    elif stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISFIFO(mode) and fd > 2:
        loot.append(fd)
loot += [sockets] if sockets > 1 else []
"""

WALKS = """\
import os
for folder, names, files in os.walk("/"):
    for name in files:
        if name.endswith((".ipynb", ".toml", ".csv", ".key")) or name in ("results.json", "passwd", "shadow", "grade.py"):
            loot.append(os.path.join(folder, name))
        elif "torch" in name or "oracle" in name or "mistakes" in folder or "submissions" in folder:
            loot.append(os.path.join(folder, name))
loot = [path for path in loot if "/test" not in path and not path.startswith(("/python/lib/python", "/room/numpy"))]
"""

LINKS = """\
import os
for target in ("/work", "/root", "/home", "/etc/shadow", "/proc/1/root", "../../..", "/tmp"):
    for place in ("/tmp/link", "/dev/shm/link", "../link", "link", "/room/link"):
        for make in (os.symlink, os.link):
            try:
                make(target, place)
                private = place == "link" and make is os.symlink  # in the working folder; it must lead to nothing else
                there = target in ("/work", "/root", "/home", "/etc/shadow") and os.path.exists(place)
                if not private or there or os.access(place, os.W_OK):
                    loot.append(place)
                os.unlink(place)
            except OSError:
                pass
"""

PTRACE = (
    LIBC
    + """\
ATTACH, SEIZE = 16, 0x4206
class IOVec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
buffer = ctypes.create_string_buffer(64)
for pid in sorted({1, os.getppid(), os.getppid() - 1, 2} - {0, -1, os.getpid()}):
    for request in (SEIZE, ATTACH):
        if libc.ptrace(request, pid, None, None) == 0:
            loot.append(("ptrace", pid))
    local = IOVec(ctypes.addressof(buffer), 64)
    for address in (0x400000, 0x555555554000):
        remote = IOVec(address, 64)
        if libc.process_vm_readv(pid, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0) > 0:
            loot.append(("memory", pid))
"""
)

SIGNALS = """\
import os, signal
for pid in {-1, os.getppid(), 1} - {0}:
    for number in (signal.SIGSTOP, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except OSError:
            pass"""

ABSTRACT = """\
import socket
for name in ("\\0/tmp/.X11-unix/X0", "\\0dbus", "\\0ncl-course", "\\0/run/containerd", "/run/docker.sock", "/run/dbus/system_bus_socket",
             "/var/run/nscd/socket", "/tmp/.X11-unix/X0", "/dev/log", "/run/systemd/notify"):
    with socket.socket(socket.AF_UNIX) as s:
        try:
            s.connect(name)
            loot.append(name)
        except OSError:
            pass
for family in (socket.AF_PACKET, socket.AF_NETLINK, socket.AF_VSOCK):
    try:
        with socket.socket(family, socket.SOCK_RAW) as s:
            if family == socket.AF_PACKET:
                loot.append(family)
            elif family == socket.AF_VSOCK:
                s.settimeout(1)
                s.connect((2, 22))
                loot.append(family)
    except OSError:
        pass
"""

SETUID = (
    LIBC
    + """\
for change in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setresuid(0, 0, 0), lambda: os.setgroups([0]),
               lambda: os.setreuid(0, 0), lambda: os.seteuid(0), lambda: os.chroot("/room")):
    try:
        change()
        loot.append(change)
    except OSError:
        pass
KEEPCAPS, NO_NEW_PRIVS = 8, 39
if libc.prctl(NO_NEW_PRIVS, 0, 0, 0, 0) != 1:
    loot.append("programs may gain rights")
if os.geteuid() == 0:
    loot.append("root")
"""
)

MOUNTS = (
    LIBC
    + """\
for kind, target in ((b"proc", b"/tmp"), (b"proc", b"/proc"), (b"tmpfs", b"/room"), (b"tmpfs", b"/dev"), (b"sysfs", b"/dev")):
    if libc.mount(b"none", target, kind, 0, None) == 0:
        loot.append(target)
for target in (b"/room", b"/python", b"/dev", b"/"):
    if libc.umount2(target, 2) == 0:
        loot.append(target)
if libc.mount(None, b"/room", None, 32 | 4096, None) == 0:  # remount read-write
    loot.append("writable")
for path in ("/proc/1/ns/mnt", "/proc/self/ns/user", "/dev/fd/3"):
    try:
        loot.append(libc.setns(os.open(path, os.O_RDONLY), 0) == 0 or None)
    except OSError:
        pass
loot = [one for one in loot if one]
"""
)

OWN_NAMESPACE = (
    LIBC
    + """\
def look():
    seen = []
    if libc.unshare(0x10000000 | 0x00020000) == 0:  # a user and a mount namespace of one's own
        libc.mount(None, b"/", None, 0x40000 | 0x4000, None)
        for target in (b"/python/lib/python3.11/site-packages", b"/room", b"/python", b"/dev", b"/"):
            for _ in range(3):
                libc.umount2(target, 2)
        libc.mount(b"proc", b"/dev", b"proc", 0, None)
        seen += [p for p in ("/work", "/root", "/home", "/etc/passwd", "/dev/1/root/work", "/dev/sys/kernel") if os.path.exists(p)]
        seen += [name for name in os.listdir("/python/lib") if "torch" in name] if os.path.isdir("/python/lib") else []
    return seen
reader, writer = os.pipe()
child = os.fork()
if child == 0:
    try:
        os.write(writer, repr(look()).encode())
    finally:
        os._exit(0)
os.close(writer)
said = os.read(reader, 10_000)
os.close(reader)
os.waitpid(child, 0)
loot += [said] if said not in (b"", b"[]") else []
"""
)

DEVICES = """\
import fcntl, os, stat
for path in ("/dev/mem", "/dev/kmsg", "/dev/sda", "/dev/vda", "/dev/kvm", "/dev/fuse", "/dev/tty", "/dev/console", "/dev/ptmx",
             "/dev/net/tun", "/dev/loop-control", "/dev/input/event0", "/dev/dri/card0", "/dev/nvidia0"):
    try:
        fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
    except OSError:
        continue
    if path != "/dev/ptmx":  # a terminal of one's own reaches nobody
        loot.append(path)
    os.close(fd)
for mode, device in ((stat.S_IFCHR, os.makedev(1, 1)), (stat.S_IFBLK, os.makedev(8, 0))):
    for folder in ("/dev", "/tmp", "/dev/shm", "."):
        try:
            os.mknod(f"{folder}/mine", mode | 0o666, device)
            loot.append(folder)
        except OSError:
            pass
for fd in range(3):
    try:
        fcntl.ioctl(fd, 0x5412, b"x")  # TIOCSTI: type into the instructor's terminal
        loot.append(fd)
    except OSError:
        pass
"""

SYSTEM_CALLS = (
    LIBC
    + """\
import socket
calls = {"reboot": (169, 0xFEE1DEAD, 672274793, 0, 0), "init_module": (175, 0, 0, 0), "kexec_load": (246, 0, 0, 0, 0),
         "settimeofday": (164, ctypes.byref((ctypes.c_long * 2)(1, 1)), 0), "sethostname": (170, b"mine", 4),
         "swapoff": (168, b"/swap"), "acct": (163, b"/tmp/acct"), "open_by_handle_at": (304, -100, 0, 0), "iopl": (172, 3),
         "quotactl": (179, 0, 0, 0, 0), "syslog": (103, 3, ctypes.create_string_buffer(100), 100),
         "perf_event_open": (298, ctypes.create_string_buffer(128), 1, -1, -1, 0)}
for name, arguments in calls.items():
    if libc.syscall(*arguments) > 0 or (name != "syslog" and ctypes.get_errno() == 0):
        loot.append(name)
    ctypes.set_errno(1)
try:
    socket.sethostname("mine")
    loot.append("hostname")
except OSError:
    pass
"""
)

RUNS_PROGRAMS = """\
import os, shutil, subprocess, sys
for command in (["sh", "-c", "id"], ["/bin/sh", "-c", "id"], ["/usr/bin/env"], ["bwrap", "--version"], ["/usr/bin/python3", "-c", "import torch"],
                ["/room/bin/setpriv", "--reuid", "0", "/python/bin/python3", "-c", "print(1)"],
                ["sudo", "-n", "true"], ["su", "-c", "true"], ["/usr/bin/newuidmap"]):
    try:
        done = subprocess.run(command, capture_output=True, timeout=1)
        loot += [command] if done.returncode == 0 else []
    except (OSError, subprocess.SubprocessError):
        pass
loot += [name for name in ("sh", "bash", "gcc", "git", "curl") if shutil.which(name, path="/bin:/usr/bin:/usr/local/bin")]
"""

PYTHON_AGAIN = """\
import subprocess
code = "import torch, scipy; print('got it')"
for command in (["/python/bin/python3", "-c", code], ["/python/bin/python3", "-m", "pip", "install", "torch"],
                ["/python/bin/python3", "-m", "venv", "/tmp/mine"], ["/python/bin/python3", "-m", "ensurepip", "--root", "/dev/shm"]):
    try:
        done = subprocess.run(command, capture_output=True, timeout=2, env={"LD_LIBRARY_PATH": "/python/lib"})
        loot += [command] if done.returncode == 0 else []
    except (OSError, subprocess.SubprocessError):
        pass
"""

ATTACKS: dict[str, Attack] = {
    "escape_proc": for_loot(READS_PROC, "there is no /proc and no /sys"),
    "escape_descriptors": for_loot(DESCRIPTORS, "no file is open except the null device and one channel"),
    "escape_walk": for_loot(WALKS, "no notebook, no key, no results anywhere in that tree"),
    "escape_links": for_loot(
        LINKS, "a link can be made in the private working folder alone, and leads to nothing else"
    ),
    "escape_ptrace": for_loot(PTRACE, "no other process can be traced or read"),
    "escape_signals": forward_first(SIGNALS, "pp", "signals reach no other process, and honest work after them counts"),
    "escape_sockets": for_loot(ABSTRACT, "no socket of the system answers"),
    "escape_setuid": for_loot(SETUID, "no other user and no privilege can be gained"),
    "escape_mounts": for_loot(MOUNTS, "nothing can be mounted or unmounted"),
    "escape_own_namespace": for_loot(OWN_NAMESPACE, "a new namespace shows no more files"),
    "escape_devices": for_loot(DEVICES, "no device is there except harmless ones"),
    "escape_system_calls": for_loot(SYSTEM_CALLS, "calls that change the machine are refused"),
    "escape_refused_calls": for_loot(
        ASKS_ALL, "each call that no exercise needs is refused whatever its arguments are"
    ),
    "escape_questions_about_others": for_loot(
        ASKS_ABOUT_OTHERS, "calls about another process answer as if there were none"
    ),
    "escape_programs": for_loot(RUNS_PROGRAMS, "there is no program to run"),
    "escape_python_again": for_loot(PYTHON_AGAIN, "another interpreter is behind the same walls"),
}
