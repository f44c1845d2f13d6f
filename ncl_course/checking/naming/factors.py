"""The sizes and numbers of a case, and the factors that students lose or use once too often."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ncl_course.checking.naming.sight import Array, Sight

CONSTANTS = {"−1": -1.0, "2": 2.0, "−2": -2.0, "1/2": 0.5, "3": 3.0, "4": 4.0, "10": 10.0, "1/10": 0.1}
"""Factors that depend on nothing."""


RATIOS = (
    *(("H", "W"), ("OH", "OW"), ("N", "C"), ("N", "D"), ("kernel_size", "stride"), ("kernel_size²", "stride²")),
    *(("C", "H"), ("C", "W"), ("N", "H"), ("N", "W"), ("in_features", "out_features")),
)
"""Sizes that students take for one another."""


def sizes(sight: Sight) -> dict[str, float]:
    """Return the sizes of a case by their names."""
    found: dict[str, float] = sight.once("sizes", measured)
    return found


def measured(sight: Sight) -> dict[str, float]:
    """Return the lengths of the input's and the result's axes, their usual products, and the exercise's numbers."""
    found = dict(lengths(sight.arrays.get("x")))
    upstream = sight.arrays.get("grad_out")
    for values in (sight.expected, upstream):
        if values is not None and values.ndim == 4 and "H" in found and values.shape[2:] != (found["H"], found["W"]):
            found.setdefault("OH", values.shape[2])
            found.setdefault("OW", values.shape[3])
    found.update(found_products(found))
    found.update({name: value for name, value in sight.numbers.items() if name not in ("eps", "size")})
    if "kernel_size" in found:
        found["stride"] = found.get("stride", found["kernel_size"])
        found |= {f"{name}²": found[name] ** 2 for name in ("kernel_size", "stride")}
    if {"num_groups", "C"} <= set(found) and not found["C"] % found["num_groups"]:
        found["C/G"] = found["C"] / found["num_groups"]
        found["C/G·H·W"] = found["C/G"] * found["H·W"]
    return found


def lengths(x: Array | None) -> Iterator[tuple[str, float]]:
    """Yield the letter and the length of each axis of an input."""
    if x is not None:
        letters = "NCHW" if x.ndim == 4 else "ND"
        yield from ((letter, float(length)) for letter, length in zip(letters, x.shape, strict=False))


def found_products(found: Mapping[str, float]) -> dict[str, float]:
    """Return products of lengths over which layers average."""
    products = ("H·W", "OH·OW", "C·H·W", "N·H·W", "N·C", "N·D", "N·C·H·W")
    values = {}
    for product in products:
        letters = product.split("·")
        if set(letters) <= set(found):
            value = 1.0
            for letter in letters:
                value *= found[letter]
            values[product] = value
    return values


def factors(sight: Sight) -> dict[str, float]:
    """Return factors by their names: a size, one over it, with either sign, and a probability's complement."""
    found: dict[str, float] = sight.once("factors", made)
    return found


def made(sight: Sight) -> dict[str, float]:
    """Compute the factors."""
    found = dict(CONSTANTS)
    for one, other in RATIOS:
        if one in sizes(sight) and other in sizes(sight):
            found[f"{one}/{other}"] = sizes(sight)[one] / sizes(sight)[other]
            found[f"{other}/{one}"] = sizes(sight)[other] / sizes(sight)[one]
    if {"H", "W"} <= set(sizes(sight)):
        found["H·W/(H + W)"] = sizes(sight)["H·W"] / (sizes(sight)["H"] + sizes(sight)["W"])
    for name, value in sizes(sight).items():
        if not value:
            continue
        found |= {name: value, f"1/({name})" if "·" in name else f"1/{name}": 1 / value, f"−{name}": -value}
        found[f"−1/({name})" if "·" in name else f"−1/{name}"] = -1 / value
        found[f"{name} squared"] = value**2
        found |= {f"{name}/2": value / 2, f"2/{name}": 2 / value}
        if name == "alpha":
            found |= {"(1 − alpha)/alpha": (1 - value) / value, "(1 − alpha)": 1 - value}
        elif 0 < value < 1:
            found |= {f"(1 − {name})": 1 - value, f"1/(1 − {name})": 1 / (1 - value)}
            found |= {f"√{name}": value**0.5, f"1/√{name}": value**-0.5}
            found |= {f"(1 − {name})/{name}": (1 - value) / value, f"{name}/(1 − {name})": value / (1 - value)}
        elif value > 1 and float(value).is_integer():
            found |= {f"√({name})": value**0.5, f"1/√({name})": value**-0.5}
            found |= {f"({name} − 1)/({name})": (value - 1) / value, f"({name})/({name} − 1)": value / (value - 1)}
    return found
