# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] id="title" lang="en"
# # 1 · Pooling
#
# At every place of a picture, a convolution answers the question "how much of my pattern is here?" With padding at the
# edges, its answer, the feature map, is as large as the picture, and neighbouring numbers in it are nearly the same. **Pooling**
# keeps one number from every small window and drops the rest.
#
# This solves two problems at once:
#
# - **it makes the maps smaller**, so everything that follows is cheaper and sees more of the picture at once;
# - **it helps against overfitting**: the network no longer sees where in the window the pattern was, so it cannot learn this
#   place by heart.
#
# In this notebook you will
#
# 1. look at what pooling does to a photograph and to a map of sixteen numbers,
# 2. work out how large its result is,
# 3. write max pooling, forward and backward,
# 4. write average pooling, forward and backward,
# 5. see where the fourth and the fifth dimension of an array come from.
#
# After you have written a part, run the cell `check(...)` below it. It compares your code with PyTorch, value by value, and
# shows you the smallest example in which they differ.

# %% [markdown] id="title" lang="ru"
# # 1 · Субдискретизация
#
# Свёртка в каждом месте картинки отвечает на вопрос «насколько это похоже на мой фильтр?». Ответы складываются в карту признаков. Если
# края картинки дополнить (padding), карта будет размером с саму картинку, а соседние числа в ней почти одинаковы. **Субдискретизация**
# (pooling) оставляет от каждого небольшого окна одно число, а остальные отбрасывает.
#
# Этим она решает сразу две задачи:
#
# - **снижает пространственную размерность**: всё, что идёт дальше, обходится дешевле и видит бо́льшую часть картинки;
# - **помогает не переобучаться**: сеть больше не видит, где именно внутри окна нашёлся признак, и не может заучить это
#   место.
#
# В этой тетради вы
#
# 1. посмотрите, что субдискретизация делает с фотографией и с картой из шестнадцати чисел,
# 2. выясните, какого размера получается результат,
# 3. напишете субдискретизацию по максимуму: прямой и обратный проход,
# 4. напишете субдискретизацию по среднему: прямой и обратный проход,
# 5. увидите, откуда у массива берутся четвёртая и пятая размерности.
#
# Написав очередную часть, выполните ячейку `check(...)` под ней: она сравнит ваш код с PyTorch число за числом и покажет
# самый маленький пример, на котором они расходятся.

# %% id="setup" role="setup"
import numpy as np

from ncl_course import ask, check, language, progress
from ncl_course.nn import Layer, compare_gradients, numeric_gradient
from ncl_course.viz import (
    output_size_explorer,
    photo_explorer,
    pooling_explorer,
    show_dimensions,
    show_gradient,
    show_output_size,
    show_own_layer,
    show_photo,
    show_pooling,
    show_pooling_trial,
    when_written,
)

# %% [markdown] id="conv-recap" lang="en"
# ## From the last lecture: one number of a map
#
# A convolution lays its filter on a window of the picture, multiplies cell by cell, and adds: a **dot product**. Then the window
# slides on, from left to right and from top to bottom. Work out one of these numbers:

# %% [markdown] id="conv-recap" lang="ru"
# ## С прошлой лекции: одно число карты
#
# Свёртка накладывает фильтр на окно картинки, перемножает числа ячейка за ячейкой и складывает: это **скалярное произведение**.
# Затем окно скользит дальше, слева направо и сверху вниз. Посчитайте одно такое число:

# %% id="ask-dot-product" role="question"
ask("pooling.dot-product")

# %% [markdown] id="photo-intro" lang="en"
# (In a question, your answer is locked before the right one appears. Nothing is graded here; your file keeps the answers, and the
# [course map](00_start.ipynb) counts them. The page that the lecture shows,
# [ConvNetJS](https://cs.stanford.edu/people/karpathy/convnetjs/demo/cifar10.html), draws all maps of a network while it learns in your
# browser.)
#
# ## Look first
#
# Below are a photograph and what is left of it when every 4 × 4, 8 × 8 or 16 × 16 window is replaced by a single number: its
# largest number (**max**) or its mean (**average**). All pictures are drawn at the same size; the shapes above them say how
# many numbers are left.

# %% [markdown] id="photo-intro" lang="ru"
# (В вопросах сначала вы даёте окончательный ответ и только потом видите верный. Оценок за них нет; файл хранит ваши ответы, а
# [карта курса](00_start.ipynb) их считает. Страница с первого слайда лекции,
# [ConvNetJS](https://cs.stanford.edu/people/karpathy/convnetjs/demo/cifar10.html), рисует все карты сети, пока та учится прямо в
# браузере.)
#
# ## Сначала посмотрим
#
# Ниже — фотография и то, что от неё остаётся, если каждое окно 4 × 4, 8 × 8 или 16 × 16 заменить одним числом: наибольшим
# (**max**) или средним (**average**). Все картинки показаны в одном размере; сколько чисел в них осталось, написано
# сверху.

# %% id="photo" role="picture"
show_photo()

# %% [markdown] id="photo-outro" lang="en"
# At 4 × 4 only one number in sixteen is left, and you can still tell what the picture shows. The maximum favours bright
# pixels: thin light lines become thicker. The mean blurs. In a feature map, "bright" means "the pattern was found here".
# This is why networks so often take the maximum: it asks *was the pattern anywhere in this window?*
#
# ## Two numbers and a rule
#
# A pooling layer is described by
#
# - the **filter size** (`kernel_size`): how many rows and columns a window has;
# - the **stride** (`stride`): by how many cells the window moves from one position to the next;
# - the **rule** that turns a window into one number: max or average.
#
# There is nothing to train in it. The lecture's example has `kernel_size=2` and `stride=2`:

