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
# A large network can learn a small training set **by heart**: every answer on it is right, and on new pictures it is wrong far more
# often. This is overfitting. **Dropout** fights it in a way that looks like sabotage: during training, neurons are switched off at random,
# each with the probability $1 - p$, and in every forward pass others. At test all of them are on.
#
# > **Attention: $p$ is the probability to KEEP a neuron**, in the lecture, in the original paper (Srivastava et al., 2014) and in this
# > notebook, where it is called `keep_prob`. In PyTorch it is the other way round: the `p` of `torch.nn.Dropout(p)` is the
# > probability to **DROP** a neuron. To keep 80 %, you write `keep_prob=0.8` here and `p=0.2` there.
#
# In this notebook you will
#
# 1. see what is left of a network in one forward pass, and why that helps,
# 2. compute what a neuron gives on the average, and make up for it in two ways,
# 3. write both, `ClassicDropout` and `Dropout`: training, gradient, test mode,
# 4. train a network on two hundred real digits with your own layer and measure what it gains, and what it does not.

# %% [markdown] id="title" lang="ru"
# # 4 · Дропаут
#
# Большая сеть может выучить маленькую обучающую выборку **наизусть**: на ней все ответы верны, а на новых картинках ошибок намного
# больше. Это переобучение. **Дропаут** (dropout, «выброс») борется с ним способом, похожим на вредительство: во время обучения нейроны
# «выключают» случайно, каждый с вероятностью $1 - p$, и в каждом прямом проходе — других. На тесте нейроны не выключаются.
#
# > **Внимание: $p$ — это вероятность ОСТАВИТЬ нейрон**: так в лекции, в исходной статье (Srivastava et al., 2014) и в этой тетради, где
# > она называется `keep_prob`. В PyTorch всё наоборот: `p` в `torch.nn.Dropout(p)` — это вероятность **ВЫКЛЮЧИТЬ** нейрон. Чтобы
# > оставить 80 %, здесь пишут `keep_prob=0.8`, а там `p=0.2`.
#
# В этой тетради вы
#
# 1. увидите, что остаётся от сети в одном прямом проходе и почему это помогает,
# 2. посчитаете, сколько нейрон даёт в среднем, и учтёте это двумя способами,
# 3. напишете оба, `ClassicDropout` и `Dropout`: обучение, градиент, режим теста,
# 4. обучите со своим слоем сеть на двухстах настоящих цифрах и измерите, в чём она выиграла, а в чём нет.

# %% id="setup" role="setup"
import numpy as np

from ncl_course import check, language, progress
from ncl_course.nn import Layer
from ncl_course.viz import (
    expectation_explorer,
    scaling_explorer,
    show_masking,
    show_overfitting,
    show_own_dropout,
    show_thinned_nets,
    thinning_explorer,
)

# %% [markdown] id="nets-intro" lang="en"
# ## A thinned network
#
# To switch a neuron off, it is enough to make its output **zero**: then it says nothing to anybody, and all its connections might as well
# be gone. On the left is the whole network; beside it, what three forward passes leave of it when each hidden neuron is kept with
# $p = 0.5$. Nobody touches the inputs here, and the outputs must all be there:

# %% [markdown] id="nets-intro" lang="ru"
# ## Прорежённая сеть
#
# Чтобы выключить нейрон, достаточно сделать его выход **нулём**: тогда он никому ничего не сообщает, и его связей всё равно что нет. Слева
# вся сеть; рядом — то, что от неё оставляют три прямых прохода, если каждый скрытый нейрон остаётся с вероятностью $p = 0.5$. Входы здесь
# никто не трогает, а выходы нужны все:

# %% id="nets" role="picture"
show_thinned_nets()

# %% [markdown] id="why" lang="en"
# ### Why should that help?
#
# - **Nobody can rely on a particular neighbour.** In a network that has learnt by heart, neurons make elaborate deals: one overshoots, another
#   takes it back, and together they hit this one training picture. With dropout the partner may be absent at any time, so each neuron has to
#   be useful by itself.
# - **Many networks are trained at once.** Every forward pass draws another thinned network, and all of them share their weights. The network
#   with all neurons that is used at test answers much like the average of all of them, and averages of many networks overfit less than one.
#
# **With a pencil.** The network above has 12 hidden neurons. How many thinned networks are there? How many neurons are on in one of them, on the
# average?
#
# <details><summary>Compare</summary>
#
# Each of the 12 is on or off: $2^{12} = 4096$ networks. (With 128 neurons there are more than $10^{38}$, and nearly none of them will ever be drawn.)
# On the average $12 \cdot 0.5 = 6$ neurons are on, but not always 6: in the second forward of the picture above there are more, in the third one fewer.
#
# </details>
#
# The last remark matters. Each neuron is drawn **independently** of all others: of those in its layer, of the same neuron in the other samples
# of the batch, and of all earlier forward passes. A whole batch of shape `(N, M)` therefore needs $N \cdot M$ lots, not $M$. They form an
# array of the shape of `x`, the **mask**: True where a neuron is kept.

