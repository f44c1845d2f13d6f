# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] id="title" lang="en"
# # 3 · Fully connected layers and softmax
#
# Convolutions and pooling turn a picture into feature maps. But the question was *what is in the picture?*, and the answer is one of
# $N$ classes. This notebook is about the end of a network: how it gets from feature maps to probabilities, and to the one number that
# training makes smaller.
#
# To classify into $N$ classes one usually computes the **probability** $p_i$ of each class $i$. This takes three steps:
#
# 1. the maps are laid out as one vector (**Flatten**);
# 2. a **fully connected layer** turns this vector into $N$ numbers, the **logits** $l_i$: any real numbers, one per class;
# 3. **softmax** turns the logits into probabilities.
#
# In training, one more step follows: **cross-entropy** compares the probabilities with the right answer.
#
# You will write all four, forward and backward, count what a fully connected layer costs, and write the layer that makes it
# unnecessary.

# %% [markdown] id="title" lang="ru"
# # 3 · Полносвязные слои и softmax
#
# Свёртки и субдискретизация превращают картинку в карты признаков. Но вопрос был «что на картинке?», и ответ на него — один из
# $N$ классов. Эта тетрадь — о конце сети: о пути от карт признаков к вероятностям и к тому единственному числу, которое
# уменьшают при обучении.
#
# Для классификации на $N$ классов обычно определяют **вероятность** $p_i$ принадлежности к каждому из классов $i$. Для этого нужны три
# шага:
#
# 1. карты вытягиваются в один вектор (**Flatten**);
# 2. **полносвязный слой** превращает этот вектор в $N$ чисел, **логиты** $l_i$: любые вещественные числа, по одному на класс;
# 3. **softmax** превращает логиты в вероятности.
#
# При обучении добавляется ещё один шаг: **перекрёстная энтропия** сравнивает вероятности с правильным ответом.
#
# Вы напишете все четыре, прямой и обратный проход, посчитаете, чего стоит полносвязный слой, и напишете слой, который позволяет
# без него обойтись.

# %% id="setup" role="setup"
import numpy as np

from ncl_course import ask, check, language, progress
from ncl_course.nn import Layer
from ncl_course.viz import (
    overflow_explorer,
    parameters_explorer,
    show_blocks,
    show_cross_entropy,
    show_flatten,
    show_jacobian,
    show_linear,
    show_parameters,
    show_sigmoid_as_softmax,
    show_softmax,
    show_template,
    show_thin_product,
    softmax_explorer,
    template_explorer,
)

# %% [markdown] id="flatten-intro" lang="en"
# ## From maps to a vector
#
# The last operation of the convolutional part, for example a convolution, gives a tensor $X'$ of any size: $d$ maps of $h$ rows and
# $w$ columns. For the next layer it does not matter where a number stood, so the tensor is laid out as a vector $X$ of
# $M = d \cdot w \cdot h$ numbers. Nothing is computed; the numbers only get one index instead of three:

# %% [markdown] id="flatten-intro" lang="ru"
# ## Из карт — вектор
#
# Последняя операция свёрточной части, например свёртка, даёт тензор $X'$ произвольного размера: $d$ карт, в каждой $h$ строк и $w$
# столбцов. Следующему слою всё равно, где стояло число, поэтому тензор вытягивают в вектор $X$ из $M = d \cdot w \cdot h$ чисел.
# Ничего не вычисляется: вместо трёх индексов у чисел становится один:

# %% id="flatten-picture" role="picture"
show_flatten()

# %% [markdown] id="flatten-task-before" lang="en"
# The lecture's vector is a column of size $M \times 1$. In code a whole batch goes through the layer at once, and each sample is a **row**:
# `(N, C, H, W)` becomes `(N, C·H·W)`. (In shapes, `N` is the batch; in the lecture's formulas, $N$ is the number of classes.)

# %% [markdown] id="flatten-task-before" lang="ru"
# В лекции вектор — столбец размера $M \times 1$. В коде через слой проходит сразу весь пакет, и каждый пример в нём — **строка**:
# из `(N, C, H, W)` получается `(N, C·H·W)`. (В формах массивов `N` — размер пакета; в формулах лекции $N$ — число классов.)

# %% id="ask-flat-place" role="question"
ask("linear.flat-place")

# %% [markdown] id="flatten-task" lang="en"
# ### Exercise `Flatten` (0.5 + 0.5 points)
#
# `forward` lays each sample out as a row: channel by channel, row by row. `backward` gets a gradient `(N, C·H·W)` and puts every
# number back where its input was. The derivatives stay the same; only their indices change.
#
# <details><summary>Hint</summary>
#
# `reshape` does both. It reads the numbers in the order in which they are stored and never mixes two samples, as long as the first
# axis stays first. What must `backward` know that only `forward` has seen?
#
# </details>

# %% [markdown] id="flatten-task" lang="ru"
# ### Упражнение `Flatten` (0,5 + 0,5 балла)
#
# `forward` вытягивает каждый пример в строку: карта за картой, строка за строкой. `backward` получает градиент `(N, C·H·W)` и ставит
# каждое число туда, где стоял его вход. Сами производные не меняются, меняются только их индексы.
#
# <details><summary>Подсказка</summary>
#
# И то и другое умеет `reshape`. Он берёт числа в том порядке, в каком они стоят, и никогда не смешает два примера, если первая ось
# остаётся первой. Что нужно знать в `backward` из того, что видел только `forward`?
#
# </details>


# %% id="flatten-forward" solves="Flatten"
class Flatten(Layer):
    def forward(self, x):
        ### BEGIN SOLUTION
        self.shape = x.shape
        return x.reshape(x.shape[0], -1)
        ### END SOLUTION


# %% id="check-flatten-forward" check="Flatten.forward"
check(Flatten, "forward")


# %% id="flatten-backward" solves="Flatten"
class Flatten(Flatten):
    def backward(self, grad_out):
        ### BEGIN SOLUTION
        return grad_out.reshape(self.shape)
        ### END SOLUTION


# %% id="check-flatten-backward" check="Flatten.backward"
check(Flatten, "backward")

# %% [markdown] id="linear-intro" lang="en"
# ## The fully connected layer
#
# In a convolution a neuron sees a small part of the picture. In a **fully connected layer** (FC) every output neuron is connected to **every**
# input neuron: each output is a weighted sum of all inputs, with its own weights. All the weights together form a matrix $A$ of size
# $N \times M$, with one row for each output:

# %% [markdown] id="linear-intro" lang="ru"
# ## Полносвязный слой
#
# В свёртке нейрон видит небольшую часть картинки. В **полносвязном слое** (FC, fully connected) каждый нейрон выхода связан со **всеми**
# нейронами входа: каждый выход — взвешенная сумма всех входов, веса у каждого свои. Все веса вместе — это матрица весов $A$ размера
# $N \times M$, по строке на каждый выход:

# %% id="linear-picture" role="picture"
show_linear()

# %% [markdown] id="linear-forward-task-before" lang="en"
# $$Y = A X + b$$
#
# The outputs of the network's last FC layer are the logits, $Y_i = l_i$. Sometimes a one-dimensional tensor $b$ of length $N$, the **bias**,
# is added to the product, sometimes not; our layer has a bias.
#
# In a batch the samples are rows. Written for rows, the same product is $Y = X A^T + b$, where $b$ is added to every row. The
# lecture's $A$ is `params["weight"]` of shape `(out_features, in_features)`, exactly as in torch; some other courses store it
# transposed.