# %% [markdown] id="photo-outro" lang="ru"
# При окне 4 × 4 остаётся одно число из шестнадцати, а что изображено, всё ещё понятно. Максимум любит яркое: тонкие
# светлые линии становятся толще. Среднее размывает. В карте признаков «ярко» значит «признак здесь найден», поэтому в
# сетях так часто берут максимум: он спрашивает, *был ли признак хоть где-нибудь в этом окне*.
#
# ## Два числа и правило
#
# Слой субдискретизации задают
#
# - **размер фильтра** (`kernel_size`): сколько в окне строк и столбцов;
# - **шаг** (`stride`): на сколько ячеек сдвинуто каждое следующее окно;
# - **правило**, по которому окно превращается в одно число: максимум или среднее.
#
# Обучать в нём нечего. В примере из лекции `kernel_size=2` и `stride=2`:

# %% id="slide" role="picture"
slide = np.array([[1, 3, 2, 9], [7, 4, 1, 5], [8, 5, 2, 3], [4, 2, 1, 4]])
show_pooling(slide, kernel_size=2, stride=2)

# %% [markdown] id="explore" lang="en"
# ### Now you
#
# A prediction first. Then move the sliders and let the window walk: make the stride smaller than the window, then larger. (Come back to
# the button *backward* after the section "Where the gradient goes", which explains it.)

# %% [markdown] id="explore" lang="ru"
# ### Теперь вы
#
# Сначала предсказание. Потом подвигайте ползунки и пустите окно по карте: пусть шаг будет меньше окна, потом больше. (К кнопке
# *обратный проход* вернитесь после раздела «Куда уходит градиент»: там она объяснена.)

# %% id="ask-unused-cells" role="question"
ask("pooling.unused-cells")

# %% id="explorer" role="picture"
pooling_explorer()

# %% [markdown] id="explore-photo-before" lang="en"
# ### The same on the photograph
#
# So far the window and the stride were equal. Here each has its own slider; the detail in the middle shows four neighbouring
# windows on the real pixels. Answer before you move anything:

# %% [markdown] id="explore-photo-before" lang="ru"
# ### То же на фотографии
#
# До сих пор окно и шаг были равны. Здесь у каждого свой ползунок, а на фрагменте посередине видны четыре соседних окна прямо
# на пикселях. Сначала ответьте, потом двигайте:

# %% id="ask-every-pixel-counts" role="question"
ask("pooling.every-pixel-counts")

# %% id="ask-bright-sky" role="question"
ask("pooling.bright-sky")

# %% [markdown] id="explore-photo" lang="en"
# Now move the sliders and see whether you were right:
#
# 1. `kernel_size=1`, `stride=8`, and then `kernel_size=8`, `stride=8`: as many numbers are left. Look for the thin details that
#    disappear, and for steps and gaps that the original does not have.
# 2. `kernel_size=8`, `stride=1`: compare the maximum and the average.
# 3. Halve the stride: four times as many numbers are left. The stride decides **how many** numbers are left, and the window decides
#    **what each of them knows**.

# %% [markdown] id="explore-photo" lang="ru"
# Теперь подвигайте ползунки и проверьте себя:
#
# 1. `kernel_size=1`, `stride=8`, а потом `kernel_size=8`, `stride=8`: чисел остаётся столько же. Найдите тонкие детали, которые
#    пропали, а также лесенки и разрывы, которых в оригинале не было.
# 2. `kernel_size=8`, `stride=1`: сравните максимум и среднее.
# 3. Уменьшите шаг вдвое: чисел станет вчетверо больше. Шаг решает, **сколько** чисел останется, а окно — **что знает каждое из
#    них**.

# %% id="photo-explorer" role="picture"
photo_explorer()

# %% [markdown] id="size-intro" lang="en"
# ## How large is the result?
#
# Height and width are worked out separately and by the same rule, so it is enough to look at one axis. Here are seven cells,
# a window of three cells and a stride of two:

# %% [markdown] id="size-intro" lang="ru"
# ## Какого размера результат?
#
# Высота и ширина считаются отдельно и по одному правилу, поэтому достаточно одной оси. Вот семь ячеек, окно из трёх ячеек и
# шаг 2:

# %% id="size-picture" role="picture"
show_output_size(7, kernel_size=3, stride=2)

# %% id="size-picture-rest" role="picture"
show_output_size(8, kernel_size=3, stride=2)

# %% [markdown] id="size-explore-before" lang="en"
# With eight cells there are still three windows: the eighth cell fills no window and is **dropped**.

# %% [markdown] id="size-explore-before" lang="ru"
# И с восемью ячейками окон по-прежнему три: восьмая ячейка никакого окна не заполняет и **отбрасывается**.

# %% id="ask-fourth-window" role="question"
ask("pooling.fourth-window")

# %% id="ask-most-dropped" role="question"
ask("pooling.most-dropped")

# %% [markdown] id="size-explore" lang="en"
# Slide the size and see. Then change the stride to 3: when does the fourth window appear now, and how many cells can be dropped?

# %% [markdown] id="size-explore" lang="ru"
# Подвигайте размер и проверьте. Потом поставьте шаг 3: когда появится четвёртое окно теперь и сколько ячеек может быть отброшено?

# %% id="size-explorer" role="picture"
output_size_explorer(8, kernel_size=3, stride=2)

# %% [markdown] id="size-task-before" lang="en"
# With stride 3 the fourth window appears at 12, and up to two cells are dropped.
#
# **In general.** An axis has $H$ cells, a window $k$ of them, and the stride is $s$. The first window starts at 0. How many cells can
# it move before it meets the end of the axis? How many whole steps of length $s$ fit into that? And are there as many windows as
# steps?