# %% [markdown] id="why" lang="ru"
# ### Почему это помогает?
#
# - **Ни на одного определённого соседа нельзя положиться.** В сети, выучившей всё наизусть, нейроны хитро сговариваются: один даёт слишком много,
#   другой отнимает лишнее, и вместе они попадают ровно в эту обучающую картинку. При дропауте партнёра в любой момент может не оказаться, и
#   каждому нейрону приходится приносить пользу самому.
# - **Обучается сразу множество сетей.** Каждый прямой проход разыгрывает новую прорежённую сеть, а веса у всех общие. Сеть со всеми нейронами,
#   которая работает на тесте, отвечает примерно как среднее по всем ним, а среднее многих сетей переобучается меньше, чем одна.
#
# **С карандашом.** В сети на картинке 12 скрытых нейронов. Сколько существует прорежённых сетей? Сколько нейронов в среднем включено в одной?
#
# <details><summary>Сверить</summary>
#
# Каждый из 12 либо включён, либо нет: $2^{12} = 4096$ сетей. (А при 128 нейронах их больше $10^{38}$, и почти ни одна так никогда и не будет разыграна.)
# Включено в среднем $12 \cdot 0.5 = 6$ нейронов, но не всегда 6: на картинке во втором проходе их больше, а в третьем меньше.
#
# </details>
#
# Последнее замечание важно. Жребий каждого нейрона **не зависит** ни от кого: ни от соседей по слою, ни от того же нейрона в других примерах
# пакета, ни от прежних прямых проходов. Значит, целому пакету формы `(N, M)` нужно $N \cdot M$ жребиев, а не $M$. Вместе они образуют массив той
# же формы, что `x`, — **маску**: True там, где нейрон остаётся.

# %% [markdown] id="nets-explorer-intro" lang="en"
# ### Draw it yourself
#
# Move the slider **draw number** (or press the triangle beside it): every number is another forward pass. `keep_prob` is $p$. Come back to a number, and
# the same neurons are off again.
#
# **Guess first.** For $p = 0.5$ half of the hidden neurons are on, on the average. Is half of the 72 connections left, too? Go through some twenty draws,
# then work out the average with a pencil.

# %% [markdown] id="nets-explorer-intro" lang="ru"
# ### Бросьте жребий сами
#
# Двигайте ползунок **номер жребия** (или нажмите треугольник рядом): каждый номер — ещё один прямой проход. `keep_prob` — это $p$. Вернитесь к прежнему
# номеру — и выключены снова будут те же нейроны.
#
# **Сначала угадайте.** При $p = 0.5$ включена в среднем половина скрытых нейронов. А связей из 72 тоже остаётся половина? Переберите десятка два жребиев,
# а потом найдите среднее с карандашом.

# %% id="nets-explorer" role="picture"
thinning_explorer()

# %% [markdown] id="nets-explorer-outro" lang="en"
# <details><summary>Compare</summary>
#
# Fewer than half. A connection is there if **both** of its neurons are on. Inputs and outputs always are, so of the 24 connections from the inputs and of the 12
# to the outputs half is left, 12 and 6. Of the 36 between the two hidden layers only a quarter is left, since $0.5 \cdot 0.5 = 0.25$: that makes 9. Together 27 of 72.
#
# </details>

# %% [markdown] id="nets-explorer-outro" lang="ru"
# <details><summary>Сверить</summary>
#
# Меньше половины. Связь есть, если включены **оба** её нейрона. Входы и выходы включены всегда, поэтому из 24 связей от входов и из 12 связей к выходам остаётся
# половина, 12 и 6. А из 36 связей между скрытыми слоями — только четверть, ведь $0.5 \cdot 0.5 = 0.25$: это 9. Всего 27 из 72.
#
# </details>

# %% [markdown] id="expectation-intro" lang="en"
# ## What a neuron gives on the average
#
# Take one neuron whose output is $x$. In training it is passed unchanged with the probability $p$, and set to zero with the probability $1 - p$.
# The expectation of what the next layer sees is
#
# $$p \cdot x + (1 - p) \cdot 0 = p x$$
#
# At test all neurons are on, and the next layer suddenly sees $x$: for $p = 0.5$ twice as much as it was trained for. So something has to be
# scaled until **the expectation in training equals the output at test**. There are two ways, and the lecture names both:
#
# | | in training | expectation in training | at test |
# | --- | --- | --- | --- |
# | **classic** | $x \cdot mask$ | $p x$ | $x \cdot p$ |
# | **inverted** | $x \cdot mask / p$ | $x$ | $x$, nothing to do |
#
# Below, three neurons with the values 4, 2 and −1: what the first masks give on the average, classic on the left, inverted on the right, with the same masks.
# The slider goes from one mask to a thousand, and the dotted lines are the expectations. One mask says little, a thousand say where it settles.
#
# **Guess first.** You slide `keep_prob` from 0.8 down to 0.3. Where do the dotted lines on the left go, and where those on the right? On which side do the means jump further?

