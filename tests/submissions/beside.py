"""Cells of students in which a line is beside a right definition, and cells that use what is not there."""

from __future__ import annotations

import sys

RIGHT = """\
def pool_output_size(size, kernel_size, stride):
    return (size - kernel_size) // stride + 1
"""
WITHIN = "def pool_output_size(size, kernel_size, stride):\n{}    return (size - kernel_size) // stride + 1\n"


def inside(code):
    """Return the right function with these lines first."""
    return WITHIN.format("".join(f"    {line}\n" for line in code.splitlines()))


CELLS = {
    "colab": ["from google.colab import drive\ndrive.mount('/content/drive')\n" + RIGHT],
    "pandas": ["import numpy as np, pandas as pd\n" + RIGHT],
    "torch": ["import numpy as np, torch\n" + RIGHT],
    "einops": ["from einops import rearrange\n" + RIGHT],
    "course-map": ["from ncl_course import check, course_map\n" + RIGHT],
    "version": ["import matplotlib\nprint(matplotlib.__version__)\n" + RIGHT],
    "get-ipython": ["get_ipython().run_line_magic('matplotlib', 'inline')\n" + RIGHT],
    "await": ["import asyncio\nawait asyncio.sleep(0)\n" + RIGHT],
    "input": ["name = input('Your name: ')\n" + RIGHT],
    "pip-continued": ["!pip install -q \\\n    numpy \\\n    matplotlib\n" + RIGHT],
    "write-file": ["with open('notes.txt', 'w') as f:\n    f.write('x')\n" + RIGHT],
    "trange-desc": ["from tqdm.auto import trange\n" + inside("for _ in trange(1, desc='epochs'):\n    pass")],
    "bar-postfix": [
        "from tqdm.auto import tqdm\n" + inside("bar = tqdm(range(1))\nfor _ in bar:\n    bar.set_postfix(loss=0.5)")
    ],
    "bar-with": ["from tqdm import tqdm\n" + inside("with tqdm(total=1) as bar:\n    bar.update(1)")],
    "autonotebook": [
        "from tqdm.autonotebook import tqdm\n" + inside("n = 0\nfor _ in tqdm(range(1)):\n    n += 1\nassert n == 1")
    ],
    "hist-unpacked": ["import matplotlib.pyplot as plt\n" + inside("counts, edges, bars = plt.hist([1, 2, 2])")],
    # further ones of the same kinds
    "chdir": ["import os\nos.chdir('/content/drive/MyDrive')\n" + RIGHT],
    "colab-if-there": ["import sys\nif 'google.colab' in sys.modules:\n    undefined\n" + RIGHT],
    "scipy-and-star": ["from scipy.special import *\nimport scipy.signal as signal\n" + RIGHT],
    "torch-submodules": ["import torch.nn.functional as F\nfrom torch import nn, Tensor\n" + RIGHT],
    "annotation-of-torch": ["import torch\ndef f(x: torch.Tensor | None = None) -> torch.Tensor: ...\n" + RIGHT],
    "asks-politely": [
        "try:\n    import cupy as xp\nexcept ImportError:\n    import numpy as xp\n"
        + inside("assert xp.__name__ == 'numpy'")
    ],
    "asks-in-a-function": [
        "def backend():\n    import cupy\n    return cupy\n"
        "try:\n    xp = backend()\nexcept (ValueError, ImportError):\n    xp = None\n" + inside("assert xp is None")
    ],
    "asks-by-suppress": [
        "import contextlib\nnumba = None\nwith contextlib.suppress(ImportError):\n    import numba\n"
        + inside("assert numba is None or numba.__version__")
    ],
    "asks-importlib": [
        "import importlib.util\nfound = importlib.util.find_spec('cupy')\n" + inside("assert found is None")
    ],
    "door": [
        "import ncl_course\nprint(ncl_course.__version__)\nncl_course.course_map()\nfrom ncl_course import *\n" + RIGHT
    ],
    "rooms-of-the-course": [
        "from ncl_course.errors import CheckFailed\nfrom ncl_course.data import load_digits\n" + RIGHT
    ],
    "shell-of-ipython-alone": ["from IPython import get_ipython\nshell = get_ipython()\nassert shell\n" + RIGHT],
    "home-folder": ["from pathlib import Path\nfolder = Path('~/images').expanduser()\n" + RIGHT],
    "shell-of-ipython": ["from IPython import get_ipython\nget_ipython().system('pip install x')\n" + RIGHT],
    "await-gather": [
        "import asyncio\nasync def f(): return 3\na, b = await asyncio.gather(f(), f())\n" + inside("assert a + b == 6")
    ],
    "async-for": ["async def g():\n    yield 5\nasync for n in g():\n    pass\n" + inside("assert n == 5")],
    "future-in-another-cell": ["from __future__ import annotations", RIGHT.replace("(size,", "(size: Undefined,")],
    "getpass": ["import getpass\ntoken = getpass.getpass()\n" + RIGHT],
    "shell-in-a-block": ["if True:\n    !apt-get install \\\n        -y x\n" + RIGHT],
    "time": ["%%time\nimport numpy as np\n" + RIGHT],
    "capture": ["%%capture out\n" + RIGHT],
    "magic-of-an-extension": ["%%snakeviz\n" + RIGHT],
    "written-module": ["%%writefile m.py\n" + RIGHT, "from m import pool_output_size"],
    "written-and-run": ["%%writefile helpers.py\n" + RIGHT, "%run helpers.py"],
    "appended-module": [
        "%%writefile m.py\nONE = 1\n",
        "%%writefile -a m.py\n" + RIGHT,
        "import m\npool_output_size = m.pool_output_size",
    ],
    "module-in-a-folder": ["%%file pkg/m.py\n" + RIGHT, "import pkg.m\npool_output_size = pkg.m.pool_output_size"],
    "numpy-file": [
        "import numpy as np\nnp.save('a.npy', np.ones(3))\ntotal = np.load('a.npy').sum()\n"
        + inside("assert total == 3")
    ],
    "paths": [
        "import os, pathlib\nos.makedirs('out', exist_ok=True)\npathlib.Path('out/a.txt').write_text('hello')\n"
        + inside("assert pathlib.Path('out/a.txt').read_text() == 'hello'")
    ],
    "download": [
        "import urllib.request\nurllib.request.urlretrieve('https://nowhere.invalid/x.npy', 'x.npy')\n" + RIGHT
    ],
    "forgotten-breakpoint": [inside("breakpoint()")],
    "forgotten-debugger": [inside("import pdb\npdb.set_trace()\nfrom pdb import set_trace\nset_trace()")],
    "pylab": ["%pylab inline\n", inside("assert floor(2.5) == np.floor(2.5) == 2")],
    "called-under-its-own-name": [RIGHT, "pool_output_size = pool_output_size(5, 2, 1)\nprint(pool_output_size)"],
    "exit-behind-it": [RIGHT + "import sys\nsys.exit()\n"],
    "helper-that-fails": ["import numpy as np\nprint(np.nowhere)\nX = undefined\n" + RIGHT],
    "redefined-badly": [RIGHT, "def pool_output_size(size, kernel_size, stride=UNDEFINED):\n    return 7"],
    "line-of-plot": [
        "import matplotlib.pyplot as plt\nline, = plt.plot([1, 2])\nfirst, *rest = plt.plot([1, 2], [3, 4])\n" + RIGHT
    ],
    "grid-of-axes": [
        "import matplotlib.pyplot as plt\nfig, axs = plt.subplots(2, 3)\n"
        + inside("assert axs.shape == (2, 3)\nassert len(list(axs.flat)) == 6")
    ],
    "bars-of-a-chart": [
        "import matplotlib.pyplot as plt\nn = 0\nfor bar in plt.bar([1, 2, 3], [3, 4, 5]):\n    bar.set_color('r')\n    n += 1\n"
        + inside("assert n == 3")
    ],
    "digits-unpacked": ["from sklearn.datasets import load_digits\nX, y = load_digits(return_X_y=True)\n" + RIGHT],
    "hist-counts": [
        "import matplotlib.pyplot as plt\nn, edges, bars = plt.hist([1, 2, 2], bins=2)\n"
        + inside("assert list(n) == [1, 2]")
    ],
    "plain-tqdm": ["import tqdm\n" + inside("n = sum(tqdm.tqdm([1, 2], total=2, leave=False))\nassert n == 3")],
    "old-notebook-bar": ["from tqdm import tnrange\n" + RIGHT],
    "nested-bars": [
        "from tqdm.auto import tqdm, trange\n"
        + inside(
            "n = 0\nfor _ in trange(2):\n    for x in tqdm(iter([1, 2]), total=2):\n        tqdm.write('x')\n        n += x\nassert n == 6"
        )
    ],
    "bar-to-a-dict": [
        "from tqdm.auto import tqdm\n"
        + inside("assert dict(tqdm({'a': 1}.items())) == {'a': 1}\nassert sorted(tqdm([2, 1])) == [1, 2]")
    ],
    "thousands-of-warnings": [
        inside("import numpy as np\nfor _ in range(3_000):\n    np.log(np.zeros(1))"),
    ],
    "counted-by-hand": [
        "from tqdm.auto import tqdm\n"
        + inside(
            "bar = tqdm(total=10, desc='x')\nbar.update(4)\nbar.set_description('y')\nbar.close()\nassert bar.n == 4"
        )
    ],
}
"""Cells in which pool_output_size is right, whatever is beside it."""

