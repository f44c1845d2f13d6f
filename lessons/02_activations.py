# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] id="title" lang="en"
# # 2 · Nonlinearity
#
# A convolution gives numbers of both signs: "here is my pattern", "here is its opposite", "nothing here". After it comes a layer that
# seems to do hardly anything: it takes each number by itself and bends it. This is the **nonlinearity**, also called the **activation**,
# for example $ReLU(x) = \max(0, x)$.
#
# A network needs it for two reasons:
#
# - **it lets the most significant information through** and stops the rest;
# - **it makes depth count**: without it, a hundred layers can do no more than one. The lecture says that it increases the *effective
#   depth*.
#
# It is applied **element by element** to all neurons of a layer, and as a rule it has **nothing to train** (PReLU is one of the
# rare exceptions, and you will write it).
#
# In this notebook you will
#
# 1. see both reasons in pictures and in numbers,
# 2. write ReLU, the sigmoid, tanh, leaky ReLU, ELU, PReLU and Maxout, forward and backward,
# 3. watch a gradient vanish in ten layers, and a neuron die,
# 4. make the formulas work for numbers as large as 1000.

# %% [markdown] id="title" lang="ru"
# # 2 · Нелинейность
#
# Свёртка отвечает числами обоих знаков: «здесь мой признак», «здесь его противоположность», «здесь ничего». За ней идёт слой, который,
# казалось бы, почти ничего не делает: применяет к каждому числу по отдельности одну и ту же нелинейную функцию. Это и есть **нелинейность**,
# её также называют **активацией**; например, $ReLU(x) = \max(0, x)$.
#
# Нужна она по двум причинам:
#
# - **выделяет наиболее значимую информацию**, а остальное останавливает;
# - **увеличивает эффективную глубину** сети, как сказано в лекции: без нелинейности сто слоёв умеют не больше, чем один.
#
# Применяется она **поэлементно** ко всем нейронам слоя и обычно **не имеет обучаемых параметров** (PReLU — редкое исключение, её
# вы тоже напишете).
#
# В этой тетради вы
#
# 1. увидите обе причины на картинках и в числах,
# 2. напишете ReLU, сигмоиду, гиперболический тангенс, ReLU с утечкой, ELU, PReLU и Maxout: прямой и обратный проход,
# 3. понаблюдаете, как в десяти слоях исчезает градиент и как умирает нейрон,
# 4. сделаете так, чтобы формулы не ломались на числах вроде 1000.

# %% id="setup" role="setup"
import numpy as np

from ncl_course import ask, check, language, progress
from ncl_course.nn import Layer
from ncl_course.viz import (
    activation_explorer,
    depth_explorer,
    dying_explorer,
    maxout_explorer,
    show_activations,
    show_depth,
    show_dying,
    show_edges,
    show_family,
    show_folds,
    show_gate,
    show_layers_with_numbers,
    show_own_activations,
    show_tanh_from_sigmoid,
    tanh_explorer,
)

# %% [markdown] id="places-intro" lang="en"
# ## Where it stands
#
# *About 5 minutes.*
#
# Here is a small network for pictures of 28 × 28, layer by layer. Below each layer are two numbers: how many inputs one of its outputs depends
# on, and how many numbers it trains.

# %% [markdown] id="places-intro" lang="ru"
# ## Где она стоит
#
# *Около 5 минут.*
#
# Вот небольшая сеть для картинок 28 × 28, слой за слоем. Под каждым слоем два числа: от скольких входов зависит один его выход и сколько чисел
# в нём обучается.

# %% id="places" role="picture"
show_layers_with_numbers()

# %% id="ask-which-layer" role="question"
ask("activations.which-layer")

# %% [markdown] id="edges-intro" lang="en"
# ## It lets significant information through
#
# A filter for vertical edges goes over a photograph. Its answers have both signs: orange and violet mark edges of opposite directions.
# A ReLU keeps one of the two and sets everything else to 0:

# %% [markdown] id="edges-intro" lang="ru"
# ## Выделить значимое
#
# Фильтр вертикальных границ проходит по фотографии и отвечает числами обоих знаков: оранжевое и фиолетовое — границы противоположных
# направлений. ReLU оставляет границы одного направления, а всё остальное обращает в нуль:

# %% id="edges" role="picture"
show_edges()

# %% [markdown] id="depth-why" lang="en"
# ## It makes depth count
#
# *About 5 minutes.*
#
# Take two linear layers without biases, one after the other: $y = A_2 (A_1 x)$. A product of matrices is a matrix, so one layer with
# $A = A_2 A_1$ does the same. (With biases it is the same story: $A_2 (A_1 x + b_1) + b_2$ is one linear layer with the matrix
# $A_2 A_1$ and the bias $A_2 b_1 + b_2$.) Here it is in numbers:

# %% [markdown] id="depth-why" lang="ru"
# ## Увеличить эффективную глубину
#
# *Около 5 минут.*
#
# Возьмём два линейных слоя без сдвигов подряд: $y = A_2 (A_1 x)$. Произведение матриц — снова матрица, поэтому один слой с
# $A = A_2 A_1$ делает то же самое. (Со сдвигами всё так же: $A_2 (A_1 x + b_1) + b_2$ — это один линейный слой с матрицей $A_2 A_1$ и
# сдвигом $A_2 b_1 + b_2$.) Убедимся на числах:

# %% id="two-linear" role="given"
x = np.array([1.0, -2.0])
A1 = np.array([[1.0, 2.0], [3.0, -1.0]])
A2 = np.array([[2.0, 1.0], [0.0, 4.0]])

print("two layers:        ", A2 @ (A1 @ x))
print("one layer, A2 A1:  ", (A2 @ A1) @ x)
print("ReLU in between:   ", A2 @ np.maximum(0, A1 @ x))
print("... and for -x:    ", A2 @ np.maximum(0, A1 @ -x))

# %% [markdown] id="folds-intro" lang="en"
# With a ReLU in between, no single matrix can give the last two lines: a matrix that turns $x$ into $y$ must turn $-x$ into $-y$.
#
# What does each further layer add? Below, each layer uses two ReLUs to fold the interval from 0 to 1 in the middle. Count the peaks.
# Without the ReLUs the same layers give a straight line, however many there are:

# %% [markdown] id="folds-intro" lang="ru"
# Если между слоями стоит ReLU, двух последних строк не даст ни одна матрица: если матрица переводит $x$ в $y$, то $-x$ она обязана
# перевести в $-y$.
#
# А что даёт каждый следующий слой? Ниже каждый слой с помощью двух ReLU складывает отрезок от 0 до 1 пополам. Посчитайте вершины. Если
# ReLU убрать, те же слои, сколько бы их ни было, дадут прямую:

# %% id="folds" role="picture"
show_folds()

# %% id="ask-peaks" role="question"
ask("activations.peaks")

# %% [markdown] id="all-intro" lang="en"
# ## Six curves and their derivatives
#
# *About 10 minutes.*
#
# Look at the derivatives as carefully as at the values. The forward pass passes the value on; the backward pass passes the gradient
# back, **multiplied by the derivative**. Where the dashed line is near 0, almost nothing comes back.

# %% [markdown] id="all-intro" lang="ru"
# ## Шесть кривых и их производные
#
# *Около 10 минут.*
#
# На производные смотрите так же внимательно, как на значения: в прямом проходе дальше передаётся значение, а в обратном назад
# возвращается градиент, **умноженный на производную**. Там, где пунктир около нуля, назад почти ничего не вернётся.

# %% id="all" role="picture"
show_activations()

# %% [markdown] id="curves-explore-before" lang="en"
# ### Try them yourself
#
# Choose an activation and slide `x` along its curve. Leaky ReLU, PReLU and ELU also have an `alpha` that you can move. (A PReLU has
# the curve of a leaky ReLU, but it learns its alpha.) On the right are a feature map, which is the photograph after the filter for
# edges, and what the activation makes of it: violet is positive, orange is negative, white is 0.

