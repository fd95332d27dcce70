"""Counts the rows of the line 144 files again, by the rule of the mapping written a second time.

Knows nothing of the product: only the files, the standard library and the rule. Prints one JSON document.
Usage: python independent_recount.py FILE…
"""

import csv
import json
import sys
from collections import Counter
from pathlib import Path

WOMEN = {"mujer", "mujer trans"}
MEN = {"varon", "varon trans", "varón trans"}
OTHERS = {"", "transgenero", "travesti", "intersexual", "queer", "no binarie", "otro"}
TYPES = (
    ("tipo_de_violencia_sexual", "sex_assault", "form_sexual"),
    ("tipo_de_violencia_fisica", "phys_assault", "form_physical"),
    ("tipo_de_violencia_economica_y_patrimonial", "denial", "form_economic"),
    ("tipo_de_violencia_psicologica", "psych", "form_psychological"),
)
OLDEST = 120


def half_year(day: str) -> str:
    """Return the half-year of a day, as 2020-H1."""
    year, month, _ = day.split("-")
    return f"{year}-H{1 if int(month) <= 6 else 2}"


def sex_of(text: str) -> str:
    """Return the code of the sex of the person; raises KeyError for a word that the rule does not name."""
    word = text.strip().lower()
    if word in WOMEN:
        return "nu"
    if word in MEN:
        return "nam"
    if word in OTHERS:
        return "khac"
    raise KeyError(word)


def band_of(age: int | None) -> str:
    """Return the age band of the GBVIMS."""
    if age is None:
        return "khong_ro"
    for least, code in ((50, "a50_plus"), (18, "a18_49"), (12, "a12_17")):
        if age >= least:
            return code
    return "a0_11"


def recount(paths: list[Path]) -> dict[str, object]:
    """Count rows, refusals, cells and forms."""
    cells: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    rows = 0
    for path in paths:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                rows += 1
                typed = row["edad_persona_en_situacion_de_violencia"].strip()
                age = int(float(typed)) if typed else None
                said = [one for one in TYPES if row[one[0]].strip().lower() == "si"]
                if age is not None and age > OLDEST:
                    refused["number"] += 1
                elif not said:
                    refused["no_core_type"] += 1
                else:
                    half = half_year(row["fecha"])
                    sex = sex_of(row["genero_persona_en_situacion_de_violencia"])
                    cells["|".join((half, said[0][1], sex, band_of(age)))] += 1
                    for _, _, form in said:
                        cells[f"{half}|{form}"] += 1
    return {"rows": rows, "refused": dict(refused), "cells": dict(sorted(cells.items()))}


if __name__ == "__main__":
    print(json.dumps(recount([Path(name) for name in sys.argv[1:]])))  # noqa: T201 - a script that prints
