"""The flags of `./upline plan simulate`, and the shape that they ask for."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from upline.language import gettext
from upline.language.writing import whole as in_words
from upline.plan_documents.placement import TWO_LEGS, placement_width
from upline.plans.periods import day_of
from upline.plans.plan import HUNDRED_PERCENT, Plan
from upline.simulation.shape import (
    CompanyShape,
    usual_package_shares,
    usual_spending,
)

FEWEST, MOST = 10, 20_000_000
MOST_SEEDS, MOST_MONTHS = 1_000, 120
MOST_SPENDING = Decimal(1_000_000)
MOST_CUSTOMERS = 0.95


class BadArgument(Exception):
    """An argument that cannot be used. Says why in a sentence."""


def whole(least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number within limits; `1_000_000` and `1,000,000` are fine."""

    def read(text: str) -> int:
        digits = text.replace("_", "").replace(",", "")
        if not re.fullmatch(r"-?[0-9]{1,20}", digits) or not least <= int(digits) <= most:
            raise BadArgument(
                gettext(
                    "must be a whole number from {least} to {most}",
                    least=in_words(least),
                    most=in_words(most),
                )
            )
        return int(digits)

    return read


def share_up_to(most: float, least: float = 0.0) -> Callable[[str], float]:
    """Reads a share: `0.08`, or `8%`."""

    def read(text: str) -> float:
        limits = {"least": f"{least:g}", "most": f"{most:g}"}
        sentence = gettext("must be a number from {least} to {most}", **limits)
        number = _decimal(text.removesuffix("%"), sentence)
        number = number / 100 if text.endswith("%") else number
        if not least <= number <= Decimal(str(most)):
            raise BadArgument(gettext("must be from {least} to {most}", **limits))
        return float(number)

    return read


def shares(text: str) -> tuple[float, ...]:
    """Reads how often each package is bought, in any unit: `60,30,10`."""
    sentence = gettext("must be numbers that are not below zero, such as 60,30,10")
    parts = tuple(float(_decimal(part.removesuffix("%"), sentence)) for part in text.split(","))
    if min(parts) < 0 or not sum(parts):
        raise BadArgument(sentence)
    return parts


def amounts(text: str) -> tuple[Decimal, ...]:
    """Reads amounts of money: `100` or `50,100,250.50`."""
    sentence = gettext(
        "must be amounts above zero and up to {most}, such as 50,100,250.50",
        most=in_words(int(MOST_SPENDING)),
    )
    parts = tuple(_decimal(part, sentence) for part in text.split(","))
    if not all(0 < part <= MOST_SPENDING for part in parts):
        raise BadArgument(sentence)
    return parts


def month(text: str) -> int:
    """Reads a month; gives its first day."""
    if not re.fullmatch(r"(19[7-9]|20[0-9])[0-9]-(0[1-9]|1[0-2])", text):
        raise BadArgument(gettext("must be a month from 1970 to 2099, such as 2026-01"))
    return day_of(date.fromisoformat(f"{text}-01"))


def one_of(*words: str) -> Callable[[str], str]:
    """Reads one of some words."""

    def read(text: str) -> str:
        if text not in words:
            raise BadArgument(gettext("must be one of: {words}", words=", ".join(words)))
        return text

    return read