# %% [markdown] id="curves-explore-before" lang="ru"
# ### Попробуйте сами
#
# Выберите нелинейность и двигайте `x` вдоль кривой. У ReLU с утечкой, PReLU и ELU можно двигать и `alpha`. (Кривая у PReLU такая же, как у
# ReLU с утечкой, только alpha она подбирает сама, при обучении.) Справа — карта признаков, то есть ответ фильтра границ на фотографию, и то, что
# делает из неё нелинейность: фиолетовое положительно, оранжевое отрицательно, белое — ноль.

# %% id="ask-straight-line" role="question"
ask("activations.straight-line")

# %% id="ask-elu-smooth" role="question"
ask("activations.elu-smooth")

# %% id="ask-nothing-orange" role="question"
ask("activations.nothing-orange")

# %% [markdown] id="curves-explore" lang="en"
# Now move the sliders and see whether you were right.

# %% [markdown] id="curves-explore" lang="ru"
# Теперь подвигайте ползунки и проверьте себя.

# %% id="curves-explorer" role="picture"
activation_explorer()

# %% [markdown] id="relu-intro" lang="en"
# ## ReLU
#
# *About 20 minutes.*
#
# Think of a gate. It lets a positive number through as it is and stops a negative one, so that 0 comes out. In the backward pass **the
# same gates are open as in the forward pass**: where a number passed, its gradient passes, whatever the sign of the gradient; where
# the gate was shut, nothing passes.

# %% [markdown] id="relu-intro" lang="ru"
# ## ReLU
#
# *Около 20 минут.*
#
# Представьте калитку. Положительное число она пропускает без изменений, а отрицательное — нет, и на выходе получается 0. В обратном
# проходе **открыты те же калитки, что и в прямом**: где прошло число, пройдёт и его градиент, какого бы знака он ни был; где было
# закрыто, не пройдёт ничего.

# %% id="gate" role="picture"
show_gate([-2, 3, -1, 0.5, 4], [5, -6, 7, 8, -9])

# %% id="ask-relu-dx" role="question"
ask("activations.relu-dx")

# %% [markdown] id="relu-task" lang="en"
# $$ReLU(x) = \max(0, x) \qquad \frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \cdot \begin{cases} 1 & x > 0 \\ 0 & x < 0 \end{cases}$$
#
# At exactly 0 the curve has a corner and no derivative. There, any slope between the left one and the right one, a *subgradient*, is
# correct, and the check accepts all of them. PyTorch takes 0.
#
# ### Exercise `ReLU`, forward (0.5 points)
#
# The input has any shape, from one axis to four, and the output has the same shape and dtype. Do not change the input: other layers
# may still need it. Keep on `self` what `backward` will need.
#
# <details><summary>Hint</summary>
#
# NumPy can compare a whole array with a number, element by element, and take the larger one of each pair. It is not `np.max`.
#
# </details>

# %% [markdown] id="relu-task" lang="ru"
# $$ReLU(x) = \max(0, x) \qquad \frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \cdot \begin{cases} 1 & x > 0 \\ 0 & x < 0 \end{cases}$$
#
# Ровно в нуле — излом, производной там нет. Годится любой наклон между левым и правым, так называемый *субградиент*, и проверка примет
# любой. PyTorch берёт 0.
#
# ### Упражнение `ReLU`, прямой проход (0,5 балла)
#
# Вход любой формы, от одной оси до четырёх; у выхода та же форма и тот же тип чисел. Сам вход меняться не должен: он может быть ещё
# нужен другим слоям. Сохраните в `self` то, что понадобится в `backward`.
#
# <details><summary>Подсказка</summary>
#
# NumPy умеет сравнить весь массив с одним числом поэлементно и взять из каждой пары большее. Это не `np.max`.
#
# </details>


# %% id="relu-forward" solves="ReLU"
class ReLU(Layer):
    def forward(self, x):
        ### BEGIN SOLUTION
        self.x = x
        return np.maximum(0, x)
        ### END SOLUTION


# %% id="check-relu-forward" check="ReLU.forward"
check(ReLU, "forward")

# %% [markdown] id="relu-backward-task" lang="en"
# ### Exercise `ReLU`, backward (1 point)
#
# `backward` always refers to the latest call of `forward` and may be called twice. The class statement below continues your class. (If
# you change the first cell and run it again, run this one again too.)
#
# <details><summary>Hint</summary>
#
# Go back to the question: which numbers of `grad_out` passed, and what decided it? Write that decision as one comparison of a
# whole array. What are True and False worth in a product?
#
# </details>

# %% [markdown] id="relu-backward-task" lang="ru"
# ### Упражнение `ReLU`, обратный проход (1 балл)
#
# `backward` относится к последнему прямому проходу, и вызвать его могут дважды. Ячейка ниже продолжает ваш класс. (Если измените и
# выполните первую ячейку, выполните заново и эту.)
#
# <details><summary>Подсказка</summary>
#
# Вернитесь к вопросу: какие числа из `grad_out` прошли и что это решало? Запишите это решение одним сравнением целого
# массива. За какие числа считаются True и False в произведении?
#
# </details>


# %% id="relu-backward" solves="ReLU"
class ReLU(ReLU):
    def backward(self, grad_out):
        ### BEGIN SOLUTION
        return grad_out * (self.x > 0)
        ### END SOLUTION


# %% id="check-relu-backward" check="ReLU.backward"
check(ReLU, "backward")

# %% [markdown] id="sigmoid-intro" lang="en"
# ## The sigmoid, and the number 1000
#
# *About 25 minutes.*
#
# The sigmoid maps every number into the interval from 0 to 1. It is a soft switch, and its output is easy to read as a probability.
#
# $$\sigma(x) = \frac{1}{1 + e^{-x}} = \frac{e^x}{1 + e^x}$$
#
# On paper the two forms are equal. In floating point they are not: $e^{1000}$ is too large and becomes ∞. Look at both. (The warnings
# are switched off here so that the notebook goes on; your layer must not cause any.)

# %% [markdown] id="sigmoid-intro" lang="ru"
# ## Сигмоида и число 1000
#
# *Около 25 минут.*
#
# Сигмоида переводит любое число в промежуток от 0 до 1. Это мягкий выключатель, и его выход легко прочитать как вероятность.
#
# $$\sigma(x) = \frac{1}{1 + e^{-x}} = \frac{e^x}{1 + e^x}$$
#
# На бумаге обе записи равны, а в числах с плавающей точкой — нет: $e^{1000}$ в них не помещается и превращается в ∞. Посмотрите на
# обе. (Предупреждения здесь отключены, чтобы тетрадь выполнялась дальше; у вашего слоя их быть не должно.)

# %% id="sigmoid-overflow" role="given"
with np.errstate(all="ignore"):
    for value in (-1000.0, 0.0, 1000.0):
        e = np.exp(np.float64(value))
        print(
            f"x = {value:6.0f}   exp(x) = {e:3.0f}   1/(1+exp(-x)) = {1 / (1 + np.exp(-value)):.1f}   exp(x)/(1+exp(x)) = {e / (1 + e):.1f}"
        )

# %% [markdown] id="sigmoid-task-before" lang="en"
# The first form gives the right answer everywhere, but for a large negative $x$ it overflows on the way. The second form gives NaN at
# 1000: ∞ / ∞.

# %% [markdown] id="sigmoid-task-before" lang="ru"
# Первая запись всюду даёт верный ответ, но при больших отрицательных $x$ переполняется по пути. Вторая при 1000 — это NaN: ∞ / ∞.

# %% id="ask-sigmoid-ln-3" role="question"
ask("activations.sigmoid-ln-3")

# %% [markdown] id="sigmoid-task" lang="en"
# ### Exercise `Sigmoid`, forward (1 point)
#
# The result must be finite and come without a single warning, for −1000 and 1000 in one batch and in float32 too.
#
# <details><summary>Hint 1: when is an exponential harmless?</summary>
#
# $e^t$ with $t \le 0$ lies between 0 and 1. For which $x$ does each of the two forms have such an exponent?
#
# </details>
#
# <details><summary>Hint 2: np.where computes both sides</summary>
#
# `np.where(condition, a, b)` chooses only after both `a` and `b` have been computed for **all** elements, so the side that is not
# needed overflows. Give the exponential an exponent that is never positive, whatever the sign of $x$. Which exponent does each of the
# two forms need, and what do they have in common?
#
# </details>

