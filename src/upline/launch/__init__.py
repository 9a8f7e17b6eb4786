"""Starting Upline: the private PostgreSQL, the processes, the commands of `./upline`.

Nothing here imports Django, and importing any module of it has no side effect.
"""
