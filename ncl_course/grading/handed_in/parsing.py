"""The child process that parses notebooks for ``parser.py``: ``python -m ncl_course.grading.handed_in.parsing``.

It runs no code of a notebook. It exists because a parser may need much time or memory for a file that was made for
that, or crash: here, such a file affects only itself. Before each file the process limits its own CPU time and memory.

A request is a line of JSON and then the bytes of the file. An answer is any number of lines ``{"at": n}``, one before
each cell, and one line with the result. All lines are ASCII, since notebooks may hold text that UTF-8 cannot encode.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from ncl_course.grading.handed_in.parsed import parsed
from ncl_course.language import language, text
from ncl_course.submission.errors import UnreadableNotebookError


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer requests until there are no more."""
    for line in requests:
        request = json.loads(line)
        raw = requests.read(request["size"])
        limit_cpu(request["cpu"])
        language(request["language"])
        start = time.process_time()
        answer = answer_to(request, raw, answers)
        say(answers, {**answer, "cpu": round(time.process_time() - start, 4)})


def answer_to(request: dict[str, Any], raw: bytes, answers: IO[bytes]) -> dict[str, Any]:
    """Return the answer to one request: the parsed notebook, or the reason why it could not be parsed."""
    try:
        found = parsed(raw, request["file"], request["costly"], lambda number: say(answers, {"at": number}))
    except UnreadableNotebookError as error:
        return {"why": str(error)}
    except MemoryError:
        return {"costly": True}
    except Exception as error:
        return {"why": text("submission.unreadable.fault", error=type(error).__name__)}
    return {"parsed": asdict(found)}


def say(answers: IO[bytes], answer: dict[str, Any]) -> None:
    """Write one line of an answer."""
    answers.write(json.dumps(answer).encode() + b"\n")
    answers.flush()


def limit_memory(megabytes: int) -> None:
    """Let this process have that many MB beside its present memory, if the system can limit that."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + (megabytes << 20)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_cpu(seconds: float) -> None:
    """Let this process use the processor for so many more seconds, if the system can limit that."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        until = int(used.ru_utime + used.ru_stime + seconds) + 1
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (until, most))


if __name__ == "__main__":
    limit_memory(int(sys.argv[1]))
    serve(sys.stdin.buffer, sys.stdout.buffer)
