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
# A convolution answers with numbers of both signs: "here is my pattern", "here is its opposite", "nothing here". Behind it
# stands a layer that hardly does anything: it takes every single number and bends it. This is the **nonlinearity**, also called
# **activation**, for example $ReLU(x) = \max(0, x)$.
#
# It is there for two reasons:
#
# - **it lets the most significant information through** and stops the rest;
# - **it makes depth count**: without it, a hundred layers are worth one. The lecture says that it raises the *effective depth*.
#
# It is applied **element by element** to all neurons of a layer, and as a rule it has **nothing to train** (PReLU is one of the
# rare exceptions, and you will write it).
#
# In this notebook you will
#
# 1. see both reasons in pictures and in numbers,
# 2. write ReLU, the sigmoid, tanh, leaky ReLU, ELU, PReLU and Maxout, forward and backward,
# 3. watch a gradient vanish in ten layers, and a neuron die,
# 4. make formulas survive the number 1000.

# %% [markdown] id="title" lang="ru"
# # 2 · Нелинейность
#
# Свёртка отвечает числами обоих знаков: «здесь мой признак», «здесь его противоположность», «здесь ничего». За ней идёт слой,
# который, казалось бы, почти ничего не делает: берёт каждое число по отдельности и «сгибает» его. Это и есть **нелинейность**, её
# также называют **активацией**; например, $ReLU(x) = \max(0, x)$.
#
# Нужна она по двум причинам:
#
# - **выделяет наиболее значимую информацию**, а остальное останавливает;
# - **делает глубину настоящей**: без неё сто слоёв стоят одного. В лекции сказано, что она увеличивает *эффективную глубину*.
#
# Применяется она **поэлементно** ко всем нейронам слоя и обычно **не имеет обучаемых параметров** (PReLU — редкое исключение, её
# вы тоже напишете).
#
# В этой тетради вы
#
# 1. увидите обе причины на картинках и в числах,
# 2. напишете ReLU, сигмоиду, гиперболический тангенс, ReLU с утечкой, ELU, PReLU и Maxout: прямой и обратный проход,
# 3. понаблюдаете, как в десяти слоях исчезает градиент и как умирает нейрон,
# 4. сделаете так, чтобы формулы пережили число 1000.

# %% id="setup" role="setup"
import numpy as np

from ncl_course import check, language, progress
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
    show_own_activations,
    show_tanh_from_sigmoid,
    tanh_explorer,
)

# %% [markdown] id="edges-intro" lang="en"
# ## It lets the significant through
#
# A filter for vertical edges goes over a photograph. It answers with both signs: orange and violet are edges of opposite
# directions. A ReLU keeps one of them and silences everything else:

# %% [markdown] id="edges-intro" lang="ru"
# ## Пропустить значимое
#
# Фильтр вертикальных границ проходит по фотографии и отвечает числами обоих знаков: оранжевое и фиолетовое — границы
# противоположных направлений. ReLU оставляет одни из них, а всё остальное заглушает:

# %% id="edges" role="picture"
show_edges()

# %% [markdown] id="depth-why" lang="en"
# ## It makes depth count
#
# Two linear layers one after the other, $y = A_2 (A_1 x)$. A product of matrices is a matrix, so one layer with $A = A_2 A_1$ does the
# same. See it with numbers:

# %% [markdown] id="depth-why" lang="ru"
# ## Сделать глубину настоящей
#
# Два линейных слоя подряд: $y = A_2 (A_1 x)$. Произведение матриц — снова матрица, поэтому один слой с $A = A_2 A_1$ делает то же
# самое. Убедимся на числах:

# %% id="two-linear" role="given"
x = np.array([1.0, -2.0])
A1 = np.array([[1.0, 2.0], [3.0, -1.0]])
A2 = np.array([[2.0, 1.0], [0.0, 4.0]])

print("two layers:        ", A2 @ (A1 @ x))
print("one layer, A2 A1:  ", (A2 @ A1) @ x)
print("ReLU in between:   ", A2 @ np.maximum(0, A1 @ x))
print("... and for -x:    ", A2 @ np.maximum(0, A1 @ -x))

# %% [markdown] id="folds-intro" lang="en"
# With a ReLU in between, no single matrix can give the last two lines: for a matrix, $-x$ must give the opposite of what $x$ gives.
#
# What is gained with every layer? Below, each layer folds the interval from 0 to 1 in the middle, with two ReLUs. The number of peaks
# **doubles** with every layer. Take the ReLUs out, and the same layers draw a straight line, however many they are:

# %% [markdown] id="folds-intro" lang="ru"
# С ReLU посередине ни одна матрица не даст двух последних строк: у матрицы ответ на $-x$ обязан быть противоположен ответу на $x$.
#
# А что даёт каждый следующий слой? Ниже каждый слой складывает отрезок от 0 до 1 пополам, ему хватает двух ReLU. Число вершин с
# каждым слоем **удваивается**. Уберите ReLU — и те же слои, сколько бы их ни было, нарисуют прямую:

# %% id="folds" role="picture"
show_folds()

# %% [markdown] id="all-intro" lang="en"
# ## Six curves and their derivatives
#
# Look at the derivatives as much as at the values: in the forward pass the value goes up, in the backward pass the gradient comes down
# **multiplied by the derivative**. Where the dashed line is near 0, nothing comes back.

# %% [markdown] id="all-intro" lang="ru"
# ## Шесть кривых и их производные
#
# На производные смотрите так же внимательно, как на значения: в прямом проходе вверх идёт значение, а в обратном вниз возвращается
# градиент, **умноженный на производную**. Где пунктир около нуля, оттуда ничего не вернётся.

# %% id="all" role="picture"
show_activations()

# %% [markdown] id="curves-explore" lang="en"
# ### Bend them yourself
#
# Choose an activation and slide `x` along its curve. Leaky ReLU, PReLU and ELU have an `alpha` to move. (A PReLU has the curve of a leaky
# ReLU, but learns its alpha.) On the right is a feature map, the photograph behind the filter for edges, and what the activation makes of it:
# violet is positive, orange negative, white is 0. **Guess first, then move:**
#
# 1. At which alpha is a leaky ReLU a plain ReLU? At which does it do nothing at all?
# 2. At which alpha is the derivative of ELU one unbroken line?
# 3. After which activations is nothing orange left in the map? What becomes of the white sky?

# %% [markdown] id="curves-explore" lang="ru"
# ### Согните их сами
#
# Выберите нелинейность и двигайте `x` вдоль кривой. У ReLU с утечкой, PReLU и ELU можно двигать и `alpha`. (Кривая у PReLU такая же, как у
# ReLU с утечкой, только alpha она подбирает сама, при обучении.) Справа — карта признаков, то есть ответ фильтра границ на фотографию, и то, что
# делает из неё нелинейность: фиолетовое положительно, оранжевое отрицательно, белое — ноль. **Сначала предположите, потом двигайте:**
#
# 1. При каком alpha ReLU с утечкой превращается в обычную ReLU? А при каком она вообще ничего не делает?
# 2. При каком alpha производная ELU — непрерывная линия?
# 3. После каких нелинейностей на карте не остаётся ничего оранжевого? Что происходит с белым небом?

# %% id="curves-explorer" role="picture"
activation_explorer()

# %% [markdown] id="curves-explored" lang="en"
# <details><summary>Compare</summary>
#
# 1. At 0 it is a ReLU. At 1 it is $y = x$: nothing is bent.
# 2. At 1: left of 0 the slope comes near alpha, right of it it is 1.
# 3. After ReLU and the sigmoid, for they never give a negative number. Under the sigmoid the whole sky turns violet: $\sigma(0) = 1/2$, so
#    "nothing here" is passed on as a half. This is what the next layer would rather not have.
#
# </details>

