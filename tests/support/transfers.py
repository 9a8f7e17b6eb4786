"""Kinds of transfer that only tests make."""

from typing import cast

from upline.wallet.models import TransferKind


def made_up(kind: str) -> TransferKind:
    """A kind that the product does not know: the ledger moves money of any."""
    return cast(TransferKind, kind)
