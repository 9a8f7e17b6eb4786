"""`countries/…`: what the integers in an address mean."""

from django.http import HttpResponse

from upline.api.describe import shapes
from upline.api.http.contract import ApiRequest
from upline.api.http.credentials import PUBLIC
from upline.api.http.envelope import success
from upline.api.http.registry import call
from upline.api.views import place_view
from upline.base import places
from upline.base.errors import NotFound


@call("GET countries/", "countries", "All countries", auth=PUBLIC, gives=shapes.Countries)
def countries(request: ApiRequest) -> HttpResponse:
    return success({"countries": [place_view(each) for each in places.countries().values()]})


@call(
    "GET countries/{country_id}/states/",
    "states",
    "The states of a country",
    auth=PUBLIC,
    refuses=(NotFound,),
    gives=shapes.States,
)
def states(request: ApiRequest, country_id: str) -> HttpResponse:
    is_number = country_id.isascii() and country_id.isdigit() and len(country_id) <= 3
    number = int(country_id) if is_number else -1
    if number not in places.countries():
        raise NotFound("No country has this id.")
    return success({"states": [place_view(each) for each in places.states_of(number).values()]})
