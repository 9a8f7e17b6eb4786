"""`./upline plan try`: what a plan pays on two CSV files, without a database.

The files become the core's arrays, the periods are run in turn, and each line is given a sentence
an accountant can check it by. docs/plans/files.md tells what is in the files.
"""
