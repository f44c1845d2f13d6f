"""Pictures of the course: figures for a notebook, and widgets with controls.

Every ``show_*`` makes a whole figure; an explorer binds sliders to drawings. A drawing, ``draw_*`` in a lesson's
folder, draws given data on given axes and returns the artists. ``__init__.pyi`` lists the names that lessons import;
each is loaded when it is first used, together with matplotlib.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