# %% [markdown] id="size-task-before" lang="ru"
# При шаге 3 четвёртое окно появляется при 12 ячейках, а отброшено бывает до двух.
#
# **В общем виде.** В оси $H$ ячеек, в окне $k$, шаг равен $s$. Первое окно начинается в ячейке 0. На сколько ячеек оно может
# сдвинуться, пока не упрётся в конец оси? Сколько целых шагов длины $s$ в это помещается? А окон столько же, сколько шагов?

# %% id="ask-rows-left" role="question"
ask("pooling.rows-left")

# %% id="ask-windows-in-general" role="question"
ask("pooling.windows-in-general")

# %% [markdown] id="size-task" lang="en"
# ### Exercise `pool_output_size` (1 point)
#
# Write the three answers as one line: return the number of windows along one axis, as an `int`. From here on, $OH$ and $OW$ are these
# numbers for the height and the width. Try your line on the examples above: sizes 7 and 8 with $k = 3$, $s = 2$, size 5 with
# $k = s = 2$, and size 32 with $k = 9$, $s = 4$.
#
# <details><summary>Hint</summary>
#
# Python has two divisions. Which of them rounds down and gives an `int` for two ints?
#
# </details>

# %% [markdown] id="size-task" lang="ru"
# ### Упражнение `pool_output_size` (1 балл)
#
# Запишите три ответа одной строкой: верните число окон вдоль одной оси как `int`. Дальше $OH$ и $OW$ — это число окон по высоте и по
# ширине. Проверьте себя на примерах выше: размеры 7 и 8 при $k = 3$, $s = 2$, размер 5 при $k = s = 2$ и размер 32 при $k = 9$,
# $s = 4$.
#
# <details><summary>Подсказка</summary>
#
# В Python два деления. Какое из них само округляет вниз и из двух `int` делает `int`?
#
# </details>


# %% id="pool-output-size" solves="pool_output_size"
def pool_output_size(size, kernel_size, stride):
    ### BEGIN SOLUTION
    return (size - kernel_size) // stride + 1
    ### END SOLUTION


# %% id="check-pool-output-size" check="pool_output_size.value"
check(pool_output_size)

# %% [markdown] id="max-forward-intro" lang="en"
# ## Max pooling, forward
#
# A real layer does not get one map but a whole batch: an array `x` of shape `(N, C, H, W)`, that is, $N$ samples with $C$
# feature maps of $H \times W$ cells each. In the lecture's notation a cell is $X_{ij}^{mt}$: row $i$, column $j$, map $m$,
# sample $t$; in NumPy it is `x[t, m, i, j]`. Each map of each sample is pooled **separately**: pooling changes $H$ and $W$
# and leaves $N$ and $C$ alone.
#
# Here is a case in which windows overlap, `kernel_size=3`, `stride=1`:

# %% [markdown] id="max-forward-intro" lang="ru"
# ## Субдискретизация по максимуму: прямой проход
#
# Настоящему слою дают не одну карту, а целый пакет: массив `x` формы `(N, C, H, W)`, то есть $N$ примеров, у каждого $C$
# карт признаков, в каждой $H \times W$ ячеек. В обозначениях лекции ячейка — это $X_{ij}^{mt}$: строка $i$, столбец $j$,
# карта $m$, пример $t$; в NumPy это `x[t, m, i, j]`. Каждая карта каждого примера обрабатывается **отдельно**:
# субдискретизация меняет $H$ и $W$ и не трогает $N$ и $C$.
#
# Посмотрим на случай, когда окна перекрываются, `kernel_size=3`, `stride=1`:

# %% id="max-forward-picture" role="picture"
show_pooling(slide, kernel_size=3, stride=1)

# %% id="ask-corner" role="question"
ask("pooling.corner")

# %% [markdown] id="max-forward-task" lang="en"
# As a formula, with $u$ and $v$ running over the window:
#
# $$Y_{ij}^{mt} = \max_{0 \le u, v < k} X_{i s + u,\; j s + v}^{mt}$$
#
# ### Exercise `MaxPool2d`, forward (1.5 points)
#
# Write `forward`. It takes `x` of shape `(N, C, H, W)` and returns an array of shape `(N, C, OH, OW)` with the same dtype.
# Do not change `x` itself. Keep on `self` what `backward` will need later.
#
# Loops over the windows are fine. Loops over samples and channels are not needed: one NumPy call can take the maximum of the
# same window in all of them at once.
#
# <details><summary>Hint 1: where to begin</summary>
#
# Make an empty result of the right shape and dtype, and fill it cell by cell: two loops, over $i$ and over $j$. You have
# already written the function that says how far they run.
#
# </details>
#
# <details><summary>Hint 2: cutting out a window</summary>
#
# A slice over axes 2 and 3 with all of axes 0 and 1, `x[:, :, top:bottom, left:right]`, is the same window in every map. How
# do `top` and `bottom` follow from $i$, the window and the stride?
#
# </details>
#
# <details><summary>Hint 3: the maximum of many windows at once</summary>
#
# The `axis` of `max` may be a tuple of several axes. Your cut-out has four: over which of them do you take the maximum, and
# which must stay?
#
# </details>

