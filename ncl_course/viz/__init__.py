"""Pictures of the course: figures for a notebook, and widgets to move.

Every ``show_*`` makes a whole figure; an explorer binds sliders to drawings. A drawing, ``draw_*`` in a lesson's
folder, draws given data on given axes and returns the artists. The names that lessons import stand in
``__init__.pyi``; each is loaded, and matplotlib with it, when it is first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
