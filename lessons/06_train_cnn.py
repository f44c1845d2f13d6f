# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] id="title" lang="en"
# # 6 · Your layers train a network
#
# In five lessons you have written layers, one by one. In this lesson they become a network that learns to read handwritten
# digits. All its layers except the convolution are your own code, and so is the training; the convolution and the optimiser are
# given, and you can read them in `ncl_course.nn`.
#
# In this notebook you will
#
# 1. collect your layers from the notebooks of lessons 1 to 5,
# 2. build a network by the lecture's template,
# 3. write one step of training, and then the whole training,
# 4. see that your network and PyTorch's agree at every step,
# 5. look inside the network while it learns,
# 6. test on your own network what the lecture claims about batch normalization and dropout,
# 7. find the bugs in three layers that look correct.
#
# What training needs but this lecture does not cover is given in `ncl_course.nn`: a convolution (`Conv2d`), a chain of layers
# (`Sequential`), and gradient descent with momentum (`SGD`).

# %% [markdown] id="title" lang="ru"
# # 6 · Ваши слои обучают сеть
#
# Пять занятий подряд вы писали слои, каждый сам по себе. Теперь из них получится сеть, которая научится читать рукописные цифры.
# Все слои в ней, кроме свёртки, — ваш собственный код, и обучение тоже; свёртка и оптимизатор даны, их можно прочесть в
# `ncl_course.nn`.
#
# В этой тетради вы
#
# 1. соберёте свои слои из тетрадей к занятиям 1–5,
# 2. построите сеть по шаблону из лекции,
# 3. напишете один шаг обучения, а затем и всё обучение,
# 4. убедитесь, что ваша сеть и сеть PyTorch совпадают на каждом шаге,
# 5. посмотрите изнутри, как она учится,
# 6. проверите на своей сети то, что в лекции сказано о нормализации по пакету и дропауте,
# 7. найдёте ошибки в трёх слоях, которые с виду верны.
#
# То, без чего обучения не бывает, но чего нет в этой лекции, дано в `ncl_course.nn`: свёртка (`Conv2d`), цепочка слоёв
# (`Sequential`) и градиентный спуск с моментом (`SGD`).

# %% id="setup" role="setup"
import numpy as np

from ncl_course import ask, check, language, own_layers, progress
from ncl_course.data import load_digits, load_fashion
from ncl_course.experiments import run_claims, run_overfitting
from ncl_course.nn import SGD, CNNConfig, Conv2d, Sequential, gradient_error
from ncl_course.viz import (
    draw_and_read,
    live_training,
    scrub_training,
    show_beside_torch,
    show_built,
    show_claims,
    show_diagnosis,
    show_dropout_gap,
    show_images,
    show_mistakes,
    show_template,
    three_patients,
    when_written,
)

# %% [markdown] id="own" lang="en"
# ## Your own layers
#
# The next cell reads the notebooks in the same folder as this one, runs each in its own namespace, and checks the layers that are
# needed here. It uses every layer that passes its check. If a layer is missing or does not pass yet, PyTorch's layer is used
# instead, so you can go on, come back later and run this cell again.

# %% [markdown] id="own" lang="ru"
# ## Ваши собственные слои
#
# Следующая ячейка читает тетради из этой же папки, выполняет каждую в отдельном пространстве имён и проверяет нужные здесь слои.
# Если слой проходит проверку, используется он. Если слоя нет или он пока не проходит проверку, вместо него работает слой из
# PyTorch, так что можно двигаться дальше, а потом вернуться и выполнить эту ячейку ещё раз.

# %% id="own-layers" role="given"
layers = own_layers()

# %% [markdown] id="data" lang="en"
# From now on, `layers.ReLU()`, `layers.MaxPool2d(2)` and so on are the layers of this table: your own ones and, for the others,
# PyTorch's.
#
# ## The images
#
# We use 1,797 handwritten digits of 8 × 8 pixels. They come with the course, so nothing has to be downloaded. They are split
# into three parts:
#
# - **train**: the network learns from this part;
# - **validation**: we use this part to choose settings such as the learning rate;
# - **test**: this part is used once, at the end. If you choose settings by it, you have learned from it.

# %% [markdown] id="data" lang="ru"
# С этого места `layers.ReLU()`, `layers.MaxPool2d(2)` и так далее — слои из этой таблицы: ваши собственные, а вместо недостающих — слои
# из PyTorch.
#
# ## Изображения
#
# Возьмём 1797 рукописных цифр размером 8 × 8. Они идут вместе с курсом, скачивать ничего не нужно. Они разделены на три
# части:
#
# - **обучающая (train)**: по ней сеть учится;
# - **проверочная (validation)**: по ней мы выбираем настройки, например темп обучения (learning rate);
# - **тестовая (test)**: её используют один раз, в конце. Если по ней что-то выбирать, то по ней уже учились.

# %% id="digits" role="picture"
digits = load_digits()
show_images(digits.train.x, digits.train.labels, digits.classes)

# %% id="ask-which-part" role="question"
ask("training.which-part")

# %% [markdown] id="template" lang="en"
# <details><summary>The lecture's CIFAR-10 instead</summary>
#
# The lecture shows a network that learns CIFAR-10: 60,000 colour photographs of 32 × 32 pixels in ten classes. With an internet
# connection, `from ncl_course.data import load_cifar10` and `digits = load_cifar10()` download it once (about 170 MB) and keep
# it. Everything below works with it too, with `in_channels=3` and `image_size=32`; it only takes longer.
#
# </details>
#
# ## The template
#
# The lecture builds deep networks by this template (lesson 3):
#
# `INPUT → [[CONV → RELU]·N → POOL?]·M → [FC → RELU]·K → Softmax`

