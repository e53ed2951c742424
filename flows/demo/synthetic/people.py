"""Invented people and institutions: authors and organisations of the synthetic papers."""

from random import Random


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_GIVEN = _names("""
    Ada Aiko Amara Anders Anika Bao Beatriz Camille Chen Daniela Darius Elif Emeka Farah Felix
    Greta Hana Hugo Ines Ivan Jana Jiho Jonas Kaito Karim Lan Leila Linh Luca Maja Marco Mei
    Mina Nadia Niko Olga Omar Paula Priya Rafael Ravi Rosa Sami Sara Sofia Tariq Tomas Uma
    Viktor Wei Xiu Yara Yusuf Zofia
""")
_FAMILY = _names("""
    Abara Achterberg Aydin Baumgart Belov Castellan Chandra Dalgaard Delacroix Eriksson Ferreira
    Fontaine Fujimori Galvao Haddad Halvorsen Iyer Jankowski Kaplan Khoury Kowalczyk Lindqvist
    Liang Marchetti Moreau Mwangi Nakamori Novak Okafor Okonjo Ortega Petrov Qureshi Rahimi
    Rossi Saito Sandoval Schreiber Sharif Soares Takeda Tran Ueda Vasquez Verma Wagner Weng Xu
    Yamane Yilmaz Zhao Zielinski
""")
_PLACES = _names("""
    Northfield Easthaven Larkspur Brightwater Stonebridge Maplewood Ravenhall Silverlake
""")
_KINDS = ("Institute of Technology", "University", "Research", "AI Lab", "Polytechnic")


def invent_authors(random: Random) -> list[str]:
    """Return two to eight different names, in order."""
    names = [
        f"{random.choice(_GIVEN)} {random.choice(_FAMILY)}" for _ in range(random.randrange(2, 9))
    ]
    return list(dict.fromkeys(names))


def invent_organisation(random: Random) -> tuple[str, str]:
    """Return the short and the full name of an institution that does not exist."""
    place, kind = random.choice(_PLACES), random.choice(_KINDS)
    return f"{place}-{kind.split()[0]}".lower(), f"{place} {kind}"
