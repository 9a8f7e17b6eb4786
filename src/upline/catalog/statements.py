"""The catalogue's hand-written SQL: packages with what they cost in a market."""

from typing import NamedTuple

from upline.catalog.models import contained_tax


class Offer(NamedTuple):
    """A package as a market offers it today. `amount` is what the buyer pays and
    `commissionable_value` what commissions are calculated from, in minor units of the market's
    currency; `tax_rate` in basis points, contained in `amount`; `points` in hundredths. `picture`
    is its name, None where there is none; `opens_position` says that an order of it opens one."""

    package_id: int
    kind: str
    code: str
    name: str
    amount: int
    commissionable_value: int
    points: int
    tax_rate: int
    category: str
    description: str
    picture: str | None
    opens_position: bool

    @property
    def tax(self) -> int:
        """The tax contained in `amount`."""
        return contained_tax(self.amount, self.tax_rate)


OFFERS = """
SELECT package.id AS package_id, package.kind, package.code, package.name,
       CASE WHEN %(retail)s THEN price.amount
            ELSE coalesce(price.member_amount, price.amount) END AS amount,
       price.commissionable_value,
       coalesce(price.own_points, package.points) AS points,
       markets_tax_rate(price.market_id, price.tax_class_id, %(day)s) AS tax_rate,
       package.category, package.description, picture.name AS picture, package.opens_position
FROM catalog_package package
JOIN LATERAL (
    SELECT * FROM catalog_price
    WHERE package_id = package.id AND market_id = %(market)s AND first_day <= %(day)s
    ORDER BY first_day DESC LIMIT 1) price ON true
LEFT JOIN pictures_picture picture ON picture.id = package.picture_id
WHERE package.active AND (%(kind)s::text IS NULL OR package.kind = %(kind)s)
  AND (%(packages)s::bigint[] IS NULL OR package.id = ANY (%(packages)s))
ORDER BY package.id
"""
