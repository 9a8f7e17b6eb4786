"""Invented people. Their names are common ones of their countries, their addresses do not
exist, and their telephone numbers come from ranges that are kept for fiction, or, in Switzerland,
which keeps none, from one that no network has."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

SWITZERLAND = 756


@dataclass(frozen=True)
class DemoCountry:
    """`id` is ISO 3166-1 numeric; each of `towns` is city, zip code, ISO 3166-2 subdivision;
    `mobile` and `numbers` give a telephone number that belongs to nobody."""

    id: int
    share: int
    women: str
    men: str
    families: str
    towns: tuple[tuple[str, str, str], ...]
    streets: tuple[str, ...]
    mobile: str
    numbers: tuple[int, int]


COUNTRIES = (
    DemoCountry(
        276, 44,
        "Paula Lena Katharina Julia Sophie Marie Franziska Hannah Jana Laura Nele Greta Ida Mila "
        "Antonia Charlotte Birgit Sabine Monika Heike Ayşe Elif Magdalena Johanna",
        "Jonas Lukas Felix Maximilian Paul Tobias Stefan Matthias Florian Moritz Jan Niklas "
        "Andreas Jürgen Thomas Emre Can Oskar Theo Hannes Sebastian Konrad",
        "Schmidt Keller Vogel Brandt Lindner Böhm Krause Neumann Winkler Schäfer Hartmann Demirci "
        "Seidel Jansen Petersen Lorenz Albrecht Köhler Reuter Sommer Voigt Ziegler Ünal Haas",
        (("Berlin", "10119", "DE-BE"), ("Hamburg", "20357", "DE-HH"), ("Leipzig", "04107", "DE-SN"),
         ("Köln", "50674", "DE-NW"), ("Freiburg", "79098", "DE-BW"), ("Kassel", "34117", "DE-HE"),
         ("Würzburg", "97070", "DE-BY"), ("Rostock", "18055", "DE-MV")),
        ("Lindenhofgasse {}", "Am Kirschgarten {}", "Alter Mühlweg {}", "Fliederstieg {}",
         "Zur Kleinen Brücke {}"),
        "+49 171 39200{:02}", (0, 99),
    ),
    DemoCountry(
        250, 14,
        "Camille Manon Chloé Léa Inès Juliette Élodie Sandrine Nathalie Margaux Amina Claire",
        "Hugo Théo Louis Antoine Julien Mathieu Nicolas Rémi Olivier Karim Bastien Guillaume",
        "Martin Bernard Dubois Moreau Lefèvre Girard Fontaine Roussel Benali Marchand Chevalier",
        (("Lyon", "69002", "FR-69M"), ("Nantes", "44000", "FR-44"), ("Lille", "59000", "FR-59"),
         ("Toulouse", "31000", "FR-31")),
        ("{} rue des Tilleuls Blancs", "{} impasse du Vieux Four", "{} allée des Hirondelles"),
        "+33 6 39 98 {:04}", (0, 9999),
    ),
    DemoCountry(
        826, 14,
        "Emily Charlotte Olivia Grace Harriet Imogen Fiona Priya Zara Bethan Alice Rosie",
        "Oliver Harry James Callum Rhys Daniel Arjun Samuel George Ewan Thomas Adeel",
        "Taylor Hughes Clarke Patel Campbell Bennett Khan Fletcher Morgan Pearce Okafor Wright",
        (("Bristol", "BS1 4ZZ", "GB-BST"), ("Leeds", "LS1 4ZZ", "GB-LDS"),
         ("Cardiff", "CF10 1ZZ", "GB-CRF"), ("Edinburgh", "EH3 9ZZ", "GB-EDH")),
        ("{} Orchard Rise", "{} Lantern Lane", "{} Millrace Terrace"),
        "+44 7700 900{:03}", (0, 999),
    ),
    DemoCountry(
        840, 10,
        "Ashley Megan Rachel Nicole Maya Abigail Destiny Sofia Lauren Grace",
        "Tyler Brandon Ethan Marcus Diego Jordan Caleb Nathan Luis Andrew",
        "Johnson Williams Garcia Miller Davis Nguyen Thompson Rivera Brooks Coleman",
        (("Portland", "97205", "US-OR"), ("Madison", "53703", "US-WI"),
         ("Asheville", "28801", "US-NC"), ("Santa Fe", "87501", "US-NM")),
        ("{} Sycamore Bend", "{} Harbor Glass Road", "{} Old Quilt Way"),
        "+1 503 555 01{:02}", (0, 99),
    ),
    DemoCountry(
        752, 9,
        "Elsa Astrid Linnéa Maja Ebba Ingrid Sara Wilma", "Erik Oscar Axel Nils Viktor Gustav Emil",
        "Andersson Lindqvist Bergström Nyström Ekdahl Sjöberg Holmgren",
        (("Göteborg", "411 08", "SE-O"), ("Uppsala", "753 20", "SE-C"), ("Lund", "222 22", "SE-M")),
        ("Björkdungen {}", "Gamla Smedjan {}", "Fyrvägen {}"),
        "+46 70 174 06 {:02}", (5, 99),
    ),
    DemoCountry(
        36, 9,
        "Matilda Chloe Isla Ruby Sienna Georgia Mei", "Lachlan Jack Cooper Angus Noah Riley Vikram",
        "Walker Nguyen Robertson Mitchell Singh Sullivan Fraser",
        (("Hobart", "7000", "AU-TAS"), ("Geelong", "3220", "AU-VIC"),
         ("Adelaide", "5000", "AU-SA")),
        ("{} Banksia Crest", "{} Wattlebird Close", "{} Tinsmith Street"),
        "+61 491 570 {:03}", (156, 159),
    ),
    DemoCountry(
        SWITZERLAND, 16,
        "Nina Livia Corinne Seraina Ladina Regula Vreni Céline Noémie Chiara Giulia Mirjam",
        "Urs Reto Beat Luca Nico Marco Fabian Gian Loïc Yannick Matteo Jürg",
        "Müller Meier Gerber Brunner Zürcher Ammann Caduff Rochat Favre Bernasconi Bianchi Frei",
        (("Zürich", "8005", "CH-ZH"), ("Bern", "3011", "CH-BE"), ("Basel", "4058", "CH-BS"),
         ("Luzern", "6003", "CH-LU"), ("St. Gallen", "9000", "CH-SG"), ("Chur", "7000", "CH-GR"),
         ("Genève", "1205", "CH-GE"), ("Lausanne", "1003", "CH-VD"), ("Lugano", "6900", "CH-TI")),
        ("Sennhüttenweg {}", "Am Alten Zollsteg {}", "Glockengiesserpfad {}", "Enzianhalde {}"),
        "+41 73 920 39 {:02}", (0, 99),
    ),
)  # fmt: skip

_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o"})
_MAIL_HOSTS = ("example.com", "example.net", "example.org")


@dataclass(frozen=True)
class DemoPerson:
    """An invented person. `state_code` is an ISO 3166-2 subdivision."""

    username: str
    firstname: str
    lastname: str
    gender: str
    born: date
    email: str
    mobile: str
    country_id: int
    state_code: str
    city: str
    zip_code: str
    street: str

    @property
    def name(self) -> str:
        return f"{self.firstname} {self.lastname}"

    @property
    def is_swiss(self) -> bool:
        """Whether the person belongs to the company's second market."""
        return self.country_id == SWITZERLAND


