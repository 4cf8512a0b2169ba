"""Prints the holidays of 2026 to 2031 by the package `holidays`, a line each: the set of std/holidays.sla, and the date."""

from datetime import date

import holidays

YEARS = range(2026, 2032)

LAENDER = {
    "BW": "baden_wuerttemberg", "BY": "bavaria", "BE": "berlin", "BB": "brandenburg", "HB": "bremen", "HH": "hamburg",
    "HE": "hesse", "NI": "lower_saxony", "MV": "mecklenburg_vorpommern", "NW": "north_rhine_westphalia",
    "RP": "rhineland_palatinate", "SL": "saarland", "SN": "saxony", "ST": "saxony_anhalt", "SH": "schleswig_holstein",
    "TH": "thuringia",
}
COUNTRIES = {
    "AT": "austria", "AU": "australia", "BE": "belgium", "CH": "switzerland", "DE": "germany", "ES": "spain", "FR": "france",
    "IE": "ireland", "IT": "italy", "JP": "japan", "NL": "netherlands", "PL": "poland", "SE": "sweden", "US": "united_states",
}


def of(country, **options):
    return set(holidays.country_holidays(country, years=YEARS, **options))


def every_year(month, day):
    return {date(year, month, day) for year in YEARS}


SETS = {name: of(country) for country, name in COUNTRIES.items()}
SETS |= {name: of("DE", subdiv=land) for land, name in LAENDER.items()}
SETS["bavaria_catholic"] = of("DE", subdiv="BY", categories=("public", "catholic"))
SETS["england"] = of("GB", subdiv="ENG")
SETS["canada"] = of("CA", categories=("government",))
SETS["sweden_with_eves"] = of("SE", categories=("public", "de_facto"))
SETS["switzerland_usual"] = of("CH", subdiv="BE")
# Berchtold's Day is no holiday of the law there, and the banks are closed.
SETS["zurich"] = of("CH", subdiv="ZH") | every_year(1, 2)

# What the package leaves out: of the days of the whole country in Spain, those on a Sunday, which may be moved; and the day
# that takes the place of Boxing Day where Christmas Day is on the Saturday before.
SPAIN = [(1, 1), (1, 6), (5, 1), (8, 15), (10, 12), (11, 1), (12, 6), (12, 8), (12, 25)]
SETS["spain"] |= {day for pair in SPAIN for day in every_year(*pair) if day.weekday() == 6}
SETS["canada"] |= {date(2027, 12, 28)}
# What it adds: the first Sunday of November, a day of remembrance.
SETS["italy"] -= {day for day in SETS["italy"] if day.month == 11 and day.weekday() == 6 and day.day > 1}

for name, days in sorted(SETS.items()):
    for day in sorted(days):
        print(name, day)
