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
# For five lessons you have written layers, each by itself. In this one they become a network that learns to read
# handwritten digits. Nothing in it is a black box: every number that you will see has gone through your own code.
#
# In this notebook you will
#
# 1. collect your layers from the notebooks of lessons 1 to 5,
# 2. build a network by the lecture's template,
# 3. write one step of training, and then the whole training,
# 4. see that your network and PyTorch's go hand in hand, step for step,
# 5. watch it learn, from the inside,
# 6. try what the lecture claims of batch normalization and dropout on your own network,
# 7. find the bug in three layers that look healthy.
#
# What belongs to a training but not to this lecture is given in `ncl_course.nn`: a convolution (`Conv2d`), a chain of layers
# (`Sequential`), and gradient descent with momentum (`SGD`).

# %% [markdown] id="title" lang="ru"
# # 6 · Ваши слои обучают сеть
#
# Пять занятий подряд вы писали слои, каждый сам по себе. Теперь из них получится сеть, которая научится читать
# рукописные цифры. Чёрных ящиков в ней нет: каждое число, которое вы увидите, прошло через ваш собственный код.
#
# В этой тетради вы
#
# 1. соберёте свои слои из тетрадей к занятиям 1–5,
# 2. построите сеть по шаблону из лекции,
# 3. напишете один шаг обучения, а затем и всё обучение,
# 4. убедитесь, что ваша сеть и сеть PyTorch идут нога в ногу, шаг за шагом,
# 5. посмотрите изнутри, как она учится,
# 6. проверите на своей сети то, что лекция говорит о нормализации по пакету и дропауте,
# 7. найдёте ошибку в трёх слоях, которые с виду здоровы.
#
# То, без чего обучения не бывает, но чего нет в этой лекции, дано в `ncl_course.nn`: свёртка (`Conv2d`), цепочка слоёв
# (`Sequential`) и градиентный спуск с моментом (`SGD`).

# %% id="setup" role="setup"
import numpy as np

from ncl_course import check, language, own_layers, progress
from ncl_course.data import load_digits
from ncl_course.experiments import run_claims, run_overfitting
from ncl_course.nn import SGD, CNNConfig, Conv2d, Sequential, gradient_error
from ncl_course.viz import (
    scrub_training,
    show_beside_torch,
    show_claims,
    show_diagnosis,
    show_dropout_gap,
    show_images,
    show_mistakes,
    show_template,
    three_patients,
    watch_training,
    when_written,
)

# %% [markdown] id="own" lang="en"
# ## Your own layers
#
# The next cell reads the notebooks that lie beside this one, runs each in a world of its own, and checks the layers that
# are needed here. What passes its check is taken. For a layer that is missing or does not pass yet, PyTorch stands in, so
# you can go on and come back later: then run this cell once more.

# %% [markdown] id="own" lang="ru"
# ## Ваши собственные слои
#
# Следующая ячейка читает тетради, которые лежат рядом с этой, выполняет каждую в отдельном пространстве имён и проверяет
# нужные здесь слои. Слой, который проходит проверку, идёт в дело. Если слоя нет или он пока не проходит, вместо него
# работает PyTorch, так что можно двигаться дальше, а потом вернуться и выполнить эту ячейку ещё раз.

# %% id="own-layers" role="given"
layers = own_layers()

# %% [markdown] id="data" lang="en"
# From now on `layers.ReLU()`, `layers.MaxPool2d(2)` and so on are your own layers.
#
# ## The images
#
# 1,797 handwritten digits of 8 × 8 pixels, which come with scikit-learn, so nothing has to be downloaded. They are split
# in three:
#
# - **train**: the network learns from these;
# - **validation**: by these we choose settings such as the learning rate;
# - **test**: these are looked at once, at the end. Whoever chooses by them has learned from them.

# %% [markdown] id="data" lang="ru"
# Отныне `layers.ReLU()`, `layers.MaxPool2d(2)` и так далее — ваши собственные слои.
#
# ## Изображения
#
# 1797 рукописных цифр размером 8 × 8, которые идут вместе со scikit-learn: скачивать ничего не нужно. Они разделены на три
# части:
#
# - **обучающая (train)**: по ней сеть учится;
# - **проверочная (validation)**: по ней мы выбираем настройки, например скорость обучения (learning rate);
# - **тестовая (test)**: в неё заглядывают один раз, в конце. Кто по ней выбирает, тот по ней уже учился.