# %% [markdown] id="template" lang="ru"
# <details><summary>CIFAR-10, как в лекции</summary>
#
# В лекции показана сеть, которая учится на CIFAR-10: это 60 000 цветных фотографий 32 × 32 в десяти классах. Если есть интернет,
# `from ncl_course.data import load_cifar10` и `digits = load_cifar10()` скачают их один раз (около 170 МБ) и сохранят. Всё,
# что ниже, работает и с ними, с `in_channels=3` и `image_size=32`, только дольше.
#
# </details>
#
# ## Шаблон
#
# Глубокие сети в лекции строятся по такому шаблону (занятие 3):
#
# `INPUT → [[CONV → RELU]·N → POOL?]·M → [FC → RELU]·K → Softmax`

# %% id="template-picture" role="picture"
show_template()

# %% [markdown] id="build-task-before" lang="en"
# The networks of this lesson add three things to it: batch normalization after each convolution (if wanted), dropout after the
# ReLU of each hidden fully connected layer (if wanted), and a last fully connected layer that gives one logit per class:
#
# `INPUT → [[CONV → (BN) → RELU]·N → POOL?]·M → [FC → RELU → (DROPOUT)]·K → FC → Softmax`
#
# The outer brackets are loops. A **block** is $N$ convolutions, each with its ReLU, followed by one pooling layer. There are $M$
# blocks, then $K$ hidden fully connected layers, and a last one that gives the logits. The softmax is part of the loss (lesson
# 3), so it is not a layer of the network.
#
# A `CNNConfig` says which of these networks to build: $M$ is `len(config.filters)`, $N$ is `config.convs`, $K$ is
# `len(config.hidden)`. `config.filters[m]` is the number of maps that the convolutions of block $m$ give. There is batch
# normalization if `config.batch_norm` is true, pooling (`MaxPool2d(2)`) if `config.pool` is true, and dropout if
# `config.keep_prob` is below 1.
#
# **You have to keep track of two numbers** from layer to layer, because each layer must be told what its input is: how many maps
# there are, and how large they are. A convolution with `padding = kernel_size // 2` does not change the size, since `kernel_size`
# is odd here; pooling halves it.

# %% [markdown] id="build-task-before" lang="ru"
# Сети этого занятия добавляют к нему три вещи: нормализацию по пакету после каждой свёртки (если она нужна), дропаут после ReLU
# каждого скрытого полносвязного слоя (если он нужен) и последний полносвязный слой, который даёт по логиту на класс:
#
# `INPUT → [[CONV → (BN) → RELU]·N → POOL?]·M → [FC → RELU → (DROPOUT)]·K → FC → Softmax`
#
# Внешние скобки — это циклы. **Блок** — это $N$ свёрток, за каждой ReLU, и одна субдискретизация после них. Блоков $M$, за ними
# идут $K$ скрытых полносвязных слоёв и последний, который даёт логиты. Softmax входит в функцию потерь (занятие 3), поэтому
# отдельного слоя для него в сети нет.
#
# Какую из этих сетей построить, говорит `CNNConfig`: $M$ — это `len(config.filters)`, $N$ — `config.convs`, $K$ —
# `len(config.hidden)`. Свёртки блока $m$ дают `config.filters[m]` карт; нормализация по пакету есть, если истинно
# `config.batch_norm`, субдискретизация (`MaxPool2d(2)`) — если истинно `config.pool`, дропаут — если `config.keep_prob` меньше 1.
#
# **От слоя к слою нужно следить за двумя числами**, ведь каждому слою нужно сказать, что придёт на вход: сколько карт и какого
# они размера. Свёртка с `padding = kernel_size // 2` размера не меняет (`kernel_size` здесь нечётно), субдискретизация уменьшает его
# вдвое.

# %% id="ask-block" role="question"
ask("training.block")

# %% id="ask-last-layer" role="question"
ask("training.last-layer")

# %% [markdown] id="build-task" lang="en"
# ### Exercise `build_cnn` (4 points)
#
# Return a `Sequential` of the template's layers. The given `Conv2d(in_channels, out_channels, kernel_size, padding=…, rng=rng)`
# does the convolutions; all other layers are yours, from `layers`. Pass `rng` to every layer that draws random numbers, so that
# one seed gives one network. `Flatten` comes before the first fully connected layer.
#
# <details><summary>Hint 1: the skeleton</summary>
#
# Start with an empty list and two numbers, `channels` and `size`. Use two nested `for` loops for the blocks, and one more for the
# hidden layers.
#
# </details>
#
# <details><summary>Hint 2: what the fully connected part takes</summary>
#
# How many numbers does `Flatten` give when the two loops are done? Keep track of the width of the hidden layers as you did of
# `channels`.
#
# </details>

# %% [markdown] id="build-task" lang="ru"
# ### Упражнение `build_cnn` (4 балла)
#
# Верните `Sequential` из слоёв по шаблону. Свёртки делает данный вам
# `Conv2d(in_channels, out_channels, kernel_size, padding=…, rng=rng)`, все остальные слои — ваши, из `layers`. Передайте `rng`
# каждому слою, который выбирает случайные числа: тогда одно зерно даёт одну и ту же сеть. Перед первым полносвязным слоем стоит
# `Flatten`.
#
# <details><summary>Подсказка 1: скелет</summary>
#
# Начните с пустого списка и двух чисел, `channels` и `size`. Для блоков — два цикла `for`, один внутри другого, и ещё один для
# скрытых слоёв.
#
# </details>
#
# <details><summary>Подсказка 2: что приходит в полносвязную часть</summary>
#
# Сколько чисел выходит из `Flatten`, когда оба цикла закончены? За шириной скрытых слоёв следите так же, как за `channels`.
#
# </details>


