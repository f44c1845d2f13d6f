# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] id="title" lang="en"
# # 5 · Normalization
#
# A deep network is a stack of layers, and every layer learns from the output of the layer before it. While the early layers learn, their outputs
# change, so the later layers have to hit a moving target. **Batch normalization** (BN) keeps the target still: batch by batch, it brings the
# numbers of every feature map to mean 0 and variance 1, and then it lets the network choose the mean and the scale that it needs.
#
# In this notebook you will
#
# 1. see how the distributions inside a network drift while it learns,
# 2. look at the obvious remedies and their price,
# 3. write `BatchNorm2d`: training, running statistics, test mode, gradient,
# 4. test on real digits what is said about it,
# 5. write similar layers: layer, instance and group normalization, and weight standardization.

# %% [markdown] id="title" lang="ru"
# # 5 · Нормализация
#
# Глубокая сеть — это много слоёв подряд, и каждый учится на выходах предыдущего. Пока первые слои учатся, их выходы меняются, и следующим всё
# время приходится целиться в движущуюся мишень. **Пакетная нормализация** (batch normalization, BN), она же **нормализация по пакету**,
# удерживает мишень на месте: на каждом пакете она приводит числа каждой карты признаков к среднему 0 и дисперсии 1, а потом позволяет сети самой
# выбрать нужные среднее и масштаб.
#
# В этой тетради вы
#
# 1. увидите, как во время обучения смещаются распределения внутри сети,
# 2. рассмотрите очевидные средства и узнаете их цену,
# 3. напишете `BatchNorm2d`: обучение, глобальные статистики, режим теста, градиент,
# 4. проверите на настоящих цифрах то, что о ней говорят,
# 5. напишете похожие слои: нормализацию по слою, по одной карте и по группе, а ещё стандартизацию весов.

# %% id="setup" role="setup"
import numpy as np

from ncl_course import ask, check, language, progress
from ncl_course.nn import Layer, numeric_gradient
from ncl_course.viz import (
    axes_explorer,
    batchnorm_explorer,
    drift_explorer,
    running_explorer,
    show_batchnorm_modes,
    show_batchnorm_paths,
    show_batchnorm_steps,
    show_batchnorm_table,
    show_covariate_shift,
    show_depths,
    show_dropout_need,
    show_learning_rates,
    show_norm_after,
    show_normalized_axes,
    show_normalized_input,
    show_normalized_map,
    show_small_batches,
    show_standardized,
    show_starts,
    show_stored_numbers,
    show_weight_standardization,
    small_batch_explorer,
    when_written,
)

# %% [markdown] id="ics" lang="en"
# ## The problem: internal covariate shift
#
# *About 10 minutes.*
#
# **Internal covariate shift** (ICS) is the change of the distribution of a network's values that comes from the change of its parameters during
# training. The deeper the network, the larger the shift: every layer adds its own shift to those of all layers before it.
#
# Here is a small network of six convolutions that learns real digits. Each curve is the distribution of the numbers that enter one ReLU (the
# first map), at several moments of the training. Compare the first layer with the last. (The horizontal scale is the same everywhere. Each
# curve is scaled to its own peak; otherwise the wide ones would be too low to see.)

# %% [markdown] id="ics" lang="ru"
# ## Проблема: внутренний ковариационный сдвиг
#
# *Около 10 минут.*
#
# **Внутренний ковариационный сдвиг** (Internal Covariate Shift, ICS) — изменение распределения значений нейронов вследствие изменения параметров
# нейросети во время обучения. Чем глубже сеть, тем больше сдвиг: каждый слой добавляет свой сдвиг к сдвигам всех предыдущих.
#
# Вот небольшая сеть из шести свёрток, которая учится на настоящих цифрах. Каждая кривая — распределение чисел на входе одной ReLU (первая карта)
# в разные моменты обучения. Сравните первый слой с последним. (Масштаб по горизонтали везде один. Высота каждой кривой приведена к её
# собственному пику, иначе широкие кривые были бы слишком низкими.)

# %% id="ics-picture" role="picture"
show_covariate_shift()

# %% [markdown] id="drift-intro" lang="en"
# Here is the same training step by step: move the **step** (or press the triangle), and choose the **layer**. On the left is the network as it
# is, on the right the same network with batch normalization, which is explained below; the dashed line is the start.

# %% [markdown] id="drift-intro" lang="ru"
# То же обучение в движении: меняйте **шаг** (или нажмите треугольник) и выберите **слой**. Слева сеть как она есть, справа она же с нормализацией по пакету, о которой
# речь пойдёт ниже; штрихами показано начало.

# %% id="ask-drift" role="question"
ask("normalization.drift")

# %% id="drift" role="picture"
drift_explorer()

# %% [markdown] id="drift-outro" lang="en"
# The first layer hardly moves. In the sixth one the mean goes from about 0.3 to nearly 2 within twenty steps and is back around 0 at the
# sixtieth, and the standard deviation grows from 0.2 to almost 4. (This is one training with one seed; with another seed the numbers
# differ.) With batch normalization, every layer stays near mean 0 and standard deviation 1. It does so only approximately, because each map
# has a scale and a shift that are learned and slowly change.

# %% [markdown] id="drift-outro" lang="ru"
# Первый слой почти стоит на месте. В шестом среднее за двадцать шагов уходит примерно от 0,3 почти к 2, а к шестидесятому возвращается к
# нулю; стандартное отклонение вырастает от 0,2 почти до 4. (Это одно обучение с одним зерном генератора; с другим числа будут другими.) С
# нормализацией по пакету у всех слоёв среднее остаётся около 0, а стандартное отклонение около 1, но лишь приближённо: у каждой карты есть
# масштаб и сдвиг, которые обучаются и понемногу меняются.

# %% [markdown] id="remedies-before" lang="en"
# ### The obvious remedies, and their price
#
# 1. **A very careful initialisation** of the parameters. It makes the distributions right at the start, but only there.
# 2. **A small learning rate.** Then the distributions drift slowly, but the whole training becomes very slow too.
# 3. **Normalizing the input** (LeCun, 1998). It helps, but only a little: it acts on the first layer, and the shift grows from layer to layer.
#
# You will try all three below, when you have written the layer that they are compared with.

# %% [markdown] id="remedies-before" lang="ru"
# ### Очевидные пути решения и их цена
#
# 1. **Очень аккуратная инициализация** параметров. Она делает распределения правильными в начале, но только в начале.
# 2. **Маленький темп обучения (learning rate)**, в лекции — коэффициент скорости обучения. Распределения смещаются медленно, но так же медленно
#    идёт и всё обучение.
# 3. **Нормализация входа** (LeCun, 1998). Помогает, но слабо: она действует на первый слой, а сдвиг растёт от слоя к слою.
#
# Все три мы испытаем ниже, когда будет написан слой, с которым их можно сравнить.

# %% id="ask-small-rate" role="question"
ask("normalization.small-rate")

# %% [markdown] id="remedies" lang="en"
# ### The solution
#
# If normalizing the input is good for the first layer, why not normalize the input of **every** layer? The mean and the variance are taken over
# the batch, the fourth dimension of lesson 1, so every mini-batch is normalized anew. Then the next layer learns from values that are already
# normalized, and the shift is smaller.
#
# What is said about it (Ioffe and Szegedy, 2015):
#
# - it allows a larger learning rate, so training is several times faster;
# - the network is less sensitive to the initialisation;
# - dropout is not needed.
#
# We will test each of these claims. **When** to use it: in deep networks, and when training has to be faster. **Where**: after a convolution (or
# another matrix operation) and **before** the activation, that is, before ReLU, because an activation by itself changes the distribution
# strongly. Nevertheless, there is evidence that it sometimes works after the activation too (but not always).
#
# ## One map, normalized
#
# *About 30 minutes.*
#
# Take all the numbers of one feature map in a batch. Subtract their mean and divide by their standard deviation: this gives $\hat{X}$. Then
# multiply by $\gamma$ (scale) and add $\beta$ (shift); these two numbers are learned:

# %% [markdown] id="remedies" lang="ru"
# ### Решение
#
# Если нормализовать вход полезно для первого слоя, почему бы не нормализовать вход **каждого**? Среднее и дисперсию возьмём по
# пакету — по той самой четвёртой размерности из занятия 1, то есть нормализовать будем каждый пакет (mini-batch) заново. Тогда
# параметры следующего слоя учатся на уже нормализованных значениях, и сдвиг уменьшается.
#
# Что о ней говорят (Ioffe, Szegedy, 2015):
#
# - за счёт большего темпа обучения (learning rate) сеть учится в разы быстрее;
# - сеть не так чувствительна к инициализации;
# - не нужен дропаут.
#
# Каждое из этих утверждений мы проверим. **Когда** применять: в глубоких сетях и когда нужно ускорить обучение. **Где**: после свёртки (или
# другой матричной операции) и **до** функции активации, до ReLU: активация и сама сильно меняет распределение. Тем не менее есть свидетельства,
# что порой BN можно применить и после активации (хотя это работает не всегда).
#
# ## Нормализуем одну карту
#
# *Около 30 минут.*
#
# Возьмём все числа одной карты признаков в пакете. Вычтем их среднее, разделим на стандартное отклонение: получится $\hat{X}$. Затем
# умножим на $\gamma$ (масштаб, scale) и прибавим $\beta$ (сдвиг, shift): эти два числа обучаются.

# %% id="map-picture" role="picture"
show_normalized_map()

# %% id="ask-four-numbers" role="question"
ask("normalization.four-numbers")

