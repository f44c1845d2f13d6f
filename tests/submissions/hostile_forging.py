"""Attacks on the private channel: early, late, extra, oversized, malformed and forged messages."""

from __future__ import annotations

from tests.submissions.attack import Attack, forward_first
from tests.submissions.expected import Expected
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE

CHANNEL = """\
import json, os, pickle, socket, stat, struct, sys

def channel():
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                return fd
        except OSError:
            pass

def frame(head, body=b"", size=None):
    head = head if isinstance(head, bytes) else json.dumps(head).encode()
    return struct.pack(">IQ", len(head), len(body) if size is None else size) + head + body

def token():
    here = sys._getframe()
    while here is not None:
        for value in list(here.f_locals.values()):
            if isinstance(value, dict) and isinstance(value.get("token"), str):
                return value["token"]
        here = here.f_back
    return "0" * 16

def put(data):
    while data:
        data = data[os.write(channel(), data):]

RIGHT = [[None, None, [], [], [], ""]]
"""

STREAM = """\
import threading, time
def flood():
    while True:
        put(frame({"traces": [RIGHT], "counts": [0], "arrays": []}))
for _ in range(3):
    threading.Thread(target=flood, daemon=True).start()
time.sleep(0.5)"""

LATE = """\
import os
if os.fork() == 0:
    import time
    time.sleep(0.05)
    for _ in range(200):
        put(frame({"traces": [RIGHT], "counts": [0], "arrays": []}))
        time.sleep(0.005)
    os._exit(0)
import time
time.sleep(0.3)"""

TAKE_OVER = """\
from ncl_course.protocol import wire
def take_over(answer):
    line = socket.socket(fileno=os.dup(channel()))
    header = {"token": token()}
    while True:
        wire.send(line, {**answer, "token": header["token"]})
        header, _ = wire.receive(line)
"""

SAYS_DEFINED = (
    "take_over({'defined': ['pool_output_size', 'MaxPool2d', 'AvgPool2d'], 'traces': [RIGHT], 'counts': [0]})\n"
)
ONE = "put(frame({{'token': token(), {0}}}))"


def with_token(fields: str) -> str:
    """Return code that answers the question itself, with the right token."""
    return ONE.format(fields)


TREES = {
    "forge_verdict": ("'traces': [RIGHT], 'counts': [0], 'verdict': 'passed', 'score': 4.0, 'arrays': []", "a verdict in an answer, and then the real one"),
    "forge_trace_text": ("'traces': ['passed'], 'counts': [0], 'arrays': []", "something that is not a trace"),
    "forge_trace_long": ("'traces': [RIGHT * 100_000], 'counts': [0], 'arrays': []", "a trace that is longer than its script"),
    "forge_trace_reference": ("'traces': [[[{'array': 99}, None, [], [], [], '']]], 'counts': [0], 'arrays': []", "an array that was not sent"),
    "forge_numbers": ("'traces': [[[float('nan'), None, [1e400, -5], [], [], '']]], 'counts': [0], 'arrays': []", "numbers that JSON does not know"),
    "forge_dtype": ("'traces': [RIGHT], 'counts': [0], 'arrays': [['|O', [4]]]", "an array of objects"),
    "forge_dtype_void": ("'traces': [RIGHT], 'counts': [0], 'arrays': [['|V1000000000', [1]]]", "an item of a gigabyte"),
    "forge_shape_negative": ("'traces': [RIGHT], 'counts': [0], 'arrays': [['<f8', [-1, -8]]]", "a negative shape"),
    "forge_shape_product": ("'traces': [RIGHT], 'counts': [0], 'arrays': [['<f8', [4294967296, 4294967296, 0]]]", "a shape whose product overflows"),
    "forge_no_arrays": ("'traces': [RIGHT], 'counts': [0]", "no list of arrays"),
}  # fmt: skip

BYTES = {
    "forge_pickle": ("put(frame(pickle.dumps({'traces': [RIGHT], 'counts': [0]})))", "a pickle is never loaded"),
    "forge_nested_json": ("put(frame(b'[' * 3_000_000))", "JSON that is nested three million deep"),
    "forge_digits": ("put(frame(b'{\"trace\": ' + b'9' * 1_000_000 + b', \"arrays\": []}'))", "a number of a million digits"),
    "forge_surrogates": ("put(frame(b'{\"trace\": \"\\\\ud800\", \"token\": \"\\\\ud800\", \"arrays\": []}'))", "half a character"),
    "forge_not_text": ("put(frame(bytes(range(256)) * 100))", "bytes that are not text"),
    "forge_empty_head": ("put(struct.pack('>IQ', 0, 0))", "a message of length zero"),
    "forge_half_a_message": ("put(frame({'token': token()})[:9])\nos._exit(0)", "half a message, and then the end"),
    "forge_wrong_token": ("put(frame({'token': 'f' * 16, 'traces': [RIGHT], 'counts': [0], 'arrays': []}))", "a token that was guessed"),
    "forge_duplicate_keys": ("put(frame(('{\"token\": \"%s\", \"token\": [1], \"trace\": null, \"arrays\": []}' % token()).encode()))", "the same key twice"),
    "forge_more_bytes": ("put(frame({'token': token(), 'traces': [RIGHT], 'counts': [0], 'arrays': []}, b'x' * 1000))", "more bytes than its arrays hold"),
}  # fmt: skip

ATTACKS: dict[str, Attack] = {
    **{name: forward_first(with_token(fields), "kk", why, CHANNEL) for name, (fields, why) in TREES.items()},
    **{name: forward_first(code, "kk", why, CHANNEL) for name, (code, why) in BYTES.items()},
    "forge_stream": forward_first(STREAM, "kk", "messages without end", CHANNEL),
    "forge_late": forward_first(LATE, "ee", "a child process that would go on sending cannot be started", CHANNEL),
    "forge_closed_channel": forward_first("os.close(channel())", "kk", "the channel is closed", CHANNEL),
    "forge_shut_channel": forward_first("socket.socket(fileno=os.dup(channel())).shutdown(socket.SHUT_RDWR)", "kk", "the channel is shut", CHANNEL),
    "forge_standard_output": forward_first("os.dup2(channel(), 1)\nos.write(1, b'passed ' * 100)", "kk", "the standard output redirected into the channel", CHANNEL),
    "forge_descriptors": forward_first(
        "line = socket.socket(fileno=os.dup(channel()))\nsocket.send_fds(line, [b'x' * 100], [0, 1, 2, channel()])", "kk", "descriptors sent through the channel", CHANNEL
    ),
    "forge_takes_over": forward_first("take_over({'traces': [RIGHT], 'counts': [0]})", "kk", "code that answers instead of the worker gets the same questions", CHANNEL, TAKE_OVER),
    "forge_says_defined": Attack(
        (SETUP, CHANNEL + TAKE_OVER + SAYS_DEFINED, SIZE, MAX, AVG),
        Expected(size="k", max="kk", avg="kk", why="a cell that answers for all exercises of its notebook is judged by these answers"),
    ),
}  # fmt: skip