# %% [markdown] id="linear-forward-task-before" lang="ru"
# $$Y = A X + b$$
#
# Выходы последнего полносвязного слоя сети — это логиты, $Y_i = l_i$. Иногда к результату умножения добавляют одномерный тензор
# сдвига $b$ длины $N$ (bias), иногда нет; у нас он есть.
#
# В пакете каждый пример — строка. Для строк то же произведение записывается так: $Y = X A^T + b$, и $b$ прибавляется к каждой строке.
# Матрица $A$ из лекции — это `params["weight"]` формы `(out_features, in_features)`, в точности как в torch; в некоторых других курсах
# она хранится транспонированной.

# %% id="ask-no-transpose" role="question"
ask("linear.no-transpose")

# %% [markdown] id="linear-forward-task" lang="en"
# ### Exercise `Linear`, forward (1.5 points)
#
# You also write `__init__`, which fills `params["weight"]` and `params["bias"]`. The weights start **random**, drawn from `rng`: if
# they were all equal, all neurons would compute the same, get the same gradient and stay equal for ever. A good choice is
# $\mathcal{N}(0, 2/M)$ for the weights and 0 for the bias (the next lecture says why).
#
# `forward` takes `x` of shape `(N, in_features)` and returns `(N, out_features)` **in the dtype of `x`**: the weights are float64, and
# float32 times float64 is float64. Read the weights from `params` each time, and do not replace these arrays: an optimiser writes into
# them.
#
# <details><summary>Hint 1: the generator</summary>
#
# `rng.normal(0, σ, size)` draws numbers with the standard deviation σ, the square root of the variance. If `rng` is None, make your
# own generator.
#
# </details>
#
# <details><summary>Hint 2: the bias</summary>
#
# With which axis of `(N, out)` does broadcasting line up `(out,)`? Is there anything to reshape?
#
# </details>

# %% [markdown] id="linear-forward-task" lang="ru"
# ### Упражнение `Linear`, прямой проход (1,5 балла)
#
# Напишите и `__init__`: он заполняет `params["weight"]` и `params["bias"]`. Веса вначале **случайны** и взяты из `rng`: будь они
# одинаковы, все нейроны считали бы одно и то же, получали бы один и тот же градиент и навсегда остались бы одинаковыми. Надёжный выбор —
# $\mathcal{N}(0, 2/M)$ для весов и 0 для сдвига (почему — тема следующей лекции).
#
# `forward` получает `x` формы `(N, in_features)` и возвращает `(N, out_features)` **того же типа, что `x`**: веса хранятся в float64, а float32,
# умноженный на float64, — это float64. Берите веса из `params` каждый раз, а сами массивы не подменяйте: оптимизатор
# пишет прямо в них.
#
# <details><summary>Подсказка 1: генератор</summary>
#
# `rng.normal(0, σ, size)` даёт числа со стандартным отклонением σ, корнем из дисперсии. Если `rng` равен None, создайте свой генератор.
#
# </details>
#
# <details><summary>Подсказка 2: сдвиг</summary>
#
# К какой оси `(N, out)` по правилам растягивания (broadcasting) прикладывается `(out,)`? Нужно ли менять форму?
#
# </details>


# %% id="linear-forward" solves="Linear"
class Linear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        ### BEGIN SOLUTION
        rng = np.random.default_rng() if rng is None else rng
        self.params["weight"] = rng.normal(0, np.sqrt(2 / in_features), (out_features, in_features))
        self.params["bias"] = np.zeros(out_features)
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        self.x = x
        y = x @ self.params["weight"].T + self.params["bias"]
        return y.astype(x.dtype)
        ### END SOLUTION


# %% id="check-linear-forward" check="Linear.forward"
check(Linear, "forward")

# %% [markdown] id="linear-backward-task-before" lang="en"
# ### Its three gradients
#
# A layer with parameters answers three questions: how does the loss depend on the input (returned, for the layer before it), on the
# weights and on the bias (kept in `grads`, for the optimiser)?
#
# Take a single number: $y_{nm} = \sum_d A_{md}\, x_{nd} + b_m$ for sample $n$ and output $m$. Let $g_{nm}$ be `grad_out`. Each
# quantity collects the gradient along all paths by which it affects the loss:
#
# - $x_{nd}$ affects **all outputs** of its own sample: sum over $m$;
# - $A_{md}$ is used for **all samples**: sum over $n$;
# - $b_m$ is added to **all samples**: sum over $n$.
#
# $$\frac{\partial L}{\partial x_{nd}} = \sum_m g_{nm} A_{md}, \qquad \frac{\partial L}{\partial A_{md}} = \sum_n g_{nm} x_{nd}, \qquad
# \frac{\partial L}{\partial b_m} = \sum_n g_{nm}$$

# %% [markdown] id="linear-backward-task-before" lang="ru"
# ### Три градиента
#
# Слой с параметрами отвечает на три вопроса: как функция потерь зависит от входа (этот градиент возвращается предыдущему слою), от
# весов и от сдвига (эти остаются в `grads` для оптимизатора)?
#
# Посмотрим на одно число: $y_{nm} = \sum_d A_{md}\, x_{nd} + b_m$ для примера $n$ и выхода $m$. Пусть $g_{nm}$ — это `grad_out`.
# Каждая величина собирает градиент по всем путям, которыми она влияет на функцию потерь:
#
# - $x_{nd}$ попадает во **все выходы** своего примера: сумма по $m$;
# - $A_{md}$ участвует во **всех примерах**: сумма по $n$;
# - $b_m$ прибавляется ко **всем примерам**: сумма по $n$.
#
# $$\frac{\partial L}{\partial x_{nd}} = \sum_m g_{nm} A_{md}, \qquad \frac{\partial L}{\partial A_{md}} = \sum_n g_{nm} x_{nd}, \qquad
# \frac{\partial L}{\partial b_m} = \sum_n g_{nm}$$

# %% id="ask-weight-gradient" role="question"
ask("linear.weight-gradient")

# %% [markdown] id="linear-backward-task" lang="en"
# ### Exercise `Linear`, backward (3 points)
#
# Fill `grads["weight"]` and `grads["bias"]` **anew** (two calls must not add up) and return $\partial L / \partial X$.
#
# <details><summary>Hint 1: sums are products</summary>
#
# A sum over a shared index is a matrix product: the summed index must come last in the left factor and first in the right one.
# Transpose until it does.
#
# </details>
#
# <details><summary>Hint 2: let the shapes speak</summary>
#
# Each gradient has the shape of what it is a gradient of. Write down the shapes of `grad_out`, `x` and `weight`: which product can
# give (out, in)? Choose different numbers for N, in and out; otherwise the shapes tell you nothing.
#
# </details>

# %% [markdown] id="linear-backward-task" lang="ru"
# ### Упражнение `Linear`, обратный проход (3 балла)
#
# Заполните `grads["weight"]` и `grads["bias"]` **заново** (два вызова не должны складываться) и верните $\partial L / \partial X$.
#
# <details><summary>Подсказка 1: суммы — это произведения</summary>
#
# Сумма по общему индексу — это произведение матриц: индекс, по которому идёт сумма, должен стоять последним у левого множителя и
# первым у правого. Транспонируйте, пока не встанет.
#
# </details>
#
# <details><summary>Подсказка 2: пусть говорят формы</summary>
#
# Форма каждого градиента — это форма того, по чему берётся производная. Выпишите формы `grad_out`, `x` и `weight`: какое произведение
# может дать (out, in)? Возьмите разные числа для N, in и out, иначе формы ничего не скажут.
#
# </details>


