"""Places: what a name refers to, that nothing is claimed twice, and that the library is read at the first use only."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotekit.lexicon import load
from quotekit.lexicon.places import _territories, country_in, country_names, place, spellings

DATA = load("places")
COUNTRIES = DATA["countries"]
OF_COUNTRIES = ("demonyms", "seats", "capitals")
LEFT_OUT = {key for name in DATA["left_out"] for key in spellings(name)}

# Codes of the library's that are no country's: reserved for parts of one or for unions, or for trials.
NO_ISO_CODE = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
NO_GOVERNMENT = {"AQ", "BV", "GS", "HM", "IO", "TF", "UM"}
NO_DEMONYM = {"SJ", "VA"}
# Cities that are states, and islands without a capital or with another country's.
NO_CAPITAL = {"CC", "GI", "HK", "MC", "MO", "NF", "SG", "SM", "TK"}

NAMES = [
    # Countries: the library's name, the news' name, the official one.
    ("Russia", "RU", "country", "Russia"),
    ("Turkey", "TR", "country", "Turkey"),
    ("Türkiye", "TR", "country", "Turkey"),
    ("TURKIYE", "TR", "country", "Turkey"),
    ("Myanmar", "MM", "country", "Myanmar"),
    ("Burma", "MM", "country", "Myanmar"),
    ("Hong Kong", "HK", "country", "Hong Kong"),
    ("Macao", "MO", "country", "Macau"),
    ("Côte d’Ivoire", "CI", "country", "Ivory Coast"),
    ("Cote d'Ivoire", "CI", "country", "Ivory Coast"),
    ("Bosnia & Herzegovina", "BA", "country", "Bosnia and Herzegovina"),
    ("Bosnia", "BA", "country", "Bosnia and Herzegovina"),
    ("Czechia", "CZ", "country", "Czech Republic"),
    ("Saint Lucia", "LC", "country", "St. Lucia"),
    ("St Lucia", "LC", "country", "St. Lucia"),
    ("Sao Tome and Principe", "ST", "country", "São Tomé and Príncipe"),
    ("Palestinian Authority", "PS", "country", "Palestine"),
    ("the Holy See", "VA", "country", "Vatican City"),
    ("the U.K.", "GB", "country", "United Kingdom"),
    ("UAE", "AE", "country", "United Arab Emirates"),
    ("Kosovo", "XK", "country", "Kosovo"),
    ("Réunion", "RE", "country", "Réunion"),
    ("Guinea Bissau", "GW", "country", "Guinea-Bissau"),
    # Names that more than one country could have.
    ("Georgia", "GE", "country", "Georgia"),
    ("Jordan", "JO", "country", "Jordan"),
    ("Chad", "TD", "country", "Chad"),
    ("Congo", "CD", "country", "Democratic Republic of the Congo"),
    ("Republic of Congo", "CG", "country", "Republic of the Congo"),
    ("Guinea", "GN", "country", "Guinea"),
    ("Equatorial Guinea", "GQ", "country", "Equatorial Guinea"),
    ("Papua New Guinea", "PG", "country", "Papua New Guinea"),
    ("Ireland", "IE", "country", "Ireland"),
    ("Northern Ireland", "GB", "state", "Northern Ireland"),
    ("Mongolia", "MN", "country", "Mongolia"),
    ("Inner Mongolia", "CN", "state", "Inner Mongolia"),
    ("Dominica", "DM", "country", "Dominica"),
    ("Samoa", "WS", "country", "Samoa"),
    ("American Samoa", "AS", "country", "American Samoa"),
    # Demonyms: adjective, noun, plural.
    ("Norwegians", "NO", "demonym", "Norway"),
    ("Spaniards", "ES", "demonym", "Spain"),
    ("Britons", "GB", "demonym", "United Kingdom"),
    ("Scottish", "GB", "demonym", "United Kingdom"),
    ("Frenchmen", "FR", "demonym", "France"),
    ("Filipina", "PH", "demonym", "Philippines"),
    ("Swedes", "SE", "demonym", "Sweden"),
    ("Emiratis", "AE", "demonym", "United Arab Emirates"),
    ("Saudis", "SA", "demonym", "Saudi Arabia"),
    ("Argentine", "AR", "demonym", "Argentina"),
    ("Burkinabé", "BF", "demonym", "Burkina Faso"),
    ("Burkinabés", "BF", "demonym", "Burkina Faso"),
    ("Nigerien", "NE", "demonym", "Niger"),
    ("Nigerian", "NG", "demonym", "Nigeria"),
    ("Dominicans", "DO", "demonym", "Dominican Republic"),
    ("Congolese", "CD", "demonym", "Democratic Republic of the Congo"),
    ("South Koreans", "KR", "demonym", "South Korea"),
    # Capitals, and seats of government that are not capitals.
    ("Abu Dhabi", "AE", "capital", "United Arab Emirates"),
    ("Kiev", "UA", "capital", "Ukraine"),
    ("Nur-Sultan", "KZ", "capital", "Kazakhstan"),
    ("Naypyidaw", "MM", "capital", "Myanmar"),
    ("The Hague", "NL", "capital", "Netherlands"),
    ("Tel Aviv", "IL", "capital", "Israel"),
    ("Washington", "US", "capital", "United States"),
    ("Santiago", "CL", "capital", "Chile"),
    ("San José", "CR", "capital", "Costa Rica"),
    ("Malé", "MV", "capital", "Maldives"),
    ("Brasilia", "BR", "capital", "Brazil"),
    ("N’Djamena", "TD", "capital", "Chad"),
    ("Nukuʻalofa", "TO", "capital", "Tonga"),
    # Seats.
    ("the Kremlin", "RU", "seat", "Russia"),
    ("Élysée", "FR", "seat", "France"),
    ("Elysee Palace", "FR", "seat", "France"),
    ("Quai d’Orsay", "FR", "seat", "France"),
    ("Downing Street", "GB", "seat", "United Kingdom"),
    ("No. 10", "GB", "seat", "United Kingdom"),
    ("Foggy Bottom", "US", "seat", "United States"),
    ("Blue House", "KR", "seat", "South Korea"),
    ("South Block", "IN", "seat", "India"),
    ("Malacanang", "PH", "seat", "Philippines"),
    ("Aso Rock", "NG", "seat", "Nigeria"),
    ("Sublime Porte", "TR", "seat", "Turkey"),
    # States and bodies speak under their own names.
    ("Texas", "US", "state", "Texas"),
    ("New York", "US", "state", "New York"),
    ("Quebec", "CA", "state", "Quebec"),
    ("Québec", "CA", "state", "Quebec"),
    ("Sao Paulo", "BR", "state", "São Paulo"),
    ("Baden-Wurttemberg", "DE", "state", "Baden-Württemberg"),
    ("White House", "US", "body", "White House"),
    ("the Pentagon", "US", "body", "Pentagon"),
    ("Supreme Court", "US", "body", "Supreme Court"),
    ("U.S. Supreme Court", "US", "body", "Supreme Court"),
    ("Russian Duma", "RU", "body", "Duma"),
    ("Knesset", "IL", "body", "Knesset"),
    ("Dail", "IE", "body", "Dáil"),
    ("IDF", "IL", "body", "IDF"),
]

ROLES = [
    ("UAE foreign minister", "AE"),
    ("New Zealand Prime Minister", "NZ"),
    ("Saudi Arabia envoy", "SA"),
    ("Kremlin spokesman", "RU"),
    ("Élysée adviser", "FR"),
    ("Quai d’Orsay spokeswoman", "FR"),
    ("U.S. Senate majority leader", "US"),
    ("Russian Duma speaker", "RU"),
    ("Côte d’Ivoire finance minister", "CI"),
    ("Papua New Guinean minister", "PG"),
    ("Central African Republic president", "CF"),
    ("Alberta Premier", "CA"),
    ("New York attorney general", "US"),
    ("Northern Ireland Secretary", "GB"),
    ("president of the Republic of the Congo", "CG"),
    # Two countries are not a country, nor is a word in lower case or a correspondent's post.
    ("Norwegian ambassador to Kenya", None),
    ("turkey farmer", None),
    ("London correspondent", None),
    ("", None),
]


@pytest.mark.parametrize(("name", "code", "kind", "country"), NAMES, ids=[case[0] for case in NAMES])
def test_place(name: str, code: str, kind: str, country: str) -> None:
    found = place(name)
    assert found is not None
    assert (found.code, found.kind, found.name) == (code, kind, country)


@pytest.mark.parametrize(
    "name",
    [
        "Narnia", "", "s", "the", "Victoria", "San Jose", "Male", "Reunion", "Jersey", "St. Martin", "Stanley",
        "England", "English", "Brussels", "Korea", "Koreans", "Europe", "European Union", "Kremlins", "Indian Senate",
        "Russian House", "Jordan Chad", "Georgia Ellin", "world",
    ],
)  # fmt: skip
def test_no_place(name: str) -> None:
    assert place(name) is None


@pytest.mark.parametrize(("role", "code"), ROLES, ids=[case[0] for case in ROLES])
def test_the_country_of_a_role(role: str, code: str | None) -> None:
    assert country_in(role.split()) == code


def test_codes_are_those_of_the_library() -> None:
    known = {code for code in _territories() if len(code) == 2 and code.isalpha()}
    assert set(COUNTRIES) == known - NO_ISO_CODE - NO_GOVERNMENT
    assert set(DATA["states"]) | set(DATA["bodies"]) | set(DATA["shared"].values()) <= set(COUNTRIES)


def test_every_country_has_a_name_a_demonym_and_a_capital() -> None:
    assert all(country_names(code)[0] for code in COUNTRIES)
    assert {code for code, country in COUNTRIES.items() if not country.get("demonyms")} == NO_DEMONYM
    assert {code for code, country in COUNTRIES.items() if not country.get("capitals")} == NO_CAPITAL


def test_names_of_the_library_are_found() -> None:
    for code in COUNTRIES:
        name = _territories()[code]
        assert "(" in name or name.casefold() in LEFT_OUT or _stands_for(name, {code})


def _stands_for(name: str, codes: set[str]) -> bool:
    found = place(name)
    return found is not None and found.code in codes


def claims() -> dict[str, set[str]]:
    """For each spelling the codes under which the data has it."""
    lists = [(code, country.get(key, ())) for code, country in COUNTRIES.items() for key in OF_COUNTRIES]
    lists += [(code, country_names(code)) for code in COUNTRIES]
    lists += [(code, names) for part in ("states", "bodies") for code, names in DATA[part].items()]
    found: dict[str, set[str]] = defaultdict(set)
    for code, names in lists:
        for name in names:
            for key in spellings(name):
                found[key].add(code)
    return found


def test_ambiguous_names_are_assigned_in_the_data() -> None:
    twice = {key for key, codes in claims().items() if len(codes) > 1}
    assert twice - LEFT_OUT == {key for name in DATA["shared"] for key in spellings(name)}


def test_every_name_refers_to_its_country_and_omitted_names_to_no_place() -> None:
    assert LEFT_OUT
    assert [key for key in sorted(LEFT_OUT) if place(key) is not None] == []
    assert [key for key, codes in claims().items() if key not in LEFT_OUT and not _stands_for(key, codes)] == []


def test_every_part_states_its_source() -> None:
    assert set(DATA["comment"]) == {*DATA, *OF_COUNTRIES} - {"comment"}
    assert {key for country in COUNTRIES.values() for key in country} == {"name", "also", *OF_COUNTRIES}


def test_library_is_read_at_the_first_use() -> None:
    code = (
        "import sys; from quotekit.lexicon import places; before = 'babel' in sys.modules; "
        "places.place('Oslo'); print(before, 'babel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


@given(st.lists(st.one_of(st.text(), st.sampled_from([case[0] for case in NAMES])), max_size=5))
def test_any_words_are_accepted(words: list[str]) -> None:
    assert country_in(words) in {None, *COUNTRIES}
    found = place(" ".join(words))
    assert found is None or found.code in COUNTRIES
    assert place("\ud800é") is None
