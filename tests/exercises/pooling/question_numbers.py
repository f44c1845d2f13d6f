"""The numbers of the lesson's questions, computed by the oracles and by the known mistakes."""

from __future__ import annotations

import math

import numpy as np
import torch

from ncl_course.exercises import find

SIZE = find("pool_output_size").oracle
SLIDE = [[1.0, 3, 2, 9], [7, 4, 1, 5], [8, 5, 2, 3], [4, 2, 1, 4]]


def dot_product():
    window, kernel = np.array([[1, 2], [3, 4]]), np.array([[1, 0], [0, -1]])
    products = window * kernel
    return {
        "right": products.sum(),
        "sum-of-the-window": window.sum(),
        "sum-of-the-magnitudes": np.abs(products).sum(),
        "one-product": products[0, 0],
    }


def fourth_window():
    sizes = range(3, 40)
    return {
        "right": next(size for size in sizes if SIZE(size, 3, 2) == 4),
        "next-cell": next(size for size in sizes if SIZE(size, 3, 2) == 3) + 1,
        "side-by-side": next(size for size in sizes if SIZE(size, 3, 3) == 4),
    }


def most_dropped():
    dropped = [size - ((SIZE(size, 3, 2) - 1) * 2 + 3) for size in range(3, 60)]
    return {"right": max(dropped), "of-the-window": 3 - 1, "never": min(dropped)}


def rows_left():
    return {
        "right": SIZE(5, 2, 2),
        "rounded-up": math.ceil((5 - 2) / 2) + 1,
        "every-position": SIZE(5, 2, 1),
        "without-the-first": (5 - 2) / 2,
    }


def corner():
    """Find the corner by pooling a map of ascending numbers: the first cell of a window is its smallest."""
    rows, columns = np.mgrid[:9.0, :9]
    both = -torch.tensor(np.stack([rows, columns])[None])
    found = -torch.nn.functional.max_pool2d(both, 3, 2)[0, :, 2, 1].numpy()
    return {"right": found, "the-index": (2, 1), "times-the-window": (3 * 2, 3 * 1), "swapped": found[::-1]}


def chain():
    x = torch.tensor(3.0, requires_grad=True)
    u = 2 * x
    u.retain_grad()
    (u**2).backward()
    return {"right": x.grad, "last-step-only": u.grad, "added": u.grad + 2, "first-step-only": 2}


def quotient():
    up, here, down = 3.1**2, 3.0**2, 2.9**2
    return {
        "right": (up - down) / 0.2,
        "one-sided": (up - here) / 0.1,
        "divided-by-h": (up - down) / 0.1,
        "not-divided": up - down,
    }


def two_windows():
    x = torch.tensor(SLIDE, dtype=torch.float64)[None, None].requires_grad_()
    grad_out = torch.tensor([[1.0, 2], [3, 4]], dtype=torch.float64)
    torch.nn.functional.max_pool2d(x, 3, 1).backward(grad_out[None, None])
    won = [1.0, 3.0]  # the 8 is the maximum of the windows (0, 0) and (1, 0)
    return {"right": x.grad[0, 0, 2, 0], "overwritten": won[-1], "first-only": won[0], "averaged": sum(won) / 2}


def first_mean():
    y = torch.nn.functional.avg_pool2d(torch.tensor(SLIDE)[None, None], 2)[0, 0, 0, 0].item()
    return {"right": y, "rounded": round(y), "truncated": int(y), "maximum": max(1, 3, 7, 4)}


def overlap():
    def spread(share):
        x = torch.zeros(1, 1, 4, 4, requires_grad=True)
        (torch.nn.functional.avg_pool2d(x, 3, 1) * share).sum().backward()
        return [x.grad[0, 0, 0, 0], x.grad[0, 0, 0, 1], x.grad[0, 0, 1, 1]]

    return {"right": spread(9.0), "no-overlap": np.minimum(spread(9.0), 1), "not-divided": spread(81.0)}


def video():
    clips = torch.zeros(2, 8, 3, 32, 32)
    frames = torch.nn.functional.max_pool2d(clips.flatten(0, 1), 2)
    return {
        "right": frames.unflatten(0, (2, 8)).shape,
        "frames-too": torch.nn.functional.max_pool3d(clips.transpose(1, 2), 2).transpose(1, 2).shape,
        "merged": frames.shape,
    }


def batch_last():
    def pooled(x):
        return torch.nn.functional.max_pool2d(x, 2)

    x = torch.zeros(3, 28, 28, 32)
    right = pooled(x.movedim(-1, 0)).movedim(0, -1)
    return {
        "right": right.shape,
        "last-two": pooled(x).shape,
        "batch-too": torch.nn.functional.max_pool3d(x[None], 2)[0].shape,
    }


def after_conv():
    maps = torch.nn.Conv2d(3, 16, 3, padding=1)(torch.zeros(8, 3, 32, 32))
    pooled = torch.nn.functional.max_pool2d(maps, 2)
    return {
        "right": pooled.shape,
        "maps-too": torch.nn.functional.max_pool3d(maps[:, None], 2)[:, 0].shape,
        "old-maps": torch.nn.functional.max_pool2d(torch.zeros(8, 3, 32, 32), 2).shape,
    }


def trained():
    return {
        "right": sum(p.numel() for p in torch.nn.MaxPool2d(2).parameters()),
        "window": torch.nn.Conv2d(1, 1, 2, bias=False).weight.numel(),
        "window-and-bias": sum(p.numel() for p in torch.nn.Conv2d(1, 1, 2).parameters()),
    }


def unused_cells():
    x = torch.ones(1, 1, 5, 5, requires_grad=True)
    torch.nn.functional.avg_pool2d(x, 2, 3).sum().backward()
    left_out = x.grad[0, 0] == 0
    rows, columns = left_out.all(1).sum(), left_out.all(0).sum()
    return {
        "right": left_out.sum(),
        "twice": 5 * rows + 5 * columns,
        "one-axis": 5 * rows,
        "none": (torch.nn.functional.avg_pool2d(torch.ones(1, 1, 5, 5), 1, 1) == 0).sum(),
    }


def stay_zero():
    def zeros(pool):
        x = torch.tensor(SLIDE)[None, None].requires_grad_()
        pool(x, 2).sum().backward()
        return (x.grad == 0).sum()

    most = zeros(torch.nn.functional.max_pool2d)
    return {"right": most, "winners": 16 - most, "none": zeros(torch.nn.functional.avg_pool2d)}


def windows_in_general():
    return {
        "right": SIZE(32, 9, 4),
        "steps": (32 - 9) // 4,
        "rounded-up": math.ceil((32 - 9) / 4) + 1,
        "without-the-window": SIZE(32, 4, 4),
    }


NUMBERS = {
    "dot-product": dot_product,
    "fourth-window": fourth_window,
    "most-dropped": most_dropped,
    "rows-left": rows_left,
    "corner": corner,
    "chain": chain,
    "quotient": quotient,
    "two-windows": two_windows,
    "first-mean": first_mean,
    "overlap": overlap,
    "video": video,
    "batch-last": batch_last,
    "after-conv": after_conv,
    "trained": trained,
    "unused-cells": unused_cells,
    "stay-zero": stay_zero,
    "windows-in-general": windows_in_general,
}
