"""`python -m papers.writing`: a paper as PDF, to standard output."""

import sys

from papers.papers import paper
from upline.papers import as_pdf

if __name__ == "__main__":
    sys.stdout.buffer.write(as_pdf(paper(50)))