# %% [markdown] id="sigmoid-task" lang="ru"
# ### Упражнение `Sigmoid`, прямой проход (1 балл)
#
# Конечный ответ и ни одного предупреждения при −1000 и 1000 в одном пакете, в том числе в float32.
#
# <details><summary>Подсказка 1: когда экспонента безобидна?</summary>
#
# $e^t$ при $t \le 0$ лежит между 0 и 1. При каких $x$ в каждой из двух записей стоит именно такой показатель?
#
# </details>
#
# <details><summary>Подсказка 2: np.where вычисляет обе стороны</summary>
#
# `np.where(condition, a, b)` выбирает уже после того, как и `a`, и `b` вычислены для **всех** элементов, и ненужная сторона
# переполняется. Поэтому дайте экспоненте показатель, который не бывает положительным, какого бы знака ни был $x$. Какой показатель
# нужен каждой из двух записей и что у них общего?
#
# </details>


# %% id="sigmoid-forward" solves="Sigmoid"
class Sigmoid(Layer):
    def forward(self, x):
        ### BEGIN SOLUTION
        small = np.exp(-np.abs(x))
        self.y = np.where(x >= 0, 1, small) / (1 + small)
        return self.y
        ### END SOLUTION


# %% id="check-sigmoid-forward" check="Sigmoid.forward"
check(Sigmoid, "forward")

# %% [markdown] id="sigmoid-backward-task-before" lang="en"
# ### Its gradient
#
# Differentiate $(1 + e^{-x})^{-1}$: the derivative can be written in terms of the **output** $s = \sigma(x)$ alone:
#
# $$\sigma'(x) = \frac{e^{-x}}{(1 + e^{-x})^2} = \frac{1}{1 + e^{-x}} \cdot \frac{e^{-x}}{1 + e^{-x}} = s (1 - s)$$

# %% [markdown] id="sigmoid-backward-task-before" lang="ru"
# ### Её градиент
#
# Продифференцируем $(1 + e^{-x})^{-1}$: производная выражается через один только **выход** $s = \sigma(x)$:
#
# $$\sigma'(x) = \frac{e^{-x}}{(1 + e^{-x})^2} = \frac{1}{1 + e^{-x}} \cdot \frac{e^{-x}}{1 + e^{-x}} = s (1 - s)$$

# %% id="ask-steepest" role="question"
ask("activations.steepest")

# %% [markdown] id="sigmoid-backward-task" lang="en"
# ### Exercise `Sigmoid`, backward (1 point)
#
# <details><summary>Hint</summary>
#
# The formula needs the output of the sigmoid, not its input. Which of the two does your forward keep?
#
# </details>

# %% [markdown] id="sigmoid-backward-task" lang="ru"
# ### Упражнение `Sigmoid`, обратный проход (1 балл)
#
# <details><summary>Подсказка</summary>
#
# Формуле нужен выход сигмоиды, а не её вход. Что из этого сохраняет ваш forward?
#
# </details>


# %% id="sigmoid-backward" solves="Sigmoid"
class Sigmoid(Sigmoid):
    def backward(self, grad_out):
        ### BEGIN SOLUTION
        return grad_out * self.y * (1 - self.y)
        ### END SOLUTION


# %% id="check-sigmoid-backward" check="Sigmoid.backward"
check(Sigmoid, "backward")

# %% [markdown] id="tanh-intro-before" lang="en"
# ## Hyperbolic tangent
#
# *About 30 minutes.*
#
# All outputs of a sigmoid are positive, but the next layer learns more easily from numbers around 0. So we change the curve: three
# numbers turn $\sigma(x)$ into $a \cdot \sigma(kx) + b$. `k` says how many times narrower the curve becomes, `a` how many times
# higher, and `b` how far it moves up or down. The pale dashed curve is the target, $\tanh x$; on the right are the derivatives of
# both.

# %% [markdown] id="tanh-intro-before" lang="ru"
# ## Гиперболический тангенс
#
# *Около 30 минут.*
#
# Все выходы сигмоиды положительны, а следующему слою удобнее числа около нуля. Изменим её кривую: три числа превращают $\sigma(x)$ в $a \cdot \sigma(kx) + b$. `k` —
# во сколько раз кривая сожмётся по ширине, `a` — во сколько раз растянется по высоте, `b` — на сколько поднимется или опустится. Бледный пунктир — цель,
# $\tanh x$; справа производные обеих кривых.

# %% id="ask-tanh-numbers" role="question"
ask("activations.tanh-numbers")

# %% id="ask-ten-tanh" role="question"
ask("activations.ten-tanh")

# %% id="ask-narrow" role="question"
ask("activations.narrow")

# %% [markdown] id="tanh-intro" lang="en"
# Now move the sliders and see whether you were right.

# %% [markdown] id="tanh-intro" lang="ru"
# Теперь подвигайте ползунки и проверьте себя.

# %% id="tanh-explorer" role="picture"
tanh_explorer()

# %% [markdown] id="tanh-explored" lang="en"
# You may move the sliders in any order: in the formula the squeeze always comes first, then the stretch, then the shift. Another order
# in the formula gives another curve: shifted by −1 first and then stretched by 2, it would be $2(\sigma(2x) - 1) = 2\sigma(2x) - 2$,
# from −2 to 0.
#
# Here are the steps: the sigmoid, the sigmoid squeezed, and the sigmoid squeezed, stretched and shifted.

# %% [markdown] id="tanh-explored" lang="ru"
# Ползунки можно двигать в любом порядке: в формуле всегда сначала сжатие, потом растяжение, потом сдвиг. А другой порядок в самой
# формуле даст другую кривую: если сначала сдвинуть на −1, а потом растянуть вдвое, получится $2(\sigma(2x) - 1) = 2\sigma(2x) - 2$, от
# −2 до 0.
#
# Вот те же действия по порядку: сигмоида; она же после сжатия; она же после сжатия, растяжения и сдвига.

# %% id="tanh-picture" role="picture"
show_tanh_from_sigmoid()

# %% [markdown] id="tanh-task-before" lang="en"
# $$\tanh(x) = 2\sigma(2x) - 1 = \frac{e^x - e^{-x}}{e^x + e^{-x}}$$

# %% [markdown] id="tanh-task-before" lang="ru"
# $$\tanh(x) = 2\sigma(2x) - 1 = \frac{e^x - e^{-x}}{e^x + e^{-x}}$$

# %% id="ask-tanh-half-ln-3" role="question"
ask("activations.tanh-half-ln-3")

# %% [markdown] id="tanh-task" lang="en"
# ### Exercise `Tanh`, forward (1 point)
#
# Write it by the lecture's formula, or use NumPy's own function. Again, the result must be finite and come without warnings at ±1000.
#
# <details><summary>Hint</summary>
#
# The quotient of exponentials is ∞ / ∞ at 1000. Your `Sigmoid` is stable already, and a layer may use another layer.
#
# </details>

# %% [markdown] id="tanh-task" lang="ru"
# ### Упражнение `Tanh`, прямой проход (1 балл)
#
# Напишите его по формуле лекции или воспользуйтесь готовой функцией NumPy. И снова: при ±1000 ответ конечен и предупреждений нет.
#
# <details><summary>Подсказка</summary>
#
# Частное экспонент при 1000 — это ∞ / ∞. Ваша `Sigmoid` уже устойчива, а один слой может пользоваться другим.
#
# </details>


# %% id="tanh-forward" solves="Tanh"
class Tanh(Layer):
    def forward(self, x):
        ### BEGIN SOLUTION
        self.y = 2 * Sigmoid().forward(2 * x) - 1
        return self.y
        ### END SOLUTION


# %% id="check-tanh-forward" check="Tanh.forward"
check(Tanh, "forward")

# %% [markdown] id="tanh-backward-task" lang="en"
# ### Its gradient
#
# By the chain rule $\tanh'(x) = 2 \cdot \sigma'(2x) \cdot 2 = 4 s (1 - s)$ with $s = \sigma(2x)$. With $y = 2s - 1$ this becomes
#
# $$\tanh'(x) = 1 - y^2$$
#
# At 0 the slope is 1, four times that of the sigmoid. Far from 0 the curve is flat: tanh is **saturated**, and the slope vanishes all the
# same.
#
# ### Exercise `Tanh`, backward (1 point)
#
# <details><summary>Hint</summary>
#
# Again the formula needs the output. Check it with a number: for $x = 2$ the factor must be small and positive.
#
# </details>