# %% [markdown] id="max-forward-task" lang="ru"
# Формулой, где $u$ и $v$ пробегают окно:
#
# $$Y_{ij}^{mt} = \max_{0 \le u, v < k} X_{i s + u,\; j s + v}^{mt}$$
#
# ### Упражнение `MaxPool2d`, прямой проход (1,5 балла)
#
# Напишите `forward`. На входе `x` формы `(N, C, H, W)`, на выходе — массив формы `(N, C, OH, OW)` с тем же типом чисел. Сам
# `x` меняться не должен. То, что потом понадобится в `backward`, сохраните в `self`.
#
# Циклы по окнам — это нормально. Циклы по примерам и картам не нужны: одним вызовом NumPy можно взять максимум одного и
# того же окна сразу во всех.
#
# <details><summary>Подсказка 1: с чего начать</summary>
#
# Создайте пустой результат нужной формы и нужного типа и заполняйте его по одной ячейке: два цикла, по $i$ и по $j$. До
# каких пор они идут, говорит функция, которую вы уже написали.
#
# </details>
#
# <details><summary>Подсказка 2: как вырезать окно</summary>
#
# Срез по осям 2 и 3 при полных осях 0 и 1, `x[:, :, top:bottom, left:right]`, — это одно и то же окно во всех картах. Как
# `top` и `bottom` выражаются через $i$, размер окна и шаг?
#
# </details>
#
# <details><summary>Подсказка 3: максимум многих окон сразу</summary>
#
# В `axis` у `max` можно передать кортеж из нескольких осей. У вырезанного куска осей четыре: по каким вы берёте максимум, а
# какие должны остаться?
#
# </details>


# %% id="maxpool2d-forward" solves="MaxPool2d"
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride

    def forward(self, x):
        N, C, H, W = x.shape
        ### BEGIN SOLUTION
        k, s = self.kernel_size, self.stride
        OH, OW = pool_output_size(H, k, s), pool_output_size(W, k, s)
        y = np.empty((N, C, OH, OW), dtype=x.dtype)
        for i in range(OH):
            for j in range(OW):
                window = x[:, :, i * s : i * s + k, j * s : j * s + k]
                y[:, :, i, j] = window.max(axis=(2, 3))
        self.x = x
        return y
        ### END SOLUTION


# %% id="check-maxpool2d-forward" check="MaxPool2d.forward"
check(MaxPool2d, "forward")

# %% [markdown] id="max-photo" lang="en"
# Your own layer on the photograph (a colour picture is a batch of one sample with three maps):

# %% [markdown] id="max-photo" lang="ru"
# Ваш собственный слой на фотографии (цветная картинка — это пакет из одного примера с тремя картами):

# %% id="max-photo-picture" role="picture"
show_own_layer(MaxPool2d)

# %% [markdown] id="shift" lang="en"
# ### Against overfitting: a digit moved by one pixel
#
# Pooling forgets where in its window a pattern was. Take a seven of 8 × 8 pixels and move it by one pixel to the right: for a reader
# nothing has changed.

# %% [markdown] id="shift" lang="ru"
# ### Против переобучения: цифра, сдвинутая на пиксель
#
# Субдискретизация забывает, где именно в окне был признак. Возьмём семёрку из 8 × 8 пикселей и сдвинем её на пиксель вправо: для читателя
# ничего не изменилось.

# %% id="ask-one-pixel" role="question"
ask("pooling.one-pixel")

# %% id="shift-run" role="own"
seven = ["........", "..####..", ".....#..", "....##..", "....#...", "...##...", "...#....", "........"]
digit = np.array([[cell == "#" for cell in row] for row in seven], dtype=float)[None, None]
moved = np.roll(digit, 1, axis=3)


def difference(kernel_size):
    before, after = MaxPool2d(kernel_size)(digit), MaxPool2d(kernel_size)(moved)
    return np.abs(after - before).sum() / before.sum()


when_written(lambda: print([f"window {kernel_size}: {difference(kernel_size):.0%}" for kernel_size in (1, 2, 4, 8)]))

# %% [markdown] id="pool-trial" lang="en"
# And in a network that learns? Two convolutions with ReLU learn 400 real digits, with and without one pooling layer between them (the
# lecture writes POOL). A bar is the mean of three runs with three seeds, and each dot is one run.

# %% [markdown] id="pool-trial" lang="ru"
# А в сети, которая учится? Две свёртки с ReLU учат 400 настоящих цифр, с одним слоем субдискретизации между ними (в лекции это POOL) и без
# него. Столбик — среднее трёх запусков с тремя зёрнами генератора, каждая точка — один запуск.

# %% id="ask-with-and-without" role="question"
ask("pooling.with-and-without")

# %% id="pool-trial-picture" role="picture"
show_pooling_trial()

# %% [markdown] id="pool-trial-outro" lang="en"
# With POOL the network has learned fewer of its 400 digits by heart, and on new digits it is no better. So a trial on small pictures
# neither proves nor refutes the lecture's sentence: it shows what pooling costs here, and what it saves.

# %% [markdown] id="pool-trial-outro" lang="ru"
# С POOL сеть выучила наизусть меньше из своих 400 цифр, а на новых она не лучше. Так что опыт на маленьких картинках фразу из лекции не
# доказывает и не опровергает: он показывает, чего субдискретизация здесь стоит и что экономит.

# %% [markdown] id="derivative" lang="en"
# ## Before the first backward pass: a derivative by hand
#
# The derivative of $f$ says how much the result changes when its argument changes by a little: if $x$ grows by 0.01 and $f(x)$ grows
# by 0.06, the derivative is about 6. This needs no formula, only two values of $f$, one on each side:
#
# $$f'(x) \approx \frac{f(x + h) - f(x - h)}{2h}$$

# %% [markdown] id="derivative" lang="ru"
# ## Перед первым обратным проходом: производная вручную
#
# Производная $f$ говорит, насколько изменится результат, если чуть изменить аргумент: если $x$ вырос на 0,01, а $f(x)$ — на 0,06,
# производная примерно равна 6. Формула для неё не нужна, нужны только два значения $f$, с одной и с другой стороны:
#
# $$f'(x) \approx \frac{f(x + h) - f(x - h)}{2h}$$

