"""The kinds of parameter: how each is read, and the sentence for what cannot be read.

All of them take a form's text and JSON alike (docs/api.md, "Conventions").
Amounts become integers at once: minor units, hundredths of a point."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from upline.api.http.bodies import GivenTwice, JsonNumber, Upload
from upline.base import letters, phones
from upline.base.amounts import POINT_DECIMALS, UNITS_MAX
from upline.base.bank_accounts import IBAN_WRONG, is_mistyped_iban
from upline.base.errors import REQUIRED
from upline.base.letters import NOT_ALLOWED, is_typed
from upline.language import gettext
from upline.markets import current as markets
from upline.members.person.rules import EMAIL_MOST, USERNAME, USERNAME_SENTENCE, wrong_email
from upline.members.security.new_passwords import LEAST, MOST, wrong_password

DATE = "date"
_PLAIN_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]+)?", re.ASCII)
_DIGITS = re.compile(r"[0-9]{1,18}", re.ASCII)
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_DOUBLES_ERR = Decimal("0.000001")


def wrong(sentence: str, kind: str = "wrong") -> PydanticCustomError:
    return PydanticCustomError(kind, str(sentence))


class Kind:
    """A kind of parameter: `read` turns what was sent into a value or raises."""

    def read(self, sent: Any) -> Any:
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        """What OpenAPI says of it."""
        raise NotImplementedError

    def _read_once(self, sent: Any) -> Any:
        if isinstance(sent, GivenTwice):
            raise wrong(gettext("This parameter was given twice, with different values."))
        return self.read(sent)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self._read_once)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return self.schema()


def as_text(sent: Any) -> str:
    """A string, or a JSON integer as its digits."""
    if isinstance(sent, (bool, JsonNumber)) or not isinstance(sent, (str, int)):
        raise wrong(gettext("This must be text."))
    text = str(sent)
    if not is_typed(text):
        raise wrong(NOT_ALLOWED)
    return text


def seen(text: str) -> str:
    """The text cleaned of what nobody sees; refused where that is not only around it."""
    try:
        return letters.cleaned(text)
    except ValueError as error:
        raise wrong(str(error)) from error


@dataclass(frozen=True)
class Text(Kind):
    """Text of up to `most` characters that a reader sees (base/letters.py). Empty is missing,
    unless `may_be_empty`: then it clears. `pattern` with the `sentence` for what does not
    match."""

    most: int
    may_be_empty: bool = False
    pattern: str = ""
    sentence: str = ""

    def read(self, sent: Any) -> str:
        text = seen(as_text(sent))
        if not text and not self.may_be_empty:
            raise wrong(REQUIRED)
        if len(text) > self.most:
            raise wrong(gettext("This must have at most {most} characters.", most=self.most))
        if text and self.pattern and not re.fullmatch(self.pattern, text, re.ASCII):
            raise wrong(self.sentence)
        return text

    def schema(self) -> dict[str, Any]:
        shape: dict[str, Any] = {"type": "string", "maxLength": self.most}
        if not self.may_be_empty:
            shape["minLength"] = 1
        if self.pattern:
            optional = "?" if self.may_be_empty else ""
            shape["pattern"] = f"^({self.pattern}){optional}$"
        return shape


@dataclass(frozen=True)
class NameText(Text):
    """What somebody or something is called: it has a letter or a digit of some script."""

    def read(self, sent: Any) -> str:
        text = super().read(sent)
        if text and not letters.has_letter(text):
            raise wrong(letters.NOT_SEEN)
        return text


@dataclass(frozen=True)
class PhoneNumber(Kind):
    """A phone number as it is written; what it must be stands in base/phones.py."""

    may_be_empty: bool = False

    def read(self, sent: Any) -> str:
        text = Text(20, self.may_be_empty).read(sent)
        if text and not phones.is_possible(text):
            raise wrong(phones.WRONG)
        return text

    def schema(self) -> dict[str, Any]:
        shape = Text(20, self.may_be_empty).schema()
        optional = "?" if self.may_be_empty else ""
        return shape | {"pattern": f"^({phones.PATTERN}){optional}$"}


@dataclass(frozen=True)
class AccountNumber(Text):
    """The number of a bank account, of any country. Where it is meant as an IBAN, its check
    digits are looked at."""

    def read(self, sent: Any) -> str:
        text = super().read(sent)
        if is_mistyped_iban(text):
            raise wrong(IBAN_WRONG)
        return text


@dataclass(frozen=True)
class Unjudged(Kind):
    """A parameter that some companies ignore: read as it is, and judged by who uses it."""

    def read(self, sent: Any) -> str:
        return str(sent).strip()

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


@dataclass(frozen=True)
class Email(Kind):
    def read(self, sent: Any) -> str:
        text = Text(EMAIL_MOST).read(sent)
        if sentence := wrong_email(text):
            raise wrong(sentence)
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "email", "minLength": 3, "maxLength": EMAIL_MOST}


@dataclass(frozen=True)
class Secret(Kind):
    """A password as it is typed: nothing is dropped. A new one is judged (its owner's names are
    known to the flow only)."""

    is_new: bool = False
    may_be_empty: bool = False

    def read(self, sent: Any) -> str:
        text = as_text(sent)
        if not text and not self.may_be_empty:
            raise wrong(REQUIRED)
        if len(text) > MOST:
            raise wrong(gettext("A password must have at most {most} characters.", most=MOST))
        if self.is_new and (sentence := wrong_password(text)):
            raise wrong(sentence)
        return text

    def schema(self) -> dict[str, Any]:
        return {
            "type": "string",
            "format": "password",
            "minLength": LEAST if self.is_new else 0 if self.may_be_empty else 1,
            "maxLength": MOST,
        }


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number: a JSON integer or ASCII digits. Empty is None where `may_be_empty`."""

    least: int = 0
    most: int = 2**31 - 1
    may_be_empty: bool = False

    def read(self, sent: Any) -> int | None:
        if sent == "" and isinstance(sent, str):
            if self.may_be_empty:
                return None
            raise wrong(REQUIRED)
        is_integer = isinstance(sent, int) and not isinstance(sent, bool)
        is_digits = (
            isinstance(sent, str)
            and not isinstance(sent, JsonNumber)
            and _DIGITS.fullmatch(sent) is not None
        )
        if not (is_integer or is_digits):
            raise wrong(gettext("This must be a whole number."))
        if not self.least <= int(sent) <= self.most:
            raise wrong(
                gettext("This must be from {least} to {most}.", least=self.least, most=self.most)
            )
        return int(sent)

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True)
class IdOrName(Kind):
    """A thing of a list, by its id or by its name, which is judged by who knows the list."""

    id: Whole

    def read(self, sent: Any) -> int | str | None:
        is_name = isinstance(sent, str) and not isinstance(sent, JsonNumber)
        text = Text(100).read(sent) if is_name and sent.strip() else ""
        if text and not text.isdigit():
            return text
        return self.id.read(sent)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [self.id.schema(), {"type": "string", "maxLength": 100}]}


