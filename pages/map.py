"""Map: where in the plane of two settings a network can learn, read off its gradient or tried out by training every cell."""

from pages.ui.atlas.choosing import chosen
from pages.ui.atlas.showing import show

show(chosen())
