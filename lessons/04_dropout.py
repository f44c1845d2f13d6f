# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] id="title" lang="en"
# # 4 · Dropout
#
# A large network can learn a small training set **by heart**: it answers everything in it correctly, and on new pictures it is wrong far
# more often. This is overfitting. **Dropout** fights it in a way that looks like sabotage: during training, neurons are switched off at
# random, each with probability $1 - p$, and different ones in every forward pass. At test time all of them are on.
#
# > **Attention: $p$ is the probability of KEEPING a neuron** in the lecture, in the original paper (Srivastava et al., 2014) and in this
# > notebook, where it is called `keep_prob`. In PyTorch it is the other way round: the `p` of `torch.nn.Dropout(p)` is the probability of **DROPPING**
# > a neuron. To keep 80%, you write `keep_prob=0.8` here and `p=0.2` there.
#
# In this notebook you will
#
# 1. see what is left of a network in one forward pass, and why that helps,
# 2. compute what a neuron gives on average, and correct for it in two ways,
# 3. write both, `ClassicDropout` and `Dropout`: training, gradient, test mode,
# 4. train a network on two hundred real digits with your own layer, and measure what it gains.

# %% [markdown] id="title" lang="ru"
# # 4 · Дропаут
#
# Большая сеть может выучить маленькую обучающую выборку **наизусть**: на ней все ответы верны, а на новых картинках ошибок намного больше.
# Это переобучение. **Дропаут** (dropout, «выброс») борется с ним способом, похожим на вредительство: во время обучения нейроны «выключают»
# случайно, каждый с вероятностью $1 - p$, причём в каждом прямом проходе — разные. На тесте нейроны не выключаются.
#
# > **Внимание: $p$ — это вероятность ОСТАВИТЬ нейрон**: так в лекции, в исходной статье (Srivastava et al., 2014) и в этой тетради, где
# > она называется `keep_prob`. В PyTorch всё наоборот: `p` в `torch.nn.Dropout(p)` — это вероятность **ВЫКЛЮЧИТЬ** нейрон. Чтобы
# > оставить 80 %, здесь пишут `keep_prob=0.8`, а там `p=0.2`.
#
# В этой тетради вы
#
# 1. увидите, что остаётся от сети в одном прямом проходе и почему это помогает,
# 2. посчитаете, сколько нейрон даёт в среднем, и учтёте это двумя способами,
# 3. напишете оба, `ClassicDropout` и `Dropout`: обучение, градиент, режим теста,
# 4. обучите со своим слоем сеть на двухстах настоящих цифрах и измерите, в чём она выиграла, а в чём нет.

# %% id="setup" role="setup"
import numpy as np

from ncl_course import ask, check, language, progress
from ncl_course.nn import Layer
from ncl_course.viz import (
    expectation_explorer,
    scaling_explorer,
    show_masking,
    show_overfitting,
    show_own_dropout,
    show_thinned_nets,
    thinning_explorer,
    when_written,
)

# %% [markdown] id="nets-intro" lang="en"
# ## A thinned network
#
# To switch a neuron off, it is enough to make its output **zero**: then it has no effect on any other neuron. On the left is the whole
# network; beside it is what three forward passes leave of it when each hidden neuron is kept with probability $p = 0.5$. Inputs and outputs
# are never dropped here:

# %% [markdown] id="nets-intro" lang="ru"
# ## Прорежённая сеть
#
# Чтобы выключить нейрон, достаточно сделать его выход **нулём**: тогда он ни на что не влияет, и его связей всё равно что нет. Слева вся
# сеть; рядом — то, что от неё оставляют три прямых прохода, если каждый скрытый нейрон остаётся с вероятностью $p = 0{,}5$. Входы и выходы
# здесь не выключаются:

# %% id="nets" role="picture"
show_thinned_nets()

# %% [markdown] id="why-before" lang="en"
# ### Why does it help?
#
# - **No neuron can rely on a particular neighbour.** In a network that has learnt its pictures by heart, neurons depend on one another in
#   complicated ways: one gives too much, another takes the excess away, and together they fit one training picture. With dropout the other
#   neuron may be absent at any time, so each neuron has to be useful by itself.
# - **Many networks are trained at once.** Every forward pass draws another thinned network, and all of them share their weights. The full
#   network, which is used at test time, answers approximately like the average of all of them, and an average of many networks overfits
#   less than a single one.

# %% [markdown] id="why-before" lang="ru"
# ### Почему это помогает?
#
# - **Нейрон не может положиться на определённого соседа.** В сети, выучившей всё наизусть, нейроны сложно зависят друг от друга: один даёт
#   слишком много, другой отнимает лишнее, и вместе они подходят к одной-единственной обучающей картинке. При дропауте соседа в любой момент
#   может не оказаться, и каждому нейрону приходится приносить пользу самому.
# - **Обучается сразу множество сетей.** В каждом прямом проходе случайно выбирается новая прорежённая сеть, а веса у всех сетей общие. Сеть
#   со всеми нейронами, которая работает на тесте, отвечает примерно как среднее по всем ним, а среднее многих сетей переобучается меньше,
#   чем одна.