# %% id="digits" role="picture"
digits = load_digits()
show_images(digits.train.x, digits.train.labels, digits.classes)

# %% [markdown] id="template" lang="en"
# <details><summary>The lecture's CIFAR-10 instead</summary>
#
# The lecture shows a network that learns CIFAR-10: 60,000 colour photographs of 32 × 32 pixels in ten classes. With an
# internet connection, `from ncl_course.data import load_cifar10` and `digits = load_cifar10()` fetch it once (some 170 MB)
# and keep it. Everything below works with it too, with `in_channels=3` and `image_size=32`; only it takes longer.
#
# </details>
#
# ## The template
#
# The lecture builds deep networks by a template:
#
# `INPUT → [[CONV → (BN) → RELU]·N → POOL?]·M → [FC → RELU → (DROPOUT)]·K → FC → Softmax`

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
# Глубокие сети лекция строит по шаблону:
#
# `INPUT → [[CONV → (BN) → RELU]·N → POOL?]·M → [FC → RELU → (DROPOUT)]·K → FC → Softmax`

# %% id="template-picture" role="picture"
show_template()

# %% [markdown] id="build-task" lang="en"
# The brackets are two loops: $N$ convolutions, each with its ReLU, and one pooling behind them are a **block**; there are $M$
# blocks, and then $K$ hidden fully connected layers and a last one that gives the logits. The softmax is in the loss (lesson
# 3), so it is no layer of the network.
#
# A `CNNConfig` says which of all these networks is meant: $M$ is `len(config.filters)`, $N$ is `config.convs`, $K$ is
# `len(config.hidden)`. `config.filters[m]` is the number of maps that the convolutions of block $m$ give; batch normalization
# is there where `config.batch_norm` is true, pooling (`MaxPool2d(2)`) where `config.pool` is, and dropout where
# `config.keep_prob` is below 1.
#
# **Two numbers have to be carried along** from layer to layer, for every layer must be told what it gets: how many maps there
# are, and how large they are. A convolution with `padding = kernel_size // 2` leaves the size as it is; pooling halves it.
#
# **With a pencil.** `CNNConfig(in_channels=1, image_size=8, num_classes=10, filters=(16, 32), batch_norm=True)`: which layers
# are there, in which order? How many numbers does the last one take?
#
# <details><summary>Compare</summary>
#
# Conv2d(1, 16, 3), BatchNorm2d(16), ReLU, MaxPool2d(2), Conv2d(16, 32, 3), BatchNorm2d(32), ReLU, MaxPool2d(2), Flatten,
# Linear(128, 10). The image shrinks from 8 to 4 to 2, so 32 · 2 · 2 = 128 numbers arrive.
#
# </details>
#
# ### Exercise `build_cnn` (4 points)
#
# Return a `Sequential` of the template's layers. The given `Conv2d(in_channels, out_channels, kernel_size, padding=…, rng=rng)`
# does the convolutions; all others are yours, from `layers`. Hand `rng` to every layer that draws random numbers: one seed,
# one network. `Flatten` stands in front of the first fully connected layer.
#
# <details><summary>Hint 1: the skeleton</summary>
#
# Begin with an empty list and two numbers, `channels` and `size`. Two `for` loops, one in the other, for the blocks; one more
# for the hidden layers.
#
# </details>
#
# <details><summary>Hint 2: what the fully connected part takes</summary>
#
# When the loops are done, `channels * size * size` numbers come out of `Flatten`. Carry the width of the hidden layers along as
# you carried `channels`.
#
# </details>

