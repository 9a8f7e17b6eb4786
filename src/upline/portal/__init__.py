"""The members' pages. `door` lets members in and out, `visiting` says who looks at a page; the
other files are one page each: they call the same flows and screens as the API."""