# %% [markdown] id="map-formula-before" lang="en"
# Now take all maps of a batch of $T$ samples. $X_{ij}^{mt}$ is row $i$, column $j$, map $m$, sample $t$; in NumPy it is `x[t, m, i, j]`, and
# $T$, $M$ are the `N`, `C` of the shape. Every map has its own statistics, computed over the whole batch:
#
# $$\mu_B^m = \frac{1}{HWT} \sum_t \sum_{i,j} X_{ij}^{mt} \qquad \sigma_B^{2m} = \frac{1}{HWT} \sum_t \sum_{i,j} (X_{ij}^{mt} - \mu_B^m)^2$$
#
# $$Y_{ij}^{mt} = \gamma^m \frac{X_{ij}^{mt} - \mu_B^m}{\sqrt{\sigma_B^{2m} + \varepsilon}} + \beta^m$$
#
# $\varepsilon > 0$ is a small number that prevents division by zero when a map is constant. It is **under the root**. In the variance, the sum
# of squares is divided by $HWT$, not by $HWT - 1$.
#
# > **Remark.** If $\gamma^m = \sqrt{\sigma_B^{2m} + \varepsilon}$ and $\beta^m = \mu_B^m$, then $Y_{ij}^{mt} = X_{ij}^{mt}$: the layer can learn
# > to do nothing, so it need not make anything worse. (With $\gamma^m = \sigma_B^{2m}$ this would not be true: try it with the numbers of the
# > question above.)
#
# Below are the four numbers of the question on their way from $X$ through $\hat{X}$ to $Y$, each in its own colour; a bar marks the mean.

# %% [markdown] id="map-formula-before" lang="ru"
# Теперь все карты пакета из $T$ примеров. $X_{ij}^{mt}$ — строка $i$, столбец $j$, карта $m$, пример $t$; в NumPy это `x[t, m, i, j]`, а $T$ и
# $M$ — это `N` и `C` из формы массива. У каждой карты своя статистика, вычисленная по всему пакету:
#
# $$\mu_B^m = \frac{1}{HWT} \sum_t \sum_{i,j} X_{ij}^{mt} \qquad \sigma_B^{2m} = \frac{1}{HWT} \sum_t \sum_{i,j} (X_{ij}^{mt} - \mu_B^m)^2$$
#
# $$Y_{ij}^{mt} = \gamma^m \frac{X_{ij}^{mt} - \mu_B^m}{\sqrt{\sigma_B^{2m} + \varepsilon}} + \beta^m$$
#
# $\varepsilon > 0$ — регуляризатор, маленькое число, которое не даёт делить на ноль, когда карта постоянна. Стоит он **под корнем**. Сумма
# квадратов в дисперсии делится на $HWT$, а не на $HWT - 1$.
#
# > **Замечание.** Если $\gamma^m = \sqrt{\sigma_B^{2m} + \varepsilon}$ и $\beta^m = \mu_B^m$, то $Y_{ij}^{mt} = X_{ij}^{mt}$: слой может научиться
# > ничего не делать, а значит, ничего и не портить. (При $\gamma^m = \sigma_B^{2m}$ было бы не так: проверьте на числах из примера.)
#
# Внизу — те же четыре числа на пути от $X$ через $\hat{X}$ к $Y$, у каждого свой цвет; чертой отмечено среднее.

# %% id="ask-identity" role="question"
ask("normalization.identity")

# %% id="ask-moved-mean" role="question"
ask("normalization.moved-mean")

# %% id="ask-twice-the-spread" role="question"
ask("normalization.twice-the-spread")

# %% id="ask-constant-map" role="question"
ask("normalization.constant-map")

# %% [markdown] id="map-formula" lang="en"
# Now move the sliders and see whether you were right; for the second question, try $\varepsilon$ = 0.00001 too.

# %% [markdown] id="map-formula" lang="ru"
# Теперь подвигайте ползунки и проверьте себя; для второго вопроса попробуйте и $\varepsilon$ = 0,00001.

# %% id="map-explorer" role="picture"
batchnorm_explorer()

# %% [markdown] id="forward-task" lang="en"
# ### Exercise `BatchNorm2d`, forward (1.5 points)
#
# Write `forward_train`, which `forward` calls in training. It returns an array in the shape and dtype of `x`. Keep on `self` what `backward`
# will need. `gamma` and `beta` are in `self.params`: the optimiser writes into these arrays, so read them each time.
#
# This cell has one gap for two exercises: the code of the next one, the running statistics, goes into the same place.
#
# <details><summary>Hint 1: which axes?</summary>
#
# There is one mean for each map. So along which axes of `(N, C, H, W)` do the numbers of one map lie? `mean` and `var` take a tuple of axes.
#
# </details>
#
# <details><summary>Hint 2: how do shapes line up?</summary>
#
# An array of shape `(C,)` lines up with the last axis of `(N, C, H, W)`, and that is not the axis of the maps. `keepdims=True` gives
# `(1, C, 1, 1)`, which lines up with axis 1. What must you add to `gamma` to get the same effect?
#
# </details>
#
# <details><summary>Hint 3: dtype</summary>
#
# If `params` are float64 and `x` is float32, the product is float64. The output has the dtype of `x`: `astype`.
#
# </details>

# %% [markdown] id="forward-task" lang="ru"
# ### Упражнение `BatchNorm2d`, прямой проход (1,5 балла)
#
# Напишите `forward_train`: его вызывает `forward` при обучении. Результат — массив той же формы и того же типа, что `x`. Всё, что понадобится в
# `backward`, сохраните в `self`. `gamma` и `beta` лежат в `self.params`: оптимизатор пишет прямо в эти массивы, поэтому каждый раз читайте их
# заново.
#
# В ячейке один пропуск на два упражнения: следующее, глобальные статистики, пишется в том же месте.
#
# <details><summary>Подсказка 1: по каким осям?</summary>
#
# На каждую карту — одно среднее. Вдоль каких осей `(N, C, H, W)` лежат числа одной карты? `mean` и `var` принимают кортеж осей.
#
# </details>
#
# <details><summary>Подсказка 2: как совместить формы?</summary>
#
# Массив формы `(C,)` сопоставляется с последней осью `(N, C, H, W)`, а это не ось карт. `keepdims=True` даёт форму `(1, C, 1, 1)`, в которой карты —
# это ось 1. Что нужно добавить к `gamma`, чтобы получить то же самое?
#
# </details>
#
# <details><summary>Подсказка 3: тип чисел</summary>
#
# Если `params` — float64, а `x` — float32, то произведение будет float64. Выход же должен быть того же типа, что `x`: `astype`.
#
# </details>


# %% id="batchnorm-forward" solves="BatchNorm2d"
class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        self.alpha, self.eps = alpha, eps
        self.params = {"gamma": np.ones(num_features), "beta": np.zeros(num_features)}
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)

    def forward(self, x):
        return self.forward_train(x) if self.training else self.forward_test(x)

    def forward_train(self, x):
        ### BEGIN SOLUTION
        mean, var = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
        self.running_mean[...] = self.alpha * self.running_mean + (1 - self.alpha) * mean
        self.running_var[...] = self.alpha * self.running_var + (1 - self.alpha) * var
        self.from_batch = True
        return self.normalize(x, mean, var)

    def normalize(self, x, mean, var):
        self.centred = x - mean[:, None, None]
        self.root = np.sqrt(var + self.eps)[:, None, None]
        self.x_hat = self.centred / self.root
        gamma, beta = (self.params[name].astype(x.dtype)[:, None, None] for name in ("gamma", "beta"))
        return (gamma * self.x_hat + beta).astype(x.dtype)
        ### END SOLUTION


# %% id="check-batchnorm-forward" check="BatchNorm2d.forward"
check(BatchNorm2d, "forward")

# %% [markdown] id="running-intro-before" lang="en"
# ## What to remember for test time
#
# *About 20 minutes.*
#
# At test time a picture comes alone or together with other pictures that happen to be in the same batch. The answer must not depend on them. So
# during training the layer keeps **global** (running) values of the mean and the variance, which stand for the whole training set: after each
# batch they move a little towards the statistics of that batch. The smoothing parameter $\alpha \in [0, 1]$ says how much of the old value
# stays. At step $k$:
#
# $$\mu_{avg,k}^m = \alpha \mu_{avg,k-1}^m + (1 - \alpha) \mu_B^m \qquad \mu_{avg,0}^m = 0$$
#
# $$\sigma_{avg,k}^{2m} = \alpha \sigma_{avg,k-1}^{2m} + (1 - \alpha) \sigma_B^{2m} \qquad \sigma_{avg,0}^{2m} = 1$$
#
# Below are the means of a hundred batches of two digits each (dots), and the running mean that follows them from its start at 0 (line).

# %% [markdown] id="running-intro-before" lang="ru"
# ## Что запомнить для теста
#
# *Около 20 минут.*
#
# На тесте картинка приходит одна или вместе со случайными соседями по пакету. Ответ не должен от них зависеть. Поэтому при обучении слой
# накапливает **глобальные** (соответствующие всему обучающему множеству) среднее и дисперсию: после каждого пакета они немного сдвигаются к его
# статистике. Параметр сглаживания $\alpha \in [0, 1]$ говорит, какая доля старого значения остаётся. На шаге $k$:
#
# $$\mu_{avg,k}^m = \alpha \mu_{avg,k-1}^m + (1 - \alpha) \mu_B^m \qquad \mu_{avg,0}^m = 0$$
#
# $$\sigma_{avg,k}^{2m} = \alpha \sigma_{avg,k-1}^{2m} + (1 - \alpha) \sigma_B^{2m} \qquad \sigma_{avg,0}^{2m} = 1$$
#
# Внизу — средние ста пакетов, по две цифры в каждом (точки), и глобальное среднее, которое идёт за ними, начав с нуля (линия).

# %% id="ask-alpha-one" role="question"
ask("normalization.alpha-one")

# %% id="ask-which-alpha" role="question"
ask("normalization.which-alpha")

# %% [markdown] id="running-intro" lang="en"
# Now try $\alpha$ = 0.5, 0.9 and 0.99.

# %% [markdown] id="running-intro" lang="ru"
# Теперь попробуйте $\alpha$ = 0,5; 0,9 и 0,99.

# %% id="running-picture" role="picture"
running_explorer()

# %% id="ask-running" role="question"
ask("normalization.running")

