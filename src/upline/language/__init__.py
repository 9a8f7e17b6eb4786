"""What a person reads, in their language.

Sentences stand in the code in English, whole and with named placeholders; `catalogs/` holds what
they are in other languages, one file each. `sentences` finds them, `writing` has what amounts and
days look like, `current` says which language is spoken, `choosing` which one a person gets.
Knows nothing else of Upline, and no Django."""

from upline.language.sentences import gettext, lazy, ngettext

__all__ = ["gettext", "lazy", "ngettext"]
