"""What is on sale, countries, the cart and its shipping addresses."""

from recorded.company import Company
from support.moves import ADDRESS

PREFER = {"Prefer": "return=representation"}


def play(company: Company) -> None:
    _on_sale(company)
    _countries(company)
    _cart(company)
    _addresses(company)


def _on_sale(company: Company) -> None:
    anna, packages = company.asks("anna"), company.packages
    anna("GET", "package/membership/")
    anna("GET", "package/cart/")
    anna("POST", "package/cart/")
    anna("GET", "package/cart/", query={"colour": "red"}, note="an unknown filter is ignored")
    anna("GET", "signup/fee/")
    anna("POST", "signup/fee/")
    for name in ("starter", "soap"):
        anna("GET", f"package/{packages[name]}/")
    anna("GET", f"package/{packages['gone']}/", note="not for sale any more")
    for unknown in ("999999", "0", "soap", "-1", "1.0", "9" * 19):
        anna("GET", f"package/{unknown}/")


def _countries(company: Company) -> None:
    anna = company.asks("anna")
    anna("GET", "countries/")
    for country in ("276", "840", "492", "999", "x", "0276"):
        anna("GET", f"countries/{country}/states/")


def _cart(company: Company) -> None:
    anna, packages = company.asks("anna"), company.packages
    soap, tea = packages["soap"], packages["tea"]
    address = "cart/products/"
    anna("GET", address, note="empty")
    anna("POST", address, form={"product_id": soap, "quantity": 2})
    anna("POST", address, json={"product_id": soap, "quantity": 1}, note="adds up")
    anna("POST", address, parts={"product_id": tea, "quantity": 1}, headers=PREFER)
    anna("POST", address, form={"PRODUCT_ID": tea, "Quantity": "2"})
    anna("POST", address, note="with no parameters it lists")
    anna("POST", address, json=[], note="with no parameters it lists")
    anna("POST", address, form={"colour": "red"}, note="an unknown parameter is none")
    anna("GET", address)
    anna("PUT", address, form={"product_id": tea, "quantity": 5})
    anna("PUT", address, json={"product_id": tea, "quantity": 4}, headers=PREFER)
    for quantity in (0, -1, "1.0", "x", "", 999, 1000, 1.5, True, None):
        anna("POST", address, json={"product_id": soap, "quantity": quantity})
    anna("POST", address, form={"product_id": soap})
    anna("POST", address, form={"quantity": 1})
    for name in ("gone", "starter"):
        anna("POST", address, form={"product_id": packages[name], "quantity": 1}, note=name)
    anna("POST", address, form={"product_id": 999999, "quantity": 1})
    anna("POST", address, form={"product_id": "soap", "quantity": 1})
    anna("POST", address, form={"product_id": soap}, query={"quantity": 1})
    anna("PUT", address, form={"product_id": packages["scales"], "quantity": 1},
         note="what is not in the cart")  # fmt: skip
    anna("PUT", address, form={"product_id": 999999, "quantity": 1})
    anna("PUT", address)
    anna("DELETE", address, form={"product_id": packages["scales"]})
    anna("DELETE", address, form={"product_id": packages["scales"]}, note="not there any more")
    anna("DELETE", address, query={"product_id": tea}, headers=PREFER)
    anna("DELETE", address)
    anna("DELETE", address, form={"product_id": "tea"})
    key = {"Idempotency-Key": "add-tea-once"}
    for note in ("", "the same again"):
        anna("POST", address, form={"product_id": tea, "quantity": 1}, headers=key, note=note)
    anna("POST", address, form={"product_id": tea, "quantity": 2}, headers=key,
         note="the same key, another body")  # fmt: skip
    for wrong in ("short", "x" * 256):
        anna("POST", address, form={"product_id": tea, "quantity": 1},
             headers={"Idempotency-Key": wrong})  # fmt: skip
    anna("DELETE", "cart/products/all/")
    anna("POST", address, form={"product_id": tea, "quantity": 1})
    anna("POST", "cart/products/all/", headers=PREFER)
    anna("DELETE", "cart/products/all/", headers=PREFER, note="empty already")


def _addresses(company: Company) -> None:
    anna, ben = company.asks("anna"), company.asks("ben")
    address = "cart/shipping_address/"
    anna("GET", address)
    anna("POST", address, form=ADDRESS)
    anna("POST", address, json=ADDRESS | {"name": "Work", "zip_code": 53113, "phone": "+49 228 1"})
    anna("POST", address, parts=ADDRESS | {"name": "Garden"}, headers=PREFER)
    ben("POST", address, form=ADDRESS | {"name": "Ben"})
    for name in ADDRESS:
        anna("POST", address, form=ADDRESS | {name: ""})
    anna("POST", address, form=ADDRESS | {"phone": "call me", "name": "x" * 500})
    anna("POST", address)
    listed = anna("GET", address).data["address_list"]
    _, second, third = (each["address_id"] for each in listed)
    foreign = ben("GET", address).data["address_list"][0]["address_id"]
    default = "cart/shipping_address/default"
    anna("POST", f"{default}/", form={"address_id": second})
    anna("POST", default, json={"address_id": third}, headers=PREFER)
    anna("GET", address)
    for unknown in (foreign, 999999, "x", ""):
        anna("POST", f"{default}/", form={"address_id": unknown})
        anna("DELETE", address, form={"address_id": unknown})
    anna("DELETE", address, form={"address_id": third}, note="the default; the oldest is it now")
    anna("DELETE", address, query={"address_id": second}, headers=PREFER)
    anna("DELETE", address, query={"address_id": second}, note="gone already")
    anna("GET", address)
