"""The services and who asks, handed to every route that asks for them."""

from typing import Annotated, TypeAlias
from urllib.parse import unquote

from fastapi import Depends, Request

from designer.services.services import Services

AUTHOR_HEADER = "designer-author"
LONGEST_NAME = 60


async def services_of(request: Request) -> Services:
    """The services of the app that was asked; asynchronous, so that no thread is involved."""
    services: Services = request.app.state.services
    return services


async def author_of(request: Request) -> str:
    """Who asks: the name that a person has set in the browser, or the operating system's user.

    The header holds it as UTF-8 with percent escapes.
    """
    services: Services = request.app.state.services
    return tidy_name(unquote(request.headers.get(AUTHOR_HEADER, ""))) or services.author


def tidy_name(name: str) -> str:
    """A person's name on one line, without what cannot be printed."""
    printable = "".join(sign if sign.isprintable() else " " for sign in name)
    return " ".join(printable.split())[:LONGEST_NAME]


Here: TypeAlias = Annotated[Services, Depends(services_of)]
"""What a route declares to get the services."""

Author: TypeAlias = Annotated[str, Depends(author_of)]
"""What a route declares to know who asks."""
