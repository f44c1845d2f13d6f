# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] id="title" lang="en"
# # Start here: the course and your way through it
#
# The lecture "Non-convolutional layers" asks what a convolutional network consists of besides its convolutions. In this course
# you write these layers yourself, in NumPy, forward and backward, and in the end they learn to read handwritten digits.
#
# | | from the lecture | in your hands |
# | --- | --- | --- |
# | [1 · Pooling](01_pooling.ipynb) | fewer numbers in height and width, less overfitting; window and stride; dimensions four and five | `MaxPool2d`, `AvgPool2d` |
# | [2 · Activations](02_activations.ipynb) | why a network needs a nonlinearity, and which ones there are | ReLU, sigmoid, tanh, Leaky ReLU, ELU, PReLU, Maxout |
# | [3 · Linear and softmax](03_linear_softmax.ipynb) | from maps to logits, from logits to probabilities; why fully connected layers are to be avoided | `Linear`, `Softmax`, `CrossEntropyLoss`, `GlobalAvgPool2d` |
# | [4 · Dropout](04_dropout.ipynb) | switching neurons off at random, and what has to be scaled then | both ways of scaling |
# | [5 · Normalization](05_normalization.ipynb) | internal covariate shift; batch normalization in training and at test; layers, instances, groups, weights | `BatchNorm2d` and its relatives |
# | [6 · Train a network](06_train_cnn.ipynb) | the template of a deep network; what normalization and dropout promise | the network, a step, the training |
#
# The order is the lecture's. Lessons 1 to 5 need nothing of one another; lesson 6 runs on the layers that you wrote in them, and
# where one is missing PyTorch stands in for it.

# %% [markdown] id="title" lang="ru"
# # Начните отсюда: курс и ваш путь по нему
#
# Лекция «Несвёрточные слои» — о том, из чего состоит свёрточная сеть, кроме самих свёрток. В этом курсе вы напишете такие слои
# сами, на NumPy, с прямым и обратным проходом, а под конец они научатся читать рукописные цифры.
#
# | | о чём говорит лекция | что вы напишете |
# | --- | --- | --- |
# | [1 · Субдискретизация](01_pooling.ipynb) | меньше чисел по высоте и ширине, меньше переобучения; размер фильтра и шаг; откуда размерности 4 и 5 | `MaxPool2d`, `AvgPool2d` |
# | [2 · Активации](02_activations.ipynb) | зачем сети нелинейность и какие они бывают | ReLU, сигмоида, tanh, Leaky ReLU, ELU, PReLU, Maxout |
# | [3 · Полносвязный слой и softmax](03_linear_softmax.ipynb) | от карт к логитам, от логитов к вероятностям; почему полносвязных слоёв стараются избегать | `Linear`, `Softmax`, `CrossEntropyLoss`, `GlobalAvgPool2d` |
# | [4 · Дропаут](04_dropout.ipynb) | нейроны выключаются наугад — и что тогда надо шкалировать | оба способа шкалирования |
# | [5 · Нормализация](05_normalization.ipynb) | внутренний ковариационный сдвиг; нормализация по пакету при обучении и на тесте; по слою, по одной карте, по группам; стандартизация весов | `BatchNorm2d` и её родня |
# | [6 · Обучение сети](06_train_cnn.ipynb) | шаблон глубокой сети; что обещают нормализация и дропаут | сама сеть, шаг обучения, всё обучение |
#
# Порядок — как в лекции. Занятия 1–5 друг от друга не зависят, а занятие 6 работает на слоях, которые вы написали раньше; вместо
# недостающего слоя потрудится PyTorch.

# %% [markdown] id="map-text" lang="en"
# ## Where you are
#
# Run the next cell (Shift-Enter) whenever you want to know. It looks into the notebooks beside this one, as they were saved, and
# shows for each part whether its check has passed. Nothing in them is run and nothing is changed.

# %% [markdown] id="map-text" lang="ru"
# ## Где вы сейчас
#
# Захотите узнать — выполните следующую ячейку (Shift-Enter). Она заглянет в тетради, которые лежат рядом с этой, в том виде, в
# каком они сохранены, и про каждую часть покажет, пройдена ли её проверка. В самих тетрадях ничего не выполняется и не меняется.

# %% id="map" role="setup"
from ncl_course import course_map, language

# %% id="map-picture" role="given"
course_map()

# %% [markdown] id="how" lang="en"
# ## How a lesson goes
#
# 1. **Read**, look at the pictures, move what can be moved, and take a pencil where it says so.
# 2. **Write** where `# YOUR CODE HERE` stands, and delete the line with `NotImplementedError` below it. Run the cell.
# 3. **Check**: the cell `check(...)` below it compares your code with PyTorch. If something differs you see the smallest example in
#    which it does and, if the mistake is a known one, its name and a hint. Check as often as you like.
# 4. **Save**, and come back here.
#
# Stuck? The hints open by a click, one at a time: the first one is a nudge, the last one nearly gives it away.
#
# <details><summary>The same in the terminal</summary>
#
# `ncl-course check work/en/01_pooling.ipynb` runs a notebook's cells anew and checks every exercise in it; so you see whether it works
# from top to bottom in a fresh kernel too. The map above believes what your notebooks say; this command does not.
#
# </details>
#
# <details><summary>A notebook to begin afresh</summary>
#
# Rename yours and call `ncl-course lab` once more: it copies what is missing and never overwrites anything.
#
# </details>

# %% [markdown] id="how" lang="ru"
# ## Как проходит занятие
#
# 1. **Читайте**, смотрите на картинки, двигайте то, что двигается, а где сказано — берите карандаш.
# 2. **Пишите** там, где стоит `# YOUR CODE HERE`; строку с `NotImplementedError` под ней удалите. Выполните ячейку.
# 3. **Проверяйте**: ячейка `check(...)` ниже сравнит ваш код с PyTorch. Если что-то расходится, вы увидите самый маленький пример, на
#    котором это видно, а если ошибка известная — ещё и её имя и подсказку. Проверять можно сколько угодно.
# 4. **Сохраните** тетрадь и возвращайтесь сюда.
#
# Застряли? Подсказки открываются щелчком, по одной: первая только подтолкнёт, последняя почти всё расскажет.
#
# <details><summary>То же в терминале</summary>
#
# `ncl-course check work/ru/01_pooling.ipynb` заново выполняет ячейки тетради и проверяет в ней все упражнения: заодно видно, работает ли она
# сверху донизу в свежем ядре. Карта выше верит тетрадям на слово, а эта команда — нет.
#
# </details>
#
# <details><summary>Начать тетрадь заново</summary>
#
# Переименуйте свою и ещё раз вызовите `ncl-course lab`: команда скопирует недостающее и никогда ничего не перезаписывает.
#
# </details>
