"""The people of the story as flows know them: who acts, in which market, and what they pay with."""

from upline.base.actors import ActingMember
from upline.base.unit import UnitOfWork
from upline.catalog.models import PackageKind
from upline.catalog.statements import Offer
from upline.demo import banking
from upline.demo.funds import Purse
from upline.demo.opening import DemoCompany
from upline.demo.people import DemoPerson
from upline.flows import passwords as password_flows
from upline.flows.paying import Funds
from upline.flows.permissions import DEFAULT_SCOPES
from upline.members import actions as members
from upline.members.models import LinkPurpose, MemberKind
from upline.members.queries import Caller

_SCOPES = frozenset(DEFAULT_SCOPES)


class Players:
    """Members and customers by username, `ids` also by the names that the story has for positions.
    They act through the company's app."""

    def __init__(self, company: DemoCompany, purse: Purse) -> None:
        self.company, self.purse = company, purse
        self.ids = {company.root: company.root_id}
        self.kinds: dict[str, MemberKind] = {}
        self.may_pay: set[str] = set()
        self.swiss: set[str] = set()
        self.swiss_packages: dict[str, Offer] = {}

    def caller(self, who: str) -> Caller:
        """Somebody as a call of the company's app knows them."""
        kind = self.kinds.get(who, MemberKind.MEMBER)
        return Caller(self.company.app_id, _SCOPES, self.ids[who], who, kind=kind)

    def unit(self, who: str) -> UnitOfWork:
        """What somebody changes in one go, from a network address of their own."""
        return UnitOfWork(
            ActingMember(self.ids[who], self.company.app_id, _SCOPES), address=_address(who)
        )

    def packages(self, who: str) -> dict[str, Offer]:
        """Those of the market that somebody belongs to."""
        return self.swiss_packages if who in self.swiss else self.company.packages

    def meet(self, person: DemoPerson) -> None:
        """Remember somebody who is about to join."""
        if person.is_swiss:
            self.swiss.add(person.username)

    def choose_password(self, who: str) -> None:
        """With the link that the mail carries."""
        unit, purpose = self.unit(who), LinkPurpose.LOGIN_PASSWORD
        secret = unit.commit(lambda: members.make_link(self.ids[who], purpose))
        password_flows.reset(unit, purpose, secret, self.company.credentials.password)

    def funds(self, who: str, amount: int, method: str) -> Funds:
        """What pays `amount`: an e-pin bought before, or the wallet, filled where it lacks."""
        if method == "epin":
            return Funds(epin_code=self.purse.epin(self.ids[who], amount))
        if method == "free_join":
            return Funds()
        self.purse.fill_wallet(self.ids[who], amount)
        if who not in self.may_pay:
            self.set_transaction_password(who)
        return Funds(who, self.company.credentials.transaction_password)

    def set_transaction_password(self, who: str) -> None:
        """Before the first payment, with a link as the one that a mail carries."""
        unit, purpose = self.unit(who), LinkPurpose.TRANSACTION_PASSWORD
        secret = unit.commit(lambda: members.make_link(self.ids[who], purpose))
        chosen = self.company.credentials.transaction_password
        password_flows.reset(unit, purpose, secret, chosen)
        self.may_pay.add(who)

    def wares(self, who: str) -> list[Offer]:
        """What somebody can put in their cart."""
        return [each for each in self.packages(who).values() if each.kind == PackageKind.CART]


def _address(username: str) -> str:
    """A network address from the ranges that are kept for examples."""
    number = banking.number_of(username)
    network = ("192.0.2", "198.51.100", "203.0.113")[number % 3]
    return f"{network}.{number % 250 + 1}"