# %% id="build-cnn" solves="build_cnn"
def build_cnn(config, rng):
    ### BEGIN SOLUTION
    stack = []
    channels, size = config.in_channels, config.image_size
    padding = config.kernel_size // 2
    for filters in config.filters:
        for _ in range(config.convs):
            stack.append(Conv2d(channels, filters, config.kernel_size, padding=padding, rng=rng))
            if config.batch_norm:
                stack.append(layers.BatchNorm2d(filters))
            stack.append(layers.ReLU())
            channels = filters
        if config.pool:
            stack.append(layers.MaxPool2d(2))
            size //= 2
    stack.append(layers.Flatten())
    width = channels * size * size
    for hidden in config.hidden:
        stack += [layers.Linear(width, hidden, rng=rng), layers.ReLU()]
        if config.keep_prob < 1:
            stack.append(layers.Dropout(config.keep_prob, rng=rng))
        width = hidden
    stack.append(layers.Linear(width, config.num_classes, rng=rng))
    return Sequential(*stack)
    ### END SOLUTION


# %% id="check-build-cnn" check="build_cnn.value"
check(build_cnn)

# %% [markdown] id="gradient" lang="en"
# ### Is the whole chain right?
#
# Each layer has passed its check. Whether the whole chain is right can be seen without PyTorch, by the definition of the
# derivative: move one number by a small $h$ in both directions, see how the output changes, and compare this with what `backward`
# says.
#
# $$\frac{\partial L}{\partial w} \approx \frac{L(w + h) - L(w - h)}{2h}$$
#
# In float64 and with $h$ about $10^{-5}$, both agree to about ten digits; a wrong gradient usually differs in the first digit.
# For the input and for each parameter, the cell gives the largest difference divided by the largest number, to four decimal
# places: there should be zeros everywhere. The check needs a network that gives the same answer twice.

# %% [markdown] id="gradient" lang="ru"
# ### Верна ли вся цепочка?
#
# Каждый слой свою проверку прошёл. Верна ли вся цепочка, можно увидеть и без PyTorch, по определению производной: сдвинуть одно
# число на малое $h$ в обе стороны, посмотреть, как изменится выход, и сравнить с тем, что говорит `backward`.
#
# $$\frac{\partial L}{\partial w} \approx \frac{L(w + h) - L(w - h)}{2h}$$
#
# В float64 и при $h$ около $10^{-5}$ совпадают примерно десять знаков, а неверный градиент обычно расходится уже в первом. Ячейка выводит для
# входа и для каждого параметра наибольшую разницу, делённую на наибольшее число, с точностью до четырёх знаков: везде должны быть нули.
# Для такой проверки сеть должна дважды отвечать одинаково.

# %% id="ask-same-net" role="question"
ask("training.same-net")


# %% id="gradient-check" role="own"
def whole_chain():
    config = CNNConfig(in_channels=1, image_size=4, num_classes=3, filters=(2,), batch_norm=True, hidden=(4,))
    model = build_cnn(config, np.random.default_rng(1))
    errors = gradient_error(model, np.random.default_rng(2).normal(size=(3, 1, 4, 4)))
    return {name: round(error, 4) for name, error in errors.items()}


when_written(whole_chain)

# %% [markdown] id="step-task-before" lang="en"
# ## One step
#
# A training step takes a batch of images with their labels and makes the network a little better on them:
#
# 1. **forward**: the network turns the images into logits, and the loss function turns logits and labels into the loss $L$;
# 2. **backward**: the loss function gives $\partial L / \partial \text{logits}$; the network passes it back through all layers,
#    and each layer stores its own $\partial L / \partial w$ in `grads`;
# 3. **update**: the optimiser moves every parameter a little, against its gradient.
#
# The given `SGD(model, lr, momentum)` knows the model and makes the update when you call `optimizer.step()`. Like a ball that rolls
# downhill, it goes on in the direction of its earlier steps: for each parameter it keeps a velocity $v$, which starts at 0. A step keeps
# the share $\mu$ of the velocity (the **momentum**), adds the new gradient, and moves the parameter by the learning rate $\eta$ times the
# velocity:
#
# $$v \leftarrow \mu v + \frac{\partial L}{\partial w}, \qquad w \leftarrow w - \eta v$$

# %% [markdown] id="step-task-before" lang="ru"
# ## Один шаг
#
# Шаг обучения берёт пакет изображений с метками и делает сеть на них чуть лучше:
#
# 1. **прямой проход**: на входе изображения, на выходе логиты, а из логитов и меток получается значение функции потерь $L$;
# 2. **обратный проход**: функция потерь знает $\partial L / \partial \text{logits}$; сеть проводит его назад через все слои, и
#    каждый оставляет в `grads` свои $\partial L / \partial w$;
# 3. **обновление**: оптимизатор немного сдвигает каждый параметр против его градиента.
#
# Данный вам `SGD(model, lr, momentum)` знает модель и делает обновление, когда вы вызываете `optimizer.step()`. Как шар, который катится
# под гору, он продолжает двигаться туда же, куда вели прежние шаги: для каждого параметра он хранит скорость $v$, сначала равную 0. За шаг от
# скорости остаётся доля $\mu$ (**момент**), к ней прибавляется новый градиент, а параметр сдвигается на скорость, умноженную на темп
# обучения $\eta$:
#
# $$v \leftarrow \mu v + \frac{\partial L}{\partial w}, \qquad w \leftarrow w - \eta v$$