# %% [markdown] id="running-task" lang="en"
# ### Exercise `BatchNorm2d`, running statistics (1 point)
#
# Go back to your `forward_train` and let it update `self.running_mean` and `self.running_var`, both of shape `(C,)`. The variance is the one
# that you have just computed: **without** $\varepsilon$, and divided by $HWT$. Run that cell again, and then this check.
#
# <details><summary>Hint</summary>
#
# Two lines, one for each formula. If your mean has the shape `(1, C, 1, 1)`, make it `(C,)` first, for example by `mean.ravel()`.
#
# </details>

# %% [markdown] id="running-task" lang="ru"
# ### Упражнение `BatchNorm2d`, глобальные статистики (1 балл)
#
# Вернитесь к своему `forward_train`: пусть он обновляет `self.running_mean` и `self.running_var`, обе формы `(C,)`. Дисперсия — та же, что вы
# только что посчитали: **без** $\varepsilon$ и делённая на $HWT$. Выполните ту ячейку заново, а потом эту проверку.
#
# <details><summary>Подсказка</summary>
#
# Две строки, по одной на формулу. Если ваше среднее имеет форму `(1, C, 1, 1)`, сначала сделайте из него `(C,)`, например через
# `mean.ravel()`.
#
# </details>

# %% id="check-batchnorm-running" check="BatchNorm2d.running"
check(BatchNorm2d, "running")

# %% [markdown] id="test-task-before" lang="en"
# ## Test mode
#
# *About 15 minutes.*
#
# Batch normalization works **differently** at test time (inference mode):
#
# 1. the learned $\gamma^m$ and $\beta^m$ are used as they are;
# 2. although test data may come in batches too, the statistics $\mu_B^m$ and $\sigma_B^{2m}$ of the batch are **not used**;
# 3. the global values are **not updated**;
# 4. the output is
#
# $$Y_{ij}^{mt} = \gamma^m \frac{X_{ij}^{mt} - \mu_{avg}^m}{\sqrt{\sigma_{avg}^{2m} + \varepsilon}} + \beta^m$$

# %% [markdown] id="test-task-before" lang="ru"
# ## Режим теста
#
# *Около 15 минут.*
#
# Во время теста (inference mode) нормализация по пакету работает **по-другому**:
#
# 1. обученные $\gamma^m$ и $\beta^m$ берутся как есть;
# 2. хотя в тесте данные тоже могут идти пакетами, на статистику пакета $\mu_B^m$ и $\sigma_B^{2m}$ **не обращаем внимания**;
# 3. глобальные значения **не обновляем**;
# 4. выход равен
#
# $$Y_{ij}^{mt} = \gamma^m \frac{X_{ij}^{mt} - \mu_{avg}^m}{\sqrt{\sigma_{avg}^{2m} + \varepsilon}} + \beta^m$$

# %% id="modes-picture" role="picture"
show_batchnorm_modes()

# %% id="ask-at-test" role="question"
ask("normalization.at-test")

# %% [markdown] id="test-task" lang="en"
# ### Exercise `BatchNorm2d`, test mode (1 point)
#
# Write `forward_test`.
#
# <details><summary>Hint 1</summary>
#
# It is the same formula as in training with two numbers per map replaced. Points 2 and 3 above say what it must *not* do.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# `backward` will have to know which of the two forward passes was the latest one. Record this on `self`: the mode itself may have been switched
# by then.
#
# </details>

# %% [markdown] id="test-task" lang="ru"
# ### Упражнение `BatchNorm2d`, режим теста (1 балл)
#
# Напишите `forward_test`.
#
# <details><summary>Подсказка 1</summary>
#
# Это прежняя формула, в которой для каждой карты заменены два числа. Чего слой делать *не* должен, сказано выше в пунктах 2 и 3.
#
# </details>
#
# <details><summary>Подсказка 2</summary>
#
# `backward` должен будет знать, какой из двух прямых проходов был последним. Запишите это в `self`: сам режим к тому времени могут и
# переключить.
#
# </details>


# %% id="batchnorm-test" solves="BatchNorm2d"
class BatchNorm2d(BatchNorm2d):
    def forward_test(self, x):
        ### BEGIN SOLUTION
        self.from_batch = False
        return self.normalize(x, self.running_mean.astype(x.dtype), self.running_var.astype(x.dtype))
        ### END SOLUTION


# %% id="check-batchnorm-test" check="BatchNorm2d.test_mode"
check(BatchNorm2d, "test_mode")

# %% [markdown] id="torch-differs" lang="en"
# ### Differences in torch
#
# | | the lecture and this course | torch (`nn.BatchNorm2d`) |
# | --- | --- | --- |
# | how much of the **old** value is kept | `alpha` (0.9) | 1 − `momentum`: its `momentum` (0.1) is the weight of the **new** value |
# | variance that normalizes in training | divided by n | divided by n |
# | variance that goes into `running_var` | the same, divided by n | divided by n − 1 |
# | start | 0 and 1 | 0 and 1 |
# | names | `gamma`, `beta` | `weight`, `bias` |
#
# So `alpha=0.9` corresponds to torch's default momentum, 0.1. Much code on the internet follows torch: if you copy an update, check which of the
# two values the number belongs to.

# %% [markdown] id="torch-differs" lang="ru"
# ### Что в torch иначе
#
# | | в лекции и в этом курсе | в torch (`nn.BatchNorm2d`) |
# | --- | --- | --- |
# | какая доля **старого** значения остаётся | `alpha` (0,9) | 1 − `momentum`: там `momentum` (0,1) — вес **нового** |
# | дисперсия для нормализации при обучении | деление на n | деление на n |
# | дисперсия, которая идёт в `running_var` | та же, деление на n | деление на n − 1 |
# | начальные значения | 0 и 1 | 0 и 1 |
# | имена | `gamma`, `beta` | `weight`, `bias` |
#
# Значит, `alpha=0.9` — это momentum 0,1, принятый в torch по умолчанию. Многие примеры в интернете следуют torch: копируя обновление,
# посмотрите, к какому из значений относится число.

# %% [markdown] id="gradient" lang="en"
# ## The gradient, path by path
#
# *About 45 minutes.*
#
# From the loss comes $g = \partial L / \partial Y$. One number of the input affects the loss along **three paths**: directly, through its own
# $\hat{X}$; through the mean, which changes all numbers of the map; and through the variance, which also changes them all.

# %% [markdown] id="gradient" lang="ru"
# ## Градиент: по трём путям
#
# *Около 45 минут.*
#
# От функции потерь приходит $g = \partial L / \partial Y$. Одно число входа влияет на функцию потерь **тремя путями**: прямо, через собственное
# $\hat{X}$; через среднее, которое сдвигает все числа карты; и через дисперсию, которая тоже меняет их все.

# %% id="paths-picture" role="picture"
show_batchnorm_paths()

# %% [markdown] id="gradient-steps-before" lang="en"
# We go back step by step, for one map; $n = HWT$ is the number of averaged values, and all sums run over these values. For any quantity $Z$,
# $dZ$ is short for $\partial L / \partial Z$: how the loss changes when $Z$ grows a little.
#
# **The parameters.** $\gamma$ and $\beta$ act on every number of the map, so their gradients are sums:
#
# $$\frac{\partial L}{\partial \gamma} = \sum g \hat{X} \qquad \frac{\partial L}{\partial \beta} = \sum g$$
#
# Derive it yourself, node by node, on the map that you know. After each node comes its formula in general; the next node uses it.

# %% [markdown] id="gradient-steps-before" lang="ru"
# Идём назад шаг за шагом, для одной карты; $n = HWT$ — сколько чисел усредняется, и все суммы берутся по этим числам. $dZ$ для любой величины
# $Z$ — это сокращение для $\partial L / \partial Z$: как изменится функция потерь, если $Z$ немного вырастет.
#
# **Параметры.** $\gamma$ и $\beta$ действуют на каждое число карты, поэтому их градиенты — суммы:
#
# $$\frac{\partial L}{\partial \gamma} = \sum g \hat{X} \qquad \frac{\partial L}{\partial \beta} = \sum g$$
#
# Выведите его сами, узел за узлом, на уже знакомой карте. После каждого узла — его формула в общем виде; она понадобится в следующем.

# %% id="ask-node-normalized" role="question"
ask("normalization.node-normalized")

# %% [markdown] id="gradient-steps-between" lang="en"
# **1. Through γ.** $$d\hat{X} = g \gamma$$

# %% [markdown] id="gradient-steps-between" lang="ru"
# **1. Через γ.** $$d\hat{X} = g \gamma$$

# %% id="ask-node-variance" role="question"
ask("normalization.node-variance")

# %% [markdown] id="gradient-steps-2" lang="en"
# **2. To the variance.** $\hat{X} = (X - \mu)(\sigma^2 + \varepsilon)^{-1/2}$, and the derivative of the power is $-\frac{1}{2}(\sigma^2 + \varepsilon)^{-3/2}$:
#
# $$d\sigma^2 = -\frac{1}{2} (\sigma^2 + \varepsilon)^{-3/2} \sum d\hat{X} (X - \mu)$$

# %% [markdown] id="gradient-steps-2" lang="ru"
# **2. К дисперсии.** $\hat{X} = (X - \mu)(\sigma^2 + \varepsilon)^{-1/2}$, а производная степени равна $-\frac{1}{2}(\sigma^2 + \varepsilon)^{-3/2}$:
#
# $$d\sigma^2 = -\frac{1}{2} (\sigma^2 + \varepsilon)^{-3/2} \sum d\hat{X} (X - \mu)$$

# %% id="ask-node-mean" role="question"
ask("normalization.node-mean")

# %% [markdown] id="gradient-steps-3" lang="en"
# **3. To the mean.** It appears in each $\hat{X}$ and in the variance. But $\sum (X - \mu) = 0$, so the path through the variance contributes
# nothing:
#
# $$d\mu = -\frac{1}{\sqrt{\sigma^2 + \varepsilon}} \sum d\hat{X}$$