# %% id="ask-quotient" role="question"
ask("pooling.quotient")

# %% [markdown] id="chain" lang="en"
# A network is a chain of such functions. Take two steps:
#
# $$x \;\longrightarrow\; u = 2x \;\longrightarrow\; L = u^2$$
#
# If $x$ grows by 0.01, $u$ grows by 0.02. How much does $L$ grow then? Work it out at $x = 3$, where $u = 6$ and $L = 36$.

# %% [markdown] id="chain" lang="ru"
# Сеть — это цепочка таких функций. Возьмём два шага:
#
# $$x \;\longrightarrow\; u = 2x \;\longrightarrow\; L = u^2$$
#
# Если $x$ вырастет на 0,01, $u$ вырастет на 0,02. А насколько вырастет $L$? Посчитайте при $x = 3$, где $u = 6$ и $L = 36$.

# %% id="ask-chain" role="question"
ask("pooling.chain")

# %% [markdown] id="names" lang="en"
# Look at the order of the work. The second step knows only its own input $u$ and finds $\partial L / \partial u = 12$, the
# derivative of $L$ with respect to $u$. (One writes $\partial$ and not $d$ where $L$ depends on several variables.) It passes
# this number **back** to the first step, which multiplies it by its own factor, 2, and gets $\partial L / \partial x = 24$.
# Each step of the chain can do its part without knowing the others. In code a step is a **layer**, and these are the names for
# its parts:
#
# | name | meaning | in the chain, for the first step |
# | --- | --- | --- |
# | `Layer` | the base class of your layers, with `forward` and `backward` | $u = 2x$ |
# | `x` | the input of the latest `forward`, an array | 3 |
# | `grad_out` | comes back from the next layer: $\partial L / \partial Y$ for the layer's output $Y$, in the shape of the output | 12 |
# | `dx` | what `backward` returns: $\partial L / \partial X$, in the shape of the input | 24 |
# | `params` | a dict of the arrays that the layer learns; pooling has none | the factor 2, if it were learned |
# | `grads` | a dict with the same keys: the derivative of $L$ with respect to each of these arrays | $\partial L / \partial w = 12 \cdot 3 = 36$ for $u = wx$ |
#
# The array `dx` of all these derivatives is called the **gradient** with respect to $X$. The quotient above finds a gradient too, one
# number at a time: slowly, but without your formulas, so it is a good witness. Two given functions compute it: `numeric_gradient(f, x)` for a function that returns one number, and
# `compare_gradients(layer, x)`, which puts your layer's `backward` beside it.

# %% [markdown] id="names" lang="ru"
# Посмотрите на порядок работы. Второй шаг знает только свой вход $u$ и находит $\partial L / \partial u = 12$, производную $L$
# по $u$. (Вместо $d$ пишут $\partial$, когда $L$ зависит от нескольких переменных.) Это число он передаёт **назад**, первому
# шагу, а тот умножает его на собственный множитель 2 и получает $\partial L / \partial x = 24$. Каждый шаг цепочки делает свою
# часть, ничего не зная об остальных. В коде такой шаг — это **слой**, а его части называются так:
#
# | имя | что это | в цепочке, для первого шага |
# | --- | --- | --- |
# | `Layer` | базовый класс ваших слоёв, у которых есть `forward` и `backward` | $u = 2x$ |
# | `x` | вход последнего прямого прохода, массив | 3 |
# | `grad_out` | приходит от следующего слоя: $\partial L / \partial Y$ для выхода $Y$ этого слоя, той же формы, что выход | 12 |
# | `dx` | то, что возвращает `backward`: $\partial L / \partial X$, той же формы, что вход | 24 |
# | `params` | словарь массивов, которые слой обучает; у субдискретизации он пуст | множитель 2, если бы он обучался |
# | `grads` | словарь с теми же ключами: производная $L$ по каждому из этих массивов | $\partial L / \partial w = 12 \cdot 3 = 36$ для $u = wx$ |
#
# Массив `dx` из всех этих производных называется **градиентом** по $X$. Разностное отношение тоже находит градиент, по одному числу за
# раз. Это медленно, зато не зависит от того, верно ли вы вывели формулы,
# поэтому годится в свидетели. Его считают две готовые функции: `numeric_gradient(f, x)` для функции, которая возвращает одно число, и
# `compare_gradients(layer, x)`, которая ставит рядом с ним `backward` вашего слоя.

# %% id="numeric-chain" role="given"
numeric_gradient(lambda x: (2 * x[0]) ** 2, np.array([3.0]))

# %% [markdown] id="max-backward-intro" lang="en"
# ## Where the gradient goes
#
# A network ends in one number, the **loss** $L$, which says how wrong the answers are. Training makes it smaller: step by
# step, each parameter is moved a little in the direction opposite to its derivative of $L$. The derivatives are found layer
# by layer, from the end of the network to its beginning, in the **backward pass**. The next layer on the way to the loss
# passes `grad_out` back: it says, for every output cell, how much the loss would change if that output grew a little,
# $\partial L / \partial Y_{ij}$. The layer has to answer the same question for its **inputs**, and it passes its answer back
# to the layer before it.
#
# Take one window: 1 3 / 7 4. Its output is 7. If the 7 grows by a hundredth, the output grows by a hundredth. If the 3 grows
# by a hundredth, the output does not change. So the winner of the window gets the whole gradient of its output, and every
# other cell gets nothing from it.