# %% id="ask-thinned-nets" role="question"
ask("dropout.thinned-nets")

# %% [markdown] id="why" lang="en"
# The last remark matters. Each neuron is drawn **independently**: of the others in its layer, of the same neuron in the other samples of
# the batch, and of all earlier forward passes. So a whole batch of shape `(N, M)` needs $N \cdot M$ independent random draws, not $M$. They
# form an array in the shape of `x`, the **mask**: True where a neuron is kept.

# %% [markdown] id="why" lang="ru"
# Последнее замечание важно. Каждый нейрон выключается **независимо**: и от соседей по слою, и от того же нейрона в других примерах пакета,
# и от прежних прямых проходов. Значит, целому пакету формы `(N, M)` нужно $N \cdot M$ независимых случайных чисел, а не $M$. Вместе они
# образуют массив той же формы, что `x`, — **маску**: True там, где нейрон остаётся.

# %% [markdown] id="nets-explorer-intro" lang="en"
# ### Draw it yourself
#
# Move the slider **draw number** (or press the triangle beside it): every number is another forward pass. `keep_prob` is $p$. If you come
# back to a number, the same neurons are off again.

# %% [markdown] id="nets-explorer-intro" lang="ru"
# ### Попробуйте сами
#
# Двигайте ползунок **номер маски** (или нажмите треугольник рядом): каждый номер — ещё один прямой проход. `keep_prob` — это $p$. Если
# вернуться к прежнему номеру, выключены снова будут те же нейроны.

# %% id="ask-connections" role="question"
ask("dropout.connections")

# %% id="nets-explorer" role="picture"
thinning_explorer()

# %% [markdown] id="expectation-intro" lang="en"
# ## What a neuron gives on average
#
# Take one neuron whose output is $x$. In training it is passed on unchanged with probability $p$ and set to zero with probability $1 - p$.
# The expectation of what the next layer receives is
#
# $$p \cdot x + (1 - p) \cdot 0 = p x$$
#
# At test time all neurons are on, and the next layer suddenly receives $x$: for $p = 0.5$ twice as much as it was trained for. So something
# has to be scaled to make **the expectation in training equal to the output at test time**. (This is exact for the weighted sums of the
# next layer. After the nonlinearity that follows, it holds only approximately: the mean of ReLU(z) is not ReLU of the mean of z.) There are
# two ways, and the lecture names both:
#
# | | in training | expectation in training | at test time |
# | --- | --- | --- | --- |
# | **classic** | $x \cdot mask$ | $p x$ | $x \cdot p$ |
# | **inverted** | $x \cdot mask / p$ | $x$ | $x$, nothing to do |
#
# Below are three neurons with the values 4, 2 and −1, and what the first masks give on average: classic on the left, inverted on the right,
# with the same masks. The slider goes from one mask to a thousand, and the dotted lines are the expectations. One mask says little; a
# thousand show where the averages settle.

# %% [markdown] id="expectation-intro" lang="ru"
# ## Сколько нейрон даёт в среднем
#
# Возьмём один нейрон с выходом $x$. При обучении его с вероятностью $p$ пропускают без изменений, а с вероятностью $1 - p$ зануляют.
# Матожидание того, что получает следующий слой:
#
# $$p \cdot x + (1 - p) \cdot 0 = p x$$
#
# На тесте все нейроны включены, и следующий слой вдруг получает $x$: при $p = 0{,}5$ вдвое больше, чем при обучении. Значит, что-то нужно
# шкалировать так, чтобы **матожидание при обучении равнялось выходу на тесте**. (Для взвешенных сумм следующего слоя это верно точно. А
# после нелинейности, которая за ними идёт, — лишь приближённо: среднее от ReLU(z) — не то же, что ReLU от среднего z.) Способов два, в
# лекции названы оба:
#
# | | при обучении | матожидание при обучении | на тесте |
# | --- | --- | --- | --- |
# | **классический** | $x \cdot mask$ | $p x$ | $x \cdot p$ |
# | **второй** (inverted) | $x \cdot mask / p$ | $x$ | $x$, делать нечего |
#
# Ниже три нейрона со значениями 4, 2 и −1 и то, что дают в среднем первые маски: слева классический вариант, справа второй (inverted),
# маски одни и те же. Ползунок идёт от одной маски до тысячи, пунктир — матожидания. Одна маска мало о чём говорит, а тысяча показывает, к
# чему всё сходится.

# %% id="ask-dotted-lines" role="question"
ask("dropout.dotted-lines")

# %% id="expectation" role="picture"
expectation_explorer([4.0, 2.0, -1.0])

# %% [markdown] id="expectation-outro" lang="en"
# On the left the dotted lines approach 0 together with $p$: for 0.3 they are at 1.2, 0.6 and −0.3. On the right they stay at 4, 2 and −1, whatever
# $p$ is.
# The right side is the left side stretched by $1 / p$, jumps included: a neuron that is rarely on has to give $x / 0.3$ when it is on,
# more than three times its value. Relative to the expectation, the jumps on both sides are the same; the smaller $p$ is, the more masks
# both sides need to settle.