# %% [markdown] id="tanh-backward-task" lang="ru"
# ### Его градиент
#
# По правилу дифференцирования сложной функции $\tanh'(x) = 2 \cdot \sigma'(2x) \cdot 2 = 4 s (1 - s)$, где $s = \sigma(2x)$. Через $y = 2s - 1$ это
#
# $$\tanh'(x) = 1 - y^2$$
#
# В нуле наклон равен 1, вчетверо больше, чем у сигмоиды. А вдали от нуля кривая плоская: там tanh **насыщен**, и наклон исчезает точно
# так же.
#
# ### Упражнение `Tanh`, обратный проход (1 балл)
#
# <details><summary>Подсказка</summary>
#
# Формуле снова нужен выход. Проверьте себя на числе: при $x = 2$ множитель должен быть маленьким и положительным.
#
# </details>


# %% id="tanh-backward" solves="Tanh"
class Tanh(Tanh):
    def backward(self, grad_out):
        ### BEGIN SOLUTION
        return grad_out * (1 - self.y**2)
        ### END SOLUTION


# %% id="check-tanh-backward" check="Tanh.backward"
check(Tanh, "backward")

# %% [markdown] id="saturation" lang="en"
# ## Saturation, measured
#
# *About 15 minutes.*
#
# Take ten layers of 100 neurons with random weights, drawn from $\mathcal{N}(0, 1/n)$ with $n = 100$ inputs (for ReLU from
# $\mathcal{N}(0, 2/n)$). Noise goes in at the bottom, and a random gradient comes in at the top. On the left you see how the
# activations, that is, the outputs of the neurons, are distributed in layers 1, 4, 7 and 10; on the right, the length of the gradient that is left in each layer (note the
# logarithmic scale):

# %% [markdown] id="saturation" lang="ru"
# ## Насыщение: измерим
#
# *Около 15 минут.*
#
# Возьмём десять слоёв по 100 нейронов. Веса случайны, из $\mathcal{N}(0, 1/n)$, где $n = 100$ — число входов (для ReLU — из
# $\mathcal{N}(0, 2/n)$). На вход первого слоя подаётся шум, а на выход последнего — случайный градиент. Слева — как распределены
# активации, то есть выходы нейронов, в слоях 1, 4, 7 и 10; справа — какой длины градиент доходит до каждого слоя (шкала логарифмическая):

# %% id="saturation-picture" role="picture"
show_depth()

# %% [markdown] id="saturation-outro" lang="en"
# - **Sigmoid.** The derivative is at most 1/4. With these weights, $\mathcal{N}(0, 1/n)$, multiplying by the weights alone keeps the
#   gradient's length, so every layer makes it about 4 times shorter: nine layers further back, about one five-hundred-thousandth is
#   left, and the first layers do not learn. The spikes in the histogram are single neurons: deep in the network each gives nearly the
#   same answer to every input. In a deep network, a sigmoid is *not* harmless.
# - **tanh.** The slope at 0 is 1, so the gradient does not vanish. In layer 1 many activations are already close to ±1, where tanh is
#   saturated.
# - **ReLU.** Half of the numbers are 0, and nothing passes there; the other half passes with slope 1. Weights that are larger by a
#   factor of $\sqrt 2$ make up for the lost half in every layer, so the gradient keeps its length; with other weights it does not.
#   This is one reason why ReLU is the usual choice between convolutions.

# %% [markdown] id="saturation-outro" lang="ru"
# - **Сигмоида.** Производная не больше 1/4. При таких весах, $\mathcal{N}(0, 1/n)$, само умножение на матрицу весов длину градиента
#   почти не меняет, поэтому на каждом слое он укорачивается примерно вчетверо: через девять слоёв остаётся около одной
#   пятисоттысячной, и первые слои не учатся. Пики на гистограмме — отдельные нейроны: в глубине сети каждый отвечает почти одно и то
#   же на любой вход. Так что в глубокой сети сигмоида *не* безобидна.
# - **tanh.** В нуле наклон 1, и градиент не исчезает. В первом слое многие активации уже близки к ±1, там tanh насыщен.
# - **ReLU.** Половина чисел — нули, там не проходит ничего; другая половина проходит с наклоном 1. Веса, увеличенные в $\sqrt 2$ раз,
#   возмещают потерянную половину в каждом слое, и градиент сохраняет длину; при других весах — не сохраняет. Это одна из причин,
#   почему между свёртками обычно ставят ReLU.

# %% [markdown] id="depth-explore-before" lang="en"
# ### Make the weights larger and smaller
#
# Here are the same ten layers with weights of any scale $s$: they are drawn from $\mathcal{N}(0, s^2/100)$, where 100 is the number of
# inputs. (Above, $s$ was 1, and $\sqrt 2$ for ReLU.) Under each histogram are its smallest and its largest activation.

# %% [markdown] id="depth-explore-before" lang="ru"
# ### Сделайте веса больше и меньше
#
# Те же десять слоёв при любом размахе весов $s$: веса распределены как $\mathcal{N}(0, s^2/100)$, где 100 — число входов. (Выше $s$
# был равен 1, а для ReLU $\sqrt 2$.) Под каждой гистограммой — наименьшая и наибольшая активация.

# %% id="ask-scale" role="question"
ask("activations.scale")

# %% id="ask-sigmoid-scale" role="question"
ask("activations.sigmoid-scale")

# %% id="ask-tanh-large-weights" role="question"
ask("activations.tanh-large-weights")

# %% [markdown] id="depth-explore" lang="en"
# Now move the sliders and see whether you were right. Look also at ReLU below and above $\sqrt 2$: with a smaller scale, activations and
# gradient shrink together from layer to layer; with a larger one, both explode.

# %% [markdown] id="depth-explore" lang="ru"
# Теперь подвигайте ползунки и проверьте себя. Посмотрите и на ReLU при размахе меньше $\sqrt 2$ и больше: при меньшем активации и градиент
# от слоя к слою вместе затухают, при большем — взрываются.

# %% id="depth-explorer" role="picture"
depth_explorer()

# %% [markdown] id="dying" lang="en"
# ## A neuron dies
#
# *About 10 minutes.*
#
# ReLU has a weakness of its own. A single neuron $ReLU(wx + b)$ learns $y = x$ on twenty points between 0 and 1. Its first step is too
# large: $b$ becomes so negative that $wx + b < 0$ for **all** points. Now all gates are shut, the gradient is exactly 0, and no later
# step, however careful, changes anything: the neuron is **dead**. With a small slope below 0, a leak, the neuron recovers from the
# same accident:

# %% [markdown] id="dying" lang="ru"
# ## Нейрон умирает
#
# *Около 10 минут.*
#
# У ReLU есть своя слабость. Один нейрон $ReLU(wx + b)$ учится выдавать $y = x$ на двадцати точках между 0 и 1. Первый шаг слишком
# велик, $b$ становится таким отрицательным, что $wx + b < 0$ для **всех** точек. Теперь все калитки закрыты, градиент в точности равен
# 0, и никакой следующий шаг, каким бы осторожным он ни был, ничего не изменит: нейрон **мёртв**. С утечкой слева от нуля то же
# несчастье поправимо:

# %% id="dying-picture" role="picture"
show_dying()

# %% [markdown] id="dying-explore-before" lang="en"
# ### Kill the neuron, and bring it back
#
# The dots are $wx + b$ on the twenty samples: blue above 0, hollow and orange below. The green line is the neuron's answer. A step
# subtracts from $w$ and from $b$ their gradient times the **learning rate**. Choose the learning rate of the first step (all later steps
# use 0.3) and let the neuron train, with the slider or with ▶.

