"""A widget of the course knows its own id, by which its page finds it (see tests/browser/test_slow_page.py)."""

from __future__ import annotations

from ncl_course.viz.slider import FloatSlider, IntSlider, Play, Stops
from ncl_course.widget import HEARING


def test_every_widget_has_its_own_id_and_the_code_that_needs_it():
    made = [IntSlider(value=3), FloatSlider(value=0.5), Play(), Stops(options=["a", "b"]), IntSlider(value=4)]
    assert [one.own_id for one in made] == [one.model_id for one in made]
    assert len({one.model_id for one in made}) == 5
    for one in made:
        assert one._esm.startswith(HEARING.read_text("utf-8"))
        assert one._esm.rstrip().endswith("export default hearing({ render });")
    assert [one.value for one in made] == [3, 0.5, 0, "a", 4]