# %% [markdown] id="build-task" lang="ru"
# Скобки — это два цикла: $N$ свёрток, за каждой ReLU, и одна субдискретизация после них составляют **блок**; блоков $M$, а за
# ними идут $K$ скрытых полносвязных слоёв и последний, который выдаёт логиты. Softmax сидит внутри функции потерь (занятие 3),
# поэтому слоя для него в сети нет.
#
# Какая из всех этих сетей имеется в виду, говорит `CNNConfig`: $M$ — это `len(config.filters)`, $N$ — `config.convs`, $K$ —
# `len(config.hidden)`. Свёртки блока $m$ дают `config.filters[m]` карт; нормализация по пакету есть, если истинно
# `config.batch_norm`, субдискретизация (`MaxPool2d(2)`) — если истинно `config.pool`, дропаут — если `config.keep_prob` меньше 1.
#
# **От слоя к слою надо нести два числа**, ведь каждому слою нужно сказать, что придёт на вход: сколько карт и какого они
# размера. Свёртка с `padding = kernel_size // 2` размера не меняет, субдискретизация уменьшает его вдвое.
#
# **С карандашом.** `CNNConfig(in_channels=1, image_size=8, num_classes=10, filters=(16, 32), batch_norm=True)`: какие слои и в
# каком порядке? Сколько чисел приходит на вход последнего?
#
# <details><summary>Сверить</summary>
#
# Conv2d(1, 16, 3), BatchNorm2d(16), ReLU, MaxPool2d(2), Conv2d(16, 32, 3), BatchNorm2d(32), ReLU, MaxPool2d(2), Flatten,
# Linear(128, 10). Сторона изображения уменьшается с 8 до 4 и до 2, так что приходит 32 · 2 · 2 = 128 чисел.
#
# </details>
#
# ### Упражнение `build_cnn` (4 балла)
#
# Верните `Sequential` из слоёв по шаблону. Свёртки делает данный вам `Conv2d(in_channels, out_channels, kernel_size, padding=…,
# rng=rng)`, все остальные слои — ваши, из `layers`. Передайте `rng` каждому слою, который выбирает случайные числа: одно зерно —
# одна сеть. Перед первым полносвязным слоем стоит `Flatten`.
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
# Когда циклы закончены, из `Flatten` выходит `channels * size * size` чисел. Ширину скрытых слоёв несите дальше так же, как
# несли `channels`.
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
# Each layer has passed its check. That the chain is right as well can be seen without PyTorch, by the definition of the
# derivative: move one number by a small $h$ to both sides, see how the output changes, and compare with what `backward` says.
#
# $$\frac{\partial L}{\partial w} \approx \frac{L(w + h) - L(w - h)}{2h}$$
#
# In float64 and with $h$ about $10^{-5}$ both agree to some ten digits; a wrong gradient mostly disagrees in the first one. The cell
# gives, for the input and for each parameter, the largest difference divided by the largest number, to four places: there should be
# zeros everywhere. The check wants a network that gives the same answer twice: dropout would draw a new mask for each $h$, and then one
# compares the gradients of two different networks.

# %% [markdown] id="gradient" lang="ru"
# ### Верна ли вся цепочка?
#
# Каждый слой свою проверку прошёл. Что верна и цепочка, можно увидеть без PyTorch, по определению производной: сдвинуть одно
# число на малое $h$ в обе стороны, посмотреть, как изменится выход, и сравнить с тем, что говорит `backward`.
#
# $$\frac{\partial L}{\partial w} \approx \frac{L(w + h) - L(w - h)}{2h}$$
#
# В float64 и при $h$ около $10^{-5}$ совпадает знаков десять, а неверный градиент обычно расходится уже в первом. Ячейка выводит для
# входа и для каждого параметра наибольшую разницу, делённую на наибольшее число, с точностью до четырёх знаков: везде должны быть нули.
# Для такой проверки сеть должна дважды отвечать одинаково: дропаут на каждом $h$ выбирал бы новую маску, и мы сравнивали бы градиенты
# двух разных сетей.


# %% id="gradient-check" role="own"
def whole_chain():
    config = CNNConfig(in_channels=1, image_size=4, num_classes=3, filters=(2,), batch_norm=True, hidden=(4,))
    model = build_cnn(config, np.random.default_rng(1))
    errors = gradient_error(model, np.random.default_rng(2).normal(size=(3, 1, 4, 4)))
    return {name: round(error, 4) for name, error in errors.items()}


when_written(whole_chain)