# %% [markdown] id="curves-explored" lang="ru"
# <details><summary>Сверить</summary>
#
# 1. При 0 это ReLU. При 1 получается $y = x$: никакого изгиба.
# 2. При 1: слева от нуля наклон приближается к alpha, справа он равен 1.
# 3. После ReLU и сигмоиды: отрицательных чисел они не дают. После сигмоиды всё небо становится фиолетовым: $\sigma(0) = 1/2$, и «здесь ничего»
#    передаётся дальше как одна вторая. Следующему слою это ни к чему.
#
# </details>

# %% [markdown] id="relu-intro" lang="en"
# ## ReLU
#
# Think of a gate. A positive number passes as it is; for a negative one the gate is shut and 0 comes out. In the backward pass **the same
# gates stand as they stood**: where a number passed, its gradient passes, whatever the sign of the gradient; where the gate was shut, nothing
# does.

# %% [markdown] id="relu-intro" lang="ru"
# ## ReLU
#
# Представьте калитку. Положительное число проходит как есть; перед отрицательным калитка закрыта, и на выходе 0. В обратном проходе **те же
# калитки стоят так же, как стояли**: где прошло число, пройдёт и его градиент, какого бы знака он ни был; где было закрыто — не пройдёт
# ничего.

# %% id="gate" role="picture"
show_gate([-2, 3, -1, 0.5, 4], [5, -6, 7, 8, -9])

# %% [markdown] id="relu-task" lang="en"
# **With a pencil.** `x` is −1, 2, −3, 4 and `grad_out` is 10, −20, 30, 40. What are the output and `dx`?
#
# <details><summary>Compare</summary>
#
# The output is 0, 2, 0, 4 and `dx` is 0, −20, 0, 40. The −20 passes: only the sign of `x` decides.
#
# </details>
#
# $$ReLU(x) = \max(0, x) \qquad \frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \cdot \begin{cases} 1 & x > 0 \\ 0 & x < 0 \end{cases}$$
#
# At exactly 0 there is a corner and no derivative. Any slope between the left one and the right one, a *subgradient*, is right there, and
# the check takes each. PyTorch takes 0.
#
# ### Exercise `ReLU`, forward (0.5 points)
#
# The input has any shape, from one axis to four, and the output has the same shape and dtype. The input must stay as it is: others may
# still need it. Keep on `self` what `backward` will ask for.
#
# <details><summary>Hint</summary>
#
# NumPy can compare a whole array with a number, element by element, and take the larger one of each pair. It is not `np.max`.
#
# </details>

# %% [markdown] id="relu-task" lang="ru"
# **С карандашом.** `x` — это −1, 2, −3, 4, а `grad_out` — 10, −20, 30, 40. Каковы выход и `dx`?
#
# <details><summary>Сверить</summary>
#
# Выход 0, 2, 0, 4, а `dx` — 0, −20, 0, 40. Число −20 проходит: решает только знак `x`.
#
# </details>
#
# $$ReLU(x) = \max(0, x) \qquad \frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \cdot \begin{cases} 1 & x > 0 \\ 0 & x < 0 \end{cases}$$
#
# Ровно в нуле — излом, производной там нет. Годится любой наклон между левым и правым, так называемый *субградиент*, и проверка примет
# любой. PyTorch берёт 0.
#
# ### Упражнение `ReLU`, прямой проход (0,5 балла)
#
# Вход любой формы, от одной оси до четырёх; у выхода та же форма и тот же тип чисел. Сам вход меняться не должен: он может быть ещё нужен
# другим. Сохраните в `self` то, о чём спросит `backward`.
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
# `backward` belongs to the latest forward and may be asked twice. The class statement below continues your class. (If you change the first
# cell and run it again, run this one again too.)
#
# <details><summary>Hint</summary>
#
# `x > 0` is an array of True and False, and in a product they count as 1 and 0. What does it have to be multiplied by?
#
# </details>

# %% [markdown] id="relu-backward-task" lang="ru"
# ### Упражнение `ReLU`, обратный проход (1 балл)
#
# `backward` относится к последнему прямому проходу, и спросить его могут дважды. Ячейка ниже продолжает ваш класс. (Если измените и
# выполните первую ячейку, выполните заново и эту.)
#
# <details><summary>Подсказка</summary>
#
# `x > 0` — массив из True и False, в произведении они считаются за 1 и 0. На что его надо умножить?
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
# The sigmoid presses every number between 0 and 1: a soft switch, which is easy to read as a probability.
#
# $$\sigma(x) = \frac{1}{1 + e^{-x}} = \frac{e^x}{1 + e^x}$$
#
# Both forms are equal on paper. In a float they are not: $e^{1000}$ does not fit and becomes ∞. Look at both. (The warnings are silenced here
# so that the notebook goes on; your layer must not cause any.)

# %% [markdown] id="sigmoid-intro" lang="ru"
# ## Сигмоида и число 1000
#
# Сигмоида сжимает любое число в промежуток от 0 до 1: мягкий выключатель, который легко прочитать как вероятность.
#
# $$\sigma(x) = \frac{1}{1 + e^{-x}} = \frac{e^x}{1 + e^x}$$
#
# На бумаге обе записи равны, а в числах с плавающей точкой — нет: $e^{1000}$ в них не помещается и превращается в ∞. Посмотрите на обе.
# (Предупреждения здесь заглушены, чтобы тетрадь шла дальше; у вашего слоя их быть не должно.)

# %% id="sigmoid-overflow" role="given"
with np.errstate(all="ignore"):
    for value in (-1000.0, 0.0, 1000.0):
        e = np.exp(np.float64(value))
        print(
            f"x = {value:6.0f}   exp(x) = {e:3.0f}   1/(1+exp(-x)) = {1 / (1 + np.exp(-value)):.1f}   exp(x)/(1+exp(x)) = {e / (1 + e):.1f}"
        )

# %% [markdown] id="sigmoid-task" lang="en"
# The first form is right everywhere, but it overflows on the way for a large negative $x$. The second one is NaN at 1000: ∞ / ∞.
#
# **With a pencil.** What is σ(0)? And σ(ln 3)?
#
# <details><summary>Compare</summary>
#
# $e^0 = 1$, so σ(0) = 1/2. $e^{-\ln 3} = 1/3$, so σ(ln 3) = 1/(4/3) = 3/4.
#
# </details>
#
# ### Exercise `Sigmoid`, forward (1 point)
#
# Finite and without a single warning, at −1000 and 1000 in one batch, in float32 too.
#
# <details><summary>Hint 1: when is an exponential harmless?</summary>
#
# $e^t$ with $t \le 0$ lies between 0 and 1. For which $x$ does each of the two forms see such an exponent only?
#
# </details>
#
# <details><summary>Hint 2: np.where computes both sides</summary>
#
# `np.where(condition, a, b)` chooses after both `a` and `b` have been computed for **all** elements, and the wrong side overflows. So give the
# exponential an exponent that is never positive, whatever the sign of $x$: what does $-|x|$ give on either side?
#
# </details>

# %% [markdown] id="sigmoid-task" lang="ru"
# Первая запись всюду даёт верный ответ, но при больших отрицательных $x$ переполняется по пути. Вторая при 1000 — это NaN: ∞ / ∞.
#
# **С карандашом.** Чему равно σ(0)? А σ(ln 3)?
#
# <details><summary>Сверить</summary>
#
# $e^0 = 1$, значит, σ(0) = 1/2. $e^{-\ln 3} = 1/3$, значит, σ(ln 3) = 1/(4/3) = 3/4.
#
# </details>
#
# ### Упражнение `Sigmoid`, прямой проход (1 балл)
#
# Конечный ответ и ни одного предупреждения при −1000 и 1000 в одном пакете, в том числе в float32.
#
# <details><summary>Подсказка 1: когда экспонента безобидна?</summary>
#
# $e^t$ при $t \le 0$ лежит между 0 и 1. При каких $x$ каждая из двух записей видит только такие показатели?
#
# </details>
#
# <details><summary>Подсказка 2: np.where вычисляет обе стороны</summary>
#
# `np.where(condition, a, b)` выбирает уже после того, как и `a`, и `b` вычислены для **всех** элементов, и ненужная сторона переполняется.
# Поэтому дайте экспоненте показатель, который не бывает положительным, какого бы знака ни был $x$: что получится из $-|x|$ с каждой стороны?
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

