"""`python -m modules_library.programs.conformance`: checks the program whose spec comes in."""

import sys

from modules_library.programs.example import check_program
from modules_library.sdk.conformance import answer

if __name__ == "__main__":
    sys.exit(answer(check_program))
