"""`./upline sentences`: the catalogs of translations, brought up to what the source says."""

from typing import Any

from upline.language.loading import installed
from upline.shell import sentences
from upline.shell.command import ShellCommand


class Command(ShellCommand):
    help = "Bring the translations up to the source, and list what they lack"

    def handle(self, *args: Any, **options: Any) -> None:
        for tag in installed()[1:]:
            catalog = sentences.brought_up(tag)
            sentences.write(tag, catalog)
            lacking = sentences.missing(catalog)
            self.stdout.write(f"{tag}: {len(catalog) - len(lacking)} of {len(catalog)} sentences")
            for sentence in sentences.other_placeholders(catalog):
                self.stdout.write(f"  other placeholders: {sentence}")
            for sentence in lacking:
                self.stdout.write(f"  to translate: {sentence}")
