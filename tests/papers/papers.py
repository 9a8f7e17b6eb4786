"""A paper with something of everything, for the tests of how it is written."""

from upline.papers import Paper, Sentence, Table, counts, money, percents, points, texts

NAMES = ("Zoë Łukasz", "Дмитрий Щука", "Ελένη Ώρα", "कमला", "محمد", "山田太郎")
ROWS = [
    (name, 123456 * number, 5000 + number, number - 3, 150 * number)
    for number, name in enumerate(NAMES)
]
COLUMNS = [texts("Member"), money("Paid", 2), percents("Share"), counts("Lines"), points("Points")]
SENTENCE = "Of all <b>members</b> & others half earned 0.00 or less."


def paper(rows: int = len(ROWS)) -> Paper:
    """Its first table has so many rows."""
    many = [ROWS[number % len(ROWS)] for number in range(rows)]
    return Paper(
        "Earnings of Žofie",
        "Acme, 2026",
        [("Currency", "EUR"), ("Members", "6")],
        [
            Sentence(SENTENCE),
            Table(COLUMNS, many, "Members", ("All together", 999_999_999, 10_000, None, 0)),
            Table([texts("Why"), money("Amount", 0)], [("=1+1", -5), ("-", None)], "Others"),
        ],
    )