# %% [markdown] id="gradient-steps-3" lang="ru"
# **3. К среднему.** Оно входит в каждое $\hat{X}$ и в дисперсию. Но $\sum (X - \mu) = 0$, так что путь через дисперсию ничего не добавляет:
#
# $$d\mu = -\frac{1}{\sqrt{\sigma^2 + \varepsilon}} \sum d\hat{X}$$

# %% id="ask-node-input" role="question"
ask("normalization.node-input")

# %% [markdown] id="gradient-steps" lang="en"
# **4. To the input.** There are three paths and so three terms. The gradient of a mean is shared equally, $1/n$ for each of its numbers; the
# variance is a mean of squares, hence the factor $2 (X - \mu)$:
#
# $$dX = \frac{d\hat{X}}{\sqrt{\sigma^2 + \varepsilon}} + d\sigma^2 \cdot \frac{2 (X - \mu)}{n} + \frac{d\mu}{n}$$
#
# There are two ways to check whether a result is plausible. Add the same number to the whole map: the output does not change, so $\sum dX = 0$.
# Stretch the map around its mean: as long as $\varepsilon$ is small compared with $\sigma^2$, the output hardly changes, so
# $\sum dX \hat{X} \approx 0$. (In the example below $\varepsilon$ is large, and only the first check holds.)
#
# Once more, all together and on your own: put the numbers of the four nodes (and $\hat{X}$) into the cell below. It says for each whether it is
# right. Lists and fractions are fine.

# %% [markdown] id="gradient-steps" lang="ru"
# **4. Ко входу.** Три пути, три слагаемых. Градиент среднего делится между его числами поровну, каждому $1/n$; дисперсия — среднее квадратов,
# отсюда множитель $2 (X - \mu)$:
#
# $$dX = \frac{d\hat{X}}{\sqrt{\sigma^2 + \varepsilon}} + d\sigma^2 \cdot \frac{2 (X - \mu)}{n} + \frac{d\mu}{n}$$
#
# Два способа проверить, похож ли ответ на верный. Прибавим одно и то же число ко всей карте: выход не изменится, значит, $\sum dX = 0$. Растянем
# карту вокруг её среднего: пока $\varepsilon$ мало по сравнению с $\sigma^2$, выход почти не изменится, значит, $\sum dX \hat{X} \approx 0$. (В
# примере ниже $\varepsilon$ велико, и годится только первый способ.)
#
# И ещё раз, всё вместе и без подсказок: впишите числа четырёх узлов (и $\hat{X}$) в ячейку ниже. Она скажет о каждом, верно ли оно. Годятся и
# списки, и дроби.

# %% id="gradient-pencil" role="given"
x, g, gamma, eps = np.array([1.0, 3, 5, 7]), np.array([9.0, 0, 0, 0]), 3, 4
x_hat = d_x_hat = d_var = d_mean = dx = None
show_batchnorm_steps(x_hat=x_hat, d_x_hat=d_x_hat, d_var=d_var, d_mean=d_mean, dx=dx)

# %% [markdown] id="backward-task" lang="en"
# ### Exercise `BatchNorm2d`, backward (3 points)
#
# Write `backward`. It returns $dX$ in the shape and dtype of `x`, and fills `self.grads["gamma"]` and `self.grads["beta"]`, both of shape
# `(C,)`.
#
# At **test time** the mean and the variance are constants, so there is only one path: $dX = g \gamma / \sqrt{\sigma_{avg}^2 + \varepsilon}$. The
# latest forward pass decides which of the two formulas holds, whatever the mode is now.
#
# <details><summary>Hint 1: the order</summary>
#
# Write the steps one below the other, one line each, and print the shapes: a quantity of a map has the shape `(1, C, 1, 1)` (with
# `keepdims=True`), everything else has `(N, C, H, W)`.
#
# </details>
#
# <details><summary>Hint 2: what is n?</summary>
#
# How many numbers go into one mean? Which of N, C, H and W does it depend on?
#
# </details>
#
# <details><summary>Hint 3: test time</summary>
#
# The first of the three terms is the whole gradient at test time. Decide by what the forward pass has recorded.
#
# </details>

# %% [markdown] id="backward-task" lang="ru"
# ### Упражнение `BatchNorm2d`, обратный проход (3 балла)
#
# Напишите `backward`. Он возвращает $dX$ той же формы и того же типа, что `x`, и заполняет `self.grads["gamma"]` и `self.grads["beta"]`, обе
# формы `(C,)`.
#
# На **тесте** среднее и дисперсия — константы, поэтому путь один: $dX = g \gamma / \sqrt{\sigma_{avg}^2 + \varepsilon}$. Какая из формул
# верна, решает последний прямой проход, какой бы режим ни стоял сейчас.
#
# <details><summary>Подсказка 1: порядок</summary>
#
# Пишите шаги один под другим, каждый своей строкой, и печатайте формы: то, что относится к карте, имеет форму `(1, C, 1, 1)` (с
# `keepdims=True`), остальное — `(N, C, H, W)`.
#
# </details>
#
# <details><summary>Подсказка 2: чему равно n?</summary>
#
# Сколько чисел входит в одно среднее? От каких из N, C, H и W это зависит?
#
# </details>
#
# <details><summary>Подсказка 3: тест</summary>
#
# Первое из трёх слагаемых — это и есть весь градиент на тесте. Решайте по тому, что записал прямой проход.
#
# </details>


# %% id="batchnorm-backward" solves="BatchNorm2d"
class BatchNorm2d(BatchNorm2d):
    def backward(self, grad_out):
        N, C, H, W = grad_out.shape
        ### BEGIN SOLUTION
        axes, n = (0, 2, 3), N * H * W
        self.grads["gamma"] = (grad_out * self.x_hat).sum(axis=axes)
        self.grads["beta"] = grad_out.sum(axis=axes)
        d_x_hat = grad_out * self.params["gamma"].astype(grad_out.dtype)[:, None, None]
        grad_x = d_x_hat / self.root
        if self.from_batch:
            d_var = -0.5 * (d_x_hat * self.centred).sum(axis=axes, keepdims=True) / self.root**3
            d_mean = -d_x_hat.sum(axis=axes, keepdims=True) / self.root
            grad_x += d_var * 2 / n * self.centred + d_mean / n  # the small arrays first
        return grad_x.astype(grad_out.dtype)
        ### END SOLUTION


# %% id="check-batchnorm-backward" check="BatchNorm2d.backward"
check(BatchNorm2d, "backward")

# %% [markdown] id="count-task-before" lang="en"
# ### How many numbers does it need?
#
# Go through `__init__` above: how many numbers does batch normalization store for every feature map, and which of them are trained?

# %% [markdown] id="count-task-before" lang="ru"
# ### Сколько это чисел?
#
# Посмотрите на `__init__` выше: сколько чисел нормализация по пакету хранит для каждой карты признаков и какие из них обучаются?

# %% id="ask-stored" role="question"
ask("normalization.stored")

# %% id="stored-picture" role="picture"
show_stored_numbers()

# %% [markdown] id="count-task" lang="en"
# For $L$ layers of $M$ maps each, batch normalization stores $N_{BN}$ numbers, far fewer than the convolutions: $N_{BN} \ll N_{CONV}$.
#
# A detail: the bias of a convolution directly before batch normalization has no effect. It shifts the whole map, and subtracting the mean
# removes the shift again; its gradient is 0.
#
# ### Exercise `batchnorm_parameter_count` (0.5 points)
#
# Return your $N_{BN}$: all stored numbers, those that are only measured too.

# %% [markdown] id="count-task" lang="ru"
# В $L$ слоях по $M$ карт нормализация по пакету хранит $N_{BN}$ чисел, гораздо меньше, чем свёртки: $N_{BN} \ll N_{CONV}$.
#
# Заметим кстати: сдвиг (bias) свёртки перед нормализацией по пакету бесполезен. Он сдвигает всю карту, а вычитание среднего этот сдвиг убирает;
# градиент по нему равен 0.
#
# ### Упражнение `batchnorm_parameter_count` (0,5 балла)
#
# Верните ваше $N_{BN}$: все хранимые числа, в том числе те, которые только измеряются.


# %% id="batchnorm-parameter-count" solves="batchnorm_parameter_count"
def batchnorm_parameter_count(num_layers, num_maps):
    ### BEGIN SOLUTION
    return 4 * num_layers * num_maps
    ### END SOLUTION


# %% id="check-batchnorm-parameter-count" check="batchnorm_parameter_count.value"
check(batchnorm_parameter_count)

# %% [markdown] id="claims" lang="en"
# ## Is it true?
#
# *About 35 minutes.*
#
# We train the same small network (six convolutions of 12 maps on real digits, 120 steps, batches of 32, with the optimiser of lesson 6)
# without and with batch normalization, and the batch normalization is **yours**. (`show_learning_rates()` without your class takes torch's.) Each bar is a single
# run with one seed, so differences of a few points mean nothing.
#
# **A larger learning rate.** Here is the accuracy on 600 digits that the network was not trained on, for four learning rates:

# %% [markdown] id="claims" lang="ru"
# ## Правда ли это?
#
# *Около 35 минут.*
#
# Обучим одну и ту же небольшую сеть (шесть свёрток по 12 карт на настоящих цифрах, 120 шагов, пакеты по 32, оптимизатор из занятия 6) без
# нормализации по пакету и с ней, причём нормализация — **ваша**. (`show_learning_rates()` без вашего класса возьмёт слой из torch.) Каждый столбик — это один
# запуск с одним зерном генератора, поэтому разница в несколько пунктов ничего не значит.
#
# **Больший темп обучения.** Точность на 600 цифрах, которых сеть не видела, при четырёх значениях темпа:

# %% id="ask-largest-rate" role="question"
ask("normalization.largest-rate")

# %% id="learning-rates" role="picture"
when_written(lambda: show_learning_rates(BatchNorm2d))

