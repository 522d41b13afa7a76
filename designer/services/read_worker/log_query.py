"""What lines of a log are looked for."""

import msgspec


class LogQuery(msgspec.Struct, frozen=True):
    """A text that lines have in them.

    Attributes:
        text: Taken literally unless it is a regular expression.
        is_regex: It is one, in the syntax of RE2; `^` and `$` are the ends of the line.
        has_case: Upper and lower case are told apart.
    """

    text: str
    is_regex: bool = False
    has_case: bool = False
