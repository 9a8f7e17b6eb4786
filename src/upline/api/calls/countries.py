"""`countries/…`: what the integers in an address mean."""

from django.http import HttpResponse

from upline.api.describe import shapes
from upline.api.describe.documented import call
from upline.api.http.contract import ApiRequest
from upline.api.http.credentials import PUBLIC
from upline.api.http.envelope import success
from upline.api.http.service import api
from upline.api.views import place_view
from upline.base import places
from upline.base.errors import NotFound


@api.get(
    "countries/",
    auth=PUBLIC,
    **call("countries", "All countries", gives=shapes.Countries, status=200),
)
def countries(request: ApiRequest) -> HttpResponse:
    return success({"countries": [place_view(each) for each in places.countries().values()]})


@api.get(
    "countries/{country_id}/states/",
    auth=PUBLIC,
    **call("states", "The states of a country", codes="1102", gives=shapes.States, status=200),
)
def states(request: ApiRequest, country_id: str) -> HttpResponse:
    is_number = country_id.isascii() and country_id.isdigit() and len(country_id) <= 3
    number = int(country_id) if is_number else -1
    if number not in places.countries():
        raise NotFound("No country has this id.")
    return success({"states": [place_view(each) for each in places.states_of(number).values()]})
