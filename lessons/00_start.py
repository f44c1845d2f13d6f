# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] id="first" lang="en"
# # Start here: a network learns
#
# Click into the cell below and press Shift-Enter. A network that has never seen an image starts to learn from 4,000 photographs of
# clothes. **Everything you see in it you will have written by lesson 6**, except the convolution.
#
# While it learns, move the sliders. The learning rate says how far each step of the training goes: 5 is too far and ruins the network.
# Move it back to 0.05, and *Start anew* begins with a new network. Click on an image, and you see what each layer makes of it.

# %% [markdown] id="first" lang="ru"
# # Начните отсюда: сеть учится
#
# Щёлкните по ячейке ниже и нажмите Shift-Enter. Сеть, которая не видела ещё ни одного изображения, начнёт учиться узнавать одежду по 4000
# фотографий. **Всё, из чего она состоит, к занятию 6 вы напишете сами**, кроме свёртки.
#
# Пока она учится, двигайте ползунки. Темп обучения (learning rate) говорит, насколько далеко заходит каждый шаг обучения: 5 — слишком
# далеко, это сеть испортит. Верните 0,05, и «Начать заново» начнёт с новой сети. Щёлкните по любому изображению, и вы увидите, что делает
# с ним каждый слой.

# %% id="first-network" role="setup"
from ncl_course import language
from ncl_course.data import load_fashion
from ncl_course.viz import live_network

live_network(load_fashion())

# %% [markdown] id="title" lang="en"
# ## The course and your way through it
#
# The lecture "Non-convolutional layers" is about the layers of a convolutional network other than its convolutions. In this
# course you write these layers yourself, in NumPy, forward and backward, and in the last lesson a network made of them learns what
# you have just seen.
#
# | | what the lecture says | what you write |
# | --- | --- | --- |
# | [1 · Pooling](01_pooling.ipynb) | fewer numbers in height and width, less overfitting; window and stride; dimensions four and five | `MaxPool2d`, `AvgPool2d` |
# | [2 · Activations](02_activations.ipynb) | why a network needs a nonlinearity, and which ones there are | ReLU, sigmoid, tanh, Leaky ReLU, ELU, PReLU, Maxout |
# | [3 · Linear and softmax](03_linear_softmax.ipynb) | from maps to logits, from logits to probabilities; why fully connected layers are to be avoided | `Linear`, `Softmax`, `CrossEntropyLoss`, `GlobalAvgPool2d` |
# | [4 · Dropout](04_dropout.ipynb) | neurons are switched off at random; what has to be scaled because of it | both ways of scaling |
# | [5 · Normalization](05_normalization.ipynb) | internal covariate shift; batch normalization in training and at test time; layer, instance and group normalization; weight standardization | `BatchNorm2d` and its relatives |
# | [6 · Train a network](06_train_cnn.ipynb) | the template of a deep network; what normalization and dropout promise | the network, one training step, the whole training |

# %% [markdown] id="title" lang="ru"
# ## Курс и ваш путь по нему
#
# Лекция «Несвёрточные слои» — о том, из чего состоит свёрточная сеть, кроме самих свёрток. В этом курсе вы напишете эти слои
# сами, на NumPy, с прямым и обратным проходом, а на последнем занятии сеть из них научится тому, что вы сейчас видели.
#
# | | о чём говорит лекция | что вы напишете |
# | --- | --- | --- |
# | [1 · Субдискретизация](01_pooling.ipynb) | меньше чисел по высоте и ширине, меньше переобучения; размер фильтра и шаг; откуда размерности 4 и 5 | `MaxPool2d`, `AvgPool2d` |
# | [2 · Активации](02_activations.ipynb) | зачем сети нелинейность и какие они бывают | ReLU, сигмоида, tanh, ReLU с утечкой, ELU, PReLU, Maxout |
# | [3 · Полносвязный слой и softmax](03_linear_softmax.ipynb) | от карт к логитам, от логитов к вероятностям; почему полносвязных слоёв стараются избегать | `Linear`, `Softmax`, `CrossEntropyLoss`, `GlobalAvgPool2d` |
# | [4 · Дропаут](04_dropout.ipynb) | нейроны выключаются случайно; что из-за этого приходится шкалировать | оба способа шкалирования |
# | [5 · Нормализация](05_normalization.ipynb) | внутренний ковариационный сдвиг; пакетная нормализация (batch normalization) при обучении и на тесте; нормализация по слою, по одной карте, по группе; стандартизация весов | `BatchNorm2d` и родственные ему слои |
# | [6 · Обучение сети](06_train_cnn.ipynb) | шаблон глубокой сети; что обещают нормализация и дропаут | сама сеть, один шаг обучения, всё обучение |