# %% [markdown] id="expectation-intro" lang="ru"
# ## Сколько нейрон даёт в среднем
#
# Возьмём один нейрон с выходом $x$. При обучении его с вероятностью $p$ пропускают без изменений, а с вероятностью $1 - p$ зануляют. Матожидание
# того, что видит следующий слой:
#
# $$p \cdot x + (1 - p) \cdot 0 = p x$$
#
# На тесте все нейроны включены, и следующий слой вдруг видит $x$: при $p = 0.5$ вдвое больше, чем привык при обучении. Значит, что-то нужно
# шкалировать так, чтобы **матожидание при обучении равнялось выходу на тесте**. Способов два, в лекции названы оба:
#
# | | при обучении | матожидание при обучении | на тесте |
# | --- | --- | --- | --- |
# | **классический** | $x \cdot mask$ | $p x$ | $x \cdot p$ |
# | **второй** (inverted) | $x \cdot mask / p$ | $x$ | $x$, делать нечего |
#
# Ниже три нейрона со значениями 4, 2 и −1 и то, что дают в среднем первые маски: слева классический вариант, справа второй, маски одни и те же. Ползунок идёт
# от одной маски до тысячи, пунктир — матожидания. Одна маска мало о чём говорит, а тысяча показывает, к чему всё сходится.
#
# **Сначала угадайте.** Вы уменьшаете `keep_prob` с 0,8 до 0,3. Куда пойдёт пунктир слева, а куда справа? С какой стороны средние скачут сильнее?

# %% id="expectation" role="picture"
expectation_explorer([4.0, 2.0, -1.0])

# %% [markdown] id="expectation-outro" lang="en"
# <details><summary>Compare</summary>
#
# On the left the dotted lines sink towards 0 with $p$: for 0.3 they are at 1.2, 0.6 and −0.3. On the right they stay at 4, 2 and −1, whatever $p$ is: that is what the
# division is for. The right side is the left one stretched by $1 / p$, jumps and all: a neuron that is seldom on has to say $x / 0.3$ when it is, more than three times itself.
# Measured by its own dotted line, though, neither side is more restless than the other; the smaller $p$ is, the more masks both need to settle.
#
# </details>

# %% [markdown] id="expectation-outro" lang="ru"
# <details><summary>Сверить</summary>
#
# Слева пунктир вместе с $p$ опускается к нулю: при 0,3 это 1,2; 0,6 и −0,3. Справа он при любом $p$ остаётся на 4, 2 и −1: для этого и делят. Правая картинка —
# это левая, растянутая в $1 / p$ раз вместе со всеми скачками: нейрон, который включён редко, должен сказать сразу $x / 0.3$, втрое с лишним больше себя. Но по сравнению
# с самим матожиданием скачки слева и справа одинаковы, и чем меньше $p$, тем больше масок нужно обеим сторонам.
#
# </details>

# %% [markdown] id="masking-intro" lang="en"
# And one mask in full, in both ways. (Why eight neurons and only two switched off? Because $p = 0.8$ keeps.)

# %% [markdown] id="masking-intro" lang="ru"
# А вот одна маска целиком, в обоих вариантах. (Почему из восьми нейронов выключены только два? Потому что $p = 0.8$ — вероятность оставить.)

# %% id="masking" role="picture"
x = np.array([2.0, -1.0, 4.0, 3.0, 1.0, -2.0, 5.0, 2.0])
mask = np.array([True, False, True, True, False, True, True, True])
show_masking(x, mask, keep_prob=0.8)

# %% [markdown] id="classic-task" lang="en"
# ## Classic dropout
#
# **With a pencil.** `x` is 4, −2, 6, 1, the mask is True, False, True, True, and $p = 0.8$. What does classic dropout give in training? What at test?
# If the masks were drawn again and again, what would the first neuron give on the average?
#
# <details><summary>Compare</summary>
#
# In training 4, 0, 6, 1; the mask alone decides, and $p$ has done its work when the mask was drawn. At test 3.2, −1.6, 4.8, 0.8. The first neuron
# gives $0.8 \cdot 4 + 0.2 \cdot 0 = 3.2$ on the average, as at test.
#
# </details>
#
# ### Exercise `ClassicDropout`, training: forward (1.5 points)
#
# Write `forward` as it is in **training**; test mode has a cell of its own below. The input has any shape. Draw a new mask in each forward, from
# `self.rng`, and keep it as `self.mask`: an array of bool of the shape of `x`, True for kept. Return an array of the shape and dtype of `x`.
#
# <details><summary>Hint 1: an event with the probability p</summary>
#
# A random number that is spread evenly over the interval from 0 to 1 lies below 0.8 with a probability of ... ?
#
# </details>
#
# <details><summary>Hint 2: as many lots as numbers</summary>
#
# A NumPy generator gives such numbers by its method `random`, and takes the shape of the array wanted. Comparing a whole array with one number
# gives an array of bool.
#
# </details>
#
# <details><summary>Hint 3: switching off</summary>
#
# In a product, True counts as 1 and False as 0. Do not write zeros into `x` itself: others still need it.
#
# </details>