# %% [markdown] id="expectation-outro" lang="ru"
# Слева пунктир вместе с $p$ опускается к нулю: при 0,3 это 1,2; 0,6 и −0,3. Справа он при любом $p$ остаётся на 4, 2 и −1. Правая картинка —
# это левая, растянутая в $1 / p$ раз вместе со всеми скачками: нейрон, который включён редко, во включённом состоянии даёт $x / 0{,}3$, в три
# с лишним раза больше своего значения. Но по сравнению с самим матожиданием скачки слева и справа одинаковы, и чем меньше $p$, тем больше
# масок нужно обеим сторонам.

# %% [markdown] id="masking-intro" lang="en"
# Here is one complete mask, used in both ways. (Why are only two of the eight neurons off? Because $p = 0.8$ is the probability of keeping
# a neuron.)

# %% [markdown] id="masking-intro" lang="ru"
# А вот одна маска целиком, в обоих вариантах. (Почему из восьми нейронов выключены только два? Потому что $p = 0{,}8$ — вероятность оставить.)

# %% id="masking" role="picture"
x = np.array([2.0, -1.0, 4.0, 3.0, 1.0, -2.0, 5.0, 2.0])
mask = np.array([True, False, True, True, False, True, True, True])
show_masking(x, mask, keep_prob=0.8)

# %% [markdown] id="classic-task-before" lang="en"
# ## Classic dropout

# %% [markdown] id="classic-task-before" lang="ru"
# ## Классический дропаут

# %% id="ask-classic" role="question"
ask("dropout.classic")

# %% [markdown] id="classic-task" lang="en"
# ### Exercise `ClassicDropout`, training: forward (1.5 points)
#
# Write `forward` for **training**; test mode has its own cell below. The input has any shape. In each forward pass, draw a new mask from
# `self.rng` and keep it as `self.mask`: a bool array in the shape of `x`, where True means that the neuron is kept. Return an array in the
# shape and dtype of `x`.
#
# <details><summary>Hint 1: an event with probability p</summary>
#
# A random number is distributed uniformly on the interval from 0 to 1. With what probability is it less than 0.8?
#
# </details>
#
# <details><summary>Hint 2: as many draws as numbers</summary>
#
# The method `random` of a NumPy generator gives such numbers; you can pass it the shape of the array that you want. What does the
# comparison of a whole array with one number give?
#
# </details>
#
# <details><summary>Hint 3: switching off</summary>
#
# In a product, True counts as 1 and False as 0. Do not write zeros into `x` itself: other layers still need it.
#
# </details>

# %% [markdown] id="classic-task" lang="ru"
# ### Упражнение `ClassicDropout`, обучение: прямой проход (1,5 балла)
#
# Напишите `forward` таким, каким он должен быть **при обучении**; у режима теста будет ниже своя ячейка. Вход любой формы. В каждом прямом
# проходе выбирайте новую маску с помощью `self.rng` и сохраняйте её как `self.mask`: массив типа bool той же формы, что `x`, True — нейрон
# остаётся. Верните массив той же формы и того же типа, что `x`.
#
# <details><summary>Подсказка 1: событие с вероятностью p</summary>
#
# Случайное число равномерно распределено на отрезке от 0 до 1. С какой вероятностью оно меньше 0,8?
#
# </details>
#
# <details><summary>Подсказка 2: случайных чисел столько же, сколько нейронов</summary>
#
# У генератора NumPy такие числа даёт метод `random`, ему можно передать форму нужного массива. А что даёт сравнение целого массива с одним
# числом?
#
# </details>
#
# <details><summary>Подсказка 3: как выключить</summary>
#
# В произведении True считается за 1, а False за 0. Не пишите нули прямо в `x`: он ещё нужен другим слоям.
#
# </details>


# %% id="classic-forward" solves="ClassicDropout"
class ClassicDropout(Layer):
    def __init__(self, keep_prob, rng=None):
        self.keep_prob = keep_prob
        self.rng = np.random.default_rng() if rng is None else rng

    def forward(self, x):
        ### BEGIN SOLUTION
        self.mask = self.rng.random(x.shape) < self.keep_prob
        return x * self.mask
        ### END SOLUTION


# %% id="check-classic-forward" check="ClassicDropout.forward"
check(ClassicDropout, "forward")

# %% [markdown] id="classic-backward-task-before" lang="en"
# ### Where the gradient goes
#
# Once the mask is drawn, nothing random is left: each output is its input times 1 or times 0. A neuron that was on passes its gradient; a
# neuron that was off had no effect on the loss, and nothing comes back for it:
#
# $$\frac{\partial L}{\partial x_i} = \frac{\partial L}{\partial y_i} \cdot mask_i$$
#
# It is the **same** mask as in the latest forward pass. A new mask would give the gradient of another network.