# %% [markdown] id="dying-explore-before" lang="ru"
# ### Погубите нейрон — и верните его к жизни
#
# Точки — это $wx + b$ на двадцати примерах: синие выше нуля, оранжевые пустые ниже. Зелёная линия — ответ нейрона. Шаг обучения вычитает
# из $w$ и из $b$ их градиент, умноженный на **темп обучения** (learning rate). Выберите темп на первом шаге — на всех следующих он равен
# 0,3 — и запустите обучение ползунком или кнопкой ▶.

# %% id="ask-dead" role="question"
ask("activations.dead")

# %% id="ask-those-above" role="question"
ask("activations.those-above")

# %% id="ask-slow-then-fast" role="question"
ask("activations.slow-then-fast")

# %% [markdown] id="dying-explore" lang="en"
# Now move the sliders and see whether you were right: without a leak (alpha = 0) at the rates 0.8 and 0.9, and then with a leak.

# %% [markdown] id="dying-explore" lang="ru"
# Теперь подвигайте ползунки и проверьте себя: без утечки (alpha = 0) при темпе 0,8 и 0,9, а потом с утечкой.

# %% id="dying-explorer" role="picture"
dying_explorer()

# %% [markdown] id="half-way" lang="en"
# ## Half-way: a good place to stop
#
# - ReLU passes what is above 0, and its gradient with it.
# - Sigmoid and tanh saturate: where they are flat, no gradient comes back. The sigmoid's slope is 1/4 at most, tanh's is 1.
# - A ReLU that is below 0 on all samples is dead: nothing brings it back.
#
# Save (Ctrl-S). What follows takes about as long as what you have done: activations that do not let a neuron die, two of them
# with numbers to train.

# %% [markdown] id="half-way" lang="ru"
# ## На полпути: здесь удобно остановиться
#
# - ReLU пропускает то, что больше нуля, и градиент вместе с ним.
# - Сигмоида и tanh насыщаются: где кривая плоская, градиент назад не проходит. Производная сигмоиды не больше 1/4, у tanh — не больше 1.
# - ReLU, которая на всех примерах ниже нуля, «умерла»: её ничто не вернёт.
#
# Сохраните тетрадь (Ctrl-S). Дальше — примерно столько же, сколько уже сделано: нелинейности, с которыми нейрон не умирает; у двух из них
# есть что обучать.

# %% [markdown] id="leaky-intro" lang="en"
# ## Leaky ReLU
#
# *About 20 minutes.*
#
# To avoid this, let a little through below 0, with a slope $\alpha$. Here it is a fixed number.

# %% [markdown] id="leaky-intro" lang="ru"
# ## ReLU с утечкой
#
# *Около 20 минут.*
#
# Чтобы этого не случилось, пропустим немного и слева от нуля, с наклоном $\alpha$. Здесь это фиксированное число.

# %% id="leaky-picture" role="picture"
show_family("LeakyReLU", (0, 0.1, 0.25, 2))

# %% [markdown] id="leaky-task-before" lang="en"
# The lecture writes it with masks as factors; the slide with the curves has $\max(0.1x, x)$:
#
# $$LReLU(x) = (x < 0) \cdot \alpha x + (x \ge 0) \cdot x$$

# %% [markdown] id="leaky-task-before" lang="ru"
# В лекции это записано масками-множителями, а на слайде с графиками стоит $\max(0{,}1x, x)$:
#
# $$LReLU(x) = (x < 0) \cdot \alpha x + (x \ge 0) \cdot x$$

# %% id="ask-leak-of-two" role="question"
ask("activations.leak-of-two")

# %% [markdown] id="leaky-task" lang="en"
# ### Exercise `LeakyReLU`, forward (0.5 points)
#
# Allow any $\alpha \ge 0$, also above 1. The default is the lecture's 0.1. (PyTorch's default is 0.01.)
#
# <details><summary>Hint</summary>
#
# The sign of `x` decides between two values, for each element by itself. Which NumPy function chooses element by element?
#
# </details>

# %% [markdown] id="leaky-task" lang="ru"
# ### Упражнение `LeakyReLU`, прямой проход (0,5 балла)
#
# Любое $\alpha \ge 0$, в том числе больше 1. По умолчанию 0,1, как в лекции. (В PyTorch по умолчанию 0,01.)
#
# <details><summary>Подсказка</summary>
#
# Между двумя значениями выбирает знак `x`, у каждого элемента свой. Какая функция NumPy выбирает поэлементно?
#
# </details>


# %% id="leaky-forward" solves="LeakyReLU"
class LeakyReLU(Layer):
    def __init__(self, alpha=0.1):
        self.alpha = alpha

    def forward(self, x):
        ### BEGIN SOLUTION
        self.x = x
        return np.where(x >= 0, x, self.alpha * x)
        ### END SOLUTION


# %% id="check-leaky-forward" check="LeakyReLU.forward"
check(LeakyReLU, "forward")

# %% [markdown] id="leaky-backward-task" lang="en"
# ### Exercise `LeakyReLU`, backward (1 point)
#
# At exactly 0 any slope between $\alpha$ and 1 is right. (PyTorch takes $\alpha$; the lecture's $x \ge 0$ suggests 1.)
#
# <details><summary>Hint</summary>
#
# What is the derivative of $\alpha x$? Does it depend on how negative $x$ is?
#
# </details>

# %% [markdown] id="leaky-backward-task" lang="ru"
# ### Упражнение `LeakyReLU`, обратный проход (1 балл)
#
# Ровно в нуле годится любой наклон между $\alpha$ и 1. (PyTorch берёт $\alpha$; по записи лекции, $x \ge 0$, естественно взять 1.)
#
# <details><summary>Подсказка</summary>
#
# Чему равна производная $\alpha x$? Зависит ли она от того, насколько $x$ отрицателен?
#
# </details>


# %% id="leaky-backward" solves="LeakyReLU"
class LeakyReLU(LeakyReLU):
    def backward(self, grad_out):
        ### BEGIN SOLUTION
        return np.where(self.x >= 0, grad_out, self.alpha * grad_out)
        ### END SOLUTION


# %% id="check-leaky-backward" check="LeakyReLU.backward"
check(LeakyReLU, "backward")

# %% [markdown] id="elu-intro" lang="en"
# ## ELU
#
# *About 25 minutes.*
#
# Leaky ReLU still has a corner, and to the left it goes down without end. The **exponential linear unit** bends smoothly (for
# $\alpha = 1$ without a corner) and never goes below $-\alpha$:

# %% [markdown] id="elu-intro" lang="ru"
# ## ELU
#
# *Около 25 минут.*
#
# У ReLU с утечкой остаётся излом, и влево она уходит вниз бесконечно. **Экспоненциальный линейный элемент** изгибается плавно (при
# $\alpha = 1$ — совсем без излома) и не опускается ниже $-\alpha$:

# %% id="elu-picture" role="picture"
show_family("ELU", (0.5, 1, 2))

# %% [markdown] id="elu-literal-intro" lang="en"
# $$ELU(x) = (x < 0) \cdot \alpha (e^x - 1) + (x \ge 0) \cdot x$$
#
# Take the formula literally, with the masks as factors, and try it on 1000:

# %% [markdown] id="elu-literal-intro" lang="ru"
# $$ELU(x) = (x < 0) \cdot \alpha (e^x - 1) + (x \ge 0) \cdot x$$
#
# Возьмём формулу буквально, с масками-множителями, и применим её к числу 1000:


# %% id="elu-literal" role="given"
def literal_elu(x, alpha=1.0):
    return (x < 0) * alpha * (np.exp(x) - 1) + (x >= 0) * x


with np.errstate(all="ignore"):  # without this your layer must give no warning either
    print(literal_elu(np.array([-1000.0, 0.0, 2.0, 1000.0])))

# %% [markdown] id="elu-task-before" lang="en"
# At 1000 the first mask is 0, but the other factor is $e^{1000} - 1 = \infty$, and in floats $0 \cdot \infty$ is NaN. A mask cannot
# repair a number that has already overflowed.

# %% [markdown] id="elu-task-before" lang="ru"
# При 1000 первая маска равна 0, но другой множитель — это $e^{1000} - 1 = \infty$, а $0 \cdot \infty$ в числах с плавающей точкой —
# NaN. Маска не исправит число, которое уже переполнилось.

