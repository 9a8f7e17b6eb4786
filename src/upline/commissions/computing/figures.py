"""What is loaded of the company's further figures: the statements with a column for each."""

from collections.abc import Sequence

from upline.commissions.computing import statements


def figure_column(name: str) -> str:
    """The column of a further figure of orders, in the hash and the archive."""
    return f"figure {name}"


def orders(figures: Sequence[int]) -> str:
    """Orders with further figures of theirs, each by its index in the company's list."""
    return statements.ORDERS.format(
        figures="".join(
            f", (quantity - refunded_quantity) * coalesce(line.figures[{index + 1}], 0)"
            f" AS figure{index}"
            for index in figures
        )
    )


def own_points(figure: int | None) -> str:
    """A member's own points by day, or a figure, by its index in the company's list."""
    counted = "points" if figure is None else f"figure{figure}"
    return f"""
SELECT day, sum({counted})::bigint FROM ({orders([] if figure is None else [figure])}) counted
WHERE member_id = %(member)s GROUP BY day
"""  # noqa: S608 - ours


def refunded(figures: int) -> str:
    """What is left of refunded orders, with so many further figures of the company."""
    return statements.REFUNDED.format(
        figures="".join(
            ", sum((quantity - coalesce(back.pieces, 0)) "
            f"* coalesce(line.figures[{index + 1}], 0))::bigint"
            for index in range(figures)
        )
    )