# %% [markdown] id="sigmoid-backward-task" lang="en"
# ### Its gradient
#
# Differentiate $(1 + e^{-x})^{-1}$, and the derivative can be written by the **output** $s = \sigma(x)$ alone:
#
# $$\sigma'(x) = \frac{e^{-x}}{(1 + e^{-x})^2} = \frac{1}{1 + e^{-x}} \cdot \frac{e^{-x}}{1 + e^{-x}} = s (1 - s)$$
#
# **With a pencil.** How steep is the sigmoid where it is steepest? And at σ(x) = 0.99?
#
# <details><summary>Compare</summary>
#
# At $s = 1/2$: a quarter, and never more. At 0.99: 0.0099. There the neuron is **saturated**: of a gradient of 1, a hundredth gets through.
#
# </details>
#
# ### Exercise `Sigmoid`, backward (1 point)
#
# <details><summary>Hint</summary>
#
# The formula wants the output of the sigmoid, not its input. Which of the two does your forward keep?
#
# </details>

# %% [markdown] id="sigmoid-backward-task" lang="ru"
# ### Её градиент
#
# Продифференцируем $(1 + e^{-x})^{-1}$: производная выражается через один только **выход** $s = \sigma(x)$:
#
# $$\sigma'(x) = \frac{e^{-x}}{(1 + e^{-x})^2} = \frac{1}{1 + e^{-x}} \cdot \frac{e^{-x}}{1 + e^{-x}} = s (1 - s)$$
#
# **С карандашом.** Насколько крута сигмоида там, где она круче всего? А там, где σ(x) = 0,99?
#
# <details><summary>Сверить</summary>
#
# При $s = 1/2$ — одна четвёртая, больше не бывает. При 0,99 — 0,0099. Здесь нейрон **насыщен**: от градиента 1 проходит одна сотая.
#
# </details>
#
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

# %% [markdown] id="tanh-intro" lang="en"
# ## Hyperbolic tangent
#
# All outputs of a sigmoid are positive, and the next layer would rather have numbers around 0. So turn it into a curve that has them: three numbers
# make $a \cdot \sigma(kx) + b$ of $\sigma(x)$. `k` says how many times narrower the curve becomes, `a` how many times higher, `b` how far it moves up or down. The
# pale dashed curve is the target, $\tanh x$; on the right are the derivatives of both. **Guess first, then move:**
#
# 1. With which three numbers does the sigmoid lie on tanh? Which of them can you tell from the far ends of the curve alone?
# 2. Does it matter which slider you set first? And in the formula: is it the same to shift first and then to stretch?
# 3. How large is the slope at 0 then? A gradient comes down through ten such layers: what has it gained over ten sigmoids?
# 4. With $k = 4$ and $a = 1$ the slope at 0 is as large. Why is that curve the worse one?

# %% [markdown] id="tanh-intro" lang="ru"
# ## Гиперболический тангенс
#
# Все выходы сигмоиды положительны, а следующему слою удобнее числа около нуля. Переделаем её: три числа превращают $\sigma(x)$ в $a \cdot \sigma(kx) + b$. `k` —
# во сколько раз кривая сожмётся по ширине, `a` — во сколько раз растянется по высоте, `b` — на сколько поднимется или опустится. Бледный пунктир — цель,
# $\tanh x$; справа производные обеих кривых. **Сначала предположите, потом двигайте:**
#
# 1. При каких трёх числах сигмоида ляжет на tanh? Какие из них видны уже по краям кривой?
# 2. Важно ли, какой ползунок двигать первым? А в формуле: всё равно ли, сначала сдвинуть или сначала растянуть?
# 3. Каким тогда будет наклон в нуле? Градиент проходит вниз через десять таких слоёв: что он выигрывает по сравнению с десятью сигмоидами?
# 4. При $k = 4$ и $a = 1$ наклон в нуле такой же. Чем эта кривая хуже?

# %% id="tanh-explorer" role="picture"
tanh_explorer()

# %% [markdown] id="tanh-explored" lang="en"
# <details><summary>Compare</summary>
#
# 1. $k = 2$, $a = 2$, $b = -1$. Far to the left the sigmoid is 0, so $b = -1$ is left of the formula; far to the right it is 1, so $a + b = 1$ and $a = 2$. The
#    ends say nothing about $k$: for that take the slope at 0, $ak/4 = 1$.
# 2. The sliders may be set in any order, for the formula stays the same: squeeze, stretch, shift. Another formula is another curve: shifted by −1 first and
#    stretched by 2 then, it would be $2(\sigma(2x) - 1) = 2\sigma(2x) - 2$, from −2 to 0. Set $b = -2$ and see.
# 3. It is 1, four times the sigmoid's 1/4: twofold for the stretch and twofold for the squeeze. Each layer multiplies a gradient by its slope. A sigmoid leaves
#    at most a quarter of it, ten of them at most a millionth; a tanh near 0 leaves nearly all. Far from 0 both are flat.
# 4. The hill of its derivative is only half as wide: such a curve goes flat twice as near to 0 as tanh, and there no gradient passes. And all of its outputs are
#    still positive; or, with $b = -1/2$, all lie between −1/2 and 1/2.
#
# </details>
#
# The same step by step: the sigmoid, squeezed, and then stretched and shifted as well.

# %% [markdown] id="tanh-explored" lang="ru"
# <details><summary>Сверить</summary>
#
# 1. $k = 2$, $a = 2$, $b = -1$. Далеко слева сигмоида равна 0, от формулы остаётся $b = -1$; далеко справа она равна 1, поэтому $a + b = 1$ и $a = 2$. О $k$ края
#    ничего не говорят, его даёт наклон в нуле: $ak/4 = 1$.
# 2. Ползунки можно двигать в любом порядке: формула от этого не меняется, в ней всегда сначала сжатие, потом растяжение, потом сдвиг. А вот другая формула —
#    другая кривая: если сначала сдвинуть на −1, а потом растянуть вдвое, получится $2(\sigma(2x) - 1) = 2\sigma(2x) - 2$, от −2 до 0. Поставьте $b = -2$ и
#    посмотрите.
# 3. Он равен 1, вчетверо больше, чем 1/4 у сигмоиды: вдвое за счёт растяжения и ещё вдвое за счёт сжатия. Каждый слой умножает градиент на свой
#    наклон. Сигмоида оставляет от него не больше четверти, десять сигмоид — не больше одной миллионной; tanh вблизи нуля оставляет почти всё. Вдали от нуля
#    плоски обе.
# 4. Горб её производной вдвое меньше по ширине: такая кривая становится плоской вдвое ближе к нулю, чем tanh, и градиент там не проходит. И все её выходы
#    по-прежнему положительны, а если взять $b = -1/2$, лежат между −1/2 и 1/2.
#
# </details>
#
# То же по шагам: сигмоида, она же после сжатия и она же после растяжения и сдвига.

# %% id="tanh-picture" role="picture"
show_tanh_from_sigmoid()

# %% [markdown] id="tanh-task" lang="en"
# $$\tanh(x) = 2\sigma(2x) - 1 = \frac{e^x - e^{-x}}{e^x + e^{-x}}$$
#
# **With a pencil.** tanh(0)? And at $x = \frac{1}{2} \ln 3$?
#
# <details><summary>Compare</summary>
#
# 2 · 1/2 − 1 = 0, and 2σ(ln 3) − 1 = 2 · 3/4 − 1 = 1/2.
#
# </details>
#
# ### Exercise `Tanh`, forward (1 point)
#
# Write it by the lecture's formula, or use NumPy's own function. Again: finite and silent at ±1000.
#
# <details><summary>Hint</summary>
#
# The quotient of exponentials is ∞ / ∞ at 1000. Your `Sigmoid` is stable already, and a layer may use another layer.
#
# </details>

