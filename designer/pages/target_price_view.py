"""The price of an hour on a compute target: the button and the dialog that sets it. Pure."""

from designer.pages.elements import button, dialog, field, text_input
from designer.pages.markup import Markup
from designer.services.answers import TargetAnswer
from runtime.errors import RequestError

__all__ = ["price_button", "price_dialog", "read_price"]


def price_button(target: str) -> Markup:
    """What opens the dialog."""
    return button("Price", opens=f"price-{target}", symbol="payments")


def price_dialog(answer: TargetAnswer) -> Markup:
    """Where the price is set."""
    shown = f"{answer.price_per_hour:g}" if answer.price_per_hour else ""
    name = answer.target.name
    return dialog(
        f"price-{name}",
        f"Price of an hour on {name}",
        field(
            "Price",
            text_input("price", shown, inputmode="decimal", placeholder="none"),
            hint="In your currency. Runs that begin from now on say what they cost; empty: no price.",
        ),
        action="price",
        value=name,
        confirm="Save",
    )


def read_price(text: str) -> float:
    """What a person typed. Raises RequestError T002 for what is no number."""
    try:
        return float(text.strip().replace(",", ".") or 0)
    except ValueError as exc:
        raise RequestError(
            "T002", f"'{text}' is no price.", remedy="Give a number, or leave it empty."
        ) from exc