# %% id="linear-backward" solves="Linear"
class Linear(Linear):
    def backward(self, grad_out):
        ### BEGIN SOLUTION
        self.grads["weight"] = grad_out.T @ self.x
        self.grads["bias"] = grad_out.sum(axis=0)
        return (grad_out @ self.params["weight"]).astype(self.x.dtype)
        ### END SOLUTION


# %% id="check-linear-backward" check="Linear.backward"
check(Linear, "backward")

# %% [markdown] id="count-intro" lang="en"
# ## What it costs
#
# A convolution uses the same few weights at every place. A fully connected layer has a weight for every **pair** of an input and an
# output. Take a real network, VGG-16. Its pictures are 3 × 224 × 224, its convolutional part ends with 512 maps of 7 × 7, and then come
# three fully connected layers with 4096, 4096 and 1000 outputs.

# %% [markdown] id="count-intro" lang="ru"
# ## Чего он стоит
#
# Свёртка пользуется одними и теми же немногими весами в каждом месте. У полносвязного слоя свой вес на каждую **пару** из входа и
# выхода. Возьмём настоящую сеть, VGG-16: на входе картинки 3 × 224 × 224, после свёрток — 512 карт 7 × 7, а за ними три полносвязных слоя
# с 4096, 4096 и 1000 выходов.

# %% id="ask-million-weights" role="question"
ask("linear.million-weights")

# %% id="ask-weight-uses" role="question"
ask("linear.weight-uses")

# %% [markdown] id="count-picture-intro" lang="en"
# Here are both numbers for each of its layers; note that the scale on the right is logarithmic.

# %% [markdown] id="count-picture-intro" lang="ru"
# Вот оба числа для каждого её слоя; справа шкала логарифмическая.

# %% id="count-picture" role="picture"
show_parameters()

# %% [markdown] id="count-task" lang="en"
# All thirteen convolutions together have 14.7 million parameters; the first fully connected layer alone has 102.8 million, and each of
# them does a single multiplication for a picture. Hence the lecture's remark: fully connected layers are usually **the largest layers and
# not very fast**, so you should try to avoid them (average pooling) or to optimise them.
#
# ### Exercise `parameter_count` (1 point)
#
# Return how many numbers are trained in a list of layers, as an `int`. The parameters that a layer trains are in its `params`: a dict
# of arrays with any names and any number of axes, which is empty for layers such as ReLU and pooling.
#
# <details><summary>Hint</summary>
#
# An array knows how many numbers it holds. Which two loops do you need?
#
# </details>

# %% [markdown] id="count-task" lang="ru"
# Во всех тринадцати свёртках вместе 14,7 миллиона параметров, а в одном только первом полносвязном слое — 102,8 миллиона, и на каждый из
# них приходится всего одно умножение на картинку. Отсюда замечание лекции: полносвязные слои обычно **самые большие по объёму и не очень
# быстрые**, поэтому нужно стараться их избегать (average pooling) либо оптимизировать.
#
# ### Упражнение `parameter_count` (1 балл)
#
# Верните, сколько чисел обучается в списке слоёв, как `int`. Обучаемые параметры слоя лежат в его `params`: это словарь массивов с любыми
# именами и любым числом осей, а у таких слоёв, как ReLU и субдискретизация, он пуст.
#
# <details><summary>Подсказка</summary>
#
# Массив сам знает, сколько в нём чисел. Какие два цикла здесь нужны?
#
# </details>


# %% id="parameter-count" solves="parameter_count"
def parameter_count(layers):
    ### BEGIN SOLUTION
    return sum(values.size for layer in layers for values in layer.params.values())
    ### END SOLUTION


# %% id="check-parameter-count" check="parameter_count.value"
check(parameter_count)

# %% [markdown] id="thin-intro" lang="en"
# ## Two ways out
#
# The lecture names two: optimise large FC layers, or avoid them.
#
# **Optimise.** Instead of multiplying by one large matrix $A$, multiply by two thin ones: the first computes a few numbers from all inputs, and
# the second computes all outputs from these few. Take the first FC layer of VGG-16, and 256 numbers in between.

# %% [markdown] id="thin-intro" lang="ru"
# ## Два выхода
#
# В лекции их названо два: большие полносвязные слои оптимизировать или избегать их.
#
# **Оптимизировать.** Вместо умножения на одну большую матрицу $A$ можно умножить на две узкие: первая делает из всех входов несколько чисел,
# вторая из этих чисел — все выходы. Возьмём первый полносвязный слой VGG-16 и 256 чисел посередине.

# %% id="ask-thin-product" role="question"
ask("linear.thin-product")

# %% id="thin-picture" role="picture"
show_thin_product()

# %% [markdown] id="mean-intro-before" lang="en"
# ### Doing without: global average pooling
#
# **Avoid.** Replace every map by its mean, and 512 maps become 512 numbers, whatever their size. A single FC layer from 512 to 1000 then has 513
# thousand parameters instead of 123.6 million. The question changes too: from "is the pattern at this place?" to "how much of it is
# there in the whole picture?", and this is what the class should depend on.
#
# $$Y_{m} = \frac{1}{H W} \sum_{i, j} X_{ij}^{m}$$
#
# Below is a small network, layer by layer, with each of the two endings: five convolutions of 3 × 3, each followed by a pooling layer
# that halves the map, and 1000 classes. On the left the maps are flattened, and a hidden FC layer comes before the last one (0 means
# that there is none).

# %% [markdown] id="mean-intro-before" lang="ru"
# ### Как обойтись без него: среднее по всей карте
#
# **Избегать.** Замените каждую карту её средним, и 512 карт станут 512 числами, какого бы размера они ни были. В единственном полносвязном слое из
# 512 в 1000 тогда 513 тысяч параметров вместо 123,6 миллиона. Меняется и вопрос: вместо «есть ли признак в этом месте?» — «сколько
# его на всей картинке?», а от этого класс и должен зависеть.
#
# $$Y_{m} = \frac{1}{H W} \sum_{i, j} X_{ij}^{m}$$
#
# Ниже — небольшая сеть, слой за слоем, в двух вариантах: пять свёрток 3 × 3, за каждой субдискретизация, уменьшающая карту вдвое,
# классов 1000. Слева карты вытянуты в вектор, а перед последним полносвязным слоем стоит скрытый слой (0 — его нет).

# %% id="ask-larger-picture" role="question"
ask("linear.larger-picture")

# %% id="ask-twice-the-maps" role="question"
ask("linear.twice-the-maps")

# %% id="ask-no-hidden" role="question"
ask("linear.no-hidden")

# %% [markdown] id="mean-intro" lang="en"
# Now move the sliders and see whether you were right.

# %% [markdown] id="mean-intro" lang="ru"
# Теперь подвигайте ползунки и проверьте себя.

# %% id="mean-explorer" role="picture"
parameters_explorer()

# %% id="ask-each-cell" role="question"
ask("linear.each-cell")

# %% [markdown] id="mean-task" lang="en"
# ### Exercise `GlobalAvgPool2d` (0.5 + 1 points)
#
# From `(N, C, H, W)` to `(N, C)`, and back.
#
# <details><summary>Hint</summary>
#
# `mean` takes several axes at once. In `backward`, what share of `grad_out` does each cell of a map get? Give `grad_out` two more
# axes, and let broadcasting spread it over an array in the shape of `x`.
#
# </details>

