"""Packages that a layer calls and that are not there when it is graded are found without running it."""

from __future__ import annotations

import pytest

from ncl_course.protocol.foreign import foreign

HEAD = "import numpy as np, torch, math, sklearn\nfrom torch.nn import functional as F\nimport torch as T\n"

CASES = {
    "unused import": ("def f(x):\n    return np.maximum(x, math.pi)", ()),
    "call": ("def f(x):\n    return torch.relu(x)", ("torch",)),
    "alias": ("def f(x):\n    return T.relu(x)", ("torch",)),
    "name of a module": ("def f(x):\n    return F.relu(x)", ("torch",)),
    "function": ("relu = torch.relu\ndef f(x):\n    return relu(x)", ("torch",)),
    "constant": ("half = torch.tensor(0.5)\ndef f(x):\n    return half * x", ("torch",)),
    "import inside": ("def f(x):\n    import scipy.special as s\n    return s.expit(x)", ("scipy",)),
    "helper": ("def g(x):\n    return torch.relu(x)\ndef f(x):\n    return g(x)", ("torch",)),
    "method": ("class f:\n    def forward(self, x):\n        return torch.relu(x)", ("torch",)),
    "method of a base": ("class B:\n    def go(self, x):\n        return F.relu(x)\nclass f(B):\n    pass", ("torch",)),
    "base": ("class f(torch.nn.Module):\n    pass", ("torch",)),
    "inner function": ("def f(x):\n    return [torch.relu(y) for y in x]", ("torch",)),
    "closure": ("def outer(t):\n    def f(x):\n        return t.relu(x)\n    return f\nf = outer(torch)", ("torch",)),
    "annotation": ("def f(x: torch.Tensor) -> torch.Tensor:\n    return np.abs(x)", ()),
    "pictures": ("import matplotlib.pyplot as plt\ndef f(x):\n    plt.plot(x)\n    return x", ()),
    "two": ("def f(x):\n    return torch.relu(sklearn.clone(x))", ("sklearn", "torch")),
    "recursion": ("def f(x):\n    return f(x)", ()),
    "no function": ("f = 3", ()),
}


@pytest.mark.parametrize(("code", "found"), CASES.values(), ids=CASES)
def test_packages_that_are_called_are_found(code, found):
    names = {"__name__": "__main__"}
    exec(HEAD + code, names)
    assert foreign(names["f"]) == found
