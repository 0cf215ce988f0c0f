"""What `municipality.yaml` says of the words that contacts are registered with."""

from __future__ import annotations

from pydantic import Field, model_validator

from pipelines.shapes import Model


class Contacts(Model):
    """What words of contacts mean; compared trimmed, case ignored, with reason, then topic."""

    status_topics: tuple[str, ...] = Field(
        default=(), description="Words of contacts that only ask where a case stands."
    )
    wrong_number_topics: tuple[str, ...] = Field(
        default=(), description="Words of contacts meant for somebody else."
    )
    internal_topics: tuple[str, ...] = Field(
        default=(), description="Words of contacts between colleagues."
    )
    callback_working_days: int | None = Field(
        default=None,
        ge=1,
        le=60,
        description="By the end of which working day a callback is due that registers no due date.",
    )

    def words(self) -> dict[str, str]:
        """Which kind of contact each word stands for. Raises ValueError where one is of two."""
        found: dict[str, str] = {}
        for kind in ("status", "wrong_number", "internal"):
            for word in getattr(self, f"{kind}_topics"):
                if found.setdefault(word.strip().lower(), kind) != kind:
                    raise ValueError(f"{word!r} stands for two kinds of contact; keep it in one")
        return found

    @model_validator(mode="after")
    def _one_kind_a_word(self) -> Contacts:
        self.words()
        return self