@dataclass(frozen=True)
class Amount(Kind):
    """A decimal of up to `decimals()` places, as an integer of the smallest unit. A JSON number
    within a millionth of a whole unit is that unit: clients add up doubles."""

    decimals: Callable[[], int]
    least: int = 0

    def read(self, sent: Any) -> int:
        if sent == "" and isinstance(sent, str):
            raise wrong(REQUIRED)
        text = str(sent) if isinstance(sent, (str, int)) and not isinstance(sent, bool) else ""
        if not _PLAIN_NUMBER.fullmatch(text):
            raise wrong(gettext("This must be a plain decimal number, like 49.90."))
        decimals = self.decimals()
        scaled = Decimal(text).scaleb(decimals)
        units = int(scaled.to_integral_value())
        part = text.partition(".")[2]
        is_near = isinstance(sent, JsonNumber) and abs(scaled - units) <= _DOUBLES_ERR
        if len(part) > decimals and not is_near:
            raise wrong(
                gettext("This must have at most {decimals} decimal places.", decimals=decimals)
            )
        if not self.least <= units <= UNITS_MAX:
            raise wrong(
                gettext("This must be greater than zero.")
                if units < self.least
                else gettext("This amount is too large.")
            )
        return units

    def schema(self) -> dict[str, Any]:
        return {"type": "number", "minimum": 0, "maximum": 10**10}