# %% [markdown] id="classic-task" lang="ru"
# ## Классический дропаут
#
# **С карандашом.** `x` — это 4, −2, 6, 1, маска — True, False, True, True, и $p = 0.8$. Что даст классический дропаут при обучении? А на тесте? Если
# разыгрывать маску снова и снова, сколько в среднем даст первый нейрон?
#
# <details><summary>Сверить</summary>
#
# При обучении 4, 0, 6, 1: решает только маска, а $p$ своё дело сделало, когда её разыгрывали. На тесте 3,2; −1,6; 4,8; 0,8. Первый нейрон в среднем
# даёт $0.8 \cdot 4 + 0.2 \cdot 0 = 3.2$ — столько же, сколько на тесте.
#
# </details>
#
# ### Упражнение `ClassicDropout`, обучение: прямой проход (1,5 балла)
#
# Напишите `forward` таким, каким он должен быть **при обучении**; у режима теста будет ниже своя ячейка. Вход любой формы. В каждом прямом проходе
# разыгрывайте новую маску из `self.rng` и сохраняйте её как `self.mask`: массив типа bool той же формы, что `x`, True — нейрон остаётся. Верните
# массив той же формы и того же типа, что `x`.
#
# <details><summary>Подсказка 1: событие с вероятностью p</summary>
#
# Случайное число, равномерно распределённое на отрезке от 0 до 1, оказывается меньше 0,8 с вероятностью… какой?
#
# </details>
#
# <details><summary>Подсказка 2: жребиев столько же, сколько чисел</summary>
#
# У генератора NumPy такие числа даёт метод `random`, ему можно передать форму нужного массива. А сравнение целого массива с одним числом даёт
# массив типа bool.
#
# </details>
#
# <details><summary>Подсказка 3: как выключить</summary>
#
# В произведении True считается за 1, а False за 0. Не пишите нули прямо в `x`: он ещё нужен другим.
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

# %% [markdown] id="classic-backward-task" lang="en"
# ### Where the gradient goes
#
# Once the mask is drawn, there is nothing random left: each output is its input times 1 or times 0. A neuron that was on passes its gradient; one that was
# off had no say in the loss, and nothing comes back for it:
#
# $$\frac{\partial L}{\partial x_i} = \frac{\partial L}{\partial y_i} \cdot mask_i$$
#
# It is the **same** mask as in the latest forward. A new one would be the gradient of another network.
#
# **With a pencil.** The mask is True, False, True, True as above; `grad_out` is 10, 20, −30, 40. And now `x` was 4, −2, **0**, 1. What is `dx`? Would it do
# to look where the output is not 0?
#
# <details><summary>Compare</summary>
#
# `dx` is 10, 0, −30, 40. The third neuron is on and just happens to be 0: let it grow by a hundredth, and the output grows too. So the output does not
# tell who was off. (After ReLU many neurons are 0 without dropout having done anything.)
#
# </details>
#
# ### Exercise `ClassicDropout`, training: backward (1 point)
#
# The class statement below continues your class. (If you change the first cell and run it again, run this one again too.)
#
# <details><summary>Hint</summary>
#
# Everything that is needed lies in `self.mask` since the forward. It is one line.
#
# </details>

# %% [markdown] id="classic-backward-task" lang="ru"
# ### Куда идёт градиент
#
# Когда маска разыграна, ничего случайного больше нет: каждый выход — это его вход, умноженный на 1 или на 0. Включённый нейрон свой градиент
# пропускает; выключенный на функцию потерь не влиял, и ему ничего не возвращается:
#
# $$\frac{\partial L}{\partial x_i} = \frac{\partial L}{\partial y_i} \cdot mask_i$$
#
# Маска — **та же самая**, что в последнем прямом проходе. С новой получился бы градиент другой сети.
#
# **С карандашом.** Маска, как и выше, True, False, True, True; `grad_out` — 10, 20, −30, 40. А `x` пусть теперь 4, −2, **0**, 1. Чему равен `dx`? Достаточно
# ли посмотреть, где выход не равен нулю?
#
# <details><summary>Сверить</summary>
#
# `dx` — это 10, 0, −30, 40. Третий нейрон включён, просто его значение 0: пусть оно вырастет на одну сотую — вырастет и выход. Так что по выходу не
# узнать, кто был выключен. (После ReLU многие нейроны равны нулю безо всякого дропаута.)
#
# </details>
#
# ### Упражнение `ClassicDropout`, обучение: обратный проход (1 балл)
#
# Ячейка ниже продолжает ваш класс. (Если измените и выполните первую ячейку, выполните заново и эту.)
#
# <details><summary>Подсказка</summary>
#
# Всё нужное лежит в `self.mask` со времени прямого прохода. Это одна строка.
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

# %% [markdown] id="classic-test-task" lang="en"
# ### Test mode
#
# A layer that has learnt must answer the same picture the same way each time, and with all its neurons. Every `Layer` knows its mode: `layer.eval()` sets
# `self.training` to False, `layer.train()` back to True (PyTorch uses the same three names). At first it is True.
#
# `backward` belongs to the latest forward, **its mode included**: whatever is called in between. For this the lines below note down in
# `self.was_training` how the forward was made, and hand training over to what you have written above.
#
# **With a pencil.** After `eval()`, with $p = 0.8$: `x` is 5, −10 and `grad_out` is 10, 10. The output, and `dx`?
#
# <details><summary>Compare</summary>
#
# The output is 4, −8. Let $x$ grow by a hundredth: the output grows by 0.8 of it. So `dx` is 8, 8, and the mask of some earlier training forward has no part
# in it.
#
# </details>
#
# ### Exercise `ClassicDropout`, test mode (1 point)
#
# <details><summary>Hint</summary>
#
# Compare the expectation in training with what comes out at test. By which factor is it too much?
#
# </details>