# %% [markdown] id="max-backward-intro" lang="ru"
# ## Куда уходит градиент
#
# В конце сети стоит одно число, значение **функции потерь** $L$: насколько неверны ответы. При обучении его уменьшают: шаг
# за шагом сдвигают каждый параметр в сторону, противоположную производной $L$ по нему. Производные находят слой за слоем, от
# конца сети к началу: это и есть **обратный проход**. От следующего слоя, то есть со стороны функции потерь, приходит
# `grad_out`: для каждой ячейки выхода — насколько изменилась бы функция потерь, если бы этот выход чуть вырос,
# $\partial L / \partial Y_{ij}$. Слой должен ответить на тот же вопрос про свои **входы** и передать ответ предыдущему слою.
#
# Возьмём одно окно: 1 3 / 7 4, его выход — 7. Пусть 7 вырастет на одну сотую: выход вырастет на одну сотую. Пусть на одну
# сотую вырастет 3: выход не изменится. Значит, победитель окна получает весь градиент своего выхода, а остальные ячейки от
# этого выхода не получают ничего.

# %% id="ask-stay-zero" role="question"
ask("pooling.stay-zero")

# %% id="max-backward-picture" role="picture"
show_gradient(slide, kernel_size=2, stride=2, grad_out=[[1, 2], [3, 4]])

# %% [markdown] id="max-backward-overlap" lang="en"
# When windows overlap, one cell can win several of them. Then it affects the loss along several paths, and by the chain rule
# their contributions **add up**:
#
# $$\frac{\partial L}{\partial X_{pq}} = \sum_{(i, j):\; X_{pq} \text{ wins window } (i, j)} \frac{\partial L}{\partial Y_{ij}}$$
#
# Here it is for a window of 3 × 3. (In the explorer above, the button *backward* shows it for any window and stride.)

# %% [markdown] id="max-backward-overlap" lang="ru"
# Когда окна перекрываются, одна ячейка может победить сразу в нескольких. Тогда она влияет на функцию потерь несколькими
# путями, и по правилу дифференцирования сложной функции вклады путей **складываются**:
#
# $$\frac{\partial L}{\partial X_{pq}} = \sum_{(i, j):\; X_{pq} \text{ победил в окне } (i, j)} \frac{\partial L}{\partial Y_{ij}}$$
#
# Вот как это выглядит при окне 3 × 3. (В интерактивной картинке выше кнопка *обратный проход* покажет то же при любом окне и шаге.)

# %% id="max-backward-overlap-picture" role="picture"
show_gradient(slide, kernel_size=3, stride=1, grad_out=[[1, 2], [3, 4]])

# %% id="ask-two-windows" role="question"
ask("pooling.two-windows")

# %% id="ask-tie" role="question"
ask("pooling.tie")

# %% [markdown] id="max-backward-task" lang="en"
# ### Exercise `MaxPool2d`, backward (2.5 points)
#
# Write `backward`. It takes `grad_out` of shape `(N, C, OH, OW)` and returns $\partial L / \partial X$ in the shape and
# dtype of `x`; below it is called `dx` for short. The class statement below continues your class:
# `class MaxPool2d(MaxPool2d)` makes a new class of the same name that has everything of the old one, and `backward` as well.
# (If you change the first cell and run it again, run this one again too.)
#
# <details><summary>Hint 1: the plan</summary>
#
# Start with an array of zeros in the shape of `x`. Go over the windows as in `forward`; for each one, find the winner and **add**
# the window's `grad_out` in the winner's place.
#
# </details>
#
# <details><summary>Hint 2: who won?</summary>
#
# `argmax` gives one place for each row of numbers, so first lay every window out as a row: `window.reshape(N, C, -1)`. You
# get a number from 0 to $k^2 - 1$ for every sample and channel.
#
# </details>
#
# <details><summary>Hint 3: from that number to a place in the map</summary>
#
# Divide it by $k$: the quotient is the row inside the window, the remainder is the column (`np.divmod` gives both). What
# must be added to them to get a place in the map?
#
# </details>
#
# <details><summary>Hint 4: all samples and channels at once</summary>
#
# Index with arrays that broadcast to `(N, C)`: `np.arange(N)[:, None]` for axis 0, `np.arange(C)` for axis 1, and your rows and
# columns for the other two. Or write two more loops first, get it right, and make it fast afterwards.
#
# </details>

# %% [markdown] id="max-backward-task" lang="ru"
# ### Упражнение `MaxPool2d`, обратный проход (2,5 балла)
#
# Напишите `backward`. На входе `grad_out` формы `(N, C, OH, OW)`, на выходе $\partial L / \partial X$ той же формы и того же
# типа, что `x`; дальше мы для краткости пишем `dx`. Ячейка ниже продолжает ваш класс: `class MaxPool2d(MaxPool2d)` создаёт
# новый класс с тем же именем, в котором есть всё от старого и ещё `backward`. (Если измените и выполните первую ячейку,
# выполните заново и эту.)
#
# <details><summary>Подсказка 1: план</summary>
#
# Начните с нулей по форме `x`. Пройдите по окнам так же, как в `forward`; для каждого найдите победителя и **прибавьте**
# `grad_out` этого окна в том месте, где он стоит.
#
# </details>
#
# <details><summary>Подсказка 2: кто победил?</summary>
#
# `argmax` называет одно место в строке чисел, поэтому сначала вытяните каждое окно в строку: `window.reshape(N, C, -1)`.
# Для каждого примера и каждой карты получится номер от 0 до $k^2 - 1$.
#
# </details>
#
# <details><summary>Подсказка 3: от номера к месту на карте</summary>
#
# Разделите его на $k$: частное — строка внутри окна, остаток — столбец (`np.divmod` даёт сразу оба). Что нужно к ним
# прибавить, чтобы получить место на карте?
#
# </details>
#
# <details><summary>Подсказка 4: все примеры и карты сразу</summary>
#
# Индексируйте массивами, которые растягиваются (broadcasting) до `(N, C)`: `np.arange(N)[:, None]` для оси 0, `np.arange(C)` для
# оси 1, а для двух остальных — ваши строки и столбцы. Или сначала напишите ещё два цикла, добейтесь верного ответа, а
# скоростью займётесь потом.
#
# </details>


