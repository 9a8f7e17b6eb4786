"""The demo company: some three hundred members over a year that ended yesterday.

`story.py` plans the year from a seed, without a database, around the people of `showing.py` and
what `waiting.py` leaves to the office; `telling.py` makes it happen through
the flows that the API calls, with `players.py` for who acts, `shopping.py` for orders,
`paymaster.py` for commission runs and payouts and `abroad.py` for the second market; `building.py`
does it whole or not at all; `logins.py` writes demo.json.
"""