# %% [markdown] id="classic-test-task" lang="ru"
# ### Режим теста
#
# Обученный слой должен отвечать на одну и ту же картинку всегда одинаково, и всеми нейронами. Каждый `Layer` знает свой режим: `layer.eval()` делает
# `self.training` равным False, `layer.train()` — снова True (в PyTorch все три имени те же). Вначале там True.
#
# `backward` относится к последнему прямому проходу **вместе с его режимом**, что бы ни вызвали в промежутке. Поэтому строки ниже записывают в
# `self.was_training`, каким был прямой проход, а обучение передают тому, что вы уже написали.
#
# **С карандашом.** После `eval()`, при $p = 0.8$: `x` — это 5, −10, а `grad_out` — 10, 10. Каковы выход и `dx`?
#
# <details><summary>Сверить</summary>
#
# Выход 4, −8. Пусть $x$ вырос на одну сотую: выход вырастет на 0,8 от неё. Значит, `dx` — это 8, 8, и маска какого-то прежнего прохода здесь ни при чём.
#
# </details>
#
# ### Упражнение `ClassicDropout`, режим теста (1 балл)
#
# <details><summary>Подсказка</summary>
#
# Сравните матожидание при обучении с тем, что выходит на тесте. Во сколько раз это больше, чем надо?
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
# The classic way makes the network at test remember that it was trained with dropout: forget one multiplication by $p$, and all is wrong. The second way does
# the scaling where the neurons are dropped: **divide by $p$ in training, and at test there is nothing to multiply by**. This is what libraries do, PyTorch among
# them; they just call it dropout, and so do we.
#
# Compare both on one row of neurons; $\Sigma$ is the sum of a row, what a neuron of the next layer with all weights 1 receives.
#
# **Guess first.** You switch from classic to inverted and leave the sliders alone: which of the five rows change? And which two rows agree in either way, for every $p$ and every draw?

# %% [markdown] id="inverted-intro" lang="ru"
# ## Второй вариант: inverted dropout
#
# При классическом варианте сеть и на тесте должна помнить, что её обучали с дропаутом: стоит забыть одно умножение на $p$ — и всё неверно. Второй вариант шкалирует
# там же, где выключает: **при обучении делим выход на $p$, тогда на тесте ничего домножать не надо**. Так делают библиотеки, в том числе PyTorch; они называют это просто
# дропаутом, и мы тоже.
#
# Сравните оба на одной строке нейронов; $\Sigma$ — сумма строки: столько получит нейрон следующего слоя, у которого все веса равны 1.
#
# **Сначала угадайте.** Вы переключаете вариант с классического на второй, а ползунки не трогаете: какие из пяти строк изменятся? И какие две строки совпадают в обоих вариантах, при любом $p$ и любом жребии?

# %% id="scaling" role="picture"
scaling_explorer()

# %% [markdown] id="inverted-task" lang="en"
# <details><summary>Compare</summary>
#
# `x` and the mask stay: who is on has nothing to do with the scaling. The other three are divided by $p$ together. "Expected in training" and "at test" agree in either way: for this
# the scaling is there. The row above them, one mask in training, hardly ever has their sum; it jumps with the draw, and the more the smaller $p$ is.
#
# </details>
#
# **With a pencil.** `x` is 4, −2, 6, 1, the mask True, False, True, True, $p = 0.8$. The output in training? The expectation of the first neuron? And what
# does $p = 1$ do?
#
# <details><summary>Compare</summary>
#
# 5, 0, 7.5, 1.25: those who are on speak louder, on behalf of those who are off. The expectation is $0.8 \cdot 5 + 0.2 \cdot 0 = 4$, the neuron itself. With
# $p = 1$ nobody is dropped, and a division by 1 changes nothing: the layer does nothing at all.
#
# </details>
#
# ### Exercise `Dropout`, training: forward (1.5 points)
#
# As before: a new `self.mask` each time, from `self.rng`, of bool, of the shape of `x`; the result has the dtype of `x`.
#
# <details><summary>Hint</summary>
#
# Keep the mask itself free of the factor: it says who is on, and nothing else. The division stands beside it, in the result.
#
# </details>

# %% [markdown] id="inverted-task" lang="ru"
# <details><summary>Сверить</summary>
#
# `x` и маска останутся: кто включён, от шкалирования не зависит. Остальные три строки вместе делятся на $p$. «В среднем при обучении» и «тест» совпадают в обоих вариантах: ради этого и
# шкалируют. А у строки над ними, с одной маской при обучении, сумма почти никогда не такая: она скачет от жребия к жребию, и тем сильнее, чем меньше $p$.
#
# </details>
#
# **С карандашом.** `x` — это 4, −2, 6, 1, маска — True, False, True, True, $p = 0.8$. Каков выход при обучении? Каково матожидание у первого нейрона? И что делает
# слой при $p = 1$?
#
# <details><summary>Сверить</summary>
#
# 5; 0; 7,5; 1,25: включённые говорят громче, за себя и за выключенных. Матожидание — $0.8 \cdot 5 + 0.2 \cdot 0 = 4$, сам нейрон. При $p = 1$ никто не выключается, а
# деление на 1 ничего не меняет: слой не делает вообще ничего.
#
# </details>
#
# ### Упражнение `Dropout`, обучение: прямой проход (1,5 балла)
#
# Как и раньше: каждый раз новая `self.mask` из `self.rng`, типа bool, той же формы, что `x`; тип результата тот же, что у `x`.
#
# <details><summary>Подсказка</summary>
#
# Пусть в самой маске множителя не будет: она говорит, кто включён, и больше ничего. Деление стоит рядом с ней, в результате.
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

