"""`./upline plan simulate`: what a plan would cost at any size, before anybody is promised it.

`shape.py` says how a company grows and spends, `growth.py` and `buying.py` grow it as arrays,
`trial.py` runs its periods, `figures.py` counts what came of it, `report.py` and `plots.py` show
that. `command.py` is the way in.
"""
