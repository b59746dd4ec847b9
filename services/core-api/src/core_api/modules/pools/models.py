from sqlalchemy import CheckConstraint, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from core_api.database import Base


class Pool(Base):
    """A limit on how many runs may be active at once across routines, for example two connections to B3."""

    __tablename__ = "pools"
    __table_args__ = (
        CheckConstraint("slots BETWEEN 0 AND 10000", name="slots"),
        CheckConstraint(
            "(rate_count IS NULL) = (rate_seconds IS NULL) "
            "AND rate_count BETWEEN 1 AND 100000 AND rate_seconds BETWEEN 1 AND 86400",
            name="rate",
        ),
    )

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    slots: Mapped[int] = mapped_column(Integer)
    description: Mapped[str] = mapped_column(Text)
    rate_count: Mapped[int | None] = mapped_column(Integer)
    rate_seconds: Mapped[int | None] = mapped_column(Integer)
