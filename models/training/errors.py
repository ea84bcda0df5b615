"""Errors that end a command with one clear sentence instead of a stack trace."""
import sys


class TrainingError(Exception):
    """Something the operator can put right: a missing set, a damaged checkpoint, a wrong option."""


def run_command(main):
    """Runs `main`, prints a TrainingError as one sentence and ends with exit code 2."""
    try:
        main()
    except TrainingError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
