"""`countries/…`: what the integers in an address mean."""

from upline.api.describe import shapes
from upline.api.http.contract import ApiRequest
from upline.api.http.credentials import SHOP
from upline.api.http.envelope import Answered, answer
from upline.api.http.registry import call
from upline.api.views import region_view
from upline.base.countries import all_countries, states_of
from upline.base.errors import NotFound
from upline.language import gettext


@call("GET countries/", "countries", "All countries", scope=None, auth=SHOP, gives=shapes.Countries)
def countries(request: ApiRequest) -> Answered[shapes.Countries]:
    return answer(
        shapes.Countries(countries=[region_view(each) for each in all_countries().values()])
    )


@call(
    "GET countries/{country_id}/states/",
    "states",
    "The states of a country",
    scope=None,
    auth=SHOP,
    refuses=(NotFound,),
    gives=shapes.States,
)
def states(request: ApiRequest, country_id: str) -> Answered[shapes.States]:
    is_number = country_id.isascii() and country_id.isdigit() and len(country_id) <= 3
    number = int(country_id) if is_number else -1
    if number not in all_countries():
        raise NotFound(gettext("No country has this id."))
    return answer(shapes.States(states=[region_view(each) for each in states_of(number).values()]))