# %% id="ask-elu-ln-2" role="question"
ask("activations.elu-ln-2")

# %% [markdown] id="elu-task" lang="en"
# ### Exercise `ELU`, forward (1 point)
#
# The result must be finite and come without warnings at ±1000, for any $\alpha$.
#
# <details><summary>Hint 1</summary>
#
# `np.where` alone removes the NaN but not the warning, because both branches are computed for all elements.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# The exponential is needed for negative numbers only. What could you pass to it instead of $x$, so that nothing changes for negative
# numbers and it never gets a large one?
#
# </details>

# %% [markdown] id="elu-task" lang="ru"
# ### Упражнение `ELU`, прямой проход (1 балл)
#
# При ±1000 ответ конечен и предупреждений нет, для любого $\alpha$.
#
# <details><summary>Подсказка 1</summary>
#
# Один `np.where` избавит от NaN, но не от предупреждения: обе ветви всё равно вычисляются для всех элементов.
#
# </details>
#
# <details><summary>Подсказка 2</summary>
#
# Экспонента нужна только для отрицательных чисел. Что подать ей вместо $x$, чтобы для отрицательных чисел ничего не изменилось, а
# больших она никогда не получала?
#
# </details>


# %% id="elu-forward" solves="ELU"
class ELU(Layer):
    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def forward(self, x):
        ### BEGIN SOLUTION
        self.x = x
        return np.where(x >= 0, x, self.alpha * np.expm1(np.minimum(x, 0)))
        ### END SOLUTION


# %% id="check-elu-forward" check="ELU.forward"
check(ELU, "forward")

# %% [markdown] id="elu-backward-task" lang="en"
# ### Exercise `ELU`, backward (1.5 points)
#
# Differentiate the left branch yourself. For $\alpha = 1$ the left and the right slope are equal at 0 and there is no corner; for
# another $\alpha$, any slope between $\alpha$ and 1 is right at 0 (PyTorch takes $\alpha$).
#
# <details><summary>Hint</summary>
#
# Check your derivative at $x = -\ln 2$ with $\alpha = 2$: it must be 1 there. Remember that the exponential can overflow in `backward`
# as easily as in `forward`.
#
# </details>

# %% [markdown] id="elu-backward-task" lang="ru"
# ### Упражнение `ELU`, обратный проход (1,5 балла)
#
# Продифференцируйте левую ветвь сами. При $\alpha = 1$ левый и правый наклоны в нуле совпадают, излома нет; при другом $\alpha$ в нуле годится
# любой наклон между $\alpha$ и 1 (PyTorch берёт $\alpha$).
#
# <details><summary>Подсказка</summary>
#
# Проверьте свою производную в точке $x = -\ln 2$ при $\alpha = 2$: там она равна 1. И в обратном проходе экспонента переполняется так же легко,
# как в прямом.
#
# </details>


# %% id="elu-backward" solves="ELU"
class ELU(ELU):
    def backward(self, grad_out):
        ### BEGIN SOLUTION
        slope = self.alpha * np.exp(np.minimum(self.x, 0))
        return np.where(self.x >= 0, grad_out, slope * grad_out)
        ### END SOLUTION


# %% id="check-elu-backward" check="ELU.backward"
check(ELU, "backward")

# %% [markdown] id="prelu-intro" lang="en"
# ## PReLU: the slope is learned
#
# *About 25 minutes.*
#
# Which $\alpha$ is best? **Parametric ReLU** leaves this to training: $\alpha$ is a parameter, either one for the whole layer or one
# for each channel. This is the rare activation with something to train.
#
# Parameters of a layer live in `self.params`, their gradients in `self.grads`, under the same names. The optimiser, which makes the
# training steps, writes new values **into** the array `self.params["alpha"]`. So `forward` must read it from there each time, and only
# `__init__` may put an array there; no other method may replace it.
#
# Channels are axis 1 of `(N, C, H, W)` and of `(N, C)`. NumPy lines shapes up from the **right**, so an `alpha` of shape `(C,)`
# would be lined up with $W$. It needs axes of length 1 after it; how many depends on the input.
#
# ### Exercise `PReLU`, forward (1 point)
#
# `params["alpha"]` has the shape `(num_parameters,)` and starts at 0.25 (as in the paper by He et al., 2015, and in PyTorch). The
# output has the dtype of `x`, even if `alpha` has another one.
#
# <details><summary>Hint 1: the shape of alpha</summary>
#
# For `x` of shape `(N, C, H, W)` you want slopes of shape `(C, 1, 1)`, for `(N, C)` just `(C,)`. How many ones do you need for
# `x.ndim` axes? A single alpha of shape `(1,)` fits every input as it is.
#
# </details>
#
# <details><summary>Hint 2: the dtype</summary>
#
# float64 times float32 is float64. Convert `alpha` before the product, or the result after it, with `astype(x.dtype)`.
#
# </details>

# %% [markdown] id="prelu-intro" lang="ru"
# ## PReLU: наклон обучается
#
# *Около 25 минут.*
#
# Какое $\alpha$ лучше? **Параметрическая ReLU** оставляет это обучению: $\alpha$ — параметр, либо один на весь слой, либо свой у
# каждой карты признаков. Это та редкая активация, у которой есть что обучать.
#
# Параметры слоя лежат в `self.params`, их градиенты — в `self.grads` под теми же именами. Оптимизатор, который делает шаги обучения,
# записывает новые значения **в сам** массив `self.params["alpha"]`, поэтому `forward` каждый раз должен читать его оттуда, а положить
# туда другой массив вправе только `__init__`.
#
# Карты признаков стоят на оси 1 и в `(N, C, H, W)`, и в `(N, C)`. NumPy выравнивает формы **справа**, и `alpha` формы `(C,)` попал бы
# на $W$. После него нужны ещё оси длины 1; сколько — зависит от входа.
#
# ### Упражнение `PReLU`, прямой проход (1 балл)
#
# Форма `params["alpha"]` — `(num_parameters,)`, начальное значение 0,25 (как в статье He et al., 2015, и в PyTorch). Тип чисел выхода тот же, что у `x`,
# даже если у `alpha` он другой.
#
# <details><summary>Подсказка 1: форма alpha</summary>
#
# Для `x` формы `(N, C, H, W)` нужны наклоны `(C, 1, 1)`, для `(N, C)` — просто `(C,)`. Сколько единиц нужно, если осей `x.ndim`? Единственный alpha,
# `(1,)`, подходит ко всему как есть.
#
# </details>
#
# <details><summary>Подсказка 2: тип чисел</summary>
#
# float64, умноженное на float32, — это float64. Преобразуйте заранее `alpha` или в конце результат: `astype(x.dtype)`.
#
# </details>


# %% id="prelu-forward" solves="PReLU"
class PReLU(Layer):
    def __init__(self, num_parameters=1):
        self.params["alpha"] = np.full(num_parameters, 0.25)

    def slopes(self, x):
        """alpha in a shape that lines up with axis 1 of x, in the dtype of x."""
        ### BEGIN SOLUTION
        alpha = self.params["alpha"].astype(x.dtype)
        return alpha if len(alpha) == 1 else alpha.reshape(-1, *[1] * (x.ndim - 2))
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        self.x = x
        return np.where(x >= 0, x, self.slopes(x) * x)
        ### END SOLUTION


# %% id="check-prelu-forward" check="PReLU.forward"
check(PReLU, "forward")

# %% [markdown] id="prelu-backward-task-before" lang="en"
# ### Two gradients
#
# The gradient with respect to the input is that of a leaky ReLU. Now let $\alpha$ grow by a hundredth. Every output below 0 that uses
# it changes by a hundredth of its own $x$; outputs above 0 do not change. All these changes reach the loss, so they **add
# up**, over all samples and all places:
#
# $$\frac{\partial L}{\partial \alpha_m} = \sum_{t, i, j:\; X_{ij}^{mt} < 0} \frac{\partial L}{\partial Y_{ij}^{mt}} \cdot X_{ij}^{mt}$$