# %% [markdown] id="mean-task" lang="ru"
# ### Упражнение `GlobalAvgPool2d` (0,5 + 1 балл)
#
# Из `(N, C, H, W)` в `(N, C)` и обратно.
#
# <details><summary>Подсказка</summary>
#
# `mean` принимает сразу несколько осей. Какую долю `grad_out` получает в `backward` каждая ячейка карты? Добавьте `grad_out` две оси,
# и пусть он растянется (broadcasting) на массив формы `x`.
#
# </details>


# %% id="mean-forward" solves="GlobalAvgPool2d"
class GlobalAvgPool2d(Layer):
    def forward(self, x):
        ### BEGIN SOLUTION
        self.shape = x.shape
        return x.mean(axis=(2, 3))
        ### END SOLUTION


# %% id="check-mean-forward" check="GlobalAvgPool2d.forward"
check(GlobalAvgPool2d, "forward")


# %% id="mean-backward" solves="GlobalAvgPool2d"
class GlobalAvgPool2d(GlobalAvgPool2d):
    def backward(self, grad_out):
        ### BEGIN SOLUTION
        H, W = self.shape[2:]
        share = grad_out / (H * W)
        return np.ones(self.shape, dtype=grad_out.dtype) * share[:, :, None, None]
        ### END SOLUTION


# %% id="check-mean-backward" check="GlobalAvgPool2d.backward"
check(GlobalAvgPool2d, "backward")

# %% [markdown] id="softmax-intro" lang="en"
# ## Softmax: from logits to probabilities
#
# Logits are any real numbers. Probabilities are not negative and sum to 1. **Softmax** turns the former into the latter in two steps:
# the exponential makes all numbers positive, and division by their sum makes the sum 1.
#
# $$\text{Softmax}(Y)_i = \frac{e^{l_i}}{\sum_{k=1}^N e^{l_k}} = p_i, \qquad \sum_{k=1}^N p_k = 1, \quad 0 \le p_i \le 1$$
#
# The larger logit gets the larger probability. How much larger depends only on the differences between the logits. Dividing all logits
# by a number $T$, the **temperature**, brings them closer together or moves them further apart. With a small $T$ softmax is decisive:
# nearly everything goes to the largest logit. So it is a soft version of *arg max*, which gives 1 to the largest logit and 0 to all
# others (a better name would be "soft arg max"). With a large $T$ it is indecisive:

# %% [markdown] id="softmax-intro" lang="ru"
# ## Softmax: из логитов — вероятности
#
# Логиты — любые вещественные числа. Вероятности неотрицательны и в сумме дают 1. **Softmax** превращает первые во вторые в два шага:
# экспонента делает все числа положительными, а после деления на сумму сумма становится равна 1.
#
# $$\text{Softmax}(Y)_i = \frac{e^{l_i}}{\sum_{k=1}^N e^{l_k}} = p_i, \qquad \sum_{k=1}^N p_k = 1, \quad 0 \le p_i \le 1$$
#
# Чем больше логит, тем больше вероятность. Насколько больше, зависит только от разностей логитов. Если разделить все логиты на число
# $T$, **температуру**, они сблизятся или разойдутся. При малой $T$ softmax решителен: почти всё достаётся наибольшему логиту. Так что
# это мягкий вариант *arg max*, который даёт 1 наибольшему логиту и 0 всем остальным (точнее было бы название «мягкий arg max»). При
# большой $T$ он нерешителен:

# %% id="softmax-picture" role="picture"
show_softmax([2.0, 1.0, 0.0, -1.0])

# %% [markdown] id="softmax-explore-before" lang="en"
# ### Move the logits
#
# Each vertical slider is a logit.

# %% [markdown] id="softmax-explore-before" lang="ru"
# ### Подвигайте логиты
#
# Каждый вертикальный ползунок — это логит.

# %% id="ask-lower-logits" role="question"
ask("linear.lower-logits")

# %% id="ask-doubled-logits" role="question"
ask("linear.doubled-logits")

# %% id="ask-never-zero" role="question"
ask("linear.never-zero")

# %% [markdown] id="softmax-explore" lang="en"
# Now move the sliders and see whether you were right.

# %% [markdown] id="softmax-explore" lang="ru"
# Теперь подвигайте ползунки и проверьте себя.

# %% id="softmax-explorer" role="picture"
softmax_explorer()

# %% [markdown] id="sigmoid" lang="en"
# ### A generalisation of the sigmoid
#
# Take $N = 2$ and divide numerator and denominator by $e^{l_1}$:
#
# $$p_1 = \frac{e^{l_1}}{e^{l_1} + e^{l_2}} = \frac{1}{1 + e^{-(l_1 - l_2)}} = \sigma(l_1 - l_2)$$
#
# For two classes, softmax is the sigmoid of the difference of the logits.

# %% [markdown] id="sigmoid" lang="ru"
# ### Обобщение сигмоиды
#
# Возьмём $N = 2$ и разделим числитель и знаменатель на $e^{l_1}$:
#
# $$p_1 = \frac{e^{l_1}}{e^{l_1} + e^{l_2}} = \frac{1}{1 + e^{-(l_1 - l_2)}} = \sigma(l_1 - l_2)$$
#
# Для двух классов softmax — это сигмоида от разности логитов.

# %% id="ask-two-logits" role="question"
ask("linear.two-logits")

# %% [markdown] id="sigmoid-picture-intro" lang="en"
# On the left is the softmax of two classes, on the right that of three: one logit moves, all others are 0. The dots are the sigmoid. With
# more classes the curve has the same shape, and there are more shares to give away.

# %% [markdown] id="sigmoid-picture-intro" lang="ru"
# Слева softmax для двух классов, справа для трёх: один логит меняется, остальные равны 0. Точки — сигмоида. Когда классов больше, форма
# кривой та же, только делить единицу приходится на большее число долей.

# %% id="sigmoid-picture" role="picture"
show_sigmoid_as_softmax()

# %% [markdown] id="sigmoid-numbers-intro" lang="en"
# Now in numbers, for three samples with two classes. The last line shows what happens if 7 is added to both logits:

# %% [markdown] id="sigmoid-numbers-intro" lang="ru"
# Теперь числа, для трёх примеров с двумя классами. В последней строке — что будет, если к обоим логитам прибавить 7:

# %% id="sigmoid-numbers" role="given"
first, second = np.array([3.0, 0.5, -2.0]), np.array([1.0, 0.5, 4.0])
print("softmax    ", np.round(np.exp(first) / (np.exp(first) + np.exp(second)), 6))
print("sigmoid    ", np.round(1 / (1 + np.exp(-(first - second))), 6))
print("softmax, +7", np.round(np.exp(first + 7) / (np.exp(first + 7) + np.exp(second + 7)), 6))

# %% [markdown] id="stable" lang="en"
# ### The maximum trick
#
# Adding the same number to all logits of a sample changes nothing: $e^{c}$ cancels. So we may choose which number to add. The choice
# matters, because a computer cannot hold very large exponentials:

# %% [markdown] id="stable" lang="ru"
# ### Приём с максимумом
#
# Если ко всем логитам примера прибавить одно и то же число, ничего не изменится: $e^{c}$ сокращается. Значит, это число можно выбрать.
# И выбор важен: очень большие экспоненты в числа с плавающей точкой не помещаются:

# %% id="overflow" role="given"
logits = np.array([1000.0, 999.0, -1000.0])
with np.errstate(all="ignore"):
    print("exp(l)     ", np.exp(logits))
    print("exp(l) / Σ ", np.exp(logits) / np.exp(logits).sum())

