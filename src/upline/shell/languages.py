"""The language of what commands hand out. Knows no Django, since plans are tried without it."""

import argparse

from upline.language.loading import installed, named

HELP = "the language of what is made, such as de; English by default"


def installed_language(tag: str) -> str:
    """An argument that is the tag of an installed language."""
    found = named(tag)
    if found is None:
        raise argparse.ArgumentTypeError(
            f"{tag} is not installed. The installed languages are {', '.join(installed())}."
        )
    return found
