"""Map: where in the plane of two settings a network can learn, read off its gradient or tried out by training every cell."""

from pages.maps.choosing import chosen
from pages.maps.showing import show

show(chosen())