# %% [markdown] id="claims-starts" lang="en"
# With a small learning rate both networks learn, but slowly: this is the price of the second remedy. At the largest rate the plain network
# breaks down and only guesses (one answer in ten is right), while the normalized one still learns; the normalized network also reaches its best
# result at a larger learning rate than the plain one. There is still a limit: with a learning rate of 1 both break down.
#
# **Less sensitive to the initialisation.** Now the learning rate stays the same, and the first weights are those of a careful initialisation
# times a factor:

# %% [markdown] id="claims-starts" lang="ru"
# При маленьком темпе обучения учатся обе сети, но медленно: это и есть цена второго средства. При самом большом темпе обычная сеть ломается и
# просто гадает (верен один ответ из десяти), а нормализованная ещё учится; и лучший результат у неё достигается при большем темпе, чем у
# обычной. Но предел есть и здесь: при темпе обучения 1 ломаются обе.
#
# **Меньшая чувствительность к инициализации.** Теперь темп обучения один и тот же, а начальные веса — это веса аккуратной инициализации,
# умноженные на число:

# %% id="ask-starts" role="question"
ask("normalization.starts")

# %% id="starts" role="picture"
when_written(lambda: show_starts(BatchNorm2d))

# %% [markdown] id="claims-input" lang="en"
# The plain network learns only from the careful initialisation. With batch normalization, weights that are ten times too small or too large cost
# fewer than ten points. There is a simple reason: a factor in front of the weights is also a factor in the mean and in $\sigma$, and it cancels. It
# only affects the learning: weights that are ten times as large get a gradient that is ten times as small.
#
# **The third remedy.** Raw pixels from 0 to 16, the same pixels brought to mean 0 and variance 1, and raw pixels with your batch
# normalization in every layer; 60 steps. From here on each bar is the mean of three runs with three seeds, and each dot is one run.

# %% [markdown] id="claims-input" lang="ru"
# Обычной сети подходит только аккуратная инициализация, а с нормализацией по пакету веса в десять раз меньше или больше нужных стоят
# меньше десяти процентных пунктов. Причина проста: множитель перед весами — это множитель и в среднем, и в $\sigma$, и он сокращается.
# Сказывается он только на обучении: веса вдесятеро больше получают градиент вдесятеро меньше.
#
# **Третье средство.** Исходные пиксели от 0 до 16; те же пиксели, приведённые к среднему 0 и дисперсии 1; и исходные пиксели, но с вашей
# нормализацией по пакету в каждом слое. Обучение — 60 шагов. Здесь и дальше столбик — среднее трёх запусков с тремя зёрнами генератора, а
# точка — один запуск.

# %% id="ask-input-helps" role="question"
ask("normalization.input-helps")

# %% id="input-trial" role="picture"
when_written(lambda: show_normalized_input(BatchNorm2d))

# %% [markdown] id="claims-depth" lang="en"
# At the small learning rate the raw pixels do no harm. At the large one the network with raw pixels only guesses, and the one with normalized
# pixels learns; but the one that normalizes every layer gets further, although its pixels are raw. So the remedy helps, but weakly.
#
# **In deep networks.** Now the number of convolutions varies:

# %% [markdown] id="claims-depth" lang="ru"
# При маленьком темпе исходные пиксели не мешают. При большом сеть с исходными пикселями просто гадает, а с нормализованными учится; но
# дальше продвинулась та, что нормализует каждый слой, хотя пиксели у неё исходные. Итак, это средство помогает, но слабо.
#
# **В глубоких сетях.** Теперь меняется число свёрток:

# %% id="ask-depth" role="question"
ask("normalization.depth")

# %% id="depths" role="picture"
when_written(lambda: show_depths(BatchNorm2d))

# %% [markdown] id="claims-dropout" lang="en"
# With two convolutions both networks are good; with twelve the plain one hardly learns. Look at the dots, too: its three seeds differ a lot,
# and one run is far better than the other two. And within 60 steps the deep network lags behind the shallow one even with normalization.
#
# **Dropout is not needed?** Take a network of four convolutions, only 200 digits to learn from and 300 steps, so that it overfits (one
# seed):

# %% [markdown] id="claims-dropout" lang="ru"
# С двумя свёртками хороши обе сети, с двенадцатью обычная почти не учится. Посмотрите и на точки: три её запуска сильно различаются, и один
# намного лучше двух других. А за 60 шагов глубокая сеть и с нормализацией отстаёт от мелкой.
#
# **Дропаут не нужен?** Сеть из четырёх свёрток и всего 200 цифр для обучения, 300 шагов, чтобы она переобучилась (одно зерно генератора):

# %% id="ask-dropout-needed" role="question"
ask("normalization.dropout-needed")

# %% id="dropout" role="picture"
when_written(lambda: show_dropout_need(BatchNorm2d))

# %% [markdown] id="claims-after" lang="en"
# This experiment neither confirms nor refutes the claim. All four networks learn their 200 digits by heart, and on new digits they lie within
# four points of one another; with another seed their order changes, so the difference says nothing. (Batch normalization does add some noise:
# the output for a sample depends on its random neighbours in the batch. This is why it can replace dropout in some networks.)
#
# **After the activation?** The lecture says that batch normalization sometimes works there too. Three seeds each:

# %% [markdown] id="claims-after" lang="ru"
# Здесь это нельзя ни подтвердить, ни опровергнуть: все четыре сети заучили свои 200 цифр, а на новых расходятся не больше чем на четыре пункта, и при другом
# зерне генератора порядок у них другой: такая разница ни о чём не говорит. (Некоторый шум нормализация по пакету и правда вносит: выход примера зависит от соседей по пакету,
# то есть от случая. Поэтому в некоторых сетях она может заменить дропаут.)
#
# **После активации?** В лекции сказано, что порой это тоже работает. По три зерна генератора:

# %% id="ask-after-relu" role="question"
ask("normalization.after-relu")

# %% id="norm-after" role="picture"
when_written(lambda: show_norm_after(BatchNorm2d))

# %% [markdown] id="claims-table-before" lang="en"
# > **Remark.** *That* batch normalization helps is measured; *why* is disputed. Santurkar et al. (2018) added noise after it, so that the
# > distributions drifted again, and the network still learned about as well. In their view the reason is a smoother loss, which allows larger
# > steps.
#
# ### The lecture's table
#
# This is image classification on ImageNet with the Inception network, without and with batch normalization: how many steps each network needs
# to reach an accuracy of 72.2%, and the best accuracy that it reaches. In the rows x5 and x30 the learning rate is five and thirty times as
# large:

# %% [markdown] id="claims-table-before" lang="ru"
# > **Замечание.** То, *что* нормализация по пакету помогает, измерено; о том, *почему*, спорят. Santurkar et al. (2018) добавили после неё шум,
# > так что распределения снова смещались, а училась сеть почти так же хорошо. Причину авторы видят в том, что функция потерь становится более
# > гладкой и шаги можно делать больше.
#
# ### Таблица из лекции
#
# Это классификация картинок ImageNet сетью Inception, без нормализации по пакету и с ней: сколько шагов нужно каждой сети, чтобы достичь
# точности 72,2 %, и какова её лучшая точность. В строках x5 и x30 темп обучения (learning rate) в пять и в тридцать раз больше:

# %% id="table-picture" role="picture"
show_batchnorm_table()

# %% id="ask-speed-up" role="question"
ask("normalization.speed-up")

# %% id="ask-accuracy-gain" role="question"
ask("normalization.accuracy-gain")

# %% [markdown] id="claims-table" lang="en"
# The lecture reads two results from this table: training to the same quality is up to **15 times** faster, and the quality is better by **2.6
# points**. Read it critically:
#
# - These are two different rows. BN-x5 is fifteen times faster (31.0/2.1; the abstract of the paper says "14 times fewer training steps"), and
#   its best accuracy is 73.0%. BN-x30 gains the 2.6 points (74.8 − 72.2), and it is "only" 11 times faster.
# - The learning rate is not the only change in these two rows. The authors also removed dropout and local response normalization, made the L2
#   regularisation five times weaker, let the learning rate decay six times faster, shuffled the training examples more thoroughly and distorted
#   the images less.

# %% [markdown] id="claims-table" lang="ru"
# В лекции из этой таблицы взяты два результата: обучение до одинакового качества ускорилось вплоть до **15 раз**, а качество улучшилось
# на **2,6 %** (точнее, на 2,6 процентного пункта). Прочтём таблицу внимательно:
#
# - Это две разные строки. В пятнадцать раз быстрее учится BN-x5 (31,0/2,1; в аннотации самой статьи сказано «в 14 раз меньше шагов»), и его
#   лучшая точность — 73,0 %. А 2,6 пункта даёт BN-x30 (74,8 − 72,2), который быстрее «всего лишь» в 11 раз.
# - Темп обучения — не единственное, что изменено в этих двух строках. Авторы ещё убрали дропаут и локальную нормализацию отклика (LRN), впятеро
#   ослабили L2-регуляризацию, вшестеро ускорили убывание темпа обучения, тщательнее перемешивали обучающие примеры и меньше искажали картинки.

# %% id="ask-by-itself" role="question"
ask("normalization.by-itself")

# %% [markdown] id="half-way" lang="en"
# ## Half-way: a good place to stop
#
# - Batch normalization subtracts a map's mean over the batch, divides by $\sqrt{\sigma_B^2 + \varepsilon}$, and then scales and shifts by the
#   learned $\gamma$ and $\beta$.
# - It remembers running statistics, and at test time it uses only these.
# - Its gradient takes three paths: directly, through the mean, through the variance.
# - What the lecture promises of it has been tried on small networks, with one seed or with three: read the numbers with care.
#
# Save (Ctrl-S). What follows takes about as long: the same formula over other axes, and over the weights.