# %% [markdown] id="map-text" lang="en"
# ## Where you are
#
# Run the cell below whenever you want to see how far you are. It reads the saved notebooks in this folder and shows which checks
# have passed. It does not run or change anything in them.

# %% [markdown] id="map-text" lang="ru"
# ## Где вы сейчас
#
# Чтобы узнать это, щёлкните по ячейке ниже и нажмите Shift-Enter. Она прочитает сохранённые тетради из этой же папки и покажет, какие
# проверки пройдены. В самих тетрадях ничего не выполняется и не меняется.

# %% id="map-picture" role="given"
from ncl_course import course_map

course_map()

# %% [markdown] id="before" lang="en"
# ## Before you begin
#
# **What you need to know.** Python with functions and classes; NumPy arrays with shapes, slices and broadcasting; the derivative of a
# function of one variable. What a convolution does is recalled in lesson 1, and the chain rule is worked out there with numbers.
#
# **The order** is the lecture's. Lessons 1 to 5 do not depend on one another. Lesson 6 uses the layers that you wrote in them; if a
# layer is missing, PyTorch's is used in its place.
#
# **How long it takes**, by our estimate, with the questions and the exercises: lesson 1 about 2.5 hours, lesson 2 about 4, lesson 3 about
# 4, lesson 4 about 2, lesson 5 about 5.5, lesson 6 about 2.5. Lessons 2 and 5 have a place half-way where it is good to stop.

# %% [markdown] id="before" lang="ru"
# ## Прежде чем начать
#
# **Что нужно знать.** Python с функциями и классами; массивы NumPy: формы, срезы, растягивание (broadcasting); производную функции одной
# переменной. Что делает свёртка, напомнит занятие 1; там же на числах разобрана производная сложной функции.
#
# **Порядок** — как в лекции. Занятия 1–5 друг от друга не зависят. Занятие 6 использует слои, которые вы написали раньше; если какого-то
# слоя нет, вместо него работает слой из PyTorch.
#
# **Сколько это займёт** по нашей оценке, вместе с вопросами и упражнениями: занятие 1 — около 2,5 часа, занятие 2 — около 4, занятие 3 —
# около 4, занятие 4 — около 2, занятие 5 — около 5,5, занятие 6 — около 2,5. В занятиях 2 и 5 на полпути есть место, где удобно
# остановиться.

# %% [markdown] id="how" lang="en"
# ## How a lesson goes
#
# 1. **Read**, look at the pictures, move the sliders, and use a pencil where the text says so.
# 2. **Write** where `# YOUR CODE HERE` stands, and delete the line with `NotImplementedError` below it. Run the cell.
# 3. **Check**: the cell `check(...)` below it compares your code with PyTorch. If something differs, you see the smallest example
#    that shows it and, if the mistake is a known one, its name and a hint. Check as often as you like.
# 4. **Save**, and come back here.
#
# Stuck? Click on a hint to open it. The first hint is only a nudge; the last one tells you nearly everything.
#
# <details><summary>The same in the terminal</summary>
#
# `ncl-course check work/en/01_pooling.ipynb` runs all cells of a notebook again and checks every exercise in it, so you also see
# whether the notebook works from top to bottom in a fresh kernel. The map above only reads the saved results; this command
# computes them again.
#
# </details>
#
# <details><summary>Starting a notebook again</summary>
#
# Rename your notebook and run `ncl-course lab` again: it copies the notebooks that are missing and never overwrites anything.
#
# </details>