# %% [markdown] id="tanh-task" lang="ru"
# $$\tanh(x) = 2\sigma(2x) - 1 = \frac{e^x - e^{-x}}{e^x + e^{-x}}$$
#
# **С карандашом.** Чему равен tanh(0)? А при $x = \frac{1}{2} \ln 3$?
#
# <details><summary>Сверить</summary>
#
# 2 · 1/2 − 1 = 0, а 2σ(ln 3) − 1 = 2 · 3/4 − 1 = 1/2.
#
# </details>
#
# ### Упражнение `Tanh`, прямой проход (1 балл)
#
# Напишите его по формуле лекции или воспользуйтесь готовой функцией NumPy. И снова: конечный ответ и тишина при ±1000.
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
# At 0 the slope is 1, four times the sigmoid's. In saturation it vanishes all the same.
#
# ### Exercise `Tanh`, backward (1 point)
#
# <details><summary>Hint</summary>
#
# Once more the output is what counts. For $x = 2$ the factor must be small and positive.
#
# </details>

# %% [markdown] id="tanh-backward-task" lang="ru"
# ### Его градиент
#
# По правилу дифференцирования сложной функции $\tanh'(x) = 2 \cdot \sigma'(2x) \cdot 2 = 4 s (1 - s)$, где $s = \sigma(2x)$. Через $y = 2s - 1$ это
#
# $$\tanh'(x) = 1 - y^2$$
#
# В нуле наклон равен 1, вчетверо больше, чем у сигмоиды. А в насыщении он исчезает точно так же.
#
# ### Упражнение `Tanh`, обратный проход (1 балл)
#
# <details><summary>Подсказка</summary>
#
# И здесь важен выход. При $x = 2$ множитель должен быть маленьким и положительным.
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
# Ten layers of 100 neurons with random weights, noise at the bottom, a random gradient at the top. On the left, how the activations are
# spread in layers 1, 4, 7 and 10; on the right, the length of the gradient that is left in each layer (mind the logarithmic scale):

# %% [markdown] id="saturation" lang="ru"
# ## Насыщение: измерим
#
# Десять слоёв по 100 нейронов со случайными весами, внизу шум, наверху случайный градиент. Слева — как распределены активации в слоях 1, 4,
# 7 и 10; справа — какой длины градиент доходит до каждого слоя (шкала логарифмическая):

# %% id="saturation-picture" role="picture"
show_depth()

# %% [markdown] id="saturation-outro" lang="en"
# - **Sigmoid.** The derivative is at most 1/4, and so the gradient loses a factor of about 4 with every layer: nine layers down about a
#   five-hundred-thousandth is left, and the first layers do not learn. In the histogram the spikes are single neurons: deep in the net each
#   gives nearly the same answer to every input. A sigmoid is *not* harmless in depth.
# - **tanh.** Slope 1 at 0: the gradient lives. In layer 1 many activations already press against ±1, there they are saturated.
# - **ReLU.** Half of the numbers are 0, and nothing passes there; the other half passes with slope 1. Weights larger by $\sqrt 2$ make up for
#   the lost half, in every layer alike: the gradient keeps its length. This is why it is the usual choice between convolutions.

# %% [markdown] id="saturation-outro" lang="ru"
# - **Сигмоида.** Производная не больше 1/4, поэтому на каждом слое градиент уменьшается примерно вчетверо: девятью слоями ниже остаётся около
#   одной пятисоттысячной, и первые слои не учатся. Пики на гистограмме — отдельные нейроны: в глубине сети каждый отвечает почти одно и то
#   же на любой вход. Так что в глубокой сети сигмоида *не* безобидна.
# - **tanh.** В нуле наклон 1, и градиент живёт. В первом слое многие активации уже прижаты к ±1, там они насыщены.
# - **ReLU.** Половина чисел — нули, там не проходит ничего; другая половина проходит с наклоном 1. Веса, увеличенные в $\sqrt 2$ раз, возмещают
#   потерянную половину, одинаково в каждом слое, и градиент сохраняет длину. Поэтому между свёртками обычно ставят её.

# %% [markdown] id="depth-explore" lang="en"
# ### Turn the weights up and down
#
# The same ten layers, with any scale $s$ of the weights: they are $\mathcal{N}(0, s^2/100)$, 100 being the number of inputs. (Above $s$ was 1, for ReLU
# $\sqrt 2$.) Below each histogram stand its smallest and its largest activation. **Guess first:**
#
# 1. Is there a scale at which a sigmoid lets the gradient through ten layers?
# 2. At which scale does a ReLU keep the gradient's length? What happens to its activations below that and above?
# 3. tanh at $s = 4$: where will the activations lie? Will the gradient vanish?

# %% [markdown] id="depth-explore" lang="ru"
# ### Сделайте веса больше и меньше
#
# Те же десять слоёв с любым размахом весов $s$: веса распределены как $\mathcal{N}(0, s^2/100)$, где 100 — число входов. (Выше $s$ был равен 1, а для
# ReLU $\sqrt 2$.) Под каждой гистограммой — наименьшая и наибольшая активация. **Сначала предположите:**
#
# 1. Есть ли размах, при котором сигмоида пропустит градиент через десять слоёв?
# 2. При каком размахе ReLU сохраняет длину градиента? Что происходит с её активациями при меньшем и при большем?
# 3. tanh при $s = 4$: где окажутся активации? Исчезнет ли градиент?

# %% id="depth-explorer" role="picture"
depth_explorer()

# %% [markdown] id="depth-explored" lang="en"
# <details><summary>Compare</summary>
#
# 1. Not on this slider. Large weights make up for the factor of 1/4, but they also press the activations against 0 and 1, where the slope is less still: at
#    $s = 4$ about a hundredth arrives.
# 2. Near $\sqrt 2$. A ReLU drops half of the numbers, and $s^2 = 2$ makes up for it: these are the weights $\mathcal{N}(0, 2/n)$ that you will use in lesson 3. With
#    less, activations and gradient shrink together with every layer, with more both explode.
# 3. They are pressed against ±1, and yet the gradient does not vanish, it grows almost fiftyfold: a few neurons still have a slope near 1, and what they let
#    through is multiplied by large weights.
#
# </details>

# %% [markdown] id="depth-explored" lang="ru"
# <details><summary>Сверить</summary>
#
# 1. На этом ползунке — нет. Большие веса возмещают множитель 1/4, но они же прижимают активации к 0 и 1, а там наклон ещё меньше: при $s = 4$ доходит
#    примерно одна сотая.
# 2. Около $\sqrt 2$. ReLU отбрасывает половину чисел, и $s^2 = 2$ это возмещает: именно такие веса, $\mathcal{N}(0, 2/n)$, понадобятся вам на занятии 3. При
#    меньшем размахе активации и градиент от слоя к слою вместе затухают, при большем — взрываются.
# 3. Они прижаты к ±1, и всё же градиент не исчезает, а вырастает почти в пятьдесят раз: у немногих нейронов наклон по-прежнему близок к 1, и то, что они
#    пропускают, умножается на большие веса.
#
# </details>

# %% [markdown] id="dying" lang="en"
# ## A neuron dies
#
# ReLU has an illness of its own. A single neuron $ReLU(wx + b)$ learns $y = x$ on twenty points between 0 and 1. Its first step is too large,
# $b$ becomes so negative that $wx + b < 0$ for **all** points. Now all gates are shut, the gradient is exactly 0, and no later step, however
# careful, changes anything: the neuron is **dead**. With a leak below 0 the same accident heals:

