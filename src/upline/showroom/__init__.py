"""What only the demo has: a front page on which visitors become somebody with one click.

`./upline demo` serves `wsgi.application`, and nothing else does: no setting and no variable leads
here. `one_click` signs in by the demo's own passwords, through the flows that everybody goes
through: it knows no way around a password."""