# %% [markdown] id="step-task" lang="en"
# ## One step
#
# A step of training takes a batch of images with their labels and makes the network a little better at them:
#
# 1. **forward**: images in, logits out, and from logits and labels the loss $L$;
# 2. **backward**: the loss knows $\partial L / \partial \text{logits}$; the network sends it back through all layers, each of
#    which leaves its own $\partial L / \partial w$ in `grads`;
# 3. **update**: the optimiser moves every parameter a little downhill.
#
# The given `SGD(model, lr, momentum)` remembers the model and does the third step when you call `optimizer.step()`. With momentum
# $\mu$ it keeps a velocity $v$ for each parameter, which starts at 0:
#
# $$v \leftarrow \mu v + \frac{\partial L}{\partial w}, \qquad w \leftarrow w - \eta v$$
#
# **With a pencil.** $w = 1$, the gradient is 2 in the first step and again 2 in the second, $\eta = 0.1$, $\mu = 0.5$. Where is
# $w$ after two steps?
#
# <details><summary>Compare</summary>
#
# First $v = 2$, $w = 0.8$. Then $v = 0.5 \cdot 2 + 2 = 3$, $w = 0.5$. As long as the slope keeps its direction, the steps grow.
#
# </details>
#
# ### Exercise `train_step` (3 points)
#
# Do one step on the batch `x`, `labels`, and return the loss **before** the update. The network may come to you in test mode
# (somebody has just measured its accuracy): batch normalization and dropout must know that this is training.
#
# <details><summary>Hint 1: who does what</summary>
#
# `loss.forward(logits, labels)` gives the loss and `loss.backward()` its gradient with respect to the logits. `model.backward` takes it
# from there. Nobody has to clear old gradients: your layers fill `grads` anew each time.
#
# </details>
#
# <details><summary>Hint 2: modes</summary>
#
# A `Sequential` switches all of its layers at once, by the same two methods that a single layer has.
#
# </details>

# %% [markdown] id="step-task" lang="ru"
# ## Один шаг
#
# Шаг обучения берёт пакет изображений с метками и делает сеть на них чуть лучше:
#
# 1. **прямой проход**: на входе изображения, на выходе логиты, а из логитов и меток получается значение функции потерь $L$;
# 2. **обратный проход**: функция потерь знает $\partial L / \partial \text{logits}$; сеть проводит его назад через все слои, и
#    каждый оставляет в `grads` свои $\partial L / \partial w$;
# 3. **обновление**: оптимизатор немного сдвигает каждый параметр под гору.
#
# Данный вам `SGD(model, lr, momentum)` помнит модель и делает третье, когда вы вызываете `optimizer.step()`. При моменте $\mu$ он
# хранит для каждого параметра скорость $v$, сначала равную 0:
#
# $$v \leftarrow \mu v + \frac{\partial L}{\partial w}, \qquad w \leftarrow w - \eta v$$
#
# **С карандашом.** $w = 1$, градиент на первом шаге равен 2 и на втором тоже 2, $\eta = 0.1$, $\mu = 0.5$. Чему равно $w$ после двух
# шагов?
#
# <details><summary>Сверить</summary>
#
# Сначала $v = 2$, $w = 0.8$. Затем $v = 0.5 \cdot 2 + 2 = 3$, $w = 0.5$. Пока уклон не меняет направления, шаги растут.
#
# </details>
#
# ### Упражнение `train_step` (3 балла)
#
# Сделайте один шаг на пакете `x`, `labels` и верните значение функции потерь **до** обновления. Сеть может прийти к вам в режиме
# теста (кто-то только что измерял точность): нормализация по пакету и дропаут должны знать, что идёт обучение.
#
# <details><summary>Подсказка 1: кто что делает</summary>
#
# `loss.forward(logits, labels)` даёт значение функции потерь, а `loss.backward()` — её градиент по логитам. Дальше его ведёт
# `model.backward`. Стирать старые градиенты не нужно: ваши слои каждый раз заполняют `grads` заново.
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
# ### Hand in hand with PyTorch
#
# Now the proof of the pudding. Your network and one made of PyTorch's own layers start from the same weights and see the same
# batches, with batch normalization and momentum. If every layer, every gradient and every update is right, nobody can tell the
# two apart: the curves of the loss lie on top of one another, and the weights differ only by rounding.

# %% [markdown] id="beside" lang="ru"
# ### Нога в ногу с PyTorch
#
# А теперь настоящая проверка. Ваша сеть и сеть из слоёв самого PyTorch начинают с одних и тех же весов и видят одни и те же
# пакеты, с нормализацией по пакету и моментом. Если верен каждый слой, каждый градиент и каждое обновление, различить их нельзя:
# кривые потерь лежат одна на другой, а веса различаются только округлением.

# %% id="beside-torch" role="picture"
when_written(lambda: show_beside_torch(build_cnn, train_step, layers))