# %% [markdown] id="dying" lang="ru"
# ## Нейрон умирает
#
# У ReLU есть своя болезнь. Один нейрон $ReLU(wx + b)$ учится выдавать $y = x$ на двадцати точках между 0 и 1. Первый шаг слишком велик, $b$
# становится таким отрицательным, что $wx + b < 0$ для **всех** точек. Теперь все калитки закрыты, градиент в точности равен 0, и никакой
# следующий шаг, каким бы осторожным он ни был, ничего не изменит: нейрон **мёртв**. С утечкой слева от нуля то же несчастье поправимо:

# %% id="dying-picture" role="picture"
show_dying()

# %% [markdown] id="dying-explore" lang="en"
# ### Kill it yourself, and bring it back
#
# The dots are $wx + b$ on the twenty samples: blue above 0, hollow and orange below. The green line is what the neuron answers. Choose the learning rate of
# the first step (all later ones are taken with 0.3) and let it train: with the slider, or with ▶. **Guess first:**
#
# 1. With the leak closed (alpha = 0): which is the largest rate that the neuron survives? What saves it there?
# 2. Kill it and look at its steps 2, 3, 20. What moves?
# 3. Now open the leak. Why does the loss hardly fall for several steps, and then quickly?

# %% [markdown] id="dying-explore" lang="ru"
# ### Погубите его сами — и верните к жизни
#
# Точки — это $wx + b$ на двадцати примерах: синие выше нуля, оранжевые пустые ниже. Зелёная линия — ответ нейрона. Выберите длину первого шага
# (скорость обучения на нём; на всех следующих она 0,3) и пустите обучение — ползунком или кнопкой ▶. **Сначала предположите:**
#
# 1. Утечки нет (alpha = 0): какую наибольшую скорость нейрон переживёт? Что его при ней спасает?
# 2. Погубите его и посмотрите шаги 2, 3, 20. Что движется?
# 3. Теперь откройте утечку. Почему потери несколько шагов почти не падают, а потом падают быстро?

# %% id="dying-explorer" role="picture"
dying_explorer()

# %% [markdown] id="dying-explored" lang="en"
# <details><summary>Compare</summary>
#
# 1. 0.8. After that step 8 of the 20 samples are still above 0; their gradient lifts $b$ and with it all the others. At 0.9 none is left.
# 2. Nothing, for ever.
# 3. As long as all samples are below 0, only the fraction alpha of the gradient comes back, and $w$ and $b$ creep. As soon as the first samples are above 0, they pull
#    with the whole gradient.
#
# </details>

# %% [markdown] id="dying-explored" lang="ru"
# <details><summary>Сверить</summary>
#
# 1. 0,8. После такого шага выше нуля остаются 8 примеров из 20; их градиент поднимает $b$, а с ним и все остальные. При 0,9 не остаётся ни одного.
# 2. Ничего — и так навсегда.
# 3. Пока все примеры ниже нуля, возвращается только доля alpha градиента, и $w$ и $b$ еле ползут. Как только первые примеры окажутся выше нуля, они потянут
#    с полной силой.
#
# </details>

# %% [markdown] id="leaky-intro" lang="en"
# ## Leaky ReLU
#
# So let a little through below 0: a slope $\alpha$, which is a fixed number.

# %% [markdown] id="leaky-intro" lang="ru"
# ## ReLU с утечкой
#
# Пусть слева от нуля немного просачивается: с наклоном $\alpha$, это фиксированное число.

# %% id="leaky-picture" role="picture"
show_family("LeakyReLU", (0, 0.1, 0.25, 2))

# %% [markdown] id="leaky-task" lang="en"
# The lecture writes it with masks as factors; the slide with the curves has $\max(0.1x, x)$:
#
# $$LReLU(x) = (x < 0) \cdot \alpha x + (x \ge 0) \cdot x$$
#
# **With a pencil.** $x$ = −2 and 3. Compute the lecture's formula and $\max(\alpha x, x)$, for $\alpha = 0.1$ and for $\alpha = 2$.
#
# <details><summary>Compare</summary>
#
# For 0.1 both give −0.2 and 3. For 2 the lecture's formula gives −4 and 3, the maximum gives −2 and 6: it is a shortcut for $\alpha \le 1$ alone.
#
# </details>
#
# ### Exercise `LeakyReLU`, forward (0.5 points)
#
# Any $\alpha \ge 0$, above 1 too. The default is the lecture's 0.1. (PyTorch's default is 0.01.)
#
# <details><summary>Hint</summary>
#
# Ask for the sign of `x`, and choose element by element.
#
# </details>

# %% [markdown] id="leaky-task" lang="ru"
# В лекции это записано масками-множителями, а на слайде с графиками стоит $\max(0.1x, x)$:
#
# $$LReLU(x) = (x < 0) \cdot \alpha x + (x \ge 0) \cdot x$$
#
# **С карандашом.** $x$ равен −2 и 3. Посчитайте по формуле лекции и через $\max(\alpha x, x)$ при $\alpha = 0.1$ и при $\alpha = 2$.
#
# <details><summary>Сверить</summary>
#
# При 0,1 обе дают −0,2 и 3. При 2 формула лекции даёт −4 и 3, а максимум — −2 и 6: этим сокращением можно пользоваться только при $\alpha \le 1$.
#
# </details>
#
# ### Упражнение `LeakyReLU`, прямой проход (0,5 балла)
#
# Любое $\alpha \ge 0$, в том числе больше 1. По умолчанию 0,1, как в лекции. (В PyTorch по умолчанию 0,01.)
#
# <details><summary>Подсказка</summary>
#
# Спросите о знаке `x` и выбирайте поэлементно.
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
# The derivative of $\alpha x$ does not depend on how negative $x$ is.
#
# </details>

# %% [markdown] id="leaky-backward-task" lang="ru"
# ### Упражнение `LeakyReLU`, обратный проход (1 балл)
#
# Ровно в нуле годится любой наклон между $\alpha$ и 1. (PyTorch берёт $\alpha$; по записи лекции, $x \ge 0$, естественно взять 1.)
#
# <details><summary>Подсказка</summary>
#
# Производная $\alpha x$ не зависит от того, насколько $x$ отрицателен.
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
# Leaky ReLU still has a corner, and it goes down for ever. The **exponential linear unit** bends softly and stops at $-\alpha$:

# %% [markdown] id="elu-intro" lang="ru"
# ## ELU
#
# У ReLU с утечкой остаётся излом, и вниз она уходит бесконечно. **Экспоненциальный линейный элемент** изгибается плавно и останавливается у $-\alpha$:

# %% id="elu-picture" role="picture"
show_family("ELU", (0.5, 1, 2))

# %% [markdown] id="elu-literal-intro" lang="en"
# $$ELU(x) = (x < 0) \cdot \alpha (e^x - 1) + (x \ge 0) \cdot x$$
#
# Take the formula literally, masks as factors, and try it on 1000:

# %% [markdown] id="elu-literal-intro" lang="ru"
# $$ELU(x) = (x < 0) \cdot \alpha (e^x - 1) + (x \ge 0) \cdot x$$
#
# Поймём формулу буквально, с масками-множителями, и попробуем её на числе 1000:


# %% id="elu-literal" role="given"
def literal_elu(x, alpha=1.0):
    return (x < 0) * alpha * (np.exp(x) - 1) + (x >= 0) * x


with np.errstate(all="ignore"):  # your layer must be silent without this
    print(literal_elu(np.array([-1000.0, 0.0, 2.0, 1000.0])))