# %% id="maxpool2d-backward" solves="MaxPool2d"
class MaxPool2d(MaxPool2d):
    def backward(self, grad_out):
        N, C, OH, OW = grad_out.shape
        ### BEGIN SOLUTION
        k, s = self.kernel_size, self.stride
        grad_x = np.zeros(self.x.shape, dtype=self.x.dtype)
        samples, channels = np.arange(N)[:, None], np.arange(C)
        for i in range(OH):
            for j in range(OW):
                window = self.x[:, :, i * s : i * s + k, j * s : j * s + k]
                row, column = np.divmod(window.reshape(N, C, -1).argmax(axis=-1), k)
                grad_x[samples, channels, i * s + row, j * s + column] += grad_out[:, :, i, j]
        return grad_x
        ### END SOLUTION


# %% id="check-maxpool2d-backward" check="MaxPool2d.backward"
check(MaxPool2d, "backward")

# %% [markdown] id="max-numeric" lang="en"
# Now the second witness, for the same layer. Every number of `x` is moved up and down a little, and the change of $L = \sum$ `grad_out` ·
# output is measured. (The numbers are random, so there are no ties: at a tie the quotient is not a derivative.)

# %% [markdown] id="max-numeric" lang="ru"
# А теперь тот же слой проверит второй свидетель. Каждое число в `x` чуть сдвигают вверх и вниз и измеряют, насколько изменится сумма $L = \sum$
# `grad_out` · выход. (Числа случайные, поэтому одинаковых максимумов нет: где они есть,
# там разностное отношение — не производная.)

# %% id="max-numeric-run" role="given"
x = np.random.default_rng(0).normal(size=(1, 2, 5, 5))
when_written(lambda: compare_gradients(MaxPool2d(3, stride=1), x))

# %% [markdown] id="avg-forward-intro" lang="en"
# ## Average pooling
#
# The windows are the same, the rule is new: take the mean of the $k^2$ numbers.

# %% [markdown] id="avg-forward-intro" lang="ru"
# ## Субдискретизация по среднему
#
# Окна те же, правило другое: среднее из $k^2$ чисел.

# %% id="avg-forward-picture" role="picture"
show_pooling(slide, kernel_size=2, stride=2, mode="average")

# %% id="ask-first-mean" role="question"
ask("pooling.first-mean")

# %% [markdown] id="avg-forward-task" lang="en"
# $$Y_{ij}^{mt} = \frac{1}{k^2} \sum_{0 \le u, v < k} X_{i s + u,\; j s + v}^{mt}$$
#
# ### Exercise `AvgPool2d`, forward (1.5 points)
#
# The shapes and dtypes are those of `MaxPool2d`. What does `backward` need to remember this time?
#
# <details><summary>Hint</summary>
#
# One line of your `MaxPool2d.forward` changes. Does the derivative of a mean depend on the values that are averaged? What,
# then, is enough to remember about `x`?
#
# </details>

# %% [markdown] id="avg-forward-task" lang="ru"
# $$Y_{ij}^{mt} = \frac{1}{k^2} \sum_{0 \le u, v < k} X_{i s + u,\; j s + v}^{mt}$$
#
# ### Упражнение `AvgPool2d`, прямой проход (1,5 балла)
#
# Условия те же, что у `MaxPool2d`. Что на этот раз нужно запомнить для `backward`?
#
# <details><summary>Подсказка</summary>
#
# В вашем `MaxPool2d.forward` меняется одна строка. Зависит ли производная среднего от самих значений? Что в таком случае
# достаточно запомнить об `x`?
#
# </details>


# %% id="avgpool2d-forward" solves="AvgPool2d"
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride

    def forward(self, x):
        N, C, H, W = x.shape
        ### BEGIN SOLUTION
        k, s = self.kernel_size, self.stride
        OH, OW = pool_output_size(H, k, s), pool_output_size(W, k, s)
        y = np.empty((N, C, OH, OW), dtype=x.dtype)
        for i in range(OH):
            for j in range(OW):
                window = x[:, :, i * s : i * s + k, j * s : j * s + k]
                y[:, :, i, j] = window.mean(axis=(2, 3))
        self.shape, self.dtype = x.shape, x.dtype
        return y
        ### END SOLUTION


# %% id="check-avgpool2d-forward" check="AvgPool2d.forward"
check(AvgPool2d, "forward")

# %% [markdown] id="avg-backward-intro" lang="en"
# ### Its gradient
#
# If one cell of a window grows by a hundredth, the mean of the window grows by a hundredth divided by $k^2$, whichever cell
# it was. So every cell of the window gets the same share:

# %% [markdown] id="avg-backward-intro" lang="ru"
# ### Его градиент
#
# Пусть одна ячейка окна выросла на одну сотую. Среднее по окну вырастет на одну сотую, делённую на $k^2$, какая бы ячейка
# это ни была. Значит, все ячейки окна получают поровну:

# %% id="avg-backward-picture" role="picture"
show_gradient(slide, kernel_size=2, stride=2, mode="average", grad_out=[[4, 8], [-4, 12]])

# %% id="ask-overlap" role="question"
ask("pooling.overlap")

