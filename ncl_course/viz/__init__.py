"""Pictures of the course: pure drawings, figures for a notebook, widgets to move.

Every ``draw_*`` draws given data on given axes and returns the artists; every ``show_*`` makes the whole
figure; an explorer binds sliders to the drawings. The names stand in ``__init__.pyi``; each is loaded, and
matplotlib with it, when it is first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