ONLY_GRADED = {
    "arguments-of-a-command-line": [
        "import argparse\nparser = argparse.ArgumentParser()\nargs = parser.parse_args()\n" + RIGHT
    ],
    "decorated-helper": ["from numba import njit\n@njit\ndef helper(x): return x\n" + RIGHT],
    "annotations-of-absent-modules": [
        "from jaxtyping import Float\nfrom torch import Tensor\nfrom typing import Optional\nimport numpy as np\n"
        + RIGHT.replace("(size,", "(size: Optional[Tensor],").replace("stride):", "stride: Float[np.ndarray, 'n']):")
    ],
    "debuggers-of-others": ["import ipdb\nimport pudb\n" + inside("ipdb.set_trace()\npudb.set_trace()")],
    "bars-of-others": [
        "from fastprogress import master_bar, progress_bar\nfrom rich.progress import track\n"
        "from alive_progress import alive_it\n"
        + inside(
            "bar = master_bar(range(2))\nfound = [n for a in bar for n in progress_bar([5, 6], parent=bar)]\n"
            "assert found == [5, 6, 5, 6]\nassert [*track([1, 2], description='x')] == [*alive_it([1, 2])]"
        )
    ],
    "printed-by-others": [
        "from rich import print\nfrom icecream import ic\nfrom loguru import logger\nfrom termcolor import colored\n"
        + inside("print('[bold]', size)\nassert ic(size) == size\nlogger.debug(size)\nprint(colored(size, 'red'))")
    ],
    "dataframe": ["import pandas as pd\ndf = pd.DataFrame({'a': [1]})\nprint(df.head())\n" + RIGHT],
    "hang-behind-it": [RIGHT + "while True:\n    pass\n"],
    "too-large-before-it": ["import numpy as np\nx = np.zeros((20_000, 20_000))\n" + RIGHT],
    "hoard-before-it": [
        "import numpy as np\nhoard = []\nfor _ in range(5_000):\n    hoard.append(np.ones(10**6))\nx = np.ones(3)\n"
        + RIGHT
    ],
    "too-large-twice-and-an-end": [
        "import numpy as np\nx = np.zeros((20_000, 20_000))\ny = 1\nz = np.ones((30_000, 30_000))\n"
        + inside("assert y == 1")
        + "import os\nos._exit(0)\n"
    ],
    "ended-behind-it": [RIGHT + "import os\nos._exit(0)\n"],
}
"""The same, but an installed package or a process of its own decides what happens on the student's machine."""

