"""A document as far as the searches showed it."""

from dataclasses import dataclass, field


@dataclass
class SeenDocument:
    """What the searches showed of a document."""

    source: str
    title: str = ""
    texts: list[str] = field(default_factory=list[str])
    opening: str = ""
    """The text of the passage that it begins with, if that was seen."""

    @property
    def text(self) -> str:
        """All that was seen of it."""
        return "\n".join(self.texts)
