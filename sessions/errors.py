"""The base of every error that is a person's to mend."""


class BadInputError(Exception):
    """What was asked cannot be done; the message is one sentence that says what, where and what to do."""