# %% [markdown] id="prelu-backward-task-before" lang="ru"
# ### Два градиента
#
# По входу градиент такой же, как у ReLU с утечкой. По $\alpha$: пусть этот параметр вырос на одну сотую. Каждый выход ниже нуля, который от него зависит, изменится
# на сотую долю своего $x$; выходы выше нуля не изменятся. Все эти изменения доходят до функции потерь, а значит, **складываются** по всем примерам и всем местам:
#
# $$\frac{\partial L}{\partial \alpha_m} = \sum_{t, i, j:\; X_{ij}^{mt} < 0} \frac{\partial L}{\partial Y_{ij}^{mt}} \cdot X_{ij}^{mt}$$

# %% id="ask-prelu-alpha" role="question"
ask("activations.prelu-alpha")

# %% [markdown] id="prelu-backward-task" lang="en"
# ### Exercise `PReLU`, backward (2 points)
#
# Return $\partial L / \partial X$ and put $\partial L / \partial \alpha$ into `self.grads["alpha"]`, in the shape of
# `params["alpha"]`. Each call of `backward` makes it anew.
#
# <details><summary>Hint 1</summary>
#
# First make an array in the shape of `x` that holds what each element contributes; then sum it.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Which elements of `x` use the same alpha, if there is one alpha for the layer? And if each channel has its own? Sum over exactly the
# axes that these elements run along. The input may have two axes or four: can you name the axes for both at once? And do not forget
# the shape `(1,)` of a single alpha.
#
# </details>

# %% [markdown] id="prelu-backward-task" lang="ru"
# ### Упражнение `PReLU`, обратный проход (2 балла)
#
# Верните $\partial L / \partial X$, а $\partial L / \partial \alpha$ положите в `self.grads["alpha"]` в форме `params["alpha"]`, при
# каждом вызове заново.
#
# <details><summary>Подсказка 1</summary>
#
# Сначала сделайте массив формы `x` с вкладом каждого отдельного элемента, потом суммируйте.
#
# </details>
#
# <details><summary>Подсказка 2</summary>
#
# Какие элементы `x` пользуются одним и тем же alpha, если он один на весь слой? А если у каждой карты свой? Складывайте именно по тем
# осям, вдоль которых идут эти элементы. Осей у входа может быть две, а может быть четыре: как назвать нужные оси сразу для обоих
# случаев? И не забудьте о форме `(1,)`, если alpha один.
#
# </details>


# %% id="prelu-backward" solves="PReLU"
class PReLU(PReLU):
    def backward(self, grad_out):
        ### BEGIN SOLUTION
        each = grad_out * np.minimum(self.x, 0)
        if len(self.params["alpha"]) == 1:
            self.grads["alpha"] = each.sum().reshape(1)
        else:
            self.grads["alpha"] = each.sum(axis=(0, *range(2, each.ndim)))
        return np.where(self.x >= 0, grad_out, self.slopes(self.x) * grad_out)
        ### END SOLUTION


# %% id="check-prelu-backward" check="PReLU.backward"
check(PReLU, "backward")

# %% [markdown] id="own" lang="en"
# ## Your own curves
#
# The thick lines are the value (blue) and the derivative (orange) that your layers give; the thin lines are PyTorch's. A layer that is
# not written yet has an empty panel.

# %% [markdown] id="own" lang="ru"
# ## Ваши собственные кривые
#
# Толстые линии — значение (синяя) и производная (оранжевая), как их дают ваши слои. Тонкие — то же у PyTorch. Если слой ещё не
# написан, его рисунок пуст.

# %% id="own-picture" role="picture"
show_own_activations(ReLU, Sigmoid, Tanh, LeakyReLU, ELU, PReLU)

# %% [markdown] id="maxout-intro" lang="en"
# ## Maxout
#
# *About 45 minutes.*
#
# ReLU is the larger of two straight lines, 0 and $x$; leaky ReLU, for $\alpha \le 1$, is the larger of $\alpha x$ and $x$. **Maxout**
# learns the lines themselves and takes the largest of them (the last panel of the six curves above shows two lines and their maximum):
#
# $$Maxout(x) = \max(a_1 x + b_1,\; a_2 x + b_2)$$
#
# Below you can move the two lines. Both are dotted; the thick line is the larger of the two, in the colour of the line that **wins**
# there. On the right is its derivative. Three predictions first:

# %% [markdown] id="maxout-intro" lang="ru"
# ## Maxout
#
# *Около 45 минут.*
#
# ReLU — это большая из двух прямых, 0 и $x$; ReLU с утечкой при $\alpha \le 1$ — большая из $\alpha x$ и $x$. **Maxout** обучает сами
# прямые и берёт наибольшую из них (на последнем из шести графиков выше — две прямые и их максимум):
#
# $$Maxout(x) = \max(a_1 x + b_1,\; a_2 x + b_2)$$
#
# Ниже можно двигать обе прямые. Они показаны точками, а толстая линия — большая из двух, в цвете той прямой, которая здесь
# **побеждает**. Справа её производная. Сначала три предсказания:

# %% id="ask-maxout-absolute" role="question"
ask("activations.maxout-absolute")

# %% id="ask-maxout-s" role="question"
ask("activations.maxout-s")

# %% id="ask-maxout-dead" role="question"
ask("activations.maxout-dead")

# %% id="maxout-explorer" role="picture"
maxout_explorer()

# %% [markdown] id="maxout-task-before" lang="en"
# ### A layer of them
#
# If the input has many numbers, as on the slide, each line becomes $w_p^T x + b_p$. A layer of `out` neurons with `pieces` lines each
# holds `params["weight"]` of shape `(pieces, out, in)` and `params["bias"]` of shape `(pieces, out)`. So Maxout is not an activation
# after a layer but a layer with a built-in nonlinearity, and it has `pieces` times as many parameters as a linear layer.

# %% [markdown] id="maxout-task-before" lang="ru"
# ### Слой из таких нейронов
#
# Если на входе много чисел, каждая прямая превращается в $w_p^T x + b_p$, как на слайде. Слой из `out` нейронов по `pieces` прямых
# («кусков») хранит `params["weight"]` формы `(pieces, out, in)` и `params["bias"]` формы `(pieces, out)`. Так что Maxout — не
# активация после слоя, а слой со встроенной нелинейностью, и параметров у него в `pieces` раз больше, чем у линейного.

# %% id="ask-maxout-outputs" role="question"
ask("activations.maxout-outputs")

# %% [markdown] id="maxout-task" lang="en"
# ### Exercise `Maxout`, forward (1.5 points)
#
# `x` is `(N, in)`, the output `(N, out)`. The weights start random, drawn from `rng` (if it is `None`, make your own generator);
# otherwise all neurons would stay equal for ever. A good choice is N(0, 2/in) for the weights, that is, a standard deviation of
# $\sqrt{2 / in}$, and 0 for the biases.
#
# <details><summary>Hint 1: all pieces</summary>
#
# One piece is an ordinary linear layer with its own `A` of shape `(out, in)` and its own `b`: which product of `x` and `A` has the
# shape `(N, out)`? Do that for each piece and stack the results into one array, or let `np.einsum` do all of them at once.
#
# </details>
#
# <details><summary>Hint 2: which axis?</summary>
#
# With all pieces in an array of shape `(N, pieces, out)`, along which axis do the pieces of one output compete? For `backward` you
# will need to know which piece won: `argmax`.
#
# </details>

# %% [markdown] id="maxout-task" lang="ru"
# ### Упражнение `Maxout`, прямой проход (1,5 балла)
#
# `x` — это `(N, in)`, выход — `(N, out)`. Начальные веса случайны и берутся из `rng` (если он `None`, заведите собственный генератор), иначе все нейроны навсегда
# остались бы одинаковыми. Хороший выбор — N(0, 2/in), то есть стандартное отклонение $\sqrt{2 / in}$, и нулевой сдвиг.
#
# <details><summary>Подсказка 1: все куски</summary>
#
# Один кусок — это обычный линейный слой, у него свои `A` формы `(out, in)` и `b`: какое произведение `x` и `A` имеет форму `(N, out)`?
# Сделайте это для каждого куска и соберите результаты в один массив или поручите всё сразу `np.einsum`.
#
# </details>
#
# <details><summary>Подсказка 2: по какой оси?</summary>
#
# Если все куски лежат в массиве формы `(N, pieces, out)`, вдоль какой оси соревнуются куски одного выхода? Для обратного прохода
# понадобится знать, какой из них победил: `argmax`.
#
# </details>


