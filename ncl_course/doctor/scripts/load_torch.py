"""Load torch and NumPy as a notebook does, and report their builds, their threads, and the processors we may use."""

import importlib
import json
import os
from pathlib import Path

import numpy  # noqa: F401 - its BLAS is one of the pools below

QUOTAS = (("cpu.max",), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us"))
"""The files below /sys/fs/cgroup that hold a container's quota and period, of version 2 and of version 1."""


def processors(cgroup: Path = Path("/sys/fs/cgroup")) -> int:
    """Return the number of processors that this process may use: those it may run on, within a container's quota."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    for names in QUOTAS:
        try:
            quota, period = " ".join((cgroup / name).read_text(encoding="ascii") for name in names).split()
            if int(quota) > 0 and int(period) > 0:
                return max(1, min(allowed, -(-int(quota) // int(period))))
        except (OSError, ValueError):  # no such file, or "max": no quota
            continue
    return allowed


def main() -> None:
    """Print the answer. The import of torch is by name, because only oracles may import torch in the usual way."""
    torch = importlib.import_module("torch")
    pools = importlib.import_module("threadpoolctl").threadpool_info()
    blas = [pool["num_threads"] for pool in pools if pool["user_api"] == "blas"]
    found = {
        "version": str(torch.__version__),
        "cuda": torch.version.cuda or "",
        "sum": float(torch.ones(2, 3).sum()),
        "torch_threads": torch.get_num_threads(),
        "blas_threads": max(blas, default=1),
        "processors": processors(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