# %% [markdown] id="half-way" lang="ru"
# ## На полпути: здесь удобно остановиться
#
# - Нормализация по пакету вычитает среднее карты по пакету, делит на $\sqrt{\sigma_B^2 + \varepsilon}$, а потом умножает на обучаемое $\gamma$ и
#   прибавляет обучаемое $\beta$.
# - Она накапливает глобальные статистики и на тесте пользуется только ими.
# - Градиент идёт тремя путями: прямо, через среднее и через дисперсию.
# - Обещания лекции проверены на небольших сетях, с одним зерном генератора или с тремя, поэтому читайте числа с осторожностью.
#
# Сохраните тетрадь (Ctrl-S). Дальше — ещё примерно столько же: та же формула по другим осям и для весов.

# %% [markdown] id="relatives" lang="en"
# ## Other normalizations
#
# *About 120 minutes.*
#
# A batch of feature maps is a block with the axes $N$ (samples), $C$ (maps) and $H \cdot W$ (places). A normalization is defined by **which
# cells share one mean and one variance**. The formula is always the same.

# %% [markdown] id="relatives" lang="ru"
# ## Другие виды нормализаций
#
# *Около 120 минут.*
#
# Пакет карт признаков — это блок с осями $N$ (примеры), $C$ (карты) и $H \cdot W$ (места). Нормализация определяется тем, **у каких ячеек общие
# среднее и дисперсия**. Формула всегда одна и та же.

# %% id="axes-picture" role="picture"
show_normalized_axes()

# %% [markdown] id="axes-intro" lang="en"
# Here are all of them on one slider, from batch normalization through more and more groups to instance normalization. On the left are the cells
# that share a mean with the front upper right cell; on the right are all means of the batch, one column each.

# %% [markdown] id="axes-intro" lang="ru"
# То же самое на одном ползунке: от нормализации по пакету через всё большее число групп до нормализации по одной карте. Слева — ячейки, у которых общее среднее с передней правой верхней; справа — все
# средние пакета, по столбцу на каждое.

# %% id="ask-group-size" role="question"
ask("normalization.group-size")

# %% id="axes" role="picture"
axes_explorer()

# %% [markdown] id="axes-outro" lang="en"
# Each of the $4 \cdot 6 \cdot 4 = 96$ numbers belongs to exactly one mean, so the product stays the same: 4 means of 24 numbers (LN), 8
# of 12, 12 of 8, 24 of 4 (IN). With more means, each is closer to its numbers but is a less reliable estimate. Batch normalization, 6 of
# 16, is the exception: its cells run through all samples, so the output for a picture depends on its neighbours, and something has to be
# remembered for test time.

# %% [markdown] id="axes-outro" lang="ru"
# Каждое из $4 \cdot 6 \cdot 4 = 96$ чисел входит ровно в одно среднее, поэтому произведение не меняется: 4 средних по 24 числа (LN), 8 по
# 12, 12 по 8, 24 по 4 (IN). Чем средних больше, тем ближе каждое к своим числам и тем менее надёжна оценка. Исключение — нормализация
# по пакету, 6 по 16: её ячейки идут сквозь все примеры, поэтому выход для картинки зависит от соседей, а для теста приходится
# что-то запоминать.

# %% [markdown] id="one-formula" lang="en"
# ### One formula for all of them
#
# Batch normalization and its relatives take a mean and a variance over some axes, subtract, and divide. So write this once, for any axes,
# and its gradient once too; then each layer below is a few lines. (No points: the layers that use it bring them.)
#
# `normalize(x, axes, eps)` returns $\hat{X}$ and the root $\sqrt{\sigma^2 + \varepsilon}$, which has the axes of `x` with length 1 where a
# mean was taken.

# %% [markdown] id="one-formula" lang="ru"
# ### Одна формула на всех
#
# Нормализация по пакету и все её родственники берут среднее и дисперсию по каким-то осям, вычитают и делят. Поэтому напишите это один раз,
# для любых осей, и один раз — градиент; тогда каждый слой ниже займёт несколько строк. (Баллов здесь нет: их принесут слои.)
#
# `normalize(x, axes, eps)` возвращает $\hat{X}$ и корень $\sqrt{\sigma^2 + \varepsilon}$, у которого те же оси, что у `x`, но по усреднённым осям
# длина 1.


# %% id="normalize"
def normalize(x, axes, eps=1e-5):
    ### BEGIN SOLUTION
    mean, var = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)
    std = np.sqrt(var + eps)
    return (x - mean) / std, std
    ### END SOLUTION


# %% [markdown] id="compact-intro" lang="en"
# Now the gradient. You know the four nodes; put together they become a single line, in which $d\sigma^2$ and $d\mu$ no longer appear.

# %% [markdown] id="compact-intro" lang="ru"
# Теперь градиент. Четыре узла вы знаете; собранные вместе, они дают одну строку, в которой уже нет ни $d\sigma^2$, ни $d\mu$.

# %% id="ask-compact" role="question"
ask("normalization.compact")


# %% id="normalize-backward"
def normalize_backward(grad_out, x_hat, std, axes):
    ### BEGIN SOLUTION
    shift = grad_out.mean(axis=axes, keepdims=True)
    stretch = (grad_out * x_hat).mean(axis=axes, keepdims=True)
    return (grad_out - shift - x_hat * stretch) / std
    ### END SOLUTION


# %% [markdown] id="normalize-witness" lang="en"
# Two checks: the map that you know, and the second witness from lesson 1. The first line must be −1 −1/3 1/3 1 and 3; the second and the
# third must both be 4.5 −3 −1.5 0. The last two answers, for other numbers and axes, must agree.

# %% [markdown] id="normalize-witness" lang="ru"
# Две проверки: знакомая карта и второй свидетель из занятия 1. В первой строке должно стоять −1 −1/3 1/3 1 и 3; во второй и в третьей — 4,5
# −3 −1,5 0. Два последних ответа, для других чисел и осей, должны совпасть.


# %% id="normalize-check" role="own"
def compare_with_numeric():
    row, g = np.array([[1.0, 3, 5, 7]]), np.array([[27.0, 0, 0, 0]])
    print(*normalize(row, (1,), eps=4))
    print(normalize_backward(g, *normalize(row, (1,), eps=4), (1,)))
    print(numeric_gradient(lambda x: (g * normalize(x, (1,), eps=4)[0]).sum(), row).round(6))

    rng = np.random.default_rng(0)
    maps, grad_out = rng.normal(3, 2, size=(2, 3, 2, 2)), rng.normal(size=(2, 3, 2, 2))
    print(normalize_backward(grad_out, *normalize(maps, (0, 2, 3)), (0, 2, 3))[0, 0])
    print(numeric_gradient(lambda x: (grad_out * normalize(x, (0, 2, 3))[0]).sum(), maps)[0, 0])


when_written(compare_with_numeric)

# %% [markdown] id="layernorm-task-before" lang="en"
# | | averaged over | mean and variance |
# | --- | --- | --- |
# | batch (BN) | samples and places | one pair per map |
# | layer (LN) | maps and places | one pair per sample |
# | instance (IN) | places | one pair per sample and map |
# | group (GN) | the maps of a group, and places | one pair per sample and group |
#
# Only the first one uses the batch. The others use one sample at a time, so they need **no running statistics**, they are the same in training
# and at test time, and the size of the batch does not matter to them. In all of them, $\gamma$ and $\beta$ have one number per **map**. (In
# torch your `LayerNorm2d(C)` is `nn.GroupNorm(1, C)`: `nn.LayerNorm([C, H, W])` has a $\gamma$ and a $\beta$ for every cell. And
# `nn.InstanceNorm2d` has them only with `affine=True`.)
#
# ### Layer normalization
#
# This normalizes over the layer and not over the batch (Ba, Kiros and Hinton, 2016): all maps of one sample share a mean and a variance.
#
# $$\mu_B^t = \frac{1}{HWM} \sum_m \sum_{i,j} X_{ij}^{mt} \qquad \sigma_B^{2t} = \frac{1}{HWM} \sum_m \sum_{i,j} (X_{ij}^{mt} - \mu_B^t)^2$$

# %% [markdown] id="layernorm-task-before" lang="ru"
# | | по чему усредняем | среднее и дисперсия |
# | --- | --- | --- |
# | по пакету (BN) | примеры и места | пара чисел на карту |
# | по слою (LN) | карты и места | пара чисел на пример |
# | по одной карте (IN) | места | пара чисел на пример и карту |
# | по группе (GN) | карты группы и места | пара чисел на пример и группу |
#
# Пакет использует только первая. Остальные берут каждый пример отдельно, поэтому им **не нужны глобальные статистики**, при обучении и на тесте
# они работают одинаково, и размер пакета для них не важен. $\gamma$ и $\beta$ во всех них — по одному числу на **карту**. (В torch вашему
# `LayerNorm2d(C)` соответствует `nn.GroupNorm(1, C)`: у `nn.LayerNorm([C, H, W])` свои $\gamma$ и $\beta$ у каждой ячейки. А у
# `nn.InstanceNorm2d` они есть только при `affine=True`.)
#
# ### Нормализация по слою
#
# Нормализация по слою, а не по пакету (layer normalization; Ba, Kiros, Hinton, 2016): общие среднее и дисперсия у всех карт одного примера.
#
# $$\mu_B^t = \frac{1}{HWM} \sum_m \sum_{i,j} X_{ij}^{mt} \qquad \sigma_B^{2t} = \frac{1}{HWM} \sum_m \sum_{i,j} (X_{ij}^{mt} - \mu_B^t)^2$$

# %% id="ask-layer" role="question"
ask("normalization.layer")

# %% [markdown] id="layernorm-task" lang="en"
# ### Exercise `LayerNorm2d`, forward (1 point)

# %% [markdown] id="layernorm-task" lang="ru"
# ### Упражнение `LayerNorm2d`, прямой проход (1 балл)