class Register:
    """Invents people, no two of one username, and none of those that are taken."""

    def __init__(self, choose: Random, taken: Iterable[str] = ()) -> None:
        self._choose = choose
        self._taken = set(taken)

    def invent(self, *, may_be_swiss: bool = True) -> DemoPerson:
        choose = self._choose
        known = [each for each in COUNTRIES if may_be_swiss or each.id != SWITZERLAND]
        country = choose.choices(known, [each.share for each in known])[0]
        gender = choose.choice("FM")
        first = choose.choice((country.women if gender == "F" else country.men).split())
        last = choose.choice(country.families.split())
        city, zip_code, state_code = choose.choice(country.towns)
        username = self._username(first, last)
        return DemoPerson(
            username=username,
            firstname=first,
            lastname=last,
            gender=gender,
            born=date(1958, 1, 1) + timedelta(days=choose.randrange(45 * 365)),
            email=f"{username}@{choose.choice(_MAIL_HOSTS)}",
            mobile=country.mobile.format(choose.randint(*country.numbers)),
            country_id=country.id,
            state_code=state_code,
            city=city,
            zip_code=zip_code,
            street=choose.choice(country.streets).format(choose.randint(1, 96)),
        )

    def _username(self, first: str, last: str) -> str:
        base = f"{_ascii(first)}.{_ascii(last)}"
        username, number = base, 2
        while username in self._taken:
            username, number = f"{base}{number}", number + 1
        self._taken.add(username)
        return username


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower().translate(_SPELLED))
    return plain.encode("ascii", "ignore").decode()