# %% [markdown] id="dropout-backward-task" lang="en"
# ### Its gradient
#
# For a neuron that is on, $y = x / p$: if $x$ grows by a hundredth, $y$ grows by a hundredth divided by $p$.
#
# $$\frac{\partial L}{\partial x_i} = \frac{\partial L}{\partial y_i} \cdot \frac{mask_i}{p}$$
#
# **With a pencil.** The mask is True, False, True, True, $p = 0.8$, `grad_out` is 8, 16, −24, 4. What is `dx`?
#
# <details><summary>Compare</summary>
#
# 10, 0, −30, 5. The gradient goes back by the same factors by which the values came.
#
# </details>
#
# ### Exercise `Dropout`, training: backward (1 point)
#
# <details><summary>Hint</summary>
#
# What multiplied `x` in your forward? The same multiplies `grad_out`.
#
# </details>

# %% [markdown] id="dropout-backward-task" lang="ru"
# ### Его градиент
#
# У включённого нейрона $y = x / p$: если $x$ вырос на одну сотую, $y$ вырос на одну сотую, делённую на $p$.
#
# $$\frac{\partial L}{\partial x_i} = \frac{\partial L}{\partial y_i} \cdot \frac{mask_i}{p}$$
#
# **С карандашом.** Маска — True, False, True, True, $p = 0.8$, `grad_out` — 8, 16, −24, 4. Чему равен `dx`?
#
# <details><summary>Сверить</summary>
#
# 10, 0, −30, 5. Градиент возвращается с теми же множителями, с какими пришли значения.
#
# </details>
#
# ### Упражнение `Dropout`, обучение: обратный проход (1 балл)
#
# <details><summary>Подсказка</summary>
#
# На что умножался `x` в вашем forward? На это же умножается и `grad_out`.
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

# %% [markdown] id="dropout-test-task" lang="en"
# ### Test mode
#
# **With a pencil.** After `eval()`, with $p = 0.8$: `x` is 5, −10 and `grad_out` is 10, 10. The output, and `dx`? If the layer scaled
# here once more, what would the next one get?
#
# <details><summary>Compare</summary>
#
# 5, −10 and 10, 10. The expectation in training was $x$ already. One more factor $p$, and the next layer gets 4, −8: a fifth less than it was trained for.
#
# </details>
#
# ### Exercise `Dropout`, test mode (1 point)
#
# It may well be the shortest exercise of the course. Returning the input itself is fine.
#
# <details><summary>Hint</summary>
#
# The derivative of $y = x$ is 1.
#
# </details>

# %% [markdown] id="dropout-test-task" lang="ru"
# ### Режим теста
#
# **С карандашом.** После `eval()`, при $p = 0.8$: `x` — это 5, −10, а `grad_out` — 10, 10. Каковы выход и `dx`? Что получит следующий слой, если здесь шкалировать ещё
# раз?
#
# <details><summary>Сверить</summary>
#
# 5, −10 и 10, 10. Матожидание при обучении уже равнялось $x$. Ещё один множитель $p$ — и следующий слой получит 4, −8: на пятую часть меньше, чем привык при обучении.
#
# </details>
#
# ### Упражнение `Dropout`, режим теста (1 балл)
#
# Возможно, это самое короткое упражнение курса. Вернуть сам вход — нормально.
#
# <details><summary>Подсказка</summary>
#
# Производная $y = x$ равна 1.
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
# A digit of 8 × 8 pixels goes through your `Dropout` with $p = 0.7$, three times in training and once at test. What is kept is brighter than in the digit, by
# $1 / 0.7$. In the black background nobody can see who is off: 0 stays 0.

# %% [markdown] id="own" lang="ru"
# ## Ваш слой за работой
#
# Цифра из 8 × 8 пикселей проходит через ваш `Dropout` при $p = 0.7$: трижды при обучении и один раз на тесте. Что осталось, ярче, чем в самой цифре, в $1 / 0.7$ раза. На
# чёрном фоне не видно, кто выключен: 0 остаётся нулём.

# %% id="own-picture" role="picture"
show_own_dropout(Dropout, keep_prob=0.7)

# %% [markdown] id="overfitting-intro" lang="en"
# ## Does it help? Measure it
#
# Now the real thing: 200 digits to learn from, and almost 1600 others that the network never sees in training. It has two hidden layers of 128 neurons, far more
# than 200 pictures can hold in check. Your `Dropout` stands behind each of them, with $p = 0.5$. The curves are means of three runs; dashed: the digits that are
# learnt from, solid: the new ones. The distance of the two is the **overfitting gap**.

# %% [markdown] id="overfitting-intro" lang="ru"
# ## Помогает ли? Измерим
#
# Теперь всерьёз: 200 цифр для обучения и почти 1600 других, которых сеть при обучении не видит. В ней два скрытых слоя по 128 нейронов — гораздо больше, чем могут
# удержать в узде 200 картинок. После каждого стоит ваш `Dropout` с $p = 0.5$. Кривые — средние по трём запускам; пунктир — цифры, на которых сеть училась, сплошная
# линия — новые. Расстояние между ними и есть **переобучение**.

# %% id="overfitting" role="picture"
show_overfitting(Dropout, keep_prob=0.5, samples=200, width=128)

