"""What a commission run comes to, on its page: sums, bonuses and, where it met several currencies,
each of them and each market."""

from typing import Any

from upline.commissions.models import Run, RunStatus
from upline.company import current as company
from upline.language import gettext, ngettext
from upline.language.writing import whole
from upline.office.buttons import Block, FactsBlock, TableBlock
from upline.screens import run_page, shown


def blocks(run: Run) -> list[Block]:
    """All of it, of a run that is computed."""
    found: list[Block] = [
        FactsBlock(gettext("Results"), _sums(run)),
        *_by_currency(run),
        *_markets(run),
    ]
    return [*found, _bonuses(run)]


def _sums(run: Run) -> list[tuple[str, Any]]:
    found = run_page.sums(run)
    rows = [
        (gettext("Sales of the period"), shown.plan_money(run.turnover)),
        (gettext("Bonuses, less what is taken back"), shown.plan_money(run.gross)),
        (gettext("Total paid to members"), shown.plan_money(run.paid)),
        (gettext("Members with an amount or a rank"), whole(run.members)),
        (gettext("Members who are paid"), whole(sum(each.gaining for each in found))),
        (gettext("Lines"), whole(run.lines)),
    ]
    # Where there is one currency, all deductions stand between gross and total.
    for each in found if len(found) == 1 else ():
        rows[2:3] = [*_deductions(each), rows[2], _to_shopping(each)]
    if run.status == RunStatus.APPROVED and run.cursor:
        passed = sum(each.passed for each in found)
        so_far = ngettext(
            "{passed} of {all} member",
            "{passed} of {all} members",
            run.members,
            passed=whole(passed),
            all=whole(run.members),
        )
        rows.insert(-1, (gettext("Paid so far"), so_far))
    return rows


def _deductions(sums: run_page.Sums) -> list[tuple[str, str]]:
    return [
        (gettext("Reduced by the payout cap"), shown.money(-sums.ceiling, sums.currency)),
        (gettext("Service charge"), shown.money(-sums.charges, sums.currency)),
        (gettext("Tax"), shown.money(-sums.tax, sums.currency)),
        (gettext("Net release of held amounts"), shown.money(sums.carried, sums.currency)),
    ]


def _to_shopping(sums: run_page.Sums) -> tuple[str, str]:
    return gettext("Of this, to shopping balances"), shown.money(sums.purchase, sums.currency)


def _by_currency(run: Run) -> list[FactsBlock]:
    """What the run comes to in each currency, where it met several."""
    found = run_page.sums(run)
    return [
        FactsBlock(
            gettext("In {currency}", currency=each.currency),
            [
                (
                    gettext("Bonuses, less what is taken back"),
                    shown.money(each.gross, each.currency),
                ),
                *_deductions(each),
                (gettext("Total paid to members"), shown.money(each.total, each.currency)),
                _to_shopping(each),
            ],
        )
        for each in (found if len(found) > 1 else ())
    ]


def _markets(run: Run) -> list[TableBlock]:
    """The markets that the run met, with the rates that it used; none where there was one
    currency."""
    home = company.current().plan_currency
    rows = [
        (
            each.market.name,
            f"1 {home} = {shown.rate(each.per_unit)} {each.currency_id}",
            shown.money(each.turnover, each.currency_id),
            shown.money(each.paid, each.currency_id),
            whole(each.members),
        )
        for each in run.markets.select_related("market")
    ]
    columns = (
        gettext("Market"),
        gettext("Exchange rate"),
        gettext("Sales"),
        gettext("Paid to members"),
        gettext("Members"),
    )
    return [TableBlock(gettext("Markets"), columns, rows)] if rows else []


def _bonuses(run: Run) -> TableBlock:
    found = run_page.bonus_sums(run)
    rows = [
        (each.bonus, shown.amount(each), whole(each.members), whole(each.lines)) for each in found
    ]
    for each in run_page.sums(run):
        of_bonuses = sum(one.amount for one in found if one.currency == each.currency)
        if each.gross != of_bonuses:
            taken_back = shown.money(each.gross - of_bonuses, each.currency)
            rows.append((gettext("Taken back"), taken_back, "", ""))
    rows.append((gettext("Total"), shown.plan_money(run.gross), "", ""))
    return TableBlock(
        gettext("Bonuses"),
        (gettext("Bonus"), gettext("Amount"), gettext("Members"), gettext("Lines")),
        rows,
    )