def _decimal(text: str, otherwise: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise BadArgument(otherwise) from None
    if not number.is_finite():
        raise BadArgument(otherwise)
    return number


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag: `usual` is what stands for it where it is not given, None where the plan decides."""

    name: str
    read: Callable[[str], Any]
    usual: str | None
    help: str


SHARE = share_up_to(1.0)
FLAGS = (
    Flag("members", whole(FEWEST, MOST), "100,000", "Members at the end of the last month."),
    Flag("seed", whole(0, 2**63 - 1), "1", "The same seed grows the same company."),
    Flag("seeds", whole(1, MOST_SEEDS), "10", "Number of seeds to find the worst case among."),
    Flag("seed-members", whole(FEWEST, MOST), "20,000",
         "Maximum number of members in the companies of the other seeds."),
    Flag("periods", whole(1, MOST_MONTHS), "12", "Number of months."),
    Flag("from", month, "2026-01", "The first month."),
    Flag("growth", share_up_to(10.0), "0.10", "Growth in new members from one month to the next."),
    Flag("copying", SHARE, "0.5", "How much recruiting favours members who have many recruits."),
    Flag("churn", SHARE, "0.08", "Share of members who stop for good each month."),
    Flag("first-orders", SHARE, "0.9", "Share of new members who order on the day they join."),
    Flag("activity", SHARE, "0.5", "Share of the other members who order in a month."),
    Flag("builder-activity", SHARE, "0.9", "The same among members who have recruited somebody."),
    Flag("spill-over", SHARE, "0.25",
         "Share of recruits placed below others though their sponsor has a free position."),
    Flag("outer-end", SHARE, "0.75",
         "Share of spill-over placed at the outer end of a leg; the rest goes down by chance."),
    Flag("power-leg", SHARE, "0.6",
         "Share of recruits for whom sponsors choose their favoured leg first."),
    Flag("holders", SHARE, "0", "Share of members who hold three positions of a binary."),
    Flag("package-shares", shares, None, "How often each package is bought, the lowest first."),
    Flag("spending", amounts, None, "Minimum value of an order, for each package."),
    Flag("spread", share_up_to(10.0), "0.25", "By how much orders exceed that on average."),
    Flag("points", SHARE, "1", "Share of an order's value that gives points."),
    Flag("customers", share_up_to(MOST_CUSTOMERS), "0.2",
         "Share of all orders that retail and preferred customers place."),
    Flag("customers-each", share_up_to(100.0, 1.0), "3",
         "Orders of customers in a month of a member who has any, on average."),
    Flag("preferred", SHARE, "0.5", "Share of customers' orders that preferred customers place."),
    Flag("format", one_of("table", "json"), "table", "How figures are printed: table or json."),
)  # fmt: skip
FROM_THE_PLAN = "taken from the plan"
VALUES = {SHARE: "SHARE", month: "MONTH", shares: "LIST", amounts: "LIST"}
"""What stands for a flag's value in the help, where it is no number."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell a parser the flags. All stay text: `read_flags` judges them."""
    parser.add_argument("plan", metavar="PLAN", help="A plan's file, or the name of a ready one.")
    for flag in FLAGS:
        usual = flag.usual or FROM_THE_PLAN
        text = f"{flag.help} Default: {usual}.".replace("%", "%%")
        value = VALUES.get(flag.read, "N")
        parser.add_argument(f"--{flag.name}", metavar=value, default=flag.usual, help=text)
    parser.add_argument(
        "--output", metavar="FOLDER", help="Where plots go. Default: ./simulation-NAME of the plan."
    )


def read_flags(arguments: argparse.Namespace) -> dict[str, Any]:
    """What each flag says; raises BadArgument."""
    said: dict[str, Any] = {}
    for flag in FLAGS:
        text = getattr(arguments, flag.name.replace("-", "_"))
        try:
            said[flag.name] = None if text is None else flag.read(text.strip())
        except BadArgument as error:
            sentence = gettext(
                "--{flag} {sentence}, not {said}.", flag=flag.name, sentence=error, said=repr(text)
            )
            raise BadArgument(sentence) from None
    return said


def shape_of(said: dict[str, Any], plan: Plan) -> CompanyShape:
    """The shape that the flags and the plan ask for; raises BadArgument."""
    points_rate = round(said["points"] * HUNDRED_PERCENT)
    return CompanyShape(
        members=said["members"],
        months=said["periods"],
        first_day=said["from"],
        growth=said["growth"],
        copying=said["copying"],
        churn=said["churn"],
        activity=said["activity"],
        builder_activity=said["builder-activity"],
        first_orders=said["first-orders"],
        spill_over=said["spill-over"],
        outer_end=said["outer-end"],
        power_leg=said["power-leg"],
        package_shares=_package_shares(said["package-shares"], plan),
        spending=_spending(said["spending"], plan, points_rate),
        spread=said["spread"],
        points_rate=points_rate,
        point_value=max(1, plan.point_value),
        customers=said["customers"],
        customers_each=said["customers-each"],
        preferred=said["preferred"],
        width=placement_width(plan),
        holders=_holders(said["holders"], plan),
    )


def _holders(said: float, plan: Plan) -> float:
    if said and placement_width(plan) != TWO_LEGS:
        raise BadArgument(
            gettext("--holders: this plan has no binary, so nobody holds several positions.")
        )
    return said


def _package_shares(said: tuple[float, ...] | None, plan: Plan) -> tuple[float, ...]:
    if said is None:
        return usual_package_shares(plan)
    _one_for_each_package("package-shares", len(said), plan)
    return said


def _spending(said: tuple[Decimal, ...] | None, plan: Plan, points_rate: int) -> tuple[int, ...]:
    """Minor units for each package; a single amount stands for all."""
    if said is None:
        return usual_spending(plan, points_rate)
    packages = max(1, len(plan.packages))
    if len(said) == 1:
        said *= packages
    _one_for_each_package("spending", len(said), plan)
    return tuple(max(1, int(amount.scaleb(plan.decimals))) for amount in said)


def _one_for_each_package(flag: str, said: int, plan: Plan) -> None:
    packages = max(1, len(plan.packages))
    if said != packages:
        raise BadArgument(
            gettext(
                "--{flag} needs a number for each package: the plan has {packages}, and {said} "
                "were given.",
                flag=flag,
                packages=packages,
                said=said,
            )
        )


def folder_of(arguments: argparse.Namespace, plan: Plan) -> Path:
    """Where the plots go."""
    if arguments.output is not None:
        return Path(arguments.output)
    name = re.sub(r"\W+", "-", plan.name.casefold()).strip("-")
    return Path(f"simulation-{name or 'plan'}")