@dataclass(frozen=True)
class OrEmpty(Kind):
    """Another kind; empty is None."""

    kind: Kind

    def read(self, sent: Any) -> Any:
        is_empty = isinstance(sent, str) and sent == ""
        return None if is_empty else self.kind.read(sent)

    def schema(self) -> dict[str, Any]:
        return self.kind.schema()


@dataclass(frozen=True)
class Day(Kind):
    """yyyy-mm-dd, a real day since 1900."""

    def read(self, sent: Any) -> date:
        if sent == "" and isinstance(sent, str):
            raise wrong(REQUIRED)
        found = _DAY.fullmatch(sent) if isinstance(sent, str) else None
        try:
            day = date(*map(int, found.groups())) if found else None
        except ValueError:
            day = None
        if day is None or day.year < 1900:
            raise wrong(gettext("This must be a valid date in the form yyyy-mm-dd."), DATE)
        return day

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True)
class Accepted(Kind):
    """A truth value that must be true: true, 1, yes or on in a form, true in JSON."""

    def read(self, sent: Any) -> bool:
        if sent is True or (isinstance(sent, str) and sent.lower() in {"true", "1", "yes", "on"}):
            return True
        raise wrong(gettext("This must be true."))

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean", "const": True}


@dataclass(frozen=True)
class Choice(Kind):
    """One of a few words. Empty is '' where `may_be_empty`."""

    words: tuple[str, ...]
    may_be_empty: bool = False
    any_case: bool = False

    def read(self, sent: Any) -> str:
        text = as_text(sent).strip()
        if self.any_case:
            text = next((word for word in self.words if word.lower() == text.lower()), text)
        if text in self.words or (not text and self.may_be_empty):
            return text
        if not text:
            raise wrong(REQUIRED)
        raise wrong(gettext("This must be one of: {words}.", words=", ".join(self.words)))

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": [*self.words, *([""] if self.may_be_empty else [])]}


@dataclass(frozen=True)
class File(Kind):
    def read(self, sent: Any) -> bytes:
        if not isinstance(sent, Upload):
            raise wrong(gettext("Send this as a file, in multipart/form-data."))
        return bytes(sent)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "binary"}


def _currency_decimals() -> int:
    return markets.current().exponent


Money = Annotated[int, Amount(_currency_decimals)]
MONEY_ABOVE_ZERO = Amount(_currency_decimals, least=1)
MoneyAboveZero = Annotated[int, MONEY_ABOVE_ZERO]
OptionalMoney = Annotated[int | None, OrEmpty(Amount(_currency_decimals))]
Points = Annotated[int, Amount(lambda: POINT_DECIMALS)]
Id = Annotated[int, Whole(0, 2**63 - 1)]
OptionalId = Annotated[int | None, Whole(0, 2**63 - 1, may_be_empty=True)]
Name = Annotated[str, NameText(100)]
OptionalName = Annotated[str, NameText(100, may_be_empty=True)]
Username = Annotated[str, Text(150)]
NameOrAddress = Annotated[str, Text(254)]
NEW_USERNAME = Text(
    30,
    pattern=USERNAME,
    sentence=USERNAME_SENTENCE,
)
Phone = Annotated[str, PhoneNumber()]
OptionalPhone = Annotated[str, PhoneNumber(may_be_empty=True)]
EmailAddress = Annotated[str, Email()]
Password = Annotated[str, Secret()]
ProofPassword = Annotated[str | None, Secret()]
NewPassword = Annotated[str, Secret(is_new=True)]
OptionalPassword = Annotated[str, Secret(may_be_empty=True)]
Birthday = Annotated[date, Day()]
