"""Load torch and NumPy as a notebook does, and report their builds, their threads, and the processors we may use."""

import importlib
import json

import numpy  # noqa: F401 - its BLAS is one of the pools below


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
        "processors": importlib.import_module("joblib").cpu_count(),  # respects affinity and containers' quotas
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