# %% [markdown] id="overfitting-outro" lang="en"
# What to read off, with your layer or PyTorch's (three runs; yours may differ in the last digit):
#
# | after 40 epochs | without dropout | with dropout, $p = 0.5$ |
# | --- | --- | --- |
# | loss, learnt digits | 0.002 | 0.03 |
# | loss, new digits | 0.29 | 0.24 |
# | right answers, new digits | 92 % | 92 % |
#
# - The gap in the loss shrinks, from 0.29 to about 0.21, and at **both ends**: the network learns its 200 digits a little worse and the new ones better. It cannot
#   learn by heart any more.
# - On the right you see that dropout works no wonders. The number of **right answers** on new digits is the same, within what three runs can tell. The network is wrong
#   as often, but less sure of it where it is wrong, and that is what the loss measures.
# - Learning takes longer: the network without dropout knows its 200 digits sooner, and only after some twenty epochs is the loss on new digits lower with dropout. Its curves are
#   also more restless: each step trains another thinned network.
#
# The great gains in the paper come with large networks, long training and more data than this. And in your own work: **measure**.
#
# ### When not to
#
# "Dropout always helps" is a belief, and it is wrong. The same experiment with 16 neurons a layer in place of 128 (mind the axes,
# they have moved):

# %% [markdown] id="overfitting-outro" lang="ru"
# Что здесь видно — с вашим слоем или с тем, что из PyTorch (три запуска; у вас последняя цифра может быть другой):
#
# | после 40 эпох | без дропаута | с дропаутом, $p = 0.5$ |
# | --- | --- | --- |
# | функция потерь, выученные цифры | 0,002 | 0,03 |
# | функция потерь, новые цифры | 0,29 | 0,24 |
# | верных ответов, новые цифры | 92 % | 92 % |
#
# - Разрыв в функции потерь сокращается с 0,29 примерно до 0,21, причём **с обоих концов**: свои 200 цифр сеть учит чуть хуже, а на новых отвечает лучше. Выучить всё
#   наизусть она больше не может.
# - Справа видно, что чудес дропаут не творит. Доля **верных ответов** на новых цифрах та же, насколько об этом можно судить по трём запускам. Ошибается сеть так же
#   часто, но там, где ошибается, она меньше в себе уверена, а это и измеряет функция потерь.
# - Учиться приходится дольше: сеть без дропаута осваивает свои 200 цифр раньше, и лишь эпох через двадцать функция потерь на новых цифрах с дропаутом становится меньше. И кривые с ним
#   беспокойнее: каждый шаг обучает другую прорежённую сеть.
#
# Большие выигрыши в статье получены на больших сетях, при долгом обучении и при большем количестве данных. А в своей работе — **измеряйте**.
#
# ### Когда не нужно
#
# «Дропаут помогает всегда» — это поверье, и оно неверно. Тот же опыт, но в слоях не 128 нейронов, а 16 (обратите внимание
# на оси, они сдвинулись):

# %% id="narrow" role="picture"
show_overfitting(Dropout, keep_prob=0.5, samples=200, width=16)

# %% [markdown] id="when-not" lang="en"
# Now the network with dropout is far worse on the new digits, some 70 % right in place of 88 %, and it does not even manage those that it learns from. Eight neurons that are
# left are too few. So leave it out, or make $p$ larger, where
#
# - **the layers are narrow**: as here, a thinned network may be too small for its task;
# - **the network does not overfit**: if the loss on the training set is as high as on new samples, there is nothing for dropout to cure;
# - **there are very few samples**: no mask adds what the data do not say. In the paper the gain depends on the amount of data (its figure 10), and on the smallest sets
#   there is none;
# - **there is batch normalization**: it disturbs training by itself a little, and the lecture counts among its advantages that dropout is not needed (lesson 5);
# - **in convolutional layers**: neighbours in a map say nearly the same, so what one loses, the next one tells. Dropout usually stands in the fully connected part,
#   behind ReLU (lesson 6), or whole maps are dropped at once (`Dropout2d` in PyTorch, another layer);
# - **at the output**: it must be complete.
#
# The size of the layer, by the way, does not enter the formulas: $p$ is the fate of **one** neuron. A layer of $n$ neurons keeps $p n$ on the average, and the right
# factor is $p$ or $1 / p$ for every $n$. A usual first choice is $p = 0.5$ for hidden neurons and 0.8 or more for inputs.
#
# ### And when you check a gradient
#
# In other lessons a gradient can be checked by differences: $(f(x + h) - f(x - h)) / 2h$. Try that on dropout with a pencil: one neuron, $x = 3$, $h = 0.01$, $p = 0.5$,
# classic; in the first call the neuron happens to be on, in the second one off.
#
# <details><summary>Compare</summary>
#
# $(3.01 - 0) / 0.02 = 150.5$. The true answers are 1 (on) and 0 (off). Each call has drawn a **mask of its own**, so two different networks were subtracted from one another.
# The mask has to be held: make the layer anew, with a generator of the same seed, before each of the two calls, or check in test mode. The checks of this notebook
# read the mask that you have drawn, and compute with it.
#
# </details>