# %% id="layernorm-forward" solves="LayerNorm2d"
class LayerNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        self.eps = eps
        self.params = {"gamma": np.ones(num_channels), "beta": np.zeros(num_channels)}

    def forward(self, x):
        ### BEGIN SOLUTION
        self.x_hat, self.std = normalize(x, (1, 2, 3), self.eps)
        gamma, beta = self.params["gamma"][:, None, None], self.params["beta"][:, None, None]
        return (gamma * self.x_hat + beta).astype(x.dtype)
        ### END SOLUTION


# %% id="check-layernorm-forward" check="LayerNorm2d.forward"
check(LayerNorm2d, "forward")

# %% [markdown] id="layernorm-backward-task-before" lang="en"
# ### Exercise `LayerNorm2d`, backward (2 points)
#
# The three paths are the same; only the cells over which the means run are different. You have `normalize_backward`; what remains is the
# part of $\gamma$ and $\beta$.

# %% [markdown] id="layernorm-backward-task-before" lang="ru"
# ### Упражнение `LayerNorm2d`, обратный проход (2 балла)
#
# Три пути те же; меняется только то, по каким ячейкам идут средние. Функция `normalize_backward` у вас уже есть; остаётся сделать то, что
# касается $\gamma$ и $\beta$.

# %% id="ask-bracket" role="question"
ask("normalization.bracket")

# %% [markdown] id="layernorm-backward-task" lang="en"
# <details><summary>Hint</summary>
#
# Compute $d\hat{X} = g \gamma$ first, and only then call `normalize_backward`. Which axes belong to a map, so that $d\gamma$ and $d\beta$ are sums over
# them?
#
# </details>

# %% [markdown] id="layernorm-backward-task" lang="ru"
# <details><summary>Подсказка</summary>
#
# Сначала посчитайте $d\hat{X} = g \gamma$ и только потом вызывайте `normalize_backward`. По каким осям идут суммы $d\gamma$ и $d\beta$, если у каждой
# карты они свои?
#
# </details>


# %% id="layernorm-backward" solves="LayerNorm2d"
class LayerNorm2d(LayerNorm2d):
    def backward(self, grad_out):
        ### BEGIN SOLUTION
        self.grads["gamma"] = (grad_out * self.x_hat).sum(axis=(0, 2, 3))
        self.grads["beta"] = grad_out.sum(axis=(0, 2, 3))
        d_x_hat = grad_out * self.params["gamma"][:, None, None]
        return normalize_backward(d_x_hat, self.x_hat, self.std, (1, 2, 3)).astype(grad_out.dtype)
        ### END SOLUTION


# %% id="check-layernorm-backward" check="LayerNorm2d.backward"
check(LayerNorm2d, "backward")

# %% [markdown] id="instancenorm-task-before" lang="en"
# ### Instance normalization
#
# This normalizes over a single feature map (Ulyanov, Vedaldi and Lempitsky, 2016): every map of every sample is normalized separately. It comes
# from style transfer, which paints one picture in the manner of another: it removes the contrast of a picture's map, whatever the other
# pictures are.
#
# $$\mu_B^{mt} = \frac{1}{HW} \sum_{i,j} X_{ij}^{mt} \qquad \sigma_B^{2mt} = \frac{1}{HW} \sum_{i,j} (X_{ij}^{mt} - \mu_B^{mt})^2$$

# %% [markdown] id="instancenorm-task-before" lang="ru"
# ### Нормализация по одной карте признаков
#
# Нормализация по одной карте признаков (instance normalization; Ulyanov, Vedaldi, Lempitsky, 2016): каждая карта каждого примера нормализуется
# отдельно. Она пришла из задачи переноса стиля, где одну картинку рисуют в манере другой: контраст карты убирается, каковы бы ни были
# остальные картинки.
#
# $$\mu_B^{mt} = \frac{1}{HW} \sum_{i,j} X_{ij}^{mt} \qquad \sigma_B^{2mt} = \frac{1}{HW} \sum_{i,j} (X_{ij}^{mt} - \mu_B^{mt})^2$$

# %% id="ask-one-sample" role="question"
ask("normalization.one-sample")

# %% [markdown] id="instancenorm-task" lang="en"
# ### Exercise `InstanceNorm2d`, forward (1 point)

# %% [markdown] id="instancenorm-task" lang="ru"
# ### Упражнение `InstanceNorm2d`, прямой проход (1 балл)


# %% id="instancenorm-forward" solves="InstanceNorm2d"
class InstanceNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        self.eps = eps
        self.params = {"gamma": np.ones(num_channels), "beta": np.zeros(num_channels)}

    def forward(self, x):
        ### BEGIN SOLUTION
        self.x_hat, self.std = normalize(x, (2, 3), self.eps)
        gamma, beta = self.params["gamma"][:, None, None], self.params["beta"][:, None, None]
        return (gamma * self.x_hat + beta).astype(x.dtype)
        ### END SOLUTION


# %% id="check-instancenorm-forward" check="InstanceNorm2d.forward"
check(InstanceNorm2d, "forward")

# %% id="ask-second-sample" role="question"
ask("normalization.second-sample")

# %% [markdown] id="instancenorm-backward-task" lang="en"
# ### Exercise `InstanceNorm2d`, backward (2 points)

# %% [markdown] id="instancenorm-backward-task" lang="ru"
# ### Упражнение `InstanceNorm2d`, обратный проход (2 балла)


# %% id="instancenorm-backward" solves="InstanceNorm2d"
class InstanceNorm2d(InstanceNorm2d):
    def backward(self, grad_out):
        ### BEGIN SOLUTION
        self.grads["gamma"] = (grad_out * self.x_hat).sum(axis=(0, 2, 3))
        self.grads["beta"] = grad_out.sum(axis=(0, 2, 3))
        d_x_hat = grad_out * self.params["gamma"][:, None, None]
        return normalize_backward(d_x_hat, self.x_hat, self.std, (2, 3)).astype(grad_out.dtype)
        ### END SOLUTION


# %% id="check-instancenorm-backward" check="InstanceNorm2d.backward"
check(InstanceNorm2d, "backward")

# %% [markdown] id="groupnorm-task-before" lang="en"
# ### Group normalization
#
# This normalizes over a part of the layer (Wu and He, 2018): the maps are divided into groups of **neighbouring** maps, and each group of each
# sample has its own mean and variance. It lies between the two previous ones:
#
# - one group is layer normalization: GN(1) = LN;
# - as many groups as maps is instance normalization: GN($C$) = IN.

# %% [markdown] id="groupnorm-task-before" lang="ru"
# ### Нормализация по группе
#
# Нормализация по части слоя (group normalization; Wu, He, 2018): карты делятся на группы **соседних**, и у каждой группы каждого примера свои
# среднее и дисперсия. Она занимает место между двумя предыдущими:
#
# - одна группа — это нормализация по слою: GN(1) = LN;
# - групп столько же, сколько карт, — это нормализация по одной карте: GN($C$) = IN.

# %% id="ask-neighbours" role="question"
ask("normalization.neighbours")

# %% [markdown] id="groupnorm-task" lang="en"
# ### Exercise `GroupNorm`, forward (1.5 points)
#
# Raise `ValueError` if the maps cannot be divided equally into the groups, and raise it when the layer is made.
#
# <details><summary>Hint</summary>
#
# Into which shape must `x` go so that one group is a few axes of it? Normalize there, and reshape back before γ and β are used: they have one
# number per map, not per group.
#
# </details>

# %% [markdown] id="groupnorm-task" lang="ru"
# ### Упражнение `GroupNorm`, прямой проход (1,5 балла)
#
# Если карты не делятся на группы поровну, бросайте `ValueError`, причём уже при создании слоя.
#
# <details><summary>Подсказка</summary>
#
# В какой форме группа — это несколько целых осей `x`? Нормализуйте в ней и верните прежнюю форму до умножения на γ: γ и β — это по числу на
# карту, а не на группу.
#
# </details>


# %% id="groupnorm-forward" solves="GroupNorm"
class GroupNorm(Layer):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        self.num_groups, self.eps = num_groups, eps
        self.params = {"gamma": np.ones(num_channels), "beta": np.zeros(num_channels)}
        ### BEGIN SOLUTION
        if num_channels % num_groups:
            raise ValueError(f"{num_channels} channels cannot be divided into {num_groups} groups")
        ### END SOLUTION

    def forward(self, x):
        N, C, H, W = x.shape
        ### BEGIN SOLUTION
        self.grouped, self.std = normalize(x.reshape(N, self.num_groups, -1), (-1,), self.eps)
        self.x_hat = self.grouped.reshape(x.shape)
        gamma, beta = self.params["gamma"][:, None, None], self.params["beta"][:, None, None]
        return (gamma * self.x_hat + beta).astype(x.dtype)
        ### END SOLUTION


# %% id="check-groupnorm-forward" check="GroupNorm.forward"
check(GroupNorm, "forward")

# %% id="ask-cells-of-a-mean" role="question"
ask("normalization.cells-of-a-mean")

# %% [markdown] id="groupnorm-backward-task" lang="en"
# ### Exercise `GroupNorm`, backward (2.5 points)
#
# When the check passes, compare the layers yourself: `GroupNorm(1, C)` with your `LayerNorm2d(C)`, and `GroupNorm(C, C)` with your
# `InstanceNorm2d(C)`.

# %% [markdown] id="groupnorm-backward-task" lang="ru"
# ### Упражнение `GroupNorm`, обратный проход (2,5 балла)
#
# Когда проверка пройдёт, сравните сами: `GroupNorm(1, C)` с вашим `LayerNorm2d(C)` и `GroupNorm(C, C)` с вашим `InstanceNorm2d(C)`.


# %% id="groupnorm-backward" solves="GroupNorm"
class GroupNorm(GroupNorm):
    def backward(self, grad_out):
        N, C, H, W = grad_out.shape
        ### BEGIN SOLUTION
        self.grads["gamma"] = (grad_out * self.x_hat).sum(axis=(0, 2, 3))
        self.grads["beta"] = grad_out.sum(axis=(0, 2, 3))
        d_x_hat = (grad_out * self.params["gamma"][:, None, None]).reshape(N, self.num_groups, -1)
        grad_x = normalize_backward(d_x_hat, self.grouped, self.std, (-1,))
        return grad_x.reshape(grad_out.shape).astype(grad_out.dtype)
        ### END SOLUTION


