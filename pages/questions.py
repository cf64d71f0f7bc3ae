"""Questions: the list of all of them."""

from pages.questions.index import index

index()