# %% [markdown] id="train-task" lang="en"
# ## The whole training
#
# An **epoch** shows the network every image once, in batches. For each epoch the images are shuffled anew: otherwise the network
# meets the same batches in the same order again and again, and learns that order.
#
# **With a pencil.** 10 images, `batch_size=4`, two epochs. How many steps are there, and on how many images each?
#
# <details><summary>Compare</summary>
#
# Six: 4, 4 and 2 images, twice. The short last batch is a batch too.
#
# </details>
#
# ### Exercise `train` (3 points)
#
# For each of `epochs` epochs draw an order with `rng.permutation(len(x))` and go through it in slices of `batch_size`, each one a
# `train_step`. Return the list of all losses, one a step. Where `on_step` is given, call `on_step(step, loss)` after each step, with
# `step` counting all steps from 0; where its answer is true, stop the training at once and return what there is.
#
# <details><summary>Hint 1: slices</summary>
#
# `range(0, len(x), batch_size)` gives the beginnings of all batches, the short one's too. An array indexed by an array of numbers,
# `x[order[start:end]]`, gives these images in this order; the labels want the same numbers.
#
# </details>
#
# <details><summary>Hint 2: stopping</summary>
#
# `break` leaves only the loop that it stands in. `return` leaves them all.
#
# </details>

# %% [markdown] id="train-task" lang="ru"
# ## Всё обучение
#
# За **эпоху** сеть видит каждое изображение один раз, пакетами. Перед каждой эпохой изображения перемешивают заново: иначе сеть снова
# и снова встречает те же пакеты в том же порядке и учит этот порядок.
#
# **С карандашом.** 10 изображений, `batch_size=4`, две эпохи. Сколько будет шагов и по скольку изображений?
#
# <details><summary>Сверить</summary>
#
# Шесть: по 4, 4 и 2 изображения, и так дважды. Неполный последний пакет — тоже пакет.
#
# </details>
#
# ### Упражнение `train` (3 балла)
#
# Для каждой из `epochs` эпох выберите порядок с помощью `rng.permutation(len(x))` и пройдите его кусками по `batch_size`, каждый раз
# делая `train_step`. Верните список всех значений функции потерь, по одному на шаг. Если передана `on_step`, вызывайте
# `on_step(step, loss)` после каждого шага (`step` считает все шаги от 0); если её ответ истинен, сразу остановите обучение и верните
# то, что есть.
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
# `break` выходит только из того цикла, в котором стоит. `return` выходит из всех.
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

# %% [markdown] id="watch" lang="en"
# ## Watch it learn
#
# The next cell trains a network of two blocks, two convolutions each, with batch normalization. While it runs, look inside, as on the ConvNetJS page of the
# lecture: the loss falls and the validation accuracy grows; below them the maps of every layer for one image, the filters, the sizes
# of the gradients, and what the network takes the image for. You can pause and stop it; a stopped network keeps what it has learned.
#
# Before you run it, guess: after how many steps will nine digits of ten be right? And which layer will have the largest gradients?

# %% [markdown] id="watch" lang="ru"
# ## Смотрим, как она учится
#
# Следующая ячейка обучает сеть из двух блоков по две свёртки с нормализацией по пакету. Пока она работает, загляните внутрь, как на странице ConvNetJS
# из лекции: функция потерь падает, точность на проверочной части растёт; ниже — карты каждого слоя для одного изображения, фильтры,
# величины градиентов и то, за что сеть принимает изображение. Обучение можно приостановить и остановить; остановленная сеть сохраняет
# всё, чему научилась.
#
# Прежде чем запускать, угадайте: через сколько шагов верными будут девять цифр из десяти? И у какого слоя будут самые большие градиенты?


# %% id="watch-training" role="picture"
def learn():
    config = CNNConfig(in_channels=1, image_size=8, num_classes=10, filters=(16, 32), convs=2, batch_norm=True)
    model = build_cnn(config, np.random.default_rng(0))
    optimizer = SGD(model, lr=0.1, momentum=0.9)
    view = watch_training(model, digits, steps=15 * 19)
    view.run(train, layers.CrossEntropyLoss(), optimizer, epochs=15, batch_size=64, rng=np.random.default_rng(0))
    return view


view = when_written(learn)

# %% [markdown] id="scrub" lang="en"
# ### Once more, slowly
#
# While it ran, the view has kept what was to be seen after every few steps. Now you can go back and forth in it. Choose a layer: at the
# left is the length of its gradient over the whole training, and how far its weights still were from those they ended with; at the right
# what the layer makes of one image, and its filters.
#
# Two things to find out:
#
# 1. When do the first filters (`0 Conv2d`) stop changing? Drag the slider and watch them, then look at the curve.
# 2. Which layer has the largest gradient after the first step, and which at the end? With all layers shown, the bars at the right tell.