# %% id="ask-momentum" role="question"
ask("training.momentum")

# %% id="ask-mode-forgotten" role="question"
ask("training.mode-forgotten")

# %% [markdown] id="step-task" lang="en"
# ### Exercise `train_step` (3 points)
#
# Do one step on the batch `x`, `labels`, and return the loss **before** the update. The network may be in test mode when you get
# it: its accuracy may just have been measured.
#
# <details><summary>Hint 1: who does what</summary>
#
# `loss.forward(logits, labels)` gives the loss and `loss.backward()` its gradient with respect to the logits. What should
# `model.backward` get? You do not have to clear old gradients: your layers fill `grads` anew each time.
#
# </details>
#
# <details><summary>Hint 2: modes</summary>
#
# A `Sequential` switches all of its layers at once, with the same two methods that a single layer has.
#
# </details>

# %% [markdown] id="step-task" lang="ru"
# ### Упражнение `train_step` (3 балла)
#
# Сделайте один шаг на пакете `x`, `labels` и верните значение функции потерь **до** обновления. Сеть может оказаться в режиме
# теста: например, только что измеряли точность.
#
# <details><summary>Подсказка 1: кто что делает</summary>
#
# `loss.forward(logits, labels)` даёт значение функции потерь, а `loss.backward()` — её градиент по логитам. Что нужно передать в
# `model.backward`? Стирать старые градиенты не нужно: ваши слои каждый раз заполняют `grads` заново.
#
# </details>
#
# <details><summary>Подсказка 2: режимы</summary>
#
# `Sequential` переключает сразу все свои слои теми же двумя методами, что есть у отдельного слоя.
#
# </details>


# %% id="train-step" solves="train_step"
def train_step(model, loss, optimizer, x, labels):
    ### BEGIN SOLUTION
    model.train()
    value = loss.forward(model.forward(x), labels)
    model.backward(loss.backward())
    optimizer.step()
    return value
    ### END SOLUTION


# %% id="check-train-step" check="train_step.value"
check(train_step)

# %% [markdown] id="beside" lang="en"
# ### The same numbers as PyTorch
#
# Now comes the real test. Your network and a network of PyTorch's own layers start from the same weights and get the same
# batches, with batch normalization and momentum. If every layer, every gradient and every update is right, you cannot tell the
# two apart: the loss curves lie on top of each other, and the weights differ only by rounding.

# %% [markdown] id="beside" lang="ru"
# ### Те же числа, что у PyTorch
#
# А теперь настоящая проверка. Ваша сеть и сеть из слоёв самого PyTorch начинают с одних и тех же весов и видят одни и те же
# пакеты, с нормализацией по пакету и моментом. Если верен каждый слой, каждый градиент и каждое обновление, различить их нельзя:
# кривые функции потерь лежат одна на другой, а веса различаются только округлением.

# %% id="ask-how-close" role="question"
ask("training.how-close")

# %% id="beside-torch" role="picture"
when_written(lambda: show_beside_torch(build_cnn, train_step, layers))

# %% [markdown] id="train-task-before" lang="en"
# ## The whole training
#
# In an **epoch** the network sees every image once, in batches. The images are shuffled again before each epoch: otherwise the
# network would get the same batches in the same order again and again and would learn that order.

# %% [markdown] id="train-task-before" lang="ru"
# ## Всё обучение
#
# За **эпоху** сеть видит каждое изображение один раз, пакетами. Перед каждой эпохой изображения перемешивают заново: иначе сеть снова
# и снова встречает те же пакеты в том же порядке и учит этот порядок.

# %% id="ask-steps" role="question"
ask("training.steps")

# %% [markdown] id="train-task" lang="en"
# ### Exercise `train` (3 points)
#
# For each of `epochs` epochs, draw an order with `rng.permutation(len(x))` and go through it in slices of `batch_size`; make one
# `train_step` with each slice. Return the list of all losses, one per step. If `on_step` is given, call `on_step(step, loss)`
# after each step, where `step` counts all steps from 0; if it returns something true, stop the training at once and return the
# losses so far.
#
# <details><summary>Hint 1: slices</summary>
#
# `range(0, len(x), batch_size)` gives the starts of all batches, including the shorter one. An array indexed with an array of
# numbers, `x[order[start:end]]`, gives those images in that order; the labels need the same numbers.
#
# </details>
#
# <details><summary>Hint 2: stopping</summary>
#
# `break` leaves only the loop that it is in. What leaves both loops at once?
#
# </details>

# %% [markdown] id="train-task" lang="ru"
# ### Упражнение `train` (3 балла)
#
# Для каждой из `epochs` эпох выберите порядок с помощью `rng.permutation(len(x))` и пройдите его кусками по `batch_size`: с
# каждым куском сделайте один `train_step`. Верните список всех значений функции потерь, по одному на шаг. Если передана
# `on_step`, вызывайте `on_step(step, loss)` после каждого шага (`step` считает все шаги от 0); если она вернула истинное
# значение, сразу остановите обучение и верните накопленный список.
#
# <details><summary>Подсказка 1: куски</summary>
#
# `range(0, len(x), batch_size)` даёт начала всех пакетов, и неполного тоже. Массив, индексированный массивом номеров,
# `x[order[start:end]]`, — это те изображения в том порядке; меткам нужны те же номера.
#
# </details>
#
# <details><summary>Подсказка 2: остановка</summary>
#
# `break` выходит только из того цикла, в котором стоит. А что выходит сразу из обоих?
#
# </details>