# %% [markdown] id="stable-trick-before" lang="en"
# Infinity divided by infinity is not a number, although the right answer is quite ordinary: about 0.73, 0.27 and 0. Subtract the **largest
# logit of the sample**, $m = \max_k l_k$. Then the largest exponential is $e^0 = 1$, nothing overflows, and the sum is at least 1, so
# nothing is divided by 0 either.
#
# $$p_i = \frac{e^{l_i - m}}{\sum_k e^{l_k - m}}$$
#
# See how this happens. The logits are 1, 0 and −1, and $c$ is added to all of them. The upper row shows their exponentials; the lower
# row shows the exponentials after the maximum has been subtracted. The scale has all numbers that the type can hold, and a cross marks
# a number that is off the scale.

# %% [markdown] id="stable-trick-before" lang="ru"
# Бесконечность, делённая на бесконечность, — не число, хотя ответ самый обычный: примерно 0,73; 0,27 и 0. Вычтем **наибольший логит
# примера** $m = \max_k l_k$: тогда самая большая экспонента равна $e^0 = 1$, ничего не переполняется, а сумма не меньше 1, так что и
# делить на 0 не придётся.
#
# $$p_i = \frac{e^{l_i - m}}{\sum_k e^{l_k - m}}$$
#
# Посмотрите, как это происходит. Логиты равны 1, 0 и −1, и ко всем прибавлено $c$. Вверху — их экспоненты как есть, внизу — экспоненты
# после вычитания максимума, на шкале всех чисел этого типа. Крестиком отмечено число, которое на ней не помещается.

# %% id="ask-overflow" role="question"
ask("linear.overflow")

# %% id="ask-underflow" role="question"
ask("linear.underflow")

# %% [markdown] id="stable-trick" lang="en"
# Now move the sliders and see whether you were right. In float64 the formula without the trick works up to $c = 708$, because the
# largest number is about $1.8 \cdot 10^{308} \approx e^{709.8}$. In the other direction it gives no NaN down to $c = -746$. In float32,
# the usual type for training networks, the limits are 87 and −104.

# %% [markdown] id="stable-trick" lang="ru"
# Теперь подвигайте ползунки и проверьте себя. В float64 формула без этого приёма работает до $c = 708$: самое большое число там примерно
# $1{,}8 \cdot 10^{308} \approx e^{709{,}8}$. В другую сторону NaN не появляется до $c = -746$. В float32, в котором обычно обучают сети,
# границы — 87 и −104.

# %% id="overflow-explorer" role="picture"
overflow_explorer()

# %% id="ask-one-maximum" role="question"
ask("linear.one-maximum")

# %% [markdown] id="softmax-task" lang="en"
# ### Exercise `Softmax`, forward (1.5 points)
#
# Apply softmax over the **last** axis, for arrays with any number of axes, without warnings at ±1000.
#
# <details><summary>Hint 1: row by row at once</summary>
#
# `max` and `sum` have the argument `keepdims=True`. Without it, an array of shape `(N, C)` gives `(N,)`, and broadcasting lines this
# up with the classes: an error or, if N = C, wrong numbers without an error.
#
# </details>
#
# <details><summary>Hint 2: the last axis</summary>
#
# How do you name the last axis when you do not know how many axes there are? NumPy counts axes from the end with negative numbers.
#
# </details>

# %% [markdown] id="softmax-task" lang="ru"
# ### Упражнение `Softmax`, прямой проход (1,5 балла)
#
# Вычислите softmax по **последней** оси, для массивов с любым числом осей, без предупреждений при ±1000.
#
# <details><summary>Подсказка 1: все строки сразу</summary>
#
# У `max` и `sum` есть аргумент `keepdims=True`. Без него из `(N, C)` получится `(N,)`, и растягивание приложит его вдоль классов:
# выйдет ошибка, а при N = C — неверные числа без всякой ошибки.
#
# </details>
#
# <details><summary>Подсказка 2: последняя ось</summary>
#
# Как назвать последнюю ось, если неизвестно, сколько их? С конца NumPy считает оси отрицательными числами.
#
# </details>


# %% id="softmax-forward" solves="Softmax"
class Softmax(Layer):
    def forward(self, x):
        ### BEGIN SOLUTION
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        self.p = e / e.sum(axis=-1, keepdims=True)
        return self.p
        ### END SOLUTION


# %% id="check-softmax-forward" check="Softmax.forward"
check(Softmax, "forward")

# %% [markdown] id="jacobian-intro" lang="en"
# ### Its gradient: every output depends on every input
#
# ReLU and similar functions work element by element. In softmax each probability depends on **all** logits: if you raise one logit,
# the other probabilities fall. So the derivatives form a table, the **Jacobian**: row $i$, column $k$ says how $p_i$ changes with
# $l_k$.

# %% [markdown] id="jacobian-intro" lang="ru"
# ### Его градиент: каждый выход зависит от каждого входа
#
# ReLU и похожие функции действуют поэлементно. В softmax каждая вероятность зависит от **всех** логитов: поднимите один логит — и
# остальные вероятности уменьшатся. Поэтому производные образуют таблицу, **матрицу Якоби**: число в строке $i$ и столбце $k$
# показывает, как $p_i$ меняется вместе с $l_k$.

# %% id="jacobian-picture" role="picture"
show_jacobian([1.0, 0.0, -1.0])

# %% [markdown] id="softmax-backward-task-before" lang="en"
# $$\frac{\partial p_i}{\partial l_k} = p_i (\delta_{ik} - p_k), \qquad \delta_{ik} = 1 \text{ for } i = k \text{ and } 0 \text{ otherwise}$$
#
# The shortest derivation uses the logarithm: the derivative of $\log p_i = l_i - \log \sum_j e^{l_j}$ with respect to $l_k$ is
# $\delta_{ik} - p_k$, and $\partial p_i / \partial l_k = p_i \cdot \partial \log p_i / \partial l_k$.
#
# On the diagonal is $p_i (1 - p_i)$, the derivative of the sigmoid again; everywhere else is $-p_i p_k$, which is always negative.
# Each row and each column sums to 0.
#
# The gradient that arrives, $g_i = \partial L / \partial p_i$, is multiplied by this table:
#
# $$\frac{\partial L}{\partial l_k} = \sum_i g_i \frac{\partial p_i}{\partial l_k} = p_k \Big( g_k - \sum_i g_i p_i \Big)$$
#
# The table itself is not needed. The formula is easy to read. Take the mean of all $g$, weighted by the probabilities: the gradient of a
# logit is positive if its own $g$ is larger than this mean, and negative if it is smaller.

# %% [markdown] id="softmax-backward-task-before" lang="ru"
# $$\frac{\partial p_i}{\partial l_k} = p_i (\delta_{ik} - p_k), \qquad \delta_{ik} = 1 \text{ при } i = k \text{ и } 0 \text{ иначе}$$
#
# Короче всего вывести это через логарифм: производная $\log p_i = l_i - \log \sum_j e^{l_j}$ по $l_k$ равна $\delta_{ik} - p_k$, а
# $\partial p_i / \partial l_k = p_i \cdot \partial \log p_i / \partial l_k$.
#
# На диагонали стоит $p_i (1 - p_i)$ — снова производная сигмоиды, вне её $-p_i p_k$, всегда отрицательное. Сумма каждой строки и
# каждого столбца равна 0.
#
# Пришедший градиент, $g_i = \partial L / \partial p_i$, умножается на эту таблицу:
#
# $$\frac{\partial L}{\partial l_k} = \sum_i g_i \frac{\partial p_i}{\partial l_k} = p_k \Big( g_k - \sum_i g_i p_i \Big)$$
#
# Сама таблица не нужна. Формулу легко прочесть: градиент по логиту положителен, если его $g$ больше среднего всех $g$, взвешенного
# вероятностями, и отрицателен, если меньше.