# %% [markdown] id="elu-task" lang="en"
# At 1000 the first mask is 0, but the other factor is $e^{1000} - 1 = \infty$, and in floats $0 \cdot \infty$ is NaN. A mask cannot repair what
# has overflowed already.
#
# **With a pencil.** ELU with $\alpha = 2$ at $x = -\ln 2$? And what would $\alpha e^x - 1$ give at $x = 0$ from the left?
#
# <details><summary>Compare</summary>
#
# 2 · (1/2 − 1) = −1. Without the bracket it would be 2 · 1 − 1 = 1 at 0, where the other branch is 0: a jump. For $\alpha = 1$ nobody would notice.
#
# </details>
#
# ### Exercise `ELU`, forward (1 point)
#
# Finite and silent at ±1000, for any $\alpha$.
#
# <details><summary>Hint 1</summary>
#
# `np.where` alone cures the NaN but not the warning: it computes both branches for all elements.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# The exponential is needed for negative numbers only. What could you hand to it in place of $x$, so that nothing changes for negative numbers
# and nothing large ever arrives?
#
# </details>

# %% [markdown] id="elu-task" lang="ru"
# При 1000 первая маска равна 0, но другой множитель — это $e^{1000} - 1 = \infty$, а $0 \cdot \infty$ в числах с плавающей точкой — NaN. Маска не
# исправит того, что уже переполнилось.
#
# **С карандашом.** Чему равна ELU с $\alpha = 2$ в точке $x = -\ln 2$? И что дало бы $\alpha e^x - 1$ в точке $x = 0$ слева?
#
# <details><summary>Сверить</summary>
#
# 2 · (1/2 − 1) = −1. Без скобок в нуле было бы 2 · 1 − 1 = 1, а другая ветвь там равна 0: скачок. При $\alpha = 1$ этого никто бы не заметил.
#
# </details>
#
# ### Упражнение `ELU`, прямой проход (1 балл)
#
# Конечный ответ и тишина при ±1000, для любого $\alpha$.
#
# <details><summary>Подсказка 1</summary>
#
# Один `np.where` избавит от NaN, но не от предупреждения: он вычисляет обе ветви для всех элементов.
#
# </details>
#
# <details><summary>Подсказка 2</summary>
#
# Экспонента нужна только для отрицательных чисел. Что подать ей вместо $x$, чтобы для отрицательных ничего не изменилось, а большое к ней
# никогда не попадало?
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
# Differentiate the left branch yourself. For $\alpha = 1$ left and right slope meet at 0 and there is no corner; for another $\alpha$ any slope
# between $\alpha$ and 1 is right at 0 (PyTorch takes $\alpha$).
#
# <details><summary>Hint</summary>
#
# Check your derivative at $x = -\ln 2$ with $\alpha = 2$: it must be 1 there. And the exponential overflows in backward as easily as in forward.
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
# Which $\alpha$ is the best? **Parametric ReLU** leaves that to training: $\alpha$ is a parameter, either one for the whole layer or one for each
# channel. This is the rare activation with something to train.
#
# Parameters of a layer live in `self.params`, their gradients in `self.grads`, by the same names. The optimiser, which takes the steps of training, writes
# new values **into** the array `self.params["alpha"]`, so `forward` must read it there, each time, and no method but `__init__` may put another array in its place.
#
# Channels stand on axis 1 of `(N, C, H, W)` and of `(N, C)`. NumPy lines shapes up from the **right**, and so `alpha` of shape `(C,)` would land on
# $W$. It needs axes of length 1 behind it: how many depends on the input.
#
# ### Exercise `PReLU`, forward (1 point)
#
# `params["alpha"]` has the shape `(num_parameters,)` and begins at 0.25 (as in the paper by He et al., 2015, and in PyTorch). The output has the dtype of
# `x`, even if `alpha` has another one.
#
# <details><summary>Hint 1: the shape of alpha</summary>
#
# For `x` of shape `(N, C, H, W)` the slopes `(C, 1, 1)` are what you want, for `(N, C)` just `(C,)`. How many ones are there for `x.ndim` axes?
# A single alpha, `(1,)`, fits everything as it is.
#
# </details>
#
# <details><summary>Hint 2: the dtype</summary>
#
# float64 times float32 is float64. Convert `alpha` before, or the result afterwards: `astype(x.dtype)`.
#
# </details>

# %% [markdown] id="prelu-intro" lang="ru"
# ## PReLU: наклон обучается
#
# Какое $\alpha$ лучше? **Параметрическая ReLU** предоставляет решать обучению: $\alpha$ — параметр, либо один на весь слой, либо свой у каждой карты
# признаков. Это та редкая активация, у которой есть что обучать.
#
# Параметры слоя лежат в `self.params`, их градиенты — в `self.grads` под теми же именами. Оптимизатор, который делает шаги обучения, записывает новые
# значения **в сам** массив `self.params["alpha"]`, поэтому `forward` каждый раз должен читать его оттуда, а подменять массив другим нельзя нигде, кроме `__init__`.
#
# Карты признаков стоят на оси 1 и в `(N, C, H, W)`, и в `(N, C)`. NumPy выравнивает формы **справа**, и `alpha` формы `(C,)` попал бы на $W$. Ему нужны
# оси длины 1 сзади; сколько — зависит от входа.
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

# %% [markdown] id="prelu-backward-task" lang="en"
# ### Two gradients
#
# For the input it is that of a leaky ReLU. For $\alpha$: let it grow by a hundredth. Every output below 0 that uses it changes by a hundredth of its own
# $x$; outputs above 0 do not change. All these changes reach the loss, and so they **add up**, over all samples and all places:
#
# $$\frac{\partial L}{\partial \alpha_m} = \sum_{t, i, j:\; X_{ij}^{mt} < 0} \frac{\partial L}{\partial Y_{ij}^{mt}} \cdot X_{ij}^{mt}$$
#
# **With a pencil.** One alpha, `x` is −1, 2, −3 and `grad_out` is 10, 20, −30. The gradient of alpha? At an exact 0, does it matter which slope you take?
#
# <details><summary>Compare</summary>
#
# 10 · (−1) + (−30) · (−3) = 80. An $x$ of exactly 0 contributes 0 either way; for `dx` any slope between $\alpha$ and 1 is right there (PyTorch takes
# $\alpha$).
#
# </details>
#
# ### Exercise `PReLU`, backward (2 points)
#
# Return $\partial L / \partial X$ and put $\partial L / \partial \alpha$ into `self.grads["alpha"]`, in the shape of `params["alpha"]`, made anew by each backward.
#
# <details><summary>Hint 1</summary>
#
# First make an array of the shape of `x` that holds what each single element contributes; then sum.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# With one alpha all axes are summed, and yet an array of shape `(1,)` is wanted. With one a channel, all axes but axis 1: for 4-D input `axis=(0, 2, 3)`,
# for 2-D `axis=(0,)`.
#
# </details>

# %% [markdown] id="prelu-backward-task" lang="ru"
# ### Два градиента
#
# По входу градиент такой же, как у ReLU с утечкой. По $\alpha$: пусть этот параметр вырос на одну сотую. Каждый выход ниже нуля, который от него зависит, изменится
# на сотую долю своего $x$; выходы выше нуля не изменятся. Все эти изменения доходят до функции потерь, а значит, **складываются** по всем примерам и всем местам:
#
# $$\frac{\partial L}{\partial \alpha_m} = \sum_{t, i, j:\; X_{ij}^{mt} < 0} \frac{\partial L}{\partial Y_{ij}^{mt}} \cdot X_{ij}^{mt}$$
#
# **С карандашом.** Один alpha, `x` — это −1, 2, −3, а `grad_out` — 10, 20, −30. Каков градиент по alpha? Важно ли, какой наклон взять ровно в нуле?
#
# <details><summary>Сверить</summary>
#
# 10 · (−1) + (−30) · (−3) = 80. Число $x$, равное нулю, в любом случае вносит 0; а для `dx` там годится любой наклон между $\alpha$ и 1 (PyTorch берёт $\alpha$).
#
# </details>
#
# ### Упражнение `PReLU`, обратный проход (2 балла)
#
# Верните $\partial L / \partial X$, а $\partial L / \partial \alpha$ положите в `self.grads["alpha"]`, в форме `params["alpha"]`, каждый раз заново.
#
# <details><summary>Подсказка 1</summary>
#
# Сначала сделайте массив формы `x` с вкладом каждого отдельного элемента, потом суммируйте.
#
# </details>
#
# <details><summary>Подсказка 2</summary>
#
# Если alpha один, сумма идёт по всем осям, но нужен всё же массив формы `(1,)`. Если свой у каждой карты — по всем осям, кроме оси 1: для четырёх осей
# `axis=(0, 2, 3)`, для двух `axis=(0,)`.
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
# Thick: the value (blue) and the derivative (orange) as your layers give them. Thin: PyTorch's. What is not written yet stays empty.