# %% [markdown] id="classic-backward-task-before" lang="ru"
# ### Куда идёт градиент
#
# Когда маска выбрана, ничего случайного больше нет: каждый выход — это его вход, умноженный на 1 или на 0. Включённый нейрон свой градиент
# пропускает; выключенный на функцию потерь не влиял, и ему ничего не возвращается:
#
# $$\frac{\partial L}{\partial x_i} = \frac{\partial L}{\partial y_i} \cdot mask_i$$
#
# Маска — **та же самая**, что в последнем прямом проходе. С новой получился бы градиент другой сети.

# %% id="ask-classic-dx" role="question"
ask("dropout.classic-dx")

# %% [markdown] id="classic-backward-task" lang="en"
# ### Exercise `ClassicDropout`, training: backward (1 point)
#
# The class statement below continues your class. (If you change the first cell and run it again, run this one again too.)
#
# <details><summary>Hint</summary>
#
# What did `forward` multiply `x` by, and where did you keep it? One line is enough.
#
# </details>

# %% [markdown] id="classic-backward-task" lang="ru"
# ### Упражнение `ClassicDropout`, обучение: обратный проход (1 балл)
#
# Ячейка ниже продолжает ваш класс. (Если измените и выполните первую ячейку, выполните заново и эту.)
#
# <details><summary>Подсказка</summary>
#
# На что прямой проход умножил `x` и где это сохранено? Хватит одной строки.
#
# </details>


# %% id="classic-backward" solves="ClassicDropout"
class ClassicDropout(ClassicDropout):
    def backward(self, grad_out):
        ### BEGIN SOLUTION
        return grad_out * self.mask
        ### END SOLUTION


# %% id="check-classic-backward" check="ClassicDropout.backward"
check(ClassicDropout, "backward")

# %% [markdown] id="classic-test-task-before" lang="en"
# ### Test mode
#
# After training, the layer must give the same answer for the same picture each time, and use all its neurons. Every `Layer` knows its mode:
# `layer.eval()` sets `self.training` to False, and `layer.train()` sets it back to True (PyTorch uses the same three names). It is True at
# the start.
#
# `backward` always refers to the latest forward pass, **including its mode**, whatever is called in between. So the given lines below
# record in `self.was_training` in which mode the forward pass was made, and for training they call what you have written above.

# %% [markdown] id="classic-test-task-before" lang="ru"
# ### Режим теста
#
# После обучения слой должен отвечать на одну и ту же картинку всегда одинаково и всеми нейронами. Каждый `Layer` знает свой режим:
# `layer.eval()` делает `self.training` равным False, `layer.train()` — снова True (в PyTorch все три имени те же). Вначале там True.
#
# `backward` относится к последнему прямому проходу **вместе с его режимом**, что бы ни вызвали в промежутке. Поэтому данные вам строки ниже
# записывают в `self.was_training`, в каком режиме был прямой проход, а при обучении вызывают то, что вы уже написали.

# %% id="ask-classic-test" role="question"
ask("dropout.classic-test")

# %% [markdown] id="classic-test-task" lang="en"
# ### Exercise `ClassicDropout`, test mode (1 point)
#
# <details><summary>Hint</summary>
#
# Compare the expectation in training with what comes out at test time if nothing is scaled. By what factor is it too large?
#
# </details>

# %% [markdown] id="classic-test-task" lang="ru"
# ### Упражнение `ClassicDropout`, режим теста (1 балл)
#
# <details><summary>Подсказка</summary>
#
# Сравните матожидание при обучении с тем, что получится на тесте, если ничего не шкалировать. Во сколько раз это больше, чем надо?
#
# </details>


# %% id="classic-test" solves="ClassicDropout"
class ClassicDropout(ClassicDropout):
    def forward(self, x):
        self.was_training = self.training
        if self.training:
            return super().forward(x)
        ### BEGIN SOLUTION
        return x * self.keep_prob
        ### END SOLUTION

    def backward(self, grad_out):
        if self.was_training:
            return super().backward(grad_out)
        ### BEGIN SOLUTION
        return grad_out * self.keep_prob
        ### END SOLUTION


# %% id="check-classic-test" check="ClassicDropout.test_mode"
check(ClassicDropout, "test_mode")

# %% [markdown] id="inverted-intro" lang="en"
# ## Inverted dropout
#
# With the classic way, the network must remember at test time that it was trained with dropout: if you forget one multiplication by $p$,
# every answer is wrong. The second way does the scaling where the neurons are dropped: **divide by $p$ in training, and then nothing has to
# be multiplied at test time**. This is what libraries do, including PyTorch; they simply call it dropout, and so do we.
#
# Compare both on one row of neurons; $\Sigma$ is the sum of a row, that is, what a neuron of the next layer receives if all its weights are 1.

