"""Real images to learn from: digits of scikit-learn's, Fashion-MNIST, and CIFAR-10 as in the lecture.

Each comes as a ``Dataset``: training, validation and test images (N, C, H, W) in [0, 1] with their labels (N,).
"""

from ncl_course.data.cifar10 import load_cifar10
from ncl_course.data.dataset import Dataset, Part
from ncl_course.data.digits import all_digits, load_digits
from ncl_course.data.errors import DataError
from ncl_course.data.fashion import all_fashion, load_fashion

__all__ = ["DataError", "Dataset", "Part", "all_digits", "all_fashion", "load_cifar10", "load_digits", "load_fashion"]