# %% [markdown] id="avg-backward-task" lang="en"
# ### Exercise `AvgPool2d`, backward (2.5 points)
#
# <details><summary>Hint</summary>
#
# Start with zeros. For each window, add the same number to all of its cells at once. An array of shape `(N, C)` lines up
# with a slice of shape `(N, C, k, k)` once it has two more axes of length 1 at the end: how do you add axes with `None`?
#
# </details>

# %% [markdown] id="avg-backward-task" lang="ru"
# ### Упражнение `AvgPool2d`, обратный проход (2,5 балла)
#
# <details><summary>Подсказка</summary>
#
# Начните с нулей. Для каждого окна прибавьте одно и то же число сразу ко всем его ячейкам. Массив формы `(N, C)` ляжет на
# срез формы `(N, C, k, k)`, если дать ему в конце ещё две оси длины 1: как добавить оси с помощью `None`?
#
# </details>


# %% id="avgpool2d-backward" solves="AvgPool2d"
class AvgPool2d(AvgPool2d):
    def backward(self, grad_out):
        _, _, OH, OW = grad_out.shape
        ### BEGIN SOLUTION
        k, s = self.kernel_size, self.stride
        grad_x = np.zeros(self.shape, dtype=self.dtype)
        for i in range(OH):
            for j in range(OW):
                share = grad_out[:, :, i, j] / k**2
                grad_x[:, :, i * s : i * s + k, j * s : j * s + k] += share[:, :, None, None]
        return grad_x
        ### END SOLUTION


# %% id="check-avgpool2d-backward" check="AvgPool2d.backward"
check(AvgPool2d, "backward")

# %% [markdown] id="which" lang="en"
# ## Which one should you use?
#
# | | max | average |
# | --- | --- | --- |
# | question that it answers | is the pattern anywhere in the window? | how much of it is there overall? |
# | gradient | to one cell, the winner | to all cells, a little each |
# | after ReLU | keeps a single strong answer | dilutes it with zeros |
# | where it is used | between convolutions | at the end of a network, over whole maps, instead of a large fully connected layer (lesson 3) |
#
# Both have three things in common that are easy to get wrong:
#
# - pooling does **not mix channels**: as many maps go out as came in;
# - it has **nothing to train**, and it does the same in training and at test time;
# - although it has no weights, it is a **layer** like any other, with `forward` and `backward`.

# %% [markdown] id="which" lang="ru"
# ## Что же выбрать?
#
# | | максимум | среднее |
# | --- | --- | --- |
# | на какой вопрос отвечает | есть ли признак хоть где-нибудь в окне? | сколько его в окне в целом? |
# | градиент | одной ячейке, победителю | всем ячейкам понемногу |
# | после ReLU | сохраняет единственный сильный отклик | разбавляет его нулями |
# | где встречается | между свёртками | в конце сети, сразу по всей карте, вместо большого полносвязного слоя (занятие 3) |
#
# Общее у обоих, в чём легко ошибиться:
#
# - субдискретизация **не смешивает карты признаков**: сколько вошло, столько и выйдет;
# - **обучать в ней нечего**, и при обучении, и на тесте она делает одно и то же;
# - хотя весов у неё нет, это такой же **слой**, как остальные, с `forward` и `backward`.

# %% [markdown] id="dimensions" lang="en"
# ## Where dimensions 4 and 5 come from
#
# A colour picture, or what a convolution makes of it, has three dimensions: channels, height and width. Where do the others
# come from?
#
# - **The fourth is the batch.** All samples of a batch, say 32 pictures, go through exactly the same operations in parallel.
#   This is what you have just written: no line of it mixes two samples.
# - **The fifth comes with video.** There the frames are the fourth dimension, and the batch becomes the fifth.
#
# The batch is always either first or last, depending on the library. In PyTorch and in this course it is first:
# `(N, C, H, W)`, and for video `(N, T, C, H, W)`, with $T$ frames. (PyTorch's layers for video expect the channels before
# the frames; the batch stays first.)

# %% [markdown] id="dimensions" lang="ru"
# ## Откуда берутся размерности 4 и 5
#
# У цветной картинки, как и у того, что делает из неё свёртка, три размерности: карты, высота, ширина. Откуда берутся ещё?
#
# - **Четвёртая — это пакет (batch).** Над всеми примерами пакета, например над 32 картинками, совершенно одинаковые операции
#   выполняются параллельно. Именно это вы сейчас и написали: ни одна строка не смешивает два примера.
# - **Пятая нужна для видео.** Там четвёртой размерностью становятся кадры, а пакет сдвигается на пятую.
#
# Пакет всегда стоит либо первым, либо последним — в зависимости от реализации. В PyTorch и в этом курсе он первый:
# `(N, C, H, W)`, а для видео `(N, T, C, H, W)`, где $T$ — число кадров. (Слои PyTorch для видео ждут карты перед кадрами, а
# пакет и там первый.)

# %% id="dimensions-picture" role="picture"
show_dimensions()

# %% id="ask-video" role="question"
ask("pooling.video")

# %% id="ask-batch-last" role="question"
ask("pooling.batch-last")

# %% [markdown] id="mixed" lang="en"
# ## Three questions across the lectures
#
# The last lecture's convolution and this lesson's pooling follow one another in a network.

# %% [markdown] id="mixed" lang="ru"
# ## Три вопроса напоследок
#
# Свёртка из прошлой лекции и субдискретизация стоят в сети рядом.

# %% id="ask-after-conv" role="question"
ask("pooling.after-conv")

# %% id="ask-trained" role="question"
ask("pooling.trained")

# %% id="ask-at-test" role="question"
ask("pooling.at-test")

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
progress("01_pooling")