# %% [markdown] id="own" lang="ru"
# ## Ваши собственные кривые
#
# Толстые линии — значение (синяя) и производная (оранжевая), как их дают ваши слои. Тонкие — то же у PyTorch. Что ещё не написано, остаётся пустым.

# %% id="own-picture" role="picture"
show_own_activations(ReLU, Sigmoid, Tanh, LeakyReLU, ELU, PReLU)

# %% [markdown] id="maxout-intro" lang="en"
# ## Maxout
#
# ReLU is the larger of two straight lines, 0 and $x$; leaky ReLU, for $\alpha \le 1$, is the larger of $\alpha x$ and $x$. **Maxout** lets the lines themselves
# be learned and takes the largest (the last panel of the six curves shows two lines and what is left of them):
#
# $$Maxout(x) = \max(a_1 x + b_1,\; a_2 x + b_2)$$
#
# Move the two lines. Both are dotted; thick is the larger of them, in the colour of the line that **wins** there. On the right is its derivative.
# **Guess first, then move:**
#
# 1. Which four numbers make a ReLU? A leaky ReLU with $\alpha = 1/4$? And $|x|$? Is there one way only?
# 2. Can any numbers make a step, or an S as the sigmoid has it?
# 3. Which of the two slopes stands to the left of the kink, which to the right? When is there no kink at all?
# 4. Can this neuron die as a ReLU does?

# %% [markdown] id="maxout-intro" lang="ru"
# ## Maxout
#
# ReLU — это большая из двух прямых, 0 и $x$; ReLU с утечкой при $\alpha \le 1$ — большая из $\alpha x$ и $x$. **Maxout** обучает и сами прямые, а берёт наибольшую
# (на последнем из шести графиков — две прямые и то, что от них остаётся):
#
# $$Maxout(x) = \max(a_1 x + b_1,\; a_2 x + b_2)$$
#
# Подвигайте обе прямые. Они показаны точками, а толстая линия — большая из двух, в цвете той прямой, которая здесь **побеждает**. Справа её производная.
# **Сначала предположите, потом двигайте:**
#
# 1. Какие четыре числа дают ReLU? ReLU с утечкой при $\alpha = 1/4$? А $|x|$? Единственный ли это способ?
# 2. Можно ли подобрать числа так, чтобы получилась ступенька или S, как у сигмоиды?
# 3. Какой из двух наклонов окажется слева от излома, какой справа? Когда излома нет вовсе?
# 4. Может ли такой нейрон умереть, как умирает ReLU?

# %% id="maxout-explorer" role="picture"
maxout_explorer()

# %% [markdown] id="maxout-task" lang="en"
# <details><summary>Compare</summary>
#
# 1. In the order of $a_1$, $b_1$, $a_2$, $b_2$: 0, 0, 1, 0 for ReLU; 0.25, 0, 1, 0 for the leaky one; −1, 0, 1, 0 for $|x|$. The lines may change places: the
#    larger one remains the larger one.
# 2. No. However you set them, the slope only grows from left to right: a maximum of straight lines is always **convex**. On its way through an S the slope grows
#    and falls again, and a step has to come back from a steep slope to a flat one. The next layer can take the difference of two Maxouts, and that can look like
#    one.
# 3. The smaller one to the left, the larger one to the right, whichever line it belongs to. There is no kink where both slopes are equal: the lines are parallel,
#    the upper one wins everywhere, and the neuron is an ordinary linear one.
# 4. No. What kills a ReLU is that its line 0 cannot be trained. Here a flat line passes nothing on to $x$, but it has numbers of its own: where it wins, its $a$
#    and $b$ get the gradient, and it need not stay flat. What can fall silent is a single line: one that is the lower one for all samples gets no gradient.
#
# </details>
#
# ### A layer of them
#
# For an input of many numbers, as on the slide, each line becomes $w_p^T x + b_p$. A layer of `out` neurons with `pieces` lines each holds
# `params["weight"]` of shape `(pieces, out, in)` and `params["bias"]` of shape `(pieces, out)`. It is therefore no activation behind a layer but a layer with its bend built in, and
# it has `pieces` times as many parameters as a linear one.
#
# **With a pencil.** One output, two pieces: $3x - 1$ and $-x + 1$. The outputs for $x = 2$ and for $x = -1$, and which piece wins?
#
# <details><summary>Compare</summary>
#
# For 2 the pieces are 5 and −1: the first wins, 5. For −1 they are −4 and 2: the second wins, 2.
#
# </details>
#
# ### Exercise `Maxout`, forward (1.5 points)
#
# `x` is `(N, in)`, the output `(N, out)`. The weights begin random, drawn from `rng` (for `None` make a generator of your own), or all neurons would stay
# equal for ever. N(0, 2/in), that is a standard deviation of $\sqrt{2 / in}$, and bias 0 are a good choice.
#
# <details><summary>Hint 1: all pieces</summary>
#
# For one piece the answer is `x @ A.T + b` with `A` of shape `(out, in)`. Do that for each piece and stack the results into one array, or let `np.einsum` do all
# of them at once.
#
# </details>
#
# <details><summary>Hint 2: which axis?</summary>
#
# With all pieces in an array `(N, pieces, out)`, the pieces of one output compete along axis 1. For backward you will want to know who won: `argmax`.
#
# </details>

# %% [markdown] id="maxout-task" lang="ru"
# <details><summary>Сверить</summary>
#
# 1. По порядку $a_1$, $b_1$, $a_2$, $b_2$: для ReLU — 0; 0; 1; 0, для ReLU с утечкой — 0,25; 0; 1; 0, для $|x|$ — −1; 0; 1; 0. Прямые можно поменять местами: большая
#    останется большей.
# 2. Нельзя. Как ни двигай, слева направо наклон только растёт: максимум прямых всегда **выпуклый** (вниз). А вдоль буквы S наклон сначала растёт, потом снова
#    убывает; и ступенька должна вернуться от крутого наклона к пологому. Следующий слой может взять разность двух Maxout, и вот она может быть похожа на S.
# 3. Слева меньший, справа больший, какой бы прямой он ни принадлежал. Излома нет, если наклоны равны: прямые параллельны, всюду побеждает верхняя, и нейрон
#    становится обычным линейным.
# 4. Нет. ReLU губит то, что её прямая 0 не обучается. Здесь плоская прямая тоже ничего не передаёт к $x$, но у неё есть собственные числа: там, где она победила,
#    градиент получают её $a$ и $b$, и оставаться плоской она не обязана. Замолчать может лишь отдельная прямая: если она ниже другой на всех примерах, градиента
#    ей не достанется.
#
# </details>
#
# ### Слой из таких нейронов
#
# Если на входе много чисел, каждая прямая превращается в $w_p^T x + b_p$, как на слайде. Слой из `out` нейронов по `pieces` прямых («кусков») хранит
# `params["weight"]` формы `(pieces, out, in)` и `params["bias"]` формы `(pieces, out)`. Так что это не активация после слоя, а слой со встроенным изломом, и параметров
# у него в `pieces` раз больше, чем у линейного.
#
# **С карандашом.** Один выход, два куска: $3x - 1$ и $-x + 1$. Каковы выходы при $x = 2$ и при $x = -1$ и какой кусок побеждает?
#
# <details><summary>Сверить</summary>
#
# При 2 куски равны 5 и −1: побеждает первый, 5. При −1 они равны −4 и 2: побеждает второй, 2.
#
# </details>
#
# ### Упражнение `Maxout`, прямой проход (1,5 балла)
#
# `x` — это `(N, in)`, выход — `(N, out)`. Начальные веса случайны и берутся из `rng` (если он `None`, заведите собственный генератор), иначе все нейроны навсегда
# остались бы одинаковыми. Хороший выбор — N(0, 2/in), то есть стандартное отклонение $\sqrt{2 / in}$, и нулевой сдвиг.
#
# <details><summary>Подсказка 1: все куски</summary>
#
# Для одного куска ответ — `x @ A.T + b`, где `A` формы `(out, in)`. Сделайте это для каждого и соберите результаты в один массив или поручите всё сразу
# `np.einsum`.
#
# </details>
#
# <details><summary>Подсказка 2: по какой оси?</summary>
#
# Если все куски лежат в массиве `(N, pieces, out)`, куски одного выхода соревнуются вдоль оси 1. Для обратного прохода понадобится знать, кто победил: `argmax`.
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

