"""How the tests of the reading pages look at a page."""

from django.test import Client


def read(client: Client, path: str) -> str:
    """The page's text, which must be there."""
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def in_order(text: str, *words: str) -> bool:
    """Whether the words stand in the text one after the other."""
    places = [text.index(word) for word in words]
    return places == sorted(places)