# %% [markdown] id="how" lang="ru"
# ## Как проходит занятие
#
# 1. **Читайте**, смотрите на картинки, двигайте ползунки, а где сказано — берите карандаш.
# 2. **Пишите** там, где стоит `# YOUR CODE HERE`; строку с `NotImplementedError` под ней удалите. Выполните ячейку.
# 3. **Проверяйте**: ячейка `check(...)` ниже сравнит ваш код с PyTorch. Если что-то расходится, вы увидите самый маленький
#    пример, на котором это заметно, а если ошибка известная — ещё и её название и подсказку. Проверять можно сколько угодно.
# 4. **Сохраните** тетрадь и возвращайтесь сюда.
#
# Не получается? Откройте подсказку щелчком. Первая только подтолкнёт, последняя расскажет почти всё.
#
# <details><summary>То же в терминале</summary>
#
# `ncl-course check work/ru/01_pooling.ipynb` заново выполняет ячейки тетради и проверяет в ней все упражнения: заодно видно,
# работает ли она сверху донизу в свежем ядре. Карта выше только читает сохранённые результаты, а эта команда получает их заново.
#
# </details>
#
# <details><summary>Начать тетрадь заново</summary>
#
# Переименуйте свою тетрадь и ещё раз вызовите `ncl-course lab`: команда копирует недостающие тетради и никогда ничего не
# перезаписывает.
#
# </details>

# %% [markdown] id="letters" lang="en"
# ## One letter, several meanings
#
# The lecture and the code use some letters for different things:
#
# | in the lecture | means | in the code |
# | --- | --- | --- |
# | $X_{ij}^{mt}$ | row $i$, column $j$, map $m$, sample $t$ | `x[t, m, i, j]`, shape `(N, C, H, W)` |
# | $T$, $M$, $H$, $W$ (lesson 5) | samples in a batch, maps, height, width | `N`, `C`, `H`, `W`; in lesson 1, `T` is the number of frames of a video |
# | $N$, $M$ (lesson 3) | classes, inputs of a fully connected layer | `out_features`, `in_features`; in shapes `N` is always the batch |
# | $N$, $M$, $K$ (the template) | convolutions in a block, blocks, hidden FC layers | `convs`, `len(filters)`, `len(hidden)` |
# | $p$ | lesson 3: a probability $p_i$; lesson 4: the probability to **keep** a neuron; in $W_{uv}^{mk}$: the height of a filter | `probabilities`, `keep_prob`, `KH` |
# | $\alpha$ | lesson 2: the slope below 0; lesson 5: the share of the old running statistics | `alpha` |
# | $s$ | lesson 1: the stride; lesson 2: an output of the sigmoid, and the scale of weights | `stride` |
# | $dX$, `dx` | the derivative of the loss with respect to $X$, in the shape of $X$ | what `backward` returns |

# %% [markdown] id="letters" lang="ru"
# ## Одна буква — разные значения
#
# Некоторыми буквами в лекции и в коде обозначено разное:
#
# | в лекции | что значит | в коде |
# | --- | --- | --- |
# | $X_{ij}^{mt}$ | строка $i$, столбец $j$, карта $m$, пример $t$ | `x[t, m, i, j]`, форма `(N, C, H, W)` |
# | $T$, $M$, $H$, $W$ (занятие 5) | примеров в пакете, карт, высота, ширина | `N`, `C`, `H`, `W`; в занятии 1 `T` — число кадров видео |
# | $N$, $M$ (занятие 3) | классов, входов полносвязного слоя | `out_features`, `in_features`; в формах `N` — всегда пакет |
# | $N$, $M$, $K$ (шаблон) | свёрток в блоке, блоков, скрытых полносвязных слоёв | `convs`, `len(filters)`, `len(hidden)` |
# | $p$ | занятие 3: вероятность $p_i$; занятие 4: вероятность **оставить** нейрон; в $W_{uv}^{mk}$ — высота фильтра | `probabilities`, `keep_prob`, `KH` |
# | $\alpha$ | занятие 2: наклон ниже нуля; занятие 5: доля старых глобальных статистик | `alpha` |
# | $s$ | занятие 1: шаг; занятие 2: выход сигмоиды и размах весов | `stride` |
# | $dX$, `dx` | производная функции потерь по $X$, той же формы, что $X$ | то, что возвращает `backward` |
