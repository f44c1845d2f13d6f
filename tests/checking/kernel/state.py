"""The state of a process that a student's cells can change; its source also runs in a kernel."""

from __future__ import annotations


def state():
    """Return all of it, comparable by ``==``."""
    import builtins
    import logging
    import os
    import random
    import signal
    import sys
    import warnings

    import matplotlib
    import matplotlib.pyplot as plt
    import numpy as np
    import torch

    from ncl_course.language import chosen

    here = sys.modules
    shell = here["IPython"].get_ipython() if "IPython" in here else None
    return {
        "folder": os.getcwd(),
        "environ": dict(os.environ),
        "sys": (list(sys.path), list(sys.argv), sys.getrecursionlimit(), sys.gettrace(), sys.getprofile()),
        "streams": (sys.stdin, sys.stdout, sys.stderr, sys.displayhook, sys.excepthook),
        "figures": [(number, len(plt.figure(number).axes)) for number in plt.get_fignums()],
        "style": {name: str(value) for name, value in matplotlib.rcParams.items()},
        "backend": plt._backend_mod and plt._backend_mod.FigureCanvas.__module__,
        "warnings": (list(warnings.filters), warnings.showwarning),
        "numpy": (np.geterr(), np.get_printoptions(), str(np.random.get_state())),
        "random": random.getstate(),
        "gradients": (torch.is_grad_enabled(), torch.is_inference_mode_enabled(), torch.is_anomaly_enabled()),
        "torch": (torch.get_default_dtype(), torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()),
        "modes": list(torch.overrides._get_current_function_mode_stack()),
        "drawn": torch.get_rng_state().tolist(),
        "builtins": {name: value for name, value in vars(builtins).items() if name != "_"},
        "logging": (logging.root.level, list(logging.root.handlers)),
        "language": chosen(),
        "signal": signal.getsignal(signal.SIGINT),
        "shell": shell and (shell.ast_node_interactivity, {k: list(v) for k, v in shell.events.callbacks.items()}),
    }
