"""`./upline plan try`: what a plan pays on two CSV files, without a database.

`files/` become the core's arrays, the periods are run in turn, each line is given one of the
`sentences/` an accountant can check it by, and `output/` writes that. docs/plans/files.md tells
what is in the files.
"""