# %% id="ask-jacobian" role="question"
ask("linear.jacobian")

# %% [markdown] id="softmax-backward-task" lang="en"
# ### Exercise `Softmax`, backward (2.5 points)
#
# Return the product with the Jacobian, for any `grad_out`.
#
# <details><summary>Hint 1</summary>
#
# What is the formula made of, besides `grad_out`? Keep that in `forward`.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Each sample has its own sum, and it is subtracted for all classes of that sample. Over which axis do you sum, and why should this
# axis be kept?
#
# </details>

# %% [markdown] id="softmax-backward-task" lang="ru"
# ### Упражнение `Softmax`, обратный проход (2,5 балла)
#
# Верните произведение с матрицей Якоби для любого `grad_out`.
#
# <details><summary>Подсказка 1</summary>
#
# Из чего, кроме `grad_out`, состоит формула? Это и сохраните в `forward`.
#
# </details>
#
# <details><summary>Подсказка 2</summary>
#
# Сумма у каждого примера своя, а вычесть её нужно у всех его классов. По какой оси идёт сумма и зачем эту ось сохранить?
#
# </details>


# %% id="softmax-backward" solves="Softmax"
class Softmax(Softmax):
    def backward(self, grad_out):
        ### BEGIN SOLUTION
        mean = (grad_out * self.p).sum(axis=-1, keepdims=True)
        return self.p * (grad_out - mean)
        ### END SOLUTION


# %% id="check-softmax-backward" check="Softmax.backward"
check(Softmax, "backward")

# %% [markdown] id="loss-intro" lang="en"
# ## Cross-entropy: how wrong is it?
#
# The network answers $p$, and the right class is $c$. How good is that answer? If the network is taken at its word, the probability of
# what has really happened is $p_c$. For a whole batch of independent samples these probabilities multiply:
#
# $$\prod_{n} p_{n c_n}$$
#
# This product is the **likelihood**: training should make it as large as possible. But a product of a thousand numbers below 1 is 0 as
# a float, and its derivative is unwieldy. The logarithm grows with its argument, so the best network is the same, and the product
# becomes a sum: $\sum_n \log p_{n c_n}$. Its negative, averaged over the batch, is small when the answers are good: a loss.
#
# Could one not take simply $1 - p_c$, the probability of being wrong? See what it does to the gradient.

# %% [markdown] id="loss-intro" lang="ru"
# ## Перекрёстная энтропия: насколько неверно?
#
# Сеть отвечает $p$, верный класс — $c$. Насколько хорош такой ответ? Если поверить сети на слово, вероятность того, что произошло на
# самом деле, равна $p_c$. Для пакета независимых примеров эти вероятности перемножаются:
#
# $$\prod_{n} p_{n c_n}$$
#
# Это произведение называется **правдоподобием**: при обучении его хотят сделать как можно больше. Но произведение тысячи чисел меньше
# единицы в числах с плавающей точкой — ноль, и производная у него громоздкая. Логарифм растёт вместе с аргументом, поэтому лучшая сеть
# останется той же, а произведение станет суммой: $\sum_n \log p_{n c_n}$. Взятая с минусом и усреднённая по пакету, она мала, когда
# ответы хороши: это и есть функция потерь.
#
# А нельзя ли взять просто $1 - p_c$, вероятность ошибиться? Посмотрите, что тогда станет с градиентом.

# %% id="ask-one-minus-p" role="question"
ask("linear.one-minus-p")

# %% [markdown] id="loss-log" lang="en"
# With the logarithm the gradient is largest where the network is most wrong. **Cross-entropy** is this loss:

# %% [markdown] id="loss-log" lang="ru"
# С логарифмом градиент больше всего там, где сеть сильнее всего ошибается. Такая функция потерь и называется **перекрёстной энтропией**:

# %% id="loss-picture" role="picture"
show_cross_entropy()

# %% [markdown] id="loss-task-before" lang="en"
# $$L = -\frac{1}{N} \sum_{n=1}^{N} \log p_{n c_n}$$
#
# Here $N$ is the number of samples in the batch and $c_n$ the label of sample $n$: the loss is the **mean** over the batch, so neither
# the loss nor the gradients of the weights grow with the batch size. For a confident wrong answer the loss has no upper limit.
#
# **What it should be at the start.** A network that has learned nothing yet gives each of $C$ classes a probability of about $1/C$, so
# its loss is about $\log C$: 2.303 for ten classes. Look at this number before you train anything. If it is 5 instead, the logits are
# too large at the start.
#
# ### Log-sum-exp
#
# Computed literally, the formula fails: for a very wrong sample $p_c$ becomes 0 as a float, and $\log 0 = -\infty$. Many people add a
# small ε inside the logarithm; but then, with ε = 1e-8, the loss of a sample can never exceed 18.4, however wrong the answer is. It is
# better to take the logarithm on paper, before anything is computed:
#
# $$-\log p_c = \log \sum_k e^{l_k} - l_c = m + \log \sum_k e^{l_k - m} - l_c$$
#
# The first term is called **log-sum-exp**; with the maximum taken out, it never overflows and never takes $\log 0$.

# %% [markdown] id="loss-task-before" lang="ru"
# $$L = -\frac{1}{N} \sum_{n=1}^{N} \log p_{n c_n}$$
#
# Здесь $N$ — число примеров в пакете, $c_n$ — метка примера $n$: функция потерь — **среднее** по пакету, поэтому ни она, ни градиенты
# по весам не растут вместе с размером пакета. Для уверенного, но неверного ответа она может быть сколь угодно большой.
#
# **Какой она должна быть вначале.** Сеть, которая ещё ничему не научилась, даёт каждому из $C$ классов вероятность около $1/C$, и
# функция потерь близка к $\log C$: 2,303 для десяти классов. Посмотрите на это число, прежде чем что-нибудь обучать. Если оно равно 5,
# логиты вначале слишком велики.
#
# ### Log-sum-exp
#
# Если вычислять по формуле буквально, ничего не выйдет: когда ответ очень неверен, $p_c$ в float обращается в 0, а $\log 0 = -\infty$.
# Многие добавляют под логарифм маленькое ε, но тогда при ε = 1e-8 функция потерь на одном примере никогда не превысит 18,4, как бы
# неверен ни был ответ. Лучше взять логарифм на бумаге, до всех вычислений:
#
# $$-\log p_c = \log \sum_k e^{l_k} - l_c = m + \log \sum_k e^{l_k - m} - l_c$$
#
# Первое слагаемое называется **log-sum-exp**; если вынести из него максимум, оно не переполняется, и $\log 0$ в нём не возникает.

# %% id="ask-wrong-and-sure" role="question"
ask("linear.wrong-and-sure")

