"""What the application's database role may do with each table: the least that the flows need.

Each table is named once; a test compares the names with the database."""

READ = (
    "auth_permission",
    "base_appliedmigration",
    "base_toldtime",
    "django_content_type",
    "django_migrations",
    "wallet_account",
    "wallet_transfer",
)
"""The ledger is written by its own functions only, the others by the owner of the tables."""

ADD = (
    "base_auditentry",
    "epins_epinbatch",
    "genealogy_placementfact",
    "genealogy_positionfact",
    "genealogy_sponsorfact",
    "markets_currency",
    "markets_marketrate",
    "markets_taxrate",
    "members_erasure",
    "members_marketfact",
    "members_packagefact",
    "members_rankfact",
    "members_rightfact",
    "members_signinhelp",
    "members_standingfact",
    "orders_refundline",
    "wallet_exchange",
)
"""Rows are added; none changes, and none goes."""

UPDATE: dict[str, tuple[str, ...]] = {
    "catalog_package": (),
    "company_apiclient": ("revoked_at", "scopes"),
    "company_company": ("settings", "version", "name"),
    "epins_epin": ("balance", "owner_id", "expires_at", "blocked_at", "sealed"),
    "genealogy_position": (),
    "kyc_kycreview": ("note",),
    "markets_market": ("name", "seller", "seller_address", "seller_tax_number", "language"),
    "markets_taxclass": ("name",),
    "members_stepasked": (),
    "orders_frozen": ("last_day",),
    "orders_order": (
        "status", "completed_at", "business_date", "volume_member_id", "lapses_at", "pays_by",
        "to_confirm", "address",
    ),
    "orders_orderline": ("refunded_quantity", "buyer"),
    "orders_orderpayment": ("refunded",),
    "orders_positionorder": ("position_id",),
    "orders_refund": ("reason",),
    "orders_refundtosend": ("sent_at", "sent_by_id", "note"),
    "payments_payment": ("captured", "voided", "refunded", "returned", "expires_at"),
    "payments_paymentevent": ("status", "payment_id", "order_number", "text", "note"),
    "payments_providersecret": ("sealed", "used_from", "ended_at"),
    "payments_surplus": ("status", "settled_at", "settled_by_id", "sent_id", "note"),
    "payouts_batch": ("debtor_name", "debtor_iban", "debtor_bic", "execution_date"),
    "payouts_payout": (),
    "commissions_run": (),
}  # fmt: skip
"""Rows are added, and these columns of them change (all, where none is named); none goes."""

KEEP = {
    "members_member": ("user_id", "joined_at", "terms_version", "terms_agreed_at"),
    "members_user": ("id", "date_joined"),
}
"""Rows are added, and all columns but these change; none goes."""

INSERT = {
    "orders_order": (
        "number", "member_id", "position_id", "market_id", "kind", "client_id", "outside_id",
        "status", "total_amount", "total_quantity", "total_points", "address", "address_added_at",
        "created_at", "lapses_at", "pays_by",
    ),
}  # fmt: skip
"""Only these columns of a new row are given: an order begins before it is complete."""

ADD_AND_DELETE = ("events_event",)
"""Rows are added, and old ones go in the nightly clean-up; none changes."""

ALL = (
    "auth_group",
    "auth_group_permissions",
    "base_attempt",
    "base_keycheck",
    "base_personkey",
    "base_storedanswer",
    "cart_cartline",
    "catalog_price",
    "commissions_archivepiece",
    "commissions_clawback",
    "commissions_earning",
    "commissions_interim",
    "commissions_interimearning",
    "commissions_interimrank",
    "commissions_interimteam",
    "commissions_line",
    "commissions_planversion",
    "commissions_runmarket",
    "commissions_withheld",
    "django_admin_log",
    "django_session",
    "genealogy_chain",
    "mailings_mail",
    "markets_marketcountry",
    "members_accesstoken",
    "members_joindraft",
    "members_knownnetwork",
    "members_mailedlink",
    "members_officesession",
    "members_protectedchange",
    "members_recoverycode",
    "members_secondfactor",
    "members_user_groups",
    "members_user_user_permissions",
    "pictures_picture",
    "procrastinate_events",
    "procrastinate_jobs",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
    "shipping_shippingaddress",
)
"""Rows come, change and go; triggers keep what is final among them."""