# %% id="maxout-forward" solves="Maxout"
class Maxout(Layer):
    def __init__(self, in_features, out_features, pieces=2, rng=None):
        ### BEGIN SOLUTION
        rng = np.random.default_rng() if rng is None else rng
        shape = (pieces, out_features, in_features)
        self.params["weight"] = rng.normal(0, np.sqrt(2 / in_features), shape)
        self.params["bias"] = np.zeros((pieces, out_features))
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        pieces = np.einsum("ni,poi->npo", x, self.params["weight"]) + self.params["bias"]
        self.x, self.winner = x, pieces.argmax(axis=1)
        return pieces.max(axis=1).astype(x.dtype)
        ### END SOLUTION


# %% id="check-maxout-forward" check="Maxout.forward"
check(Maxout, "forward")

# %% [markdown] id="maxout-backward-task-before" lang="en"
# ### Its gradient
#
# As in max pooling, the output came from the winner, so only the winner gets the gradient, separately for each output of each sample.
# From there on every piece is a linear layer. Let $G_{to}^p$ be what piece $p$ gets at output $o$ of sample $t$ (the element of
# `grad_out` if the piece won, 0 otherwise):
#
# $$\frac{\partial L}{\partial W_{oi}^p} = \sum_t G_{to}^p X_{ti} \qquad \frac{\partial L}{\partial b_o^p} = \sum_t G_{to}^p \qquad \frac{\partial L}{\partial X_{ti}} = \sum_{p, o} G_{to}^p W_{oi}^p$$

# %% [markdown] id="maxout-backward-task-before" lang="ru"
# ### Его градиент
#
# Как в субдискретизации по максимуму: выход создан победителем, и градиент получает только победитель — на каждом выходе каждого
# примера свой. Дальше каждый кусок — обычный линейный слой. Пусть $G_{to}^p$ — то, что кусок $p$ получает на выходе $o$ примера $t$
# (элемент `grad_out`, если кусок победил, иначе 0):
#
# $$\frac{\partial L}{\partial W_{oi}^p} = \sum_t G_{to}^p X_{ti} \qquad \frac{\partial L}{\partial b_o^p} = \sum_t G_{to}^p \qquad \frac{\partial L}{\partial X_{ti}} = \sum_{p, o} G_{to}^p W_{oi}^p$$

# %% id="ask-maxout-slopes" role="question"
ask("activations.maxout-slopes")

# %% [markdown] id="maxout-backward-task" lang="en"
# If pieces are tied, any shares that add up to 1 are correct. (PyTorch's `max` over an axis gives everything to one piece; its `amax`
# gives equal shares to all tied pieces.)
#
# ### Exercise `Maxout`, backward (2.5 points)
#
# Return $\partial L / \partial X$; put the gradients of both parameters into `self.grads`, in the shapes of the parameters.
#
# <details><summary>Hint 1</summary>
#
# Make $G$ an array of shape `(N, pieces, out)` that is zero everywhere except at the winners. For a mask, compare `np.arange(pieces)`
# with the winners. Which axes must each of the two get first, so that they line up?
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# Take one piece: its $G^p$ has the shape `(N, out)`. Which product of $G^p$ and `x` has the shape of the piece's weights, and which
# product of $G^p$ and the weights has the shape of `x`? Over which axis must the bias be summed? A loop over the pieces is fine.
# `np.einsum` can do all of them at once: an index that is to the left of the arrow and not to the right is summed.
#
# </details>

# %% [markdown] id="maxout-backward-task" lang="ru"
# Если куски равны, годятся любые доли, дающие в сумме 1. (В PyTorch `max` по оси отдаёт всё одному куску, а `amax` — поровну всем равным.)
#
# ### Упражнение `Maxout`, обратный проход (2,5 балла)
#
# Верните $\partial L / \partial X$; градиенты обоих параметров положите в `self.grads`, в тех же формах, что у параметров.
#
# <details><summary>Подсказка 1</summary>
#
# Сделайте $G$ массивом формы `(N, pieces, out)`: всюду ноль, кроме мест победителей. Маска получается, если сравнить
# `np.arange(pieces)` с победителями. Какие оси нужно сначала добавить каждому из двух, чтобы формы совместились?
#
# </details>
#
# <details><summary>Подсказка 2</summary>
#
# Возьмите один кусок: его $G^p$ — формы `(N, out)`. Какое произведение $G^p$ и `x` имеет форму весов куска, а какое произведение $G^p$
# и весов — форму `x`? По какой оси нужна сумма для сдвига? Цикл по кускам годится. А `np.einsum` умеет сразу все: индекс, который
# стоит слева от стрелки и не стоит справа, суммируется.
#
# </details>


# %% id="maxout-backward" solves="Maxout"
class Maxout(Maxout):
    def backward(self, grad_out):
        ### BEGIN SOLUTION
        pieces = np.arange(len(self.params["weight"]))
        won = self.winner[:, None, :] == pieces[:, None]
        G = won * grad_out[:, None, :]
        self.grads["weight"] = np.einsum("npo,ni->poi", G, self.x)
        self.grads["bias"] = G.sum(axis=0)
        return np.einsum("npo,poi->ni", G, self.params["weight"]).astype(self.x.dtype)
        ### END SOLUTION


# %% id="check-maxout-backward" check="Maxout.backward"
check(Maxout, "backward")

# %% [markdown] id="which" lang="en"
# ## Which one should you use?
#
# | | range | slope | what to know |
# | --- | --- | --- | --- |
# | Sigmoid | 0 to 1 | at most 1/4 | saturates on both sides; all outputs are positive; used for probabilities at the end of a network |
# | tanh | −1 to 1 | at most 1 | saturates, but is centred at 0 |
# | ReLU | 0 and above | 0 or 1 | cheap; keeps the gradient's length if the weights are $\mathcal{N}(0, 2/n)$; can die |
# | Leaky ReLU | all numbers | α or 1 | cannot die if α > 0; α is a fixed number |
# | PReLU | all numbers | α or 1 | α is learned |
# | ELU | above −α | between 0 and 1 (for α = 1) | smooth for α = 1; costs an exponential |
# | Maxout | all numbers | those of its pieces | flat only where a piece is flat, and that piece can still learn; `pieces` times the parameters |
#
# Start with ReLU. If neurons die, as they do when the learning rate is too large, use a leaky ReLU.

# %% [markdown] id="which" lang="ru"
# ## Что же выбрать?
#
# | | значения | наклон | что важно знать |
# | --- | --- | --- | --- |
# | Сигмоида | от 0 до 1 | не больше 1/4 | насыщается с обеих сторон; все выходы положительны; для вероятностей в конце сети |
# | tanh | от −1 до 1 | не больше 1 | насыщается, но симметричен относительно нуля |
# | ReLU | от 0 | 0 или 1 | дёшева; сохраняет длину градиента при весах $\mathcal{N}(0, 2/n)$; может умереть |
# | ReLU с утечкой | любые | α или 1 | не умирает при α > 0; α — фиксированное число |
# | PReLU | любые | α или 1 | α обучается |
# | ELU | от −α | от 0 до 1 (при α = 1) | при α = 1 гладкая; нужна экспонента |
# | Maxout | любые | как у её кусков | плоская только там, где плоский кусок, но и он может учиться; параметров в `pieces` раз больше |
#
# Начните с ReLU. Если нейроны умирают (так бывает при слишком большом темпе обучения), возьмите ReLU с утечкой.

# %% [markdown] id="mixed" lang="en"
# ## Three questions with lesson 1
#
# *About 5 minutes.*

# %% [markdown] id="mixed" lang="ru"
# ## Три вопроса вместе с занятием 1
#
# *Около 5 минут.*

# %% id="ask-relu-and-pool" role="question"
ask("activations.relu-and-pool")

# %% id="ask-trained" role="question"
ask("activations.trained")

# %% id="ask-zeros-in-a-window" role="question"
ask("activations.zeros-in-a-window")

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
progress("02_activations")