# %% [markdown] id="loss-task" lang="en"
# ### Exercise `CrossEntropyLoss`, forward (1.5 points)
#
# `forward(logits, labels)` gets **logits** `(N, C)` (softmax is part of the loss: do not apply it before) and labels `(N,)`, whole
# numbers from 0 to C − 1. It returns one number. Do not change either argument.
#
# <details><summary>Hint 1: picking one number from each row</summary>
#
# `table[rows, columns]` with two index arrays of length N takes N numbers, one for each pair. What are the rows here, and what are the
# columns? (`table[:, columns]` takes N columns of every row.)
#
# </details>
#
# <details><summary>Hint 2: what to keep</summary>
#
# Look at the gradient below: what does `backward` need? You have already computed nearly all of it for log-sum-exp.
#
# </details>

# %% [markdown] id="loss-task" lang="ru"
# ### Упражнение `CrossEntropyLoss`, прямой проход (1,5 балла)
#
# `forward(logits, labels)` получает **логиты** `(N, C)` (softmax уже внутри: заранее его применять не нужно) и метки `(N,)`, целые числа от
# 0 до C − 1. Возвращает одно число. Ни один из аргументов меняться не должен.
#
# <details><summary>Подсказка 1: по одному числу из строки</summary>
#
# `table[rows, columns]` с двумя массивами индексов длины N берёт N чисел, по одному на каждую пару. Что здесь строки, а что столбцы?
# (`table[:, columns]` берёт N столбцов из каждой строки.)
#
# </details>
#
# <details><summary>Подсказка 2: что запомнить</summary>
#
# Посмотрите на градиент ниже: что понадобится в `backward`? Почти всё это вы уже вычислили для log-sum-exp.
#
# </details>