# %% [markdown] id="scrub" lang="ru"
# ### Ещё раз, не спеша
#
# Пока сеть училась, через каждые несколько шагов запоминалось всё, что было видно. Теперь по этой записи можно ходить вперёд и назад.
# Выберите слой: слева — длина его градиента за всё обучение и то, как далеко ещё были его веса от тех, на которых они остановились; справа —
# что слой делает из одного изображения, и его фильтры.
#
# Выясните две вещи:
#
# 1. Когда первые фильтры (`0 Conv2d`) перестают меняться? Подвигайте ползунок, глядя на них, а потом посмотрите на кривую.
# 2. У какого слоя самый большой градиент после первого шага, а у какого — в конце? Если показаны все слои, это видно по столбикам справа.

# %% id="scrub-training" role="picture"
when_written(lambda: scrub_training(view), view)

# %% [markdown] id="scrub-answers" lang="en"
# <details><summary>Compare: the first filters</summary>
#
# With the network above half of the way is done after some twenty steps, one pass through the images, and nine tenths after a hundred. In
# the second half of the training the filters hardly move: the eye sees no change any more, though the loss goes on falling a little. What they look like
# in the end is not far from what they were drawn as: a small network finds filters that will do near any start.
#
# </details>
#
# <details><summary>Compare: the gradients</summary>
#
# After the first step the largest one is that of the last layer, `Linear`, and the farther to the front, the smaller those of the convolutions: the
# first one's is about a fifth of it. At the end all are hundreds of times smaller, that of `Linear` about a thousand times, so that it is now on a level
# with the later convolutions; which of them is the largest changes from step to step. Why so small? Everything goes back to
# $\partial L / \partial \text{logits} = (p - y) / N$ (lesson 3), and when all images of a batch are read rightly and surely, $p - y$ is nearly zero.
# The gradient shrinks by itself; nobody has turned down the learning rate.
#
# </details>

# %% [markdown] id="scrub-answers" lang="ru"
# <details><summary>Сверить: первые фильтры</summary>
#
# У сети, что выше, половина пути пройдена шагов за двадцать, то есть за один проход по изображениям, а девять десятых — за сотню. Во второй половине
# обучения фильтры почти стоят на месте: глаз перемен уже не видит, хотя функция потерь ещё немного падает. И то, какими они стали, недалеко от того,
# какими их выбрал случай: маленькая сеть находит подходящие фильтры рядом почти с любым началом.
#
# </details>
#
# <details><summary>Сверить: градиенты</summary>
#
# После первого шага самый большой — у последнего слоя, `Linear`, а у свёрток тем меньше, чем ближе слой ко входу: у первой — примерно впятеро меньше.
# В конце все градиенты меньше в сотни раз, а у `Linear` — примерно в тысячу, так что он сравнялся с поздними свёртками: у кого больше, меняется от шага
# к шагу.
# Почему такие маленькие? Всё начинается с $\partial L / \partial \text{logits} = (p - y) / N$ (занятие 3), а когда все изображения пакета прочитаны верно
# и уверенно, $p - y$ почти ноль. Градиент убывает сам: скорость обучения никто не убавлял.
#
# </details>

# %% [markdown] id="mistakes" lang="en"
# And now, once, the test part: images that nothing was learned from and nothing chosen by. Those below are the ones that the network
# gets wrong. Would you have read all of them?

# %% [markdown] id="mistakes" lang="ru"
# А теперь, один раз, тестовая часть: по этим изображениям ничему не учились и ничего не выбирали. Ниже — те, в которых сеть ошиблась.
# Все ли из них прочли бы вы сами?

# %% id="mistakes-picture" role="picture"
when_written(lambda: show_mistakes(view.model, digits), view)

# %% [markdown] id="claims" lang="en"
# ## What the lecture claims
#
# Of batch normalization the lecture says: learning rates may be larger, and so training becomes many times faster; it is less sensitive
# to initialisation; dropout is no longer needed. Its table (ImageNet, the Inception network):
#
# | | steps to 72.2 % | best accuracy |
# | --- | --- | --- |
# | Inception | 31.0 million | 72.2 % |
# | BN-Baseline | 13.3 million | 72.7 % |
# | BN-x5 | 2.1 million | 73.0 % |
# | BN-x30 | 2.7 million | 74.8 % |
#
# The two headlines of that paper, *15 times fewer steps* and *2.6 points better*, are two different rows of it: BN-x5 is the fast one, and
# BN-x30 the good one.
#
# The same experiment on your own layers: a deep network with **sigmoids**, where training without normalization is hard (lesson 2 showed
# why), with and without batch normalization, and with the learning rate 5 and 30 times as large. The learning rate of the plain network is
# the best of several, chosen on the validation part; it gets three times as many steps as the others. The lecture has no row for the plain
# network with 5 and 30 times the rate: these two are ours, to see what the rate does alone.

