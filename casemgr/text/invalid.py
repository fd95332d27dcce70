"""The one error of this package: text that somebody typed and that cannot be accepted."""


class InvalidText(ValueError):
    """What was typed cannot be used; `reason` is a short code that a page turns into a sentence.

    The typed text itself is never part of the message, because messages end up in logs.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