# %% id="loss-forward" solves="CrossEntropyLoss"
class CrossEntropyLoss:
    def forward(self, logits, labels):
        ### BEGIN SOLUTION
        shifted = logits - logits.max(axis=1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.labels = np.exp(log_p), labels
        return -log_p[np.arange(len(labels)), labels].mean()
        ### END SOLUTION


# %% id="check-loss-forward" check="CrossEntropyLoss.forward"
check(CrossEntropyLoss, "forward")

# %% [markdown] id="loss-backward-task-before" lang="en"
# ### The simplest gradient of all
#
# Differentiate log-sum-exp: $\partial \log \sum_j e^{l_j} / \partial l_k = p_k$. And $-l_c$ gives −1, for the right class only. Let
# $y$ be the vector that is 1 at the right class and 0 elsewhere; then
#
# $$\frac{\partial L}{\partial l_{nk}} = \frac{1}{N} (p_{nk} - y_{nk})$$
#
# *The network's answer minus the right answer*: the Jacobian of softmax and the $1/p$ of the logarithm have cancelled. This is why
# libraries keep softmax and the loss together, and why a network ends with logits.

# %% [markdown] id="loss-backward-task-before" lang="ru"
# ### Самый простой градиент
#
# Продифференцируем log-sum-exp: $\partial \log \sum_j e^{l_j} / \partial l_k = p_k$. А $-l_c$ даёт −1, и только для верного класса. Если
# $y$ — вектор, в котором 1 стоит у верного класса, а в остальных местах 0, то
#
# $$\frac{\partial L}{\partial l_{nk}} = \frac{1}{N} (p_{nk} - y_{nk})$$
#
# *Ответ сети минус правильный ответ*: матрица Якоби softmax и $1/p$ от логарифма сократились. Вот почему в библиотеках softmax
# объединён с функцией потерь, а сеть заканчивается логитами.

# %% id="ask-loss-gradient" role="question"
ask("linear.loss-gradient")

# %% [markdown] id="loss-backward-task" lang="en"
# ### Exercise `CrossEntropyLoss`, backward (2 points)
#
# `backward()` has no argument: nothing comes after the loss. It returns an array in the shape and dtype of the logits.
#
# <details><summary>Hint</summary>
#
# You do not have to build $y$. In which places do $p$ and $p - y$ differ? Work on a **copy** of the probabilities; otherwise a second
# call would subtract once more.
#
# </details>

# %% [markdown] id="loss-backward-task" lang="ru"
# ### Упражнение `CrossEntropyLoss`, обратный проход (2 балла)
#
# У `backward()` нет аргументов: после функции потерь ничего нет. Он возвращает массив той же формы и того же типа, что логиты.
#
# <details><summary>Подсказка</summary>
#
# Строить $y$ не обязательно. В каких местах различаются $p$ и $p - y$? Работайте с **копией** вероятностей, иначе второй вызов вычтет
# ещё раз.
#
# </details>


# %% id="loss-backward" solves="CrossEntropyLoss"
class CrossEntropyLoss(CrossEntropyLoss):
    def backward(self):
        ### BEGIN SOLUTION
        N = len(self.labels)
        grad = self.p.copy()
        grad[np.arange(N), self.labels] -= 1
        return grad / N
        ### END SOLUTION


# %% id="check-loss-backward" check="CrossEntropyLoss.backward"
check(CrossEntropyLoss, "backward")

# %% [markdown] id="template" lang="en"
# ## The whole network
#
# Now we have all the pieces of the lecture's **template of a deep CNN**:
#
# `INPUT → [[CONV → RELU]·N → POOL?]·M → [FC → RELU]·K → Softmax`
#
# $N$ convolutions with their ReLUs and then, perhaps, a pooling layer (the question mark); all of this $M$ times; then $K$ fully
# connected layers with their ReLUs; softmax at the end. (The softmax needs one logit per class, so in practice one more FC layer,
# without a ReLU, comes before it.)

# %% [markdown] id="template" lang="ru"
# ## Вся сеть
#
# Теперь у нас есть все части **шаблона глубокой СНС** из лекции:
#
# `INPUT → [[CONV → RELU]·N → POOL?]·M → [FC → RELU]·K → Softmax`
#
# $N$ свёрток, за каждой ReLU, а затем, возможно, субдискретизация (вопросительный знак); всё это $M$ раз; затем $K$ полносвязных слоёв с
# ReLU и в конце softmax. (Softmax нужен один логит на класс, поэтому на деле перед ним стоит ещё один полносвязный слой, без ReLU.)

# %% id="template-picture" role="picture"
show_template()

# %% [markdown] id="template-explorer-intro" lang="en"
# Now put numbers into it. Below is the template for CIFAR-10: pictures of 3 × 32 × 32, 10 classes. Convolutions are 3 × 3 with padding
# 1 and keep the size of a map; the first block makes 16 maps, and each further block twice as many as the one before; pooling is 2 × 2
# and halves the map; a hidden FC layer has 128 neurons. A layer that is left out is dashed.
#
# Under the template you see everything that the network computes, in the colour of the layer that computed it. A stack of maps is seen
# from the side: its height is the height of a map, and its width grows with the square root of the number of maps. The picture and the
# vector after Flatten are grey; the height of a vector grows with the logarithm of its length. The rows below say what each block
# passes on and how many parameters it has.
#
# Three predictions first:

# %% [markdown] id="template-explorer-intro" lang="ru"
# Подставим в него числа. Ниже — шаблон для CIFAR-10: картинки 3 × 32 × 32, классов 10. Свёртки 3 × 3 с дополнением (padding) 1 не меняют
# размера карты; в первом блоке 16 карт, в каждом следующем вдвое больше; субдискретизация 2 × 2 уменьшает карту вдвое; в скрытом
# полносвязном слое 128 нейронов. Пунктиром обведён слой, которого в сети нет.
#
# Под шаблоном — всё, что вычисляет сеть, в цвете того слоя, который это вычислил. Карты видны сбоку: высота — сторона карты, ширина растёт
# как корень из числа карт. Картинка и вектор после Flatten — серые; высота вектора растёт как логарифм его длины. В строках под рисунком
# сказано, что блок отдаёт дальше и сколько в нём параметров.
#
# Сначала три предсказания:

# %% id="ask-more-blocks" role="question"
ask("linear.more-blocks")

# %% id="ask-pool-off" role="question"
ask("linear.pool-off")

# %% id="ask-field" role="question"
ask("linear.field")

# %% id="template-explorer" role="picture"
template_explorer()

# %% [markdown] id="template-explored" lang="en"
# FC layers have 99.9% of the parameters for $M = 1$ and 8% for $M = 5$. The deepest network has fewer parameters than the shallowest
# one (426,794 and 526,154), but it is not faster: each convolution multiplies at every cell, and the number of multiplications for one
# picture grows with every block, from 0.97 million for $M = 1$ to 5.2 million for $M = 5$.
#
# So the optional POOL gives two things at once: the cells of the last map see far, and the FC layer after it is small.

# %% [markdown] id="template-explored" lang="ru"
# При $M = 1$ на полносвязные слои приходится 99,9 % параметров, при $M = 5$ — 8 %. У самой глубокой сети параметров меньше, чем у самой
# мелкой (426 794 и 526 154), но она не быстрее: свёртка умножает в каждой ячейке, и число умножений на одну картинку растёт с каждым
# блоком, от 0,97 миллиона при $M = 1$ до 5,2 миллиона при $M = 5$.
#
# Итак, необязательный POOL даёт сразу две вещи: ячейки последней карты видят далеко, а полносвязный слой за ней мал.

# %% id="ask-five-poolings" role="question"
ask("linear.five-poolings")

# %% [markdown] id="modern" lang="en"
# ### What modern networks add
#
# Modern networks often have a slightly more complicated structure than the template:

# %% [markdown] id="modern" lang="ru"
# ### Что добавляют современные сети
#
# Современные СНС зачастую имеют немного более сложную структуру, чем шаблон:

# %% id="modern-picture" role="picture"
show_blocks()

# %% id="ask-residual" role="question"
ask("linear.residual")

# %% id="ask-concatenation" role="question"
ask("linear.concatenation")

# %% id="ask-seven-by-seven" role="question"
ask("linear.seven-by-seven")

# %% [markdown] id="outlook" lang="en"
# - **ResNet** has **residual connections**: a block's input is added to its output, $y = x + F(x)$. If the block has nothing to add,
#   $F = 0$ is enough; and in the backward pass the gradient has a path around the block, so it reaches even the first of a hundred
#   layers.
# - **Inception** applies several layers with different windows in parallel and **concatenates** their maps. It also **splits one 2D
#   convolution into two 1D ones**: 1 × 7 and then 7 × 1 see the same 7 × 7 cells with 14 weights instead of 49 (per pair of an input
#   map and an output map).
# - **BatchNormalization** normalizes the values layer by layer: lesson 5.
# - **Dropout** fights overfitting: lesson 4.
#
# Three facts to remember: a fully connected layer has `in · out + out` parameters; the loss of a network with $C$ classes starts near
# $\log C$; the gradients of the logits of one sample sum to 0.

# %% [markdown] id="outlook" lang="ru"
# - В сетях типа **ResNet** есть **остаточные (residual) связи**: вход блока прибавляется к его выходу, $y = x + F(x)$. Если блоку
#   нечего добавить, достаточно $F = 0$; а в обратном проходе у градиента есть путь в обход блока, и он доходит даже до первого из
#   сотни слоёв.
# - Сети типа **Inception** применяют параллельно несколько слоёв с разными окнами и делают **конкатенацию** их карт; а ещё **разделяют
#   одну 2D свёртку на две 1D**: 1 × 7 и затем 7 × 1 видят те же 7 × 7 ячеек с 14 весами вместо 49 (на пару из входной и выходной
#   карты).
# - **Пакетная нормализация** (BatchNormalization) выполняет послойную нормализацию: занятие 5.
# - **Dropout** борется с переобучением: занятие 4.
#
# Три факта на память: в полносвязном слое `in · out + out` параметров; функция потерь сети на $C$ классов вначале близка к $\log C$;
# сумма градиентов по логитам одного примера равна 0.

# %% [markdown] id="residual-trial" lang="en"
# ### A path around fifty blocks, tried
#
# Fifty blocks $F(x) = Ax$ with small random weights, and a gradient of length 10 at the end. What is left of it at the beginning, without
# and with the residual connection $x + F(x)$? (Each line of the loop is a backward pass: $A^T g$ for a block, $g + A^T g$ with the path
# around it. Change the 0.5 to 0.1 or to 1, or the seed, and run it again.)

# %% [markdown] id="residual-trial" lang="ru"
# ### Путь в обход пятидесяти блоков: попробуем
#
# Пятьдесят блоков $F(x) = Ax$ с небольшими случайными весами; в конце градиент длины 10. Что от него остаётся в начале без остаточной связи
# и с ней, $x + F(x)$? (Строки цикла — это обратный проход: $A^T g$ для блока и $g + A^T g$, если есть путь в обход. Замените 0.5 на 0.1 или
# на 1, смените seed и выполните ячейку ещё раз.)

# %% id="residual-run" role="own"
rng = np.random.default_rng(0)
plain = residual = np.ones(100)
for _ in range(50):
    A = rng.normal(0, 0.5 / np.sqrt(100), size=(100, 100))
    plain = A.T @ plain
    residual = residual + A.T @ residual
print(f"without the path: {np.linalg.norm(plain):.1e}, with it: {np.linalg.norm(residual):.1e}")

# %% [markdown] id="residual-said" lang="en"
# Without the path, fifty factors of about 0.5 leave nothing. With it the gradient arrives, and here it even grows: this is one reason why
# residual networks contain batch normalization, which brings the numbers of each block back to one scale (lesson 5).
#
# ## Three questions with lessons 1 and 2

# %% [markdown] id="residual-said" lang="ru"
# Без обходного пути пятьдесят множителей около 0,5 не оставляют ничего. С ним градиент доходит, а здесь даже растёт: это одна из причин, по
# которым в остаточных сетях стоит пакетная нормализация: она возвращает числа каждого блока к одному масштабу (занятие 5).
#
# ## Три вопроса вместе с занятиями 1 и 2

# %% id="ask-global-window" role="question"
ask("linear.global-window")

# %% id="ask-after-pooling" role="question"
ask("linear.after-pooling")

# %% id="ask-no-softmax" role="question"
ask("linear.no-softmax")

# %% [markdown] id="end" lang="en"
# ## What is done
#
# Run this cell whenever you like. It shows the checks of this session; after a restart, run the notebook once from the top.
#
# **To hand in**, save the notebook (Ctrl-S) and run `ncl-course hand-in` in a terminal (*File → New → Terminal*). The command
# checks your notebooks, says what is open, and writes `hand_in.zip` beside them. Hand in this one file; exercises may still be
# open.

# %% [markdown] id="end" lang="ru"
# ## Что сделано
#
# Выполняйте эту ячейку когда угодно. Она показывает проверки этого сеанса; после перезапуска выполните тетрадь один раз с начала.
#
# **Как сдать.** Сохраните тетрадь (Ctrl-S) и выполните в терминале (*File → New → Terminal*) команду `ncl-course hand-in`. Она
# проверит ваши тетради, скажет, что ещё не сделано, и положит рядом с ними `hand_in.zip`. Сдавайте один этот файл; сделано может
# быть и не всё.

# %% id="progress" role="given"
progress("03_linear_softmax")