# %% [markdown] id="inverted-intro" lang="ru"
# ## Второй вариант: inverted dropout
#
# При классическом варианте сеть и на тесте должна помнить, что её обучали с дропаутом: стоит забыть одно умножение на $p$ — и все ответы
# неверны. Второй вариант шкалирует там же, где выключает: **при обучении делим выход на $p$, тогда на тесте ничего домножать не надо**. Так
# делают библиотеки, в том числе PyTorch; они называют это просто дропаутом, и мы тоже.
#
# Сравните оба на одной строке нейронов; $\Sigma$ — сумма строки: столько получит нейрон следующего слоя, у которого все веса равны 1.

# %% id="ask-rows" role="question"
ask("dropout.rows")

# %% id="scaling" role="picture"
scaling_explorer()

# %% [markdown] id="inverted-task-before" lang="en"
# "Expected in training" and "at test" agree in both variants: this is the purpose of the scaling. The row above them, one mask in
# training, hardly ever has the same sum: it jumps from draw to draw, and the smaller $p$ is, the more it jumps.

# %% [markdown] id="inverted-task-before" lang="ru"
# «В среднем при обучении» и «тест» совпадают в обоих вариантах: ради этого и шкалируют. А у строки над ними, с одной маской при обучении,
# сумма почти никогда не такая: она скачет от маски к маске, и тем сильнее, чем меньше $p$.

# %% id="ask-inverted" role="question"
ask("dropout.inverted")

# %% [markdown] id="inverted-task" lang="en"
# ### Exercise `Dropout`, training: forward (1.5 points)
#
# As before: a new `self.mask` each time, drawn from `self.rng`, a bool array in the shape of `x`; the result has the dtype of `x`.
#
# <details><summary>Hint</summary>
#
# The mask says only which neurons are on, so keep it without any factor. Where else can the division go?
#
# </details>

# %% [markdown] id="inverted-task" lang="ru"
# ### Упражнение `Dropout`, обучение: прямой проход (1,5 балла)
#
# Как и раньше: каждый раз новая `self.mask` из `self.rng`, типа bool, той же формы, что `x`; тип результата тот же, что у `x`.
#
# <details><summary>Подсказка</summary>
#
# Маска говорит только о том, какие нейроны включены, поэтому пусть множителя в ней не будет. Где ещё можно разделить?
#
# </details>


# %% id="dropout-forward" solves="Dropout"
class Dropout(Layer):
    def __init__(self, keep_prob, rng=None):
        self.keep_prob = keep_prob
        self.rng = np.random.default_rng() if rng is None else rng

    def forward(self, x):
        ### BEGIN SOLUTION
        self.mask = self.rng.random(x.shape) < self.keep_prob
        return x * self.mask / self.keep_prob
        ### END SOLUTION


# %% id="check-dropout-forward" check="Dropout.forward"
check(Dropout, "forward")

# %% [markdown] id="dropout-backward-task-before" lang="en"
# ### Its gradient
#
# For a neuron that is on, $y = x / p$: if $x$ grows by a hundredth, $y$ grows by a hundredth divided by $p$.
#
# $$\frac{\partial L}{\partial x_i} = \frac{\partial L}{\partial y_i} \cdot \frac{mask_i}{p}$$

# %% [markdown] id="dropout-backward-task-before" lang="ru"
# ### Его градиент
#
# У включённого нейрона $y = x / p$: если $x$ вырос на одну сотую, $y$ вырос на одну сотую, делённую на $p$.
#
# $$\frac{\partial L}{\partial x_i} = \frac{\partial L}{\partial y_i} \cdot \frac{mask_i}{p}$$

# %% id="ask-inverted-dx" role="question"
ask("dropout.inverted-dx")

# %% [markdown] id="dropout-backward-task" lang="en"
# ### Exercise `Dropout`, training: backward (1 point)
#
# <details><summary>Hint</summary>
#
# What did your `forward` multiply `x` by? How does the derivative follow from it?
#
# </details>

# %% [markdown] id="dropout-backward-task" lang="ru"
# ### Упражнение `Dropout`, обучение: обратный проход (1 балл)
#
# <details><summary>Подсказка</summary>
#
# На что умножал `x` ваш `forward`? Чему тогда равна производная?
#
# </details>


# %% id="dropout-backward" solves="Dropout"
class Dropout(Dropout):
    def backward(self, grad_out):
        ### BEGIN SOLUTION
        return grad_out * self.mask / self.keep_prob
        ### END SOLUTION


# %% id="check-dropout-backward" check="Dropout.backward"
check(Dropout, "backward")

# %% [markdown] id="dropout-test-task-before" lang="en"
# ### Test mode

# %% [markdown] id="dropout-test-task-before" lang="ru"
# ### Режим теста

# %% id="ask-inverted-test" role="question"
ask("dropout.inverted-test")

# %% [markdown] id="dropout-test-task" lang="en"
# ### Exercise `Dropout`, test mode (1 point)
#
# This may be the shortest exercise of the course. You may return the input itself.
#
# <details><summary>Hint</summary>
#
# What does the layer do at test time, and what is the derivative of that?
#
# </details>

# %% [markdown] id="dropout-test-task" lang="ru"
# ### Упражнение `Dropout`, режим теста (1 балл)
#
# Возможно, это самое короткое упражнение курса. Можно вернуть сам вход.
#
# <details><summary>Подсказка</summary>
#
# Что слой делает на тесте и чему равна производная этого?
#
# </details>