# %% id="train" solves="train"
def train(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
    ### BEGIN SOLUTION
    losses = []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            losses.append(train_step(model, loss, optimizer, x[batch], labels[batch]))
            if on_step is not None and on_step(len(losses) - 1, losses[-1]):
                return losses
    return losses
    ### END SOLUTION


# %% id="check-train" check="train.value"
check(train)

# %% [markdown] id="by-heart" lang="en"
# ### First test: twenty images by heart
#
# Before a long training, make the shortest one. A network without a bug learns twenty images by heart: all answers are right, and the
# loss goes from about $\log 10 = 2.3$ (lesson 3) to nearly 0. If it does not, look for the bug now and not after an hour of training.

# %% [markdown] id="by-heart" lang="ru"
# ### Первое испытание: двадцать изображений наизусть
#
# Прежде чем начинать долгое обучение, проведите самое короткое. Сеть без ошибок выучит двадцать изображений наизусть: все ответы верны, а
# функция потерь уменьшается примерно с $\log 10 = 2{,}3$ (занятие 3) почти до нуля. Если этого не происходит, ищите ошибку сейчас, а не
# после часа обучения.


# %% id="by-heart-run" role="own"
def by_heart():
    few, labels = digits.train.x[:20], digits.train.labels[:20]
    config = CNNConfig(in_channels=few.shape[1], image_size=few.shape[2], num_classes=10, filters=(8,))
    rng = np.random.default_rng(1)
    model = build_cnn(config, rng)
    optimizer = SGD(model, lr=0.05, momentum=0.9)
    losses = train(model, layers.CrossEntropyLoss(), optimizer, few, labels, epochs=40, batch_size=20, rng=rng)
    right = (model.eval().forward(few).argmax(axis=1) == labels).mean()
    print(f"first loss {losses[0]:.2f}, last loss {losses[-1]:.2f}, right answers {right:.0%}")


when_written(by_heart)

# %% [markdown] id="watch" lang="en"
# ## Watch it learn
#
# Digits of 8 × 8 pixels are quick to learn. Now your network gets something to look at: 6,000 photographs of clothes, shoes and bags
# of 28 × 28 pixels, [Fashion-MNIST](https://github.com/zalandoresearch/fashion-mnist). It trains in the next cell, built by your
# `build_cnn` and changed by your `train_step`, and you can look inside as on the
# [ConvNetJS page](https://cs.stanford.edu/people/karpathy/convnetjs/demo/cifar10.html) of the lecture.
#
# - The table has a row for each layer: its output for the marked image and the gradient of that image's loss, its weights and their
#   gradient in the last step, the smallest and the largest value of each, and how long the layer takes for 24 images.
# - The sliders act on the next step. **Look back** shows earlier steps while the training goes on.
# - *Another network* changes the template; *Keep this state* makes a copy that you can go back to.
#
# Three predictions first. Then run the cell, and find out which learning rate is too large.

# %% [markdown] id="watch" lang="ru"
# ## Смотрим, как она учится
#
# Цифры 8 × 8 учить недолго. Пусть теперь сети будет на что посмотреть: 6000 фотографий одежды, обуви и сумок размером 28 × 28,
# [Fashion-MNIST](https://github.com/zalandoresearch/fashion-mnist). Сеть, построенная вашей `build_cnn`, учится в следующей ячейке;
# каждый шаг делает ваша `train_step`, а вы смотрите внутрь, как на
# [странице ConvNetJS](https://cs.stanford.edu/people/karpathy/convnetjs/demo/cifar10.html) из лекции.
#
# - В таблице строка на каждый слой: выход для отмеченного изображения и градиент функции потерь по нему, веса и их градиент на
#   последнем шаге; под каждой картинкой — наименьшее и наибольшее значение; слева — время слоя на 24 изображения.
# - Ползунки действуют со следующего шага. **Назад по шагам** можно ходить, пока обучение продолжается.
# - «Другая сеть» меняет шаблон; «Запомнить» делает копию, к которой можно вернуться.
#
# Сначала три предсказания. Потом выполните ячейку и найдите темп обучения, который уже слишком велик.

# %% id="ask-batch-of-one" role="question"
ask("training.batch-of-one")

# %% id="ask-four-of-five" role="question"
ask("training.four-of-five")

# %% id="ask-largest-gradient" role="question"
ask("training.largest-gradient")


# %% id="watch-training" role="picture"
fashion = load_fashion()


def learn():
    config = CNNConfig(in_channels=1, image_size=28, num_classes=10, filters=(8, 16), batch_norm=True)
    return live_training(build_cnn, train_step, layers.CrossEntropyLoss, SGD, fashion, config, steps=600)


view = when_written(learn)

# %% [markdown] id="scrub" lang="en"
# When this lesson was written, about 80 of 100 validation images were right after 60 to 150 steps with the settings that the cell
# starts with. By then the network had seen 2,000 to 5,000 images. After 600 steps, about 84% of the test images were right. It takes far more
# than that to reach nine of ten: shirts, pullovers and coats look alike at this size.
#
# ### Once more, slowly
#
# During the training, the network was recorded every few steps. Now you can move back and forth in this recording, layer by layer: on
# the left are the length of the layer's gradient over the whole training, and how far its weights still were from their final values;
# on the right are the layer's output for one image, and its filters.
#
# Drag the slider and watch the first filters (`0 Conv2d`), then look at their curve. When all layers are shown, the bars on the right
# show which layer has the largest gradient after the first step, and which at the end.

# %% [markdown] id="scrub" lang="ru"
# Когда это занятие писалось, сеть с начальными настройками ячейки верно узнавала около 80 из 100 проверочных изображений через 60–150
# шагов, то есть просмотрев от 2000 до 5000 изображений. Через 600 шагов верными были около 84 % тестовых изображений. До девяти из десяти было
# ещё далеко: рубашки, пуловеры и пальто при таком размере похожи.
#
# ### Ещё раз, не спеша
#
# Пока сеть училась, через каждые несколько шагов она запоминалась. Теперь по этой записи можно ходить вперёд и назад, слой за слоем:
# слева — длина градиента слоя за всё обучение и то, как далеко его веса ещё были от своих последних значений; справа — выход слоя для
# одного изображения и его фильтры.
#
# Подвигайте ползунок, глядя на первые фильтры (`0 Conv2d`), а потом посмотрите на их кривую. Если показаны все слои, по столбикам справа
# видно, у какого слоя самый большой градиент после первого шага, а у какого — в конце.

# %% id="ask-first-filters" role="question"
ask("training.first-filters")

# %% id="scrub-training" role="picture"
when_written(lambda: scrub_training(view), view)

# %% id="ask-shorter-gradient" role="question"
ask("training.shorter-gradient")

# %% [markdown] id="scrub-answers" lang="en"
# The first filters do not stop changing. In the training above, they had half of their way still to go after about 250 of the 600
# steps, and the last tenth of it took them to the very end. The scales and shifts of batch normalization were far quicker: those of
# the second one had covered half of their way after about 40 steps. At the end the filters do not look very different from the random
# ones at the start: a small network finds good enough filters near almost any start.
#
# After the first step, the last layer, `Linear`, has the largest gradient. That of the first convolution is about twenty times
# smaller. At the end `Linear` still has the largest, but it is only about a seventh of what it was: the more images of a batch the
# network classifies correctly and with confidence, the smaller is $\partial L / \partial \text{logits} = (p - y) / N$ (lesson 3).

# %% [markdown] id="scrub-answers" lang="ru"
# Первые фильтры меняются до самого конца. В обучении выше после примерно 250 шагов из 600 им оставалась ещё половина пути, а последнюю
# десятую его часть они проходили до последнего шага. Гораздо быстрее менялись масштабы и сдвиги нормализации по пакету: вторая прошла
# половину пути примерно за 40 шагов. А фильтры и в конце не очень отличаются от случайных, какими были вначале: маленькая сеть находит
# подходящие фильтры почти рядом с любой начальной точкой.
#
# После первого шага самый большой градиент — у последнего слоя, `Linear`, а у первой свёртки он раз в двадцать меньше. В конце самый
# большой по-прежнему у `Linear`, но это уже примерно седьмая часть того, что было: чем больше изображений пакета сеть узнаёт верно и
# уверенно, тем меньше $\partial L / \partial \text{logits} = (p - y) / N$ (занятие 3).

# %% [markdown] id="mistakes" lang="en"
# Now we use the test part, once. The network has not learned from these images, and we have chosen no setting by them. Below are the
# first ones that the network gets wrong. Would you have recognised all of them?

# %% [markdown] id="mistakes" lang="ru"
# А теперь один раз возьмём тестовую часть: по этим изображениям сеть не училась и мы ничего не выбирали. Ниже — первые из тех, в
# которых сеть ошиблась. Все ли из них узнали бы вы сами?

# %% id="mistakes-picture" role="picture"
when_written(lambda: show_mistakes(view.model, fashion), view)

# %% [markdown] id="draw" lang="en"
# ### Draw, and your network reads it
#
# Draw a bag or a boot with the mouse, and watch the bars at each stroke. Does the network see what you mean? It has learned from
# photographs, in which a shirt is a bright surface and not an outline. Or take a photograph and change it: after how many strokes does a
# coat become a dress?

# %% [markdown] id="draw" lang="ru"
# ### Рисуйте, а ваша сеть будет читать
#
# Нарисуйте мышью сумку или ботинок и следите за столбиками после каждого штриха. Видит ли сеть то, что вы имели в виду? Училась она на
# фотографиях, а там рубашка — светлое пятно, а не контур. Или возьмите фотографию и меняйте её: через сколько штрихов пальто станет
# платьем?

# %% id="draw-and-read" role="picture"
when_written(lambda: draw_and_read(view, fashion), view)

# %% [markdown] id="claims" lang="en"
# ## What the lecture claims
#
# About batch normalization the lecture says: the learning rate may be larger, so training is several times faster; the network is
# less sensitive to the initialisation; dropout is not needed. Its table (ImageNet, the Inception network) is discussed in lesson 5.
#
# Now a similar experiment with your own layers: a deep network with **sigmoids**, which is hard to train without normalization
# (lesson 2 showed why), without and with batch normalization, and with a learning rate that is 5 and 30 times as large. Here,
# unlike in the lecture's table, the networks differ only in normalization and in the learning rate. The learning rate of the plain
# network is the best of several, chosen on the validation part. The networks without normalization get three times as many steps as
# those with it. The lecture has no rows for the plain network with 5 and 30 times the rate: these two are ours. They show what the
# learning rate does without normalization.

# %% [markdown] id="claims" lang="ru"
# ## Что утверждает лекция
#
# О нормализации по пакету в лекции сказано: темп обучения (learning rate) можно взять больше, и учится сеть в разы быстрее; она
# не так чувствительна к инициализации; дропаут не нужен. Таблица из лекции (ImageNet, сеть Inception) разобрана на занятии 5.
#
# А вот похожий опыт на ваших собственных слоях: глубокая сеть с **сигмоидами**, которую без нормализации обучить трудно (почему,
# показало занятие 2), — без нормализации по пакету, с ней и ещё с темпом обучения в 5 и в 30 раз больше. В отличие от таблицы из
# лекции, здесь сети отличаются только нормализацией и темпом обучения. Темп обучения для сети без нормализации — лучший из нескольких,
# он выбран по проверочной части. Сетям без нормализации дано втрое больше шагов, чем сетям с ней. Строк для сети без нормализации с
# темпом в 5 и в 30 раз больше в лекции нет: они наши и показывают, что даёт больший темп без нормализации.

# %% id="ask-plain-faster" role="question"
ask("training.plain-faster")

# %% id="claims-picture" role="picture"
when_written(lambda: show_claims(run_claims(layers, train, digits)))

# %% [markdown] id="gap" lang="en"
# Read your table critically. When this lesson was written, normalization alone saved most of the steps. With normalization and five
# times the learning rate, ten to thirteen times fewer steps were needed (fifteen times fewer in the lecture's table), and the accuracy
# was two and a half points higher. Without normalization, the network did not learn at all with five times the rate. Thirty times the
# rate was too much here even **with** normalization: normalization raises the limit, but there still is one.
#
# Which of the claims do you see in your own table, and how clearly? A small network on small images is not Inception on ImageNet:
# a claim that you do not see here may still hold there, and the other way round. And what a single run shows may look different
# with another seed.
#
# And dropout (lesson 4): a network that is too large for two hundred images is trained four times without it and four times with
# it; a bar is the mean of the four, and each dot is one training. Look at the **gap** between the loss on the training part and
# the loss on the test part. (Nothing is chosen by the test part here, so we may use it once more.)

# %% [markdown] id="gap" lang="ru"
# Прочтите свою таблицу критически. Когда это занятие писалось, уже сама нормализация сэкономила бо́льшую часть шагов. С нормализацией и
# впятеро большим темпом обучения их понадобилось в 10–13 раз меньше (в таблице из лекции — в пятнадцать), а точность стала выше на два с
# половиной пункта. Без нормализации при впятеро большем темпе сеть вообще не училась. А темп, больший в тридцать раз, здесь оказался
# слишком велик даже **с** нормализацией: она отодвигает предел, но не отменяет его.
#
# Какие из этих утверждений видны в вашей собственной таблице и насколько ясно? Маленькая сеть на маленьких картинках — не
# Inception на ImageNet: утверждение, которого здесь не видно, там может быть верным, и наоборот. А то, что показал один запуск,
# при другом зерне генератора может выглядеть иначе.
#
# И дропаут (занятие 4): сеть, слишком большую для двухсот изображений, обучают четыре раза без него и четыре раза с ним; столбик
# — среднее четырёх запусков, точка — один запуск. Смотрите на **разрыв** между функцией потерь на обучающей и на тестовой части.
# (По тестовой части здесь ничего не выбирают, поэтому её можно использовать ещё раз.)

# %% id="ask-which-loss" role="question"
ask("training.which-loss")

# %% id="gap-picture" role="picture"
when_written(lambda: show_dropout_gap(run_overfitting(layers, build_cnn, train, digits)))

# %% [markdown] id="bugs" lang="en"
# ## Find the bug
#
# "It trains, so it is right" is the most expensive mistake in this field: networks learn even with very strange bugs in them,
# only worse. Here are three layers with one mistake each. All three bugs stayed for years in code that thousands of people
# learned from.
#
# - Patient **A** is a dropout of the classic kind: `A(keep_prob, rng)`.
# - Patients **B** and **C** are batch normalizations: `B(num_features)` and `C(num_features)`.
#
# You cannot read their code, but you can examine them: try both modes, simple inputs (ones everywhere), the state before and
# after a step, the mean and variance of the output. For comparison, `layers` has correct layers.
#
# Which of these statements is true of which patient?
#
# 1. In training, the output is not divided by the probability of keeping a neuron.
# 2. The running statistics forget nearly everything at each step: α and 1 − α are swapped.
# 3. The running variance is the unbiased one.
# 4. At test time, the output is multiplied by the probability of dropping a neuron.
# 5. The mask is the same in each forward pass.
# 6. The running variance starts at 0, so after a few steps a network is tested with variances that are far too small.
# 7. At test time, the statistics of the batch are used.
#
# <details><summary>Hint: probes for A</summary>
#
# Take `keep_prob=0.8` and ones. What is the mean of the output in training, and what is it at test time? For which value of
# `keep_prob` would you not see the bug?
#
# </details>
#
# <details><summary>Hint: probes for B and C</summary>
#
# Look at `running_mean` and `running_var` of a new layer. Then pass the same batch through it several times and look at them
# after each step: how fast do they approach the batch's own statistics? With α = 0.9 they should cover a tenth of the remaining
# way in each step.
#
# </details>

# %% [markdown] id="bugs" lang="ru"
# ## Найдите ошибку
#
# «Учится — значит, всё верно» — самая дорогая ошибка в этом ремесле: сети учатся и с самыми странными ошибками внутри, только хуже. Перед вами
# три слоя, в каждом из которых неверно что-то одно. Все три ошибки годами жили в коде, по которому учились тысячи людей.
#
# - Пациент **A** — классический дропаут: `A(keep_prob, rng)`.
# - Пациенты **B** и **C** — нормализация по пакету: `B(num_features)` и `C(num_features)`.
#
# Их код прочесть нельзя, но их можно обследовать: оба режима, простые входы (одни единицы), состояние до и после шага, средние и
# дисперсии выхода. Верные слои для сравнения есть в `layers`.
#
# Что из этого верно для какого пациента?
#
# 1. При обучении выход не делится на вероятность оставить нейрон.
# 2. Глобальные статистики на каждом шаге забывают почти всё: α и 1 − α поменялись местами.
# 3. Глобальная дисперсия — несмещённая.
# 4. На тесте выход умножается на вероятность выключить нейрон.
# 5. Маска одна и та же при каждом прямом проходе.
# 6. Глобальная дисперсия начинается с 0, и после первых шагов сеть проверяют со слишком маленькими дисперсиями.
# 7. На тесте используются статистики пакета.
#
# <details><summary>Подсказка: опыты для A</summary>
#
# Возьмите `keep_prob=0.8` и единицы. Каково среднее выхода при обучении, а каково на тесте? При каком `keep_prob` ошибку было бы не видно?
#
# </details>
#
# <details><summary>Подсказка: опыты для B и C</summary>
#
# Прочтите `running_mean` и `running_var` у нового слоя. Затем несколько раз подряд подайте один и тот же пакет и смотрите на них
# после каждого шага: как быстро они приходят к статистикам самого пакета? При α = 0,9 за шаг должна проходиться десятая часть
# оставшегося пути.
#
# </details>

# %% id="ask-three-steps" role="question"
ask("training.three-steps")

# %% id="patients" role="own"
A, B, C = three_patients()
# Examine them here. For example: A(keep_prob=0.8).eval()(np.ones((2, 5)))


# %% id="diagnosis" role="own"
def diagnosis():
    ### BEGIN SOLUTION
    return {"A": 4, "B": 6, "C": 2}
    ### END SOLUTION


# %% id="diagnosis-picture" role="picture"
show_diagnosis(diagnosis)

# %% id="ask-signal-left" role="question"
ask("training.signal-left")

# %% [markdown] id="damage" lang="en"
# What damage did each of them do?
#
# - **A**: at `keep_prob=0.5`, the value that nearly everybody uses, it happens to be right. At 0.8 the network is tested with a
#   quarter of the signal that it was trained on.
# - **B**: in the first steps the running variance is close to 0, so the output at test time is far too large. After a few hundred
#   steps the effect is gone, which is why the bug was found so late.
# - **C**: the running statistics are nearly those of the last batch. The accuracy at test time jumps up and down, and nobody
#   knows why.
#
# What would have found all three on the first day? A check that compares the numbers with an independent implementation, in both
# modes, at a `keep_prob` other than 0.5, after one step and after many. You have used such a check throughout the course.
#
# ## Three questions with lessons 3 to 5

# %% [markdown] id="damage" lang="ru"
# К чему привела каждая из ошибок?
#
# - **A**: при `keep_prob=0.5` он случайно верен, а именно это значение почти все и берут. При 0,8 сеть проверяют с четвертью того
#   сигнала, на котором она училась.
# - **B**: на первых шагах глобальная дисперсия близка к 0, и выход на тесте слишком велик. Через несколько сотен шагов это уже
#   незаметно, поэтому ошибку так поздно и нашли.
# - **C**: глобальные статистики — почти что статистики последнего пакета. Точность на тесте скачет, и никто не знает почему.
#
# Что нашло бы все три в первый же день? Проверка, которая сравнивает числа с независимой реализацией, в обоих режимах, при
# `keep_prob`, не равном 0,5, после одного шага и после многих. Такой проверкой вы и пользовались весь курс.
#
# ## Три вопроса вместе с занятиями 3–5

# %% id="ask-bias-before-norm" role="question"
ask("training.bias-before-norm")

# %% id="ask-trained" role="question"
ask("training.trained")

# %% id="ask-alone" role="question"
ask("training.alone")

# %% [markdown] id="end" lang="en"
# ## What is done
#
# You have written the layers and the training of a network that learns; only the convolution and the optimiser were given. You
# know what happens in every line of it. In PyTorch, the same network takes ten lines, and now you can read them.
#
# The next cell shows what you have built.
#
# **To hand in**, save the notebook (Ctrl-S) and run `ncl-course hand-in` in a terminal (*File → New → Terminal*). The command
# checks your notebooks, says what is open, and writes `hand_in.zip` beside them. Hand in this one file; exercises may still be
# open.

# %% [markdown] id="end" lang="ru"
# ## Что сделано
#
# Вы сами написали слои и обучение сети, которая учится; даны были только свёртка и оптимизатор. Вы знаете, что происходит в
# каждой её строке. В PyTorch та же сеть занимает десять строк, и теперь вы можете их прочесть.
#
# Следующая ячейка покажет, что вы построили.
#
# **Как сдать.** Сохраните тетрадь (Ctrl-S) и выполните в терминале (*File → New → Terminal*) команду `ncl-course hand-in`. Она
# проверит ваши тетради, скажет, что ещё не сделано, и положит рядом с ними `hand_in.zip`. Сдавайте один этот файл; сделано может
# быть и не всё.

# %% id="built" role="picture"
when_written(lambda: show_built(view, layers, fashion), view)

# %% id="progress" role="given"
progress("06_train_cnn")