USES = {
    "call": "import torch\n" + inside("torch.zeros(1)"),
    "attribute's call": "import torch.nn.functional as F\n" + inside("F.relu(size)"),
    "number": "from scipy.constants import pi\n" + inside("size + pi"),
    "truth": "import torch\n" + inside("if torch.cuda:\n    pass"),
    "kind": "import torch\n" + inside("isinstance(size, torch.Tensor)"),
    "array": "import numpy as np, torch\n" + inside("np.asarray(torch.tensor)"),
    "loop": "import pandas as pd\n" + inside("for _ in pd.columns:\n    pass"),
    "inside": inside("import jax.numpy as jnp\njnp.ones(3)"),
    "equal": "import torch\n" + inside("size == torch.inf"),
}

MESSAGES = {
    "decorator": (
        ["from numba import njit\n@njit\n" + RIGHT],
        "numba is not there while a notebook is graded (njit was used): exercises are written in NumPy alone (line 2). "
        "Left undefined: pool_output_size.",
    ),
    "first failure": (
        [
            "class Sizes:\n    def f(self:\n        pass",
            "sizes = Sizes()",
            RIGHT.replace("    return", "    sizes\n    return"),
        ],
        "sizes could not be defined, because code cell 1 did not run: SyntaxError: '(' was never closed (line 2).",
    ),
    "first failure of a helper": (
        ["x = 1\ndef helper(n=UNDEFINED):\n    return n\n", RIGHT.replace("(size -", "(helper(size) -")],
        "The cell that defines helper (code cell 1) did not run: NameError: name 'UNDEFINED' is not defined (line 2).",
    ),
    "conflict": (
        [f"<<<<<<< HEAD\n{RIGHT}=======\n{RIGHT}>>>>>>> theirs\n"],
        "The cell holds the marks of a merge conflict of git",
    ),
    "a character that nobody sees": (
        ["\ufeff" + RIGHT],
        "(code cell 1) did not run: SyntaxError: invalid non-printable character U+FEFF (line 1).",
    ),
    "a zero-width space at a line's start": (
        ["import numpy as np\n\u200b" + RIGHT],
        "(code cell 1) did not run: SyntaxError: invalid non-printable character U+200B (line 2).",
    ),
    "newer syntax": (
        [
            RIGHT.replace("size(size,", "size[T: int](size: T,")
            if sys.version_info < (3, 12)
            else "def pool_output_size("
        ],
        "it seems to use syntax that needs Python 3.12 or newer." if sys.version_info < (3, 12) else "SyntaxError",
    ),
    "continued after a syntax error": (
        ["def pool_output_size(size, kernel_size, stride:\n    pass", "pool_output_size = cached(pool_output_size)"],
        "(code cell 1) did not run: SyntaxError",
    ),
}