# %% id="dropout-test" solves="Dropout"
class Dropout(Dropout):
    def forward(self, x):
        self.was_training = self.training
        if self.training:
            return super().forward(x)
        ### BEGIN SOLUTION
        return x
        ### END SOLUTION

    def backward(self, grad_out):
        if self.was_training:
            return super().backward(grad_out)
        ### BEGIN SOLUTION
        return grad_out
        ### END SOLUTION


# %% id="check-dropout-test" check="Dropout.test_mode"
check(Dropout, "test_mode")

# %% [markdown] id="own" lang="en"
# ## Your own layer at work
#
# A digit of 8 × 8 pixels goes through your `Dropout` with $p = 0.7$, three times in training and once at test time. The pixels that are
# kept are brighter than in the digit, by a factor of $1 / 0.7$. In the black background you cannot see which pixels are off: 0 stays 0.

# %% [markdown] id="own" lang="ru"
# ## Ваш слой за работой
#
# Цифра из 8 × 8 пикселей проходит через ваш `Dropout` при $p = 0{,}7$: трижды при обучении и один раз на тесте. Оставшиеся пиксели в
# $1 / 0{,}7$ раза ярче, чем в самой цифре. На чёрном фоне не видно, какие выключены: 0 остаётся нулём.

# %% id="own-picture" role="picture"
show_own_dropout(Dropout, keep_prob=0.7)

# %% [markdown] id="thousand" lang="en"
# ### The average of a thousand thinned networks
#
# It was said above that the full network answers approximately like the average of all thinned ones. Here is a small network with twelve
# hidden neurons and three outputs, once without and once with a nonlinearity at its end: the average over a thousand masks of your own
# layer, beside the single test pass.

# %% [markdown] id="thousand" lang="ru"
# ### Среднее по тысяче прорежённых сетей
#
# Выше было сказано, что вся сеть отвечает примерно как среднее всех прорежённых. Вот маленькая сеть с двенадцатью скрытыми нейронами и
# тремя выходами, без нелинейности в конце и с ней: среднее по тысяче масок вашего собственного слоя и рядом — один проход в режиме теста.

# %% id="ask-average-of-nets" role="question"
ask("dropout.average-of-nets")

# %% id="thousand-run" role="own"
rng = np.random.default_rng(0)
hidden, A = rng.normal(size=(1, 12)), rng.normal(size=(3, 12)) / 2
layer = ClassicDropout(0.5, rng)


def average_and_test(ending):
    masks = [ending(layer.train()(hidden) @ A.T) for _ in range(1000)]
    print(np.mean(masks, axis=0).round(2), ending(layer.eval()(hidden) @ A.T).round(2))


def sums_and_tanh():
    average_and_test(lambda sums: sums)
    average_and_test(np.tanh)


when_written(sums_and_tanh)

# %% [markdown] id="thousand-said" lang="en"
# The sums agree up to chance (a thousand masks are not all 4096). After tanh there is a real difference: tanh flattens large sums, and
# single masks give larger ones than the test pass does.

# %% [markdown] id="thousand-said" lang="ru"
# Суммы совпадают с точностью до случайности (тысяча масок — ещё не все 4096). А после tanh разница настоящая: большие суммы tanh сжимает, а
# у отдельных масок они больше, чем в режиме теста.

# %% [markdown] id="overfitting-intro" lang="en"
# ## Does it help? Measure it
#
# Now a real experiment: 200 digits to learn from, and almost 1600 others that the network never sees in training. It has two hidden layers
# of 128 neurons, so many parameters that it can learn 200 pictures by heart. Your `Dropout` comes after each of them, with $p = 0.5$. The
# curves are means of three runs, over 40 **epochs**: in one epoch the network sees every training digit once. The dashed lines are for the
# training digits, the solid ones for new digits. The distance between the two is the **overfitting gap**.

# %% [markdown] id="overfitting-intro" lang="ru"
# ## Помогает ли? Измерим
#
# Теперь всерьёз: 200 цифр для обучения и почти 1600 других, которых сеть при обучении не видит. В ней два скрытых слоя по 128 нейронов, и
# параметров хватает, чтобы выучить 200 картинок наизусть. После каждого стоит ваш `Dropout` с $p = 0{,}5$. Кривые — средние по трём
# запускам за 40 **эпох**: за одну эпоху сеть видит каждую обучающую цифру один раз. Пунктир — обучающие цифры, сплошная линия — новые.
# Расстояние между ними и показывает **переобучение**.

# %% id="ask-two-losses" role="question"
ask("dropout.two-losses")

# %% id="overfitting" role="picture"
show_overfitting(Dropout, keep_prob=0.5, samples=200, width=128)