# %% [markdown] id="when-not" lang="ru"
# Теперь сеть с дропаутом намного хуже на новых цифрах: около 70 % верных ответов вместо 88 %, да и те, на которых училась, толком не выучила. Восьми оставшихся нейронов
# слишком мало. Поэтому обойдитесь без него или возьмите $p$ побольше, если
#
# - **слои узкие**: прорежённая сеть, как здесь, может оказаться слишком мала для своей задачи;
# - **сеть не переобучается**: если на обучающей выборке функция потерь так же велика, как на новых примерах, лечить дропауту нечего;
# - **примеров совсем мало**: чего нет в данных, того маска не добавит. В статье выигрыш зависит от количества данных (рисунок 10), и на самых маленьких выборках его нет;
# - **есть нормализация по пакету**: она сама немного мешает обучению, и среди её преимуществ в лекции названо «не нужен дропаут» (занятие 5);
# - **слой свёрточный**: соседи на карте говорят почти одно и то же, и о чём промолчит один, расскажет другой. Дропаут обычно ставят в полносвязной части, после ReLU
#   (занятие 6), или выключают карты целиком (`Dropout2d` в PyTorch, это другой слой);
# - **это выход сети**: он нужен весь.
#
# А вот размер слоя в формулы не входит: $p$ — это судьба **одного** нейрона. В слое из $n$ нейронов остаётся в среднем $p n$, а верный множитель — $p$ или $1 / p$ при любом $n$.
# Обычно начинают с $p = 0.5$ для скрытых нейронов и с 0,8 или больше для входов.
#
# ### И когда проверяете градиент
#
# На других занятиях градиент можно проверить разностями: $(f(x + h) - f(x - h)) / 2h$. Попробуйте с карандашом сделать это для дропаута: один нейрон, $x = 3$, $h = 0.01$, $p = 0.5$,
# классический вариант; в первом вызове нейрон оказался включён, во втором — выключен.
#
# <details><summary>Сверить</summary>
#
# $(3.01 - 0) / 0.02 = 150.5$. А верные ответы — 1 (включён) и 0 (выключен). Каждый вызов разыграл **свою маску**, и друг из друга вычли две разные сети. Маску нужно удержать:
# перед каждым из двух вызовов создать слой заново, с генератором от того же зерна, или проверять в режиме теста. Проверки этой тетради читают маску, которую разыграли вы,
# и считают с ней.
#
# </details>

# %% [markdown] id="torch" lang="en"
# ## Here and in PyTorch
#
# | | here | in PyTorch |
# | --- | --- | --- |
# | the number in the brackets | the probability to **keep** | the probability to **drop** |
# | keep 80 % | `Dropout(keep_prob=0.8)` | `torch.nn.Dropout(p=0.2)` |
# | in training | $x \cdot mask / p$ | the same, written as $x \cdot mask / (1 - p)$ with its own $p$ |
# | at test | $x$ | $x$ |
# | switching | `layer.train()`, `layer.eval()`, `layer.training` | the same names |
# | if nothing is said | `keep_prob` must be given | `p=0.5`, the one number for which both mean the same |
#
# The last line is the trap: whoever mixes the two up notices nothing at 0.5, and at 0.8 trains with a fifth of the neurons. When you read other people's code, look first
# which of the two is meant. Classic dropout is not in PyTorch.
#
# Both of your layers and the two modes in one line each:
#
# - **classic**: in training switch off; at test multiply by $p$;
# - **inverted**: in training switch off and divide by $p$; at test do nothing;
# - the gradient takes the way of the values, by the same mask and the same factor;
# - there is nothing to train in it, but training and test differ: do not forget `eval()`.

# %% [markdown] id="torch" lang="ru"
# ## Здесь и в PyTorch
#
# | | здесь | в PyTorch |
# | --- | --- | --- |
# | число в скобках | вероятность **оставить** | вероятность **выключить** |
# | оставить 80 % | `Dropout(keep_prob=0.8)` | `torch.nn.Dropout(p=0.2)` |
# | при обучении | $x \cdot mask / p$ | то же самое, но с его $p$ это записано как $x \cdot mask / (1 - p)$ |
# | на тесте | $x$ | $x$ |
# | переключение | `layer.train()`, `layer.eval()`, `layer.training` | имена те же |
# | если не указать | `keep_prob` указывать обязательно | `p=0.5`, единственное число, при котором смысл совпадает |
#
# В последней строке ловушка: кто их перепутал, при 0,5 ничего не заметит, а при 0,8 будет обучать пятую часть нейронов. Читая чужой код, первым делом выясните, какая из
# двух вероятностей имеется в виду. Классического дропаута в PyTorch нет.
#
# Оба ваших слоя и оба режима, по строке на каждый:
#
# - **классический**: при обучении выключаем; на тесте умножаем на $p$;
# - **второй**: при обучении выключаем и делим на $p$; на тесте не делаем ничего;
# - градиент идёт путём значений, с той же маской и с тем же множителем;
# - обучать в слое нечего, но при обучении и на тесте он работает по-разному: не забывайте про `eval()`.

# %% [markdown] id="end" lang="en"
# ## What is done
#
# Run this cell whenever you like. It shows the checks of this session; after a restart, run the notebook once from the top.

# %% [markdown] id="end" lang="ru"
# ## Что сделано
#
# Выполняйте эту ячейку когда угодно. Она показывает проверки этого сеанса; после перезапуска выполните тетрадь один раз с начала.

# %% id="progress" role="given"
progress("04_dropout")