# %% [markdown] id="claims" lang="ru"
# ## Что обещает лекция
#
# О нормализации по пакету в лекции сказано: скорость обучения можно взять больше, и учится сеть в разы быстрее; она не так чувствительна к
# инициализации; дропаут не нужен. Вот таблица из лекции (ImageNet, сеть Inception):
#
# | | шагов до 72,2 % | лучшая точность |
# | --- | --- | --- |
# | Inception | 31,0 млн | 72,2 % |
# | BN-Baseline | 13,3 млн | 72,7 % |
# | BN-x5 | 2,1 млн | 73,0 % |
# | BN-x30 | 2,7 млн | 74,8 % |
#
# Два главных обещания этой работы, *в 15 раз меньше шагов* и *на 2,6 пункта точнее*, — это две разные строки: быстрая — BN-x5, точная —
# BN-x30.
#
# Тот же опыт на ваших собственных слоях: глубокая сеть с **сигмоидами**, которую без нормализации учить трудно (почему, показало занятие 2),
# без нормализации по пакету и с ней, и ещё со скоростью обучения в 5 и в 30 раз больше. Скорость обучения для сети без нормализации — лучшая
# из нескольких, выбрана по проверочной части; шагов ей дано втрое больше, чем остальным. Строк для сети без нормализации со скоростью в 5 и в
# 30 раз больше в лекции нет: они наши, чтобы увидеть, что делает одна только скорость.

# %% id="claims-picture" role="picture"
when_written(lambda: show_claims(run_claims(layers, train, digits)))

# %% [markdown] id="gap" lang="en"
# Read your table critically. When this lesson was written, normalization alone saved the greater part of the steps; with five times the rate there were ten to
# thirteen times fewer of them (the lecture's factor is fifteen), with two points of accuracy on top; without normalization five times the rate was the end of all learning. Thirty
# times the rate was too much here even **with** normalization: it raises the limit, but there still is one.
#
# Which of the claims do you see in your own table, and how strongly? A small network on small images is not Inception on ImageNet:
# a claim that does not show here may still hold there, and the other way round. What a single run shows, another seed may take back.
#
# And dropout (lesson 4): a network that is large for two hundred images, without it and with it, four times each. Look at the **gap** between the loss
# on the training part and on the test part. It is smaller with dropout, but not by much, and a single pair of runs could show the opposite. (Nothing is chosen by the
# test part here, so we may look at it once more.)

# %% [markdown] id="gap" lang="ru"
# Прочтите свою таблицу критически. Когда это занятие писалось, одна нормализация сберегла бо́льшую часть шагов; при впятеро большей скорости их стало
# меньше в 10–13 раз (в лекции — в пятнадцать), а точность выросла ещё пункта на два; без нормализации при впятеро большей скорости обучение на том и кончилось. А скорость, большая
# в тридцать раз, здесь оказалась чрезмерной даже **с** нормализацией: предел она отодвигает, но он остаётся.
#
# Какие из обещаний видны в вашей собственной таблице и насколько сильно? Маленькая сеть на маленьких картинках — не Inception на
# ImageNet: обещание, которое здесь не видно, там может выполняться, и наоборот. А то, что показал один запуск, может не показать другой.
#
# И дропаут (занятие 4): сеть, слишком большая для двухсот изображений, без него и с ним, по четыре раза. Смотрите на **разрыв** между функцией потерь
# на обучающей и на тестовой части. С дропаутом он меньше, но ненамного, и одна-единственная пара запусков могла бы показать и обратное.
# (По тестовой части здесь ничего не выбирают, поэтому заглянуть в неё ещё раз можно.)

# %% id="gap-picture" role="picture"
when_written(lambda: show_dropout_gap(run_overfitting(layers, build_cnn, train, digits)))