# %% [markdown] id="overfitting-outro" lang="en"
# This is what the curves show, with your layer or with PyTorch's (three runs; your last digit may differ):
#
# | after 40 epochs | without dropout | with dropout, $p = 0.5$ |
# | --- | --- | --- |
# | loss, training digits | 0.002 | 0.03 |
# | loss, new digits | 0.29 | 0.24 |
# | right answers, new digits | 92% | 92% |
#
# - The gap in the loss shrinks from 0.29 to about 0.21, and it does so at **both ends**: the network learns its 200 digits a little worse
#   and answers better on the new ones. It can no longer learn everything by heart.
# - On the right you see that dropout does not work miracles. The share of **right answers** on new digits is the same, as far as three runs
#   can tell. The network is wrong just as often, but it is less confident when it is wrong, and the loss measures this.
# - Learning takes longer: the network without dropout learns its 200 digits sooner, and only after about twenty epochs is the loss on new
#   digits lower with dropout. The curves with dropout also jump more, because each step trains another thinned network.
#
# The large gains in the paper come with large networks, long training and more data than here. In your own work: **measure**.
#
# ### When not to
#
# "Dropout always helps" is a misconception. Here is the same experiment with 16 neurons per layer instead of 128 (note that the axes have
# changed):

# %% [markdown] id="overfitting-outro" lang="ru"
# Что здесь видно — с вашим слоем или с тем, что из PyTorch (три запуска; у вас последняя цифра может быть другой):
#
# | после 40 эпох | без дропаута | с дропаутом, $p = 0{,}5$ |
# | --- | --- | --- |
# | функция потерь, обучающие цифры | 0,002 | 0,03 |
# | функция потерь, новые цифры | 0,29 | 0,24 |
# | верных ответов, новые цифры | 92 % | 92 % |
#
# - Разрыв в функции потерь сокращается с 0,29 примерно до 0,21, причём **с обоих концов**: свои 200 цифр сеть учит чуть хуже, а на новых
#   отвечает лучше. Выучить всё наизусть она больше не может.
# - Справа видно, что чудес дропаут не творит. Доля **верных ответов** на новых цифрах та же, насколько об этом можно судить по трём
#   запускам. Ошибается сеть так же часто, но там, где ошибается, она меньше в себе уверена, а это и измеряет функция потерь.
# - Учиться приходится дольше: сеть без дропаута осваивает свои 200 цифр раньше, и лишь эпох через двадцать функция потерь на новых цифрах с
#   дропаутом становится меньше. И кривые с дропаутом скачут сильнее: каждый шаг обучает другую прорежённую сеть.
#
# Большие выигрыши в статье получены на больших сетях, при долгом обучении и при большем количестве данных. А в своей работе — **измеряйте**.
#
# ### Когда не нужно
#
# «Дропаут помогает всегда» — это заблуждение. Вот тот же опыт, но в слоях не 128 нейронов, а 16 (обратите внимание: масштаб осей другой):

# %% id="narrow" role="picture"
show_overfitting(Dropout, keep_prob=0.5, samples=200, width=16)

# %% [markdown] id="when-not-before-before" lang="en"
# Now the network with dropout is far worse on the new digits, about 70% right instead of 88%, and it does not even learn its training
# digits properly. Eight remaining neurons are too few.

# %% [markdown] id="when-not-before-before" lang="ru"
# Теперь сеть с дропаутом намного хуже на новых цифрах: около 70 % верных ответов вместо 88 %, да и обучающие толком не выучила. Восьми
# оставшихся нейронов слишком мало.

# %% id="ask-who-gains" role="question"
ask("dropout.who-gains")

# %% [markdown] id="when-not-before" lang="en"
# Leave dropout out, or make $p$ larger, if
#
# - **the layers are narrow**: a thinned network may be too small for its task, as here;
# - **the network does not overfit**: if the loss on the training set is as high as on new samples, dropout has nothing to improve;
# - **there are very few samples**: a mask cannot add what is not in the data. In the paper there is no gain on
#   the smallest sets (its figure 10);
# - **there is batch normalization**: it adds a little noise to training by itself, and the lecture lists among its advantages that dropout
#   is not needed (lesson 5);
# - **the layer is convolutional**: neighbours in a map say nearly the same, so little is lost when one of them is dropped. Dropout usually
#   comes in the fully connected part, after ReLU (lesson 6), or whole maps are dropped at once (`Dropout2d` in PyTorch, another layer);
# - **it is the output layer**: all outputs are needed.
#
# The size of the layer does not appear in the formulas: $p$ is the probability for **one** neuron. A layer of $n$ neurons
# keeps $p n$ of them on average, and the right factor is $p$ or $1 / p$ for every $n$. A usual first choice is $p = 0.5$ for hidden neurons
# and 0.8 or more for inputs.
#
# ### Checking a gradient
#
# Lesson 1 checked a gradient without a second implementation: move the input by a small $h$ in both directions and see by how much
# the output changes, $(f(x + h) - f(x - h)) / 2h$. (Lesson 6 checks a whole network in this way.)