REFUSED = [
    (
        "import subprocess\nsubprocess.run(['pip', 'install', 'einops'])",
        "no other program and no further process can be started while a notebook is graded (line 2)",
    ),
    (
        "import os\nprint(os.popen('nvidia-smi').read())",
        "no other program and no further process can be started while a notebook is graded (line 2)",
    ),
    (
        "from multiprocessing import Pool\nwith Pool(2) as pool:\n    pass",
        "no other program and no further process can be started while a notebook is graded (line 2)",
    ),
    (
        "import os\nos.makedirs('/kaggle/working', exist_ok=True)",
        "it can write files only into its own working folder, under a plain name (line 2)",
    ),
    ("x = open('/content/drive/MyDrive/x.txt')", "is graded without the other files of your computer (line 1)"),
    ("input()", "EOFError: input() gets no answer while a notebook is checked or graded (line 1)."),
    (
        "import urllib.request\nurllib.request.urlopen('http://x.invalid')",
        "there is no network while a notebook is graded",
    ),
    (
        "import requests\nrequests.get('http://x.invalid')",
        "requests is not there while a notebook is graded (get was used)",
    ),
    ("from PIL import Image\nimport numpy as np\nnp.array(Image.open('cat.png'))", "there is no number in them"),
]

REFUSED_IN_RUSSIAN = [
    (REFUSED[0][0], "при проверке работ нельзя запускать другие программы и процессы (строка 2)"),
    (
        REFUSED[3][0],
        "Read-only file system: '/kaggle': при проверке работ файлы можно создавать только в рабочей папке",
    ),
    (REFUSED[4][0], "при проверке работ других файлов с вашего компьютера нет (строка 1)"),
    (REFUSED[5][0], "EOFError: input() при проверке не получает ответа (строка 1)."),
    (REFUSED[6][0], "Exception: при проверке работ сети нет, и скачать ничего нельзя (строка 2)"),
    (REFUSED[7][0], "ImportError: при проверке работ requests недоступен (использовано имя get): сети нет"),
    (REFUSED[8][0], "ImportError: рисунков, изображений, виджетов и наборов данных при проверке работ нет"),
    ("from scipy.special import *", "from scipy.special import * ничего не импортировал"),
    (
        "from ncl_course.oracles import pooling\npooling.right(1)",
        "при проверке работ ncl_course.oracles недоступен (использовано имя pooling.right)",
    ),
]