# %% id="check-groupnorm-backward" check="GroupNorm.backward"
check(GroupNorm, "backward")

# %% [markdown] id="small-batches" lang="en"
# ### Small batches
#
# With large pictures, a batch may have room for only two samples. A mean over two samples is a poor estimate of the mean over all of them, and
# the smaller the batch is, the noisier batch normalization becomes.
#
# Here one digit has been put into a hundred batches, each time with different digits. On the left are the means of these batches; on the right
# is one pixel of that digit, normalized by the statistics of each batch. The line is what the statistics of all digits give. Only the middle of
# every digit is used; the second slider sets its size.

# %% [markdown] id="small-batches" lang="ru"
# ### Маленькие пакеты
#
# Когда картинки большие, в пакет помещается всего два примера. Среднее по двум примерам — плохая оценка среднего по всем, и чем меньше пакет, тем больше
# шума в нормализации по пакету.
#
# Здесь одна и та же цифра побывала в ста пакетах, каждый раз среди других цифр. Слева — средние этих пакетов, справа — один пиксель этой цифры, нормализованный по каждому из них. Линия — то, что даёт
# статистика всех цифр. От каждой цифры взята только середина, такого размера, как показывает второй ползунок.

# %% id="ask-two-samples" role="question"
ask("normalization.two-samples")

# %% id="small-batch" role="picture"
small_batch_explorer()

# %% [markdown] id="small-batches-trial" lang="en"
# Two numbers become 1 and −1: only which of them is larger is left. With maps of 8 × 8, the same two samples give 128 numbers for each
# mean, and the pixel stays between 1.4 and 1.8 (1.7 with the statistics of all digits). So not only the size of the batch matters, but also
# how many numbers go into a mean and how strongly they depend on one another.
#
# Group normalization does not depend on the batch at all. What does this mean for training? Here are real digits again, with batch and with
# group normalization, both **yours**. With a smaller batch the learning rate is smaller and there are more steps; three seeds each:

# %% [markdown] id="small-batches-trial" lang="ru"
# Два числа превращаются в 1 и −1: остаётся лишь то, какое из них больше. При картах 8 × 8 те же два примера дают среднему 128 чисел, и
# пиксель остаётся между 1,4 и 1,8 (по всем цифрам 1,7). Так что важен не только размер пакета, но и то, сколько чисел входит в среднее и
# насколько они связаны друг с другом.
#
# Нормализация по группе от пакета вообще не зависит. Что это значит для обучения? Снова настоящие цифры, с нормализацией по пакету и по
# группе, обе — **ваши**. Чем меньше пакет, тем меньше темп обучения и тем больше шагов; по три зерна генератора:

# %% id="ask-small-batches" role="question"
ask("normalization.small-batches")

# %% id="small-batches-picture" role="picture"
when_written(lambda: show_small_batches(BatchNorm2d, GroupNorm))

# %% [markdown] id="small-batches-outro" lang="en"
# Here the two are equally good even with two samples: maps of 8 × 8 still give 128 numbers for each mean, and the digits are easy. Such a small
# network does not need group normalization. In a large network the difference shows. On ImageNet (ResNet-50), Wu and He measured an error of
# 23.6% with batch and 24.1% with group normalization for 32 samples per GPU, but 34.7% against 24.1% for two samples. With two samples the
# mean over the batch is too poor an estimate; the mean over a group does not depend on the batch.
#
# ## Weight standardization
#
# *About 35 minutes.*
#
# Instead of the values, one can standardize the **weights** (Qiao et al., 2019). Weights do not depend on the batch, and in that paper weight
# standardization together with group normalization was as good as batch normalization with large batches. $W_{uv}^{mk}$ is the weight at $u$,
# $v$ of the window, from input map $m$ to output map $k$; in NumPy `W[k, m, u, v]`. Every output filter $k$ is standardized separately:
#
# $$\mu_W^k = \frac{1}{pqM} \sum_m \sum_{u,v} W_{uv}^{mk} \qquad \sigma_W^{2k} = \frac{1}{pqM} \sum_m \sum_{u,v} (W_{uv}^{mk} - \mu_W^k)^2$$
#
# $$\hat{W}_{uv}^{mk} = \frac{W_{uv}^{mk} - \mu_W^k}{\sqrt{\sigma_W^{2k} + \varepsilon}}$$

# %% [markdown] id="small-batches-outro" lang="ru"
# Здесь обе одинаково хороши даже при двух примерах: карта 8 × 8 и тогда даёт для среднего 128 чисел, да и цифры — задача лёгкая. Такой маленькой
# сети нормализация по группе не нужна. На большой разница видна: Wu и He получили на ImageNet (ResNet-50, ошибка) 23,6 % с нормализацией по
# пакету и 24,1 % с нормализацией по группе при 32 примерах на GPU, а при двух — 34,7 % против 24,1 %. При двух примерах среднее по пакету —
# слишком плохая оценка, а среднее по группе от пакета не зависит.
#
# ## Стандартизация весов
#
# *Около 35 минут.*
#
# Вместо значений можно стандартизовать **веса** (weight standardization; Qiao et al., 2019). Веса от пакета не зависят, а вместе с нормализацией
# по группе это дало в той статье не меньше, чем нормализация по пакету при больших пакетах. $W_{uv}^{mk}$ — вес в точке $u$, $v$ окна, от
# входной карты $m$ к выходной карте $k$; в NumPy `W[k, m, u, v]`. Каждый выходной фильтр $k$ стандартизуется отдельно:
#
# $$\mu_W^k = \frac{1}{pqM} \sum_m \sum_{u,v} W_{uv}^{mk} \qquad \sigma_W^{2k} = \frac{1}{pqM} \sum_m \sum_{u,v} (W_{uv}^{mk} - \mu_W^k)^2$$
#
# $$\hat{W}_{uv}^{mk} = \frac{W_{uv}^{mk} - \mu_W^k}{\sqrt{\sigma_W^{2k} + \varepsilon}}$$

# %% id="ws-picture" role="picture"
show_weight_standardization()

# %% [markdown] id="ws-task-before" lang="en"
# The convolution uses $\hat{W}$, but $W$ is still what is stored and trained. Weight standardization is used together with a normalization after
# the convolution (usually group normalization), which gives the output its scale back. There are no $\gamma$ and $\beta$ here.

# %% [markdown] id="ws-task-before" lang="ru"
# Свёртка использует $\hat{W}$, а хранится и обучается по-прежнему $W$. Применяют это вместе с нормализацией после свёртки (обычно по группе), которая
# возвращает выходу нужный масштаб. $\gamma$ и $\beta$ здесь нет.

# %% id="ask-standardized" role="question"
ask("normalization.standardized")

# %% [markdown] id="ws-task" lang="en"
# ### Exercise `WeightStandardization`, forward (1 point)
#
# `forward(W)` takes the weights, of shape `(K, M, p, q)`, and returns $\hat{W}$. Do not change `W` itself.

# %% [markdown] id="ws-task" lang="ru"
# ### Упражнение `WeightStandardization`, прямой проход (1 балл)
#
# `forward(W)` получает веса `(K, M, p, q)` и возвращает $\hat{W}$; сам `W` не меняется.


# %% id="ws-forward" solves="WeightStandardization"
class WeightStandardization(Layer):
    def __init__(self, eps=1e-5):
        self.eps = eps

    def forward(self, W):
        ### BEGIN SOLUTION
        self.w_hat, self.std = normalize(W, (1, 2, 3), self.eps)
        return self.w_hat.copy()
        ### END SOLUTION


# %% id="check-ws-forward" check="WeightStandardization.forward"
check(WeightStandardization, "forward")

# %% id="ask-filter-sum" role="question"
ask("normalization.filter-sum")

# %% [markdown] id="ws-backward-task" lang="en"
# ### Exercise `WeightStandardization`, backward (2 points)
#
# `backward` takes the gradient with respect to $\hat{W}$ and returns the gradient with respect to $W$, through the mean and the variance.

# %% [markdown] id="ws-backward-task" lang="ru"
# ### Упражнение `WeightStandardization`, обратный проход (2 балла)
#
# `backward` получает градиент по $\hat{W}$ и возвращает градиент по $W$, через среднее и дисперсию.


# %% id="ws-backward" solves="WeightStandardization"
class WeightStandardization(WeightStandardization):
    def backward(self, grad_out):
        ### BEGIN SOLUTION
        return normalize_backward(grad_out, self.w_hat, self.std, (1, 2, 3))
        ### END SOLUTION


# %% id="check-ws-backward" check="WeightStandardization.backward"
check(WeightStandardization, "backward")

# %% [markdown] id="ws-trial" lang="en"
# ### What does it gain?
#
# Six convolutions with your group normalization, without and with your weight standardization of each convolution; three seeds.

# %% [markdown] id="ws-trial" lang="ru"
# ### Что она даёт?
#
# Шесть свёрток с вашей нормализацией по группе, без вашей стандартизации весов каждой свёртки и с ней; три зерна генератора.

# %% id="ask-ws-gain" role="question"
ask("normalization.ws-gain")

# %% id="ws-gain" role="picture"
when_written(lambda: show_standardized(GroupNorm, WeightStandardization))

# %% [markdown] id="mixed" lang="en"
# ## Three questions with lessons 1 to 4
#
# *About 5 minutes.*

# %% [markdown] id="mixed" lang="ru"
# ## Три вопроса вместе с занятиями 1–4
#
# *Около 5 минут.*

# %% id="ask-where" role="question"
ask("normalization.where")

# %% id="ask-trains" role="question"
ask("normalization.trains")

# %% id="ask-across-samples" role="question"
ask("normalization.across-samples")

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
progress("05_normalization")