# %% [markdown] id="when-not-before" lang="ru"
# Обойдитесь без него или возьмите $p$ побольше, если
#
# - **слои узкие**: прорежённая сеть, как здесь, может оказаться слишком мала для своей задачи;
# - **сеть не переобучается**: если на обучающей выборке функция потерь так же велика, как на новых примерах, дропауту нечего улучшать;
# - **примеров совсем мало**: чего нет в данных, того маска не добавит. В статье на самых маленьких выборках
#   выигрыша нет (рисунок 10);
# - **есть нормализация по пакету**: она сама вносит в обучение немного шума, и среди её преимуществ в лекции названо «не нужен дропаут»
#   (занятие 5);
# - **слой свёрточный**: соседи на карте говорят почти одно и то же, и когда выключен один, почти ничего не теряется. Дропаут обычно ставят
#   в полносвязной части, после ReLU (занятие 6), или выключают карты целиком (`Dropout2d` в PyTorch, это другой слой);
# - **это выходной слой**: нужны все его выходы.
#
# А вот размер слоя в формулы не входит: $p$ — это вероятность для **одного** нейрона. В слое из $n$ нейронов остаётся в среднем $p n$, а
# верный множитель — $p$ или $1 / p$ при любом $n$. Обычно начинают с $p = 0{,}5$ для скрытых нейронов и с 0,8 или больше для входов.
#
# ### Как проверить градиент
#
# В занятии 1 градиент проверялся и без второй реализации: сдвинуть вход на малое $h$ в обе стороны и посмотреть, насколько изменится выход,
# $(f(x + h) - f(x - h)) / 2h$. (На занятии 6 так проверяется целая сеть.)

# %% id="ask-moving-mask" role="question"
ask("dropout.moving-mask")

# %% [markdown] id="when-not" lang="en"
# The checks of this notebook read the mask that you have drawn and compute with it.

# %% [markdown] id="when-not" lang="ru"
# Проверки этой тетради читают маску, которую выбрал ваш слой, и считают с ней.

# %% [markdown] id="torch" lang="en"
# ## Here and in PyTorch
#
# | | here | in PyTorch |
# | --- | --- | --- |
# | the number in the brackets | the probability of **keeping** | the probability of **dropping** |
# | keep 80% | `Dropout(keep_prob=0.8)` | `torch.nn.Dropout(p=0.2)` |
# | in training | $x \cdot mask / p$ | the same, written as $x \cdot mask / (1 - p)$ with its own $p$ |
# | at test time | $x$ | $x$ |
# | switching | `layer.train()`, `layer.eval()`, `layer.training` | the same names |
# | the default | none: `keep_prob` must be given | `p=0.5`, the one number for which both mean the same |
#
# The last line is a trap: if you confuse the two, you notice nothing at 0.5, and at 0.8 you train with a fifth of the neurons. When you
# read other people's code, first find out which of the two is meant. PyTorch does not have classic dropout.
#
# Both of your layers in both modes, one line each:
#
# - **classic**: in training, switch off; at test time, multiply by $p$;
# - **inverted**: in training, switch off and divide by $p$; at test time, do nothing;
# - the gradient takes the same path as the values, with the same mask and the same factor;
# - the layer has nothing to train, but it works differently in training and at test time: do not forget `eval()`.

# %% [markdown] id="torch" lang="ru"
# ## Здесь и в PyTorch
#
# | | здесь | в PyTorch |
# | --- | --- | --- |
# | число в скобках | вероятность **оставить** | вероятность **выключить** |
# | оставить 80 % | `Dropout(keep_prob=0.8)` | `torch.nn.Dropout(p=0.2)` |
# | при обучении | $x \cdot mask / p$ | то же самое, но с его $p$ это записано как $x \cdot mask / (1 - p)$ |
# | на тесте | $x$ | $x$ |
# | переключение | `layer.train()`, `layer.eval()`, `layer.training` | имена те же |
# | если не указать | `keep_prob` указывать обязательно | `p=0.5`, единственное число, при котором смысл совпадает |
#
# В последней строке ловушка: если их перепутать, при 0,5 ничего не заметишь, а при 0,8 будет обучаться лишь пятая часть нейронов. Читая
# чужой код, первым делом выясните, какая из двух вероятностей имеется в виду. Классического дропаута в PyTorch нет.
#
# Оба ваших слоя и оба режима, по строке на каждый:
#
# - **классический**: при обучении выключаем; на тесте умножаем на $p$;
# - **второй**: при обучении выключаем и делим на $p$; на тесте не делаем ничего;
# - градиент идёт тем же путём, что и значения, с той же маской и с тем же множителем;
# - обучать в слое нечего, но при обучении и на тесте он работает по-разному: не забывайте про `eval()`.

# %% [markdown] id="mixed" lang="en"
# ## Three questions with lessons 1 to 3

# %% [markdown] id="mixed" lang="ru"
# ## Три вопроса вместе с занятиями 1–3

# %% id="ask-zeros" role="question"
ask("dropout.zeros")

# %% id="ask-trained" role="question"
ask("dropout.trained")

# %% id="ask-two-modes" role="question"
ask("dropout.two-modes")

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
progress("04_dropout")
