"""The services, handed to every route that asks for them."""

from typing import Annotated, TypeAlias

from fastapi import Depends, Request

from designer.services.services import Services


async def services_of(request: Request) -> Services:
    """The services of the app that was asked; asynchronous, so that no thread is involved."""
    services: Services = request.app.state.services
    return services


Here: TypeAlias = Annotated[Services, Depends(services_of)]
"""What a route declares to get the services."""
