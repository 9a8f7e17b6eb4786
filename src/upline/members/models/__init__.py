"""The tables of people, each among those it belongs with."""

from upline.members.models.facts import Fact, MarketFact, PackageFact, RankFact, StandingFact
from upline.members.models.joining import JoinDraft
from upline.members.models.people import (
    Appearance,
    Member,
    MemberKind,
    StaffStatus,
    Standing,
    User,
    UserManager,
)
from upline.members.models.protection import LinkPurpose, MailedLink, ProtectedChange, ProtectedKind
from upline.members.models.signing_in import (
    AccessToken,
    KnownNetwork,
    OfficeSession,
    RecoveryCode,
    SecondFactor,
    SignInHelp,
)
from upline.members.models.two_people import RightFact, StepAsked, StepStatus

__all__ = [
    "AccessToken",
    "Appearance",
    "Fact",
    "JoinDraft",
    "KnownNetwork",
    "LinkPurpose",
    "MailedLink",
    "MarketFact",
    "Member",
    "MemberKind",
    "OfficeSession",
    "PackageFact",
    "ProtectedChange",
    "ProtectedKind",
    "RankFact",
    "RecoveryCode",
    "RightFact",
    "SecondFactor",
    "SignInHelp",
    "StaffStatus",
    "Standing",
    "StandingFact",
    "StepAsked",
    "StepStatus",
    "User",
    "UserManager",
]
