"""The settings with which torch computes for the course, whatever settings the student's own torch has.

A student may switch gradients off, choose another device, dtype or number of threads, or draw from torch's generator.
Right answers do not depend on these settings, and computing them does not change the settings.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import torch
from torch.utils._device import DeviceContext

ours = threading.local()
"""Its attribute ``set`` is True in a thread in which torch has the course's settings now."""


@contextmanager
def own_settings() -> Iterator[None]:
    """Let torch compute on the CPU, with gradients, in float32 by default and on one thread; then restore everything.

    One thread is enough, because the arrays are so small that more threads would only wait. This can also decorate a
    function. A block inside such a block changes nothing.
    """
    if getattr(ours, "set", False):
        yield
        return
    with ExitStack() as stack:
        stack.enter_context(torch._C.DisableTorchFunction())  # the default device is such a function mode
        stack.enter_context(torch.inference_mode(False))
        stack.enter_context(torch.enable_grad())
        stack.enter_context(torch.autocast("cpu", enabled=False))
        stack.enter_context(torch.autograd.set_detect_anomaly(False))
        stack.enter_context(settings_restored())
        torch.set_num_threads(1)
        torch.set_default_dtype(torch.float32)
        be_deterministic(strict=False)
        ours.set = True
        stack.callback(setattr, ours, "set", False)
        yield


@contextmanager
def settings_restored() -> Iterator[None]:
    """Restore torch's global settings and its random generator after the block, whatever the block does to them."""
    threads, dtype = torch.get_num_threads(), torch.get_default_dtype()
    strict = torch.are_deterministic_algorithms_enabled()
    only_warn = torch.is_deterministic_algorithms_warn_only_enabled()
    drawn = torch.get_rng_state()
    try:
        yield
    finally:
        torch.set_rng_state(drawn)
        be_deterministic(strict=strict, only_warn=only_warn)
        torch.set_default_dtype(dtype)
        torch.set_num_threads(threads)


def be_deterministic(*, strict: bool, only_warn: bool = False) -> None:
    """Tell torch whether its algorithms have to be deterministic, if it is not so already: telling it takes seconds."""
    told = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
    if told != (strict, only_warn):
        torch.use_deterministic_algorithms(strict, warn_only=only_warn)


@contextmanager
def students_settings_restored() -> Iterator[None]:
    """Restore everything that a student can set in torch after the block, and leave it as it is for the block."""
    device = default_device()
    with (
        torch.inference_mode(torch.is_inference_mode_enabled()),
        torch.set_grad_enabled(torch.is_grad_enabled()),
        torch.autocast("cpu", enabled=False),
        torch.autograd.set_detect_anomaly(torch.is_anomaly_enabled()),
        settings_restored(),
    ):
        try:
            yield
        finally:
            if default_device() != device:
                torch.set_default_device(device)


def default_device() -> torch.device | None:
    """Return the device that the student has chosen, or None; unlike torch's own function it needs no such device."""
    modes = torch.overrides._get_current_function_mode_stack()  # type: ignore[no-untyped-call]
    return next((mode.device for mode in reversed(modes) if isinstance(mode, DeviceContext)), None)
