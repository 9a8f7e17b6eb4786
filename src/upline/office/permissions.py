"""What staff can be allowed to do: each permission that the office asks for, in a sentence."""

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet

SENTENCES = {
    "base.view_auditentry": "See the audit log",
    "catalog.view_package": "See packages",
    "catalog.add_package": "Create packages",
    "catalog.change_package": "Change packages and their prices",
    "commissions.view_run": "See commission runs and what members earn",
    "commissions.use_plan": "Put a compensation plan in force",
    "commissions.open_run": "Start commission runs",
    "commissions.compute_run": "Calculate commission runs",
    "commissions.review_run": "Check calculated commission runs",
    "commissions.approve_run": "Approve commission runs that someone else started and checked",
    "commissions.pay_run": "Pay approved commission runs into wallets",
    "commissions.close_run": "Close paid commission runs",
    "commissions.drop_run": "Drop commission runs started by mistake, with a second person",
    "commissions.forfeit_run": "Forfeit earnings that are withheld from members who have left",
    "company.view_company": "See the settings",
    "company.change_company": "Change the settings",
    "company.view_apiclient": "See API keys",
    "company.add_apiclient": "Create API keys",
    "company.change_apiclient": "Revoke API keys",
    "epins.view_epin": "See e-pins",
    "epins.change_epin": "Give e-pins to members, block and unblock them",
    "epins.view_epinbatch": "See e-pin batches",
    "epins.add_epinbatch": "Issue e-pins and download their codes",
    "genealogy.change_node": "Move members to another sponsor or place",
    "kyc.view_kycreview": "See KYC decisions",
    "kyc.add_kycreview": "Verify and reject members (KYC)",
    "mailings.view_mail": "See mails that were sent",
    "mailings.change_mail": "Send failed mails again",
    "members.view_member": "See members and their contact data",
    "members.change_member": "Correct members' names, dates of birth and e-mail addresses",
    "members.add_packagefact": "Change members' membership packages",
    "members.help_sign_in": "Send members links to set new passwords, and unlock their sign-in",
    "members.view_bank": "See members' bank data",
    "members.block_member": "Block and unblock members",
    "members.close_member": "End memberships for good",
    "members.view_user": "See staff users",
    "auth.view_group": "See roles",
    "orders.view_order": "See orders",
    "orders.change_order": "Mark orders as paid, and cancel them",
    "orders.add_refund": "Refund orders, and record refunds sent by other means",
    "orders.view_refundtosend": "See refunds to send",
    "payouts.view_payout": "See payouts",
    "payouts.approve_payout": "Approve and decline payouts, and see their bank data",
    "payouts.change_payout": "Mark payouts as paid or failed",
    "payouts.view_batch": "See payout batches",
    "payouts.add_batch": "Make payout batches and download bank files",
    "procrastinate.view_procrastinatejob": "See failed jobs",
    "procrastinate.change_procrastinatejob": "Start failed jobs again",
    "wallet.view_account": "See balances and the books",
    "wallet.view_transfer": "See wallet transfers, and verify the books",
    "wallet.add_transfer": "Credit and debit wallets",
}


def useful() -> QuerySet[Permission]:
    """The permissions that the office asks for."""
    chosen = Q()
    for name in SENTENCES:
        app, codename = name.split(".")
        chosen |= Q(content_type__app_label=app, codename=codename)
    found = Permission.objects.filter(chosen).select_related("content_type")
    return found.order_by("content_type__app_label", "content_type__model", "-codename")


def meaning(permission: Permission) -> str:
    """What it allows."""
    name = f"{permission.content_type.app_label}.{permission.codename}"
    return SENTENCES.get(name, permission.name)
