"""The pure core: what a compensation plan pays on a company's trees and orders.

Arrays in, arrays out, integers only: money in minor units, points in hundredths, rates in
millionths, days counted from 1970-01-01. Nothing in here knows of Django, a database, a file or a
clock, and it can be imported alone. `run.run` is the way in; what a plan can say is in `plan.py`
and `bonus.py`, and docs/plans/ tells it in words.
"""
