"""`/webhooks/payments/CODE/`: what a payment provider says, signed with a shared secret."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from upline.base.actors import Worker
from upline.base.errors import Malformed, Refusal
from upline.base.network import address_of
from upline.base.unit import UnitOfWork
from upline.base.whole_bodies import BodyCut, read_whole
from upline.flows import payment_events
from upline.payments.providers.signed import HEADER

_BODY_MAX = 256 * 1024


@csrf_exempt
@require_POST
def payments(request: HttpRequest, provider: str) -> HttpResponse:
    """200 once the message is stored, whether it said something new or not: send it again after
    any other answer."""
    try:
        body = read_whole(request.META, _BODY_MAX)
        unit = UnitOfWork(Worker(), address=address_of(request))
        header = str(request.headers.get(HEADER, ""))
        number = payment_events.receive(unit, provider, body, header)
    except BodyCut:
        return _refused(Malformed())
    except Refusal as refusal:
        return _refused(refusal)
    return JsonResponse({"status": True, "data": {"new": number}})


def _refused(refusal: Refusal) -> HttpResponse:
    error: dict[str, object] = {"code": refusal.code, "description": refusal.sentence}
    if refusal.fields:
        error["fields"] = refusal.fields
    return JsonResponse({"status": False, "error": error}, status=refusal.status)