# %% [markdown] id="maxout-backward-task" lang="en"
# ### Its gradient
#
# As in max pooling, the winner made the output, and the winner alone gets the gradient, for each output of each sample anew. From there on every piece is a linear
# layer. With $G_{to}^p$ for what piece $p$ gets at output $o$ of sample $t$ (the gradient from above if it won, else 0):
#
# $$\frac{\partial L}{\partial W_{oi}^p} = \sum_t G_{to}^p X_{ti} \qquad \frac{\partial L}{\partial b_o^p} = \sum_t G_{to}^p \qquad \frac{\partial L}{\partial X_{ti}} = \sum_{p, o} G_{to}^p W_{oi}^p$$
#
# **With a pencil.** The two pieces from above, `x` is 2 and −1, `grad_out` is 10 and 100. The gradients of both slopes, of both biases, and `dx`?
#
# <details><summary>Compare</summary>
#
# The first piece gets 10 at $x = 2$: slope 20, bias 10. The second gets 100 at $x = -1$: slope −100, bias 100. `dx` is 10 · 3 = 30 and 100 · (−1) = −100.
#
# </details>
#
# Where pieces are tied, any shares that add up to 1 are right. (PyTorch's `max` over an axis gives all to one piece, its `amax` equal shares to all the tied ones.)
#
# ### Exercise `Maxout`, backward (2.5 points)
#
# Return $\partial L / \partial X$; put the gradients of both parameters into `self.grads`, in the shapes of the parameters.
#
# <details><summary>Hint 1</summary>
#
# Make $G$ as an array `(N, pieces, out)`: zero everywhere but at the winners. Comparing `np.arange(pieces)` with the winners, both with the axes that they
# lack, gives a mask.
#
# </details>
#
# <details><summary>Hint 2</summary>
#
# All three sums are read off their indices by `np.einsum`: an index that stands on the left of the arrow and not on the right is summed. Or loop over the pieces with
# `G_p.T @ x`, `G_p.sum(axis=0)` and `G_p @ A_p`.
#
# </details>

# %% [markdown] id="maxout-backward-task" lang="ru"
# ### Его градиент
#
# Как в субдискретизации по максимуму: выход создан победителем, и градиент получает только победитель — на каждом выходе каждого примера свой. Дальше каждый кусок —
# обычный линейный слой. Пусть $G_{to}^p$ — то, что кусок $p$ получает на выходе $o$ примера $t$ (градиент сверху, если он победил, иначе 0):
#
# $$\frac{\partial L}{\partial W_{oi}^p} = \sum_t G_{to}^p X_{ti} \qquad \frac{\partial L}{\partial b_o^p} = \sum_t G_{to}^p \qquad \frac{\partial L}{\partial X_{ti}} = \sum_{p, o} G_{to}^p W_{oi}^p$$
#
# **С карандашом.** Те же два куска, `x` равен 2 и −1, `grad_out` — 10 и 100. Каковы градиенты обоих наклонов, обоих сдвигов и `dx`?
#
# <details><summary>Сверить</summary>
#
# Первый кусок получает 10 при $x = 2$: наклон 20, сдвиг 10. Второй получает 100 при $x = -1$: наклон −100, сдвиг 100. `dx` — это 10 · 3 = 30 и 100 · (−1) = −100.
#
# </details>
#
# Если куски равны, годятся любые доли, дающие в сумме 1. (В PyTorch `max` по оси отдаёт всё одному куску, а `amax` — поровну всем равным.)
#
# ### Упражнение `Maxout`, обратный проход (2,5 балла)
#
# Верните $\partial L / \partial X$; градиенты обоих параметров положите в `self.grads`, в тех же формах, что у параметров.
#
# <details><summary>Подсказка 1</summary>
#
# Сделайте $G$ массивом `(N, pieces, out)`: всюду ноль, кроме мест победителей. Маску даёт сравнение `np.arange(pieces)` с победителями, если добавить обоим
# недостающие оси.
#
# </details>
#
# <details><summary>Подсказка 2</summary>
#
# Все три суммы прямо по индексам считает `np.einsum`: индекс, который стоит слева от стрелки и не стоит справа, суммируется. Или пройдите по кускам циклом с
# `G_p.T @ x`, `G_p.sum(axis=0)` и `G_p @ A_p`.
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
# ## Which one to take?
#
# | | range | slope | what to know |
# | --- | --- | --- | --- |
# | Sigmoid | 0 to 1 | at most 1/4 | saturates on both sides; outputs all positive; for probabilities at the end of a net |
# | tanh | −1 to 1 | at most 1 | saturates, but is centred at 0 |
# | ReLU | from 0 | 0 or 1 | cheap, keeps the gradient's length; can die |
# | Leaky ReLU | all | α or 1 | cannot die; α is a fixed number |
# | PReLU | all | α or 1 | α is learned |
# | ELU | from −α | between 0 and 1 (for α = 1) | smooth for α = 1; costs an exponential |
# | Maxout | all | those of its pieces | no saturation; `pieces` times the parameters |
#
# Start with ReLU. If neurons die (too large a learning rate does it), give it a leak.

# %% [markdown] id="which" lang="ru"
# ## Что же выбрать?
#
# | | значения | наклон | что важно знать |
# | --- | --- | --- | --- |
# | Сигмоида | от 0 до 1 | не больше 1/4 | насыщается с обеих сторон; все выходы положительны; для вероятностей в конце сети |
# | tanh | от −1 до 1 | не больше 1 | насыщается, но симметричен относительно нуля |
# | ReLU | от 0 | 0 или 1 | дёшева, сохраняет длину градиента; может умереть |
# | ReLU с утечкой | любые | α или 1 | не умирает; α — фиксированное число |
# | PReLU | любые | α или 1 | α обучается |
# | ELU | от −α | от 0 до 1 (при α = 1) | при α = 1 гладкая; нужна экспонента |
# | Maxout | любые | как у её кусков | не насыщается; параметров в `pieces` раз больше |
#
# Начните с ReLU. Если нейроны умирают (так бывает при слишком большой скорости обучения), дайте ей утечку.

# %% [markdown] id="end" lang="en"
# ## What is done
#
# Run this cell whenever you like. It shows the checks of this session; after a restart, run the notebook once from the top.

# %% [markdown] id="end" lang="ru"
# ## Что сделано
#
# Выполняйте эту ячейку когда угодно. Она показывает проверки этого сеанса; после перезапуска выполните тетрадь один раз с начала.

# %% id="progress" role="given"
progress("02_activations")