# %% [markdown] id="bugs" lang="en"
# ## Find the bug
#
# "It trains, so it is right" is the most expensive mistake in this trade: networks train with the strangest bugs in them, only worse. Here are
# three layers in each of which one thing is wrong. All three bugs have lived for years in code that thousands learned from.
#
# - Patient **A** is a dropout of the classic kind: `A(keep_prob, rng)`.
# - Patients **B** and **C** are batch normalizations: `B(num_features)` and `C(num_features)`.
#
# You cannot read their code, but you can examine them: both modes, easy inputs (ones everywhere), the state before and after a step, means and
# variances of what comes out. A healthy layer for comparison is in `layers`.
#
# Which of these is true of which patient?
#
# 1. In training the output is not divided by the probability to keep.
# 2. The running statistics forget nearly everything at each step: α and 1 − α have changed places.
# 3. The running variance is the unbiased one.
# 4. At test the output is multiplied by the probability to drop.
# 5. The mask is the same in each forward pass.
# 6. The running variance starts at 0, so a young network is tested with variances that are far too small.
# 7. At test the statistics of the batch are used.
#
# <details><summary>Hint: probes for A</summary>
#
# Take `keep_prob=0.8` and ones. What is the mean of the output in training, and what at test? For which value of `keep_prob` would the bug be
# invisible?
#
# </details>
#
# <details><summary>Hint: probes for B and C</summary>
#
# Read `running_mean` and `running_var` of a new layer. Then send the same batch through several times and look at them after each step: how fast do
# they come to the batch's own statistics? With α = 0.9 a tenth of the way should be done in each step.
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
# Их код прочесть нельзя, но их можно обследовать: оба режима, простые входы (одни единицы), состояние до и после шага, средние и дисперсии
# выхода. Здоровый слой для сравнения есть в `layers`.
#
# Что из этого верно для какого пациента?
#
# 1. При обучении выход не делится на вероятность оставить нейрон.
# 2. Глобальные статистики на каждом шаге забывают почти всё: α и 1 − α поменялись местами.
# 3. Глобальная дисперсия — несмещённая.
# 4. На тесте выход умножается на вероятность выключить нейрон.
# 5. Маска одна и та же при каждом прямом проходе.
# 6. Глобальная дисперсия начинается с 0, и молодую сеть проверяют со слишком маленькими дисперсиями.
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
# Прочтите `running_mean` и `running_var` у нового слоя. Затем несколько раз подряд подайте один и тот же пакет и смотрите на них после каждого шага:
# как быстро они приходят к статистикам самого пакета? При α = 0,9 за шаг должна проходиться десятая часть пути.
#
# </details>

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

# %% [markdown] id="end" lang="en"
# <details><summary>What each of them has done to people</summary>
#
# - **A**: at `keep_prob=0.5` it is right by luck, and that is what nearly everybody uses. At 0.8 the network is tested with a quarter of the signal that it
#   was trained on.
# - **B**: in the first steps the running variance is close to 0, so the output at test is far too large. After some hundred steps nothing is left of it,
#   which is why it was found so late.
# - **C**: the running statistics are those of the last batch, nearly. The accuracy at test jumps about, and nobody knows why.
#
# What would have found all three on the first day? A check that compares numbers with an independent implementation, in both modes, at a `keep_prob` other
# than 0.5, after one step and after many. You have been using one all along.
#
# </details>
#
# ## What is done
#
# You have written, from the first multiplication to the last, a network that learns, and you know what happens in every line of it. In PyTorch the same
# network is ten lines long. Now you can read them.

# %% [markdown] id="end" lang="ru"
# <details><summary>Что каждый из них натворил</summary>
#
# - **A**: при `keep_prob=0.5` он случайно верен, а именно столько почти все и берут. При 0,8 сеть проверяют с четвертью того сигнала, на котором она
#   училась.
# - **B**: на первых шагах глобальная дисперсия близка к 0, и выход на тесте слишком велик. Через сотню-другую шагов от этого не остаётся следа, потому
#   ошибку так поздно и нашли.
# - **C**: глобальные статистики — почти что статистики последнего пакета. Точность на тесте скачет, и никто не знает почему.
#
# Что нашло бы все три в первый же день? Проверка, которая сравнивает числа с независимой реализацией, в обоих режимах, при `keep_prob`, не равном 0,5,
# после одного шага и после многих. Такой проверкой вы всё это время и пользовались.
#
# </details>
#
# ## Что сделано
#
# Вы сами, от первого умножения до последнего, написали сеть, которая учится, и знаете, что происходит в каждой её строке. В PyTorch та же сеть
# занимает десять строк. Теперь вы умеете их читать.

# %% id="progress" role="given"
progress("06_train_cnn")
