"""Tables, workbooks, events, and the made-up school."""

import csv
import json
import re
import zipfile
from datetime import datetime, timedelta
from xml.etree import ElementTree


def table(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def workbook(path):
    """Its sheets in order, each a list of rows below the headings: texts, numbers, None."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(path) as book:
        strings = ["".join(text.text or "" for text in item.iter(space + "t"))
                   for item in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        count = len(ElementTree.fromstring(book.read("xl/workbook.xml")).find(space + "sheets"))
        return [sheet(ElementTree.fromstring(book.read(f"xl/worksheets/sheet{at + 1}.xml")), space, strings) for at in range(count)]


def sheet(root, space, strings):
    rows = []
    width = 0
    for row in root.find(space + "sheetData"):
        cells = {}
        for cell in row:
            letters = re.match(r"[A-Z]+", cell.get("r")).group()
            column = 0
            for letter in letters:
                column = column * 26 + ord(letter) - 64
            value = cell.find(space + "v")
            if cell.find(space + "f") is not None:
                raise SystemExit(f"{cell.get('r')} is a formula")
            if value is not None:
                cells[column - 1] = strings[int(value.text)] if cell.get("t") == "s" else float(value.text)
        width = max(width, *(column + 1 for column in cells)) if cells else width
        rows.append([cells.get(column) for column in range(width)])
    return [row + [None] * (width - len(row)) for row in rows[1:]]


def excel_time(number):
    return None if number is None else datetime(1899, 12, 30) + timedelta(days=number)


class School:
    """The made-up school: units, people by code and by account, chats."""

    def __init__(self, folder):
        self.units = {row["code"]: row for row in table(folder / "units.csv")}
        self.people = {}
        for row in table(folder / "people.csv"):
            person = self.people.setdefault(row["code"], {**row, "posts": set()})
            person["posts"].add((row["role"], row["unit"]))
        self.accounts = {int(person["telegram_id"]): code for code, person in self.people.items()}
        self.chats = {int(row["chat_id"]): (row["unit"], row["tier"]) for row in table(folder / "chats.csv")}
        self.past = table(folder / "past.csv")

    def holders(self, unit, *roles):
        return [code for code, person in self.people.items() if any((role, unit) in person["posts"] for role in roles)]

    def below(self, unit):
        """The unit and all below it."""
        found = [unit]
        for code, row in self.units.items():
            if row["parent"] == unit:
                found += self.below(code)
        return found

    def expected(self, unit):
        """Who must report, of these units' own people."""
        return self.holders(unit, "student", "staff")

    def unit_of(self, code):
        return next(unit for role, unit in self.people[code]["posts"] if role in ("student", "staff"))

    def in_charge(self, unit):
        roles = {"school": ("leader", "office"), "college": ("secretary",), "class": ("counselor",)}
        return self.holders(unit, *roles[self.units[unit]["kind"]])

    def charge_of(self, code):
        """The units somebody answers for."""
        return [unit for unit in self.units if code in self.in_charge(unit)]

    def named(self, name, units):
        """Those of this name who report in these units and below."""
        inside = [unit for top in units for unit in self.below(top)]
        return [code for unit in inside for code in self.expected(unit) if self.people[code]["name"] == name]

    def guardians(self, student):
        return [code for code, person in self.people.items() if student in person["answers_for"].split(";")]


def events(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            event = json.loads(line)
            # Papers and chats show the school's own time.
            event["when"] = datetime.fromisoformat(event["at"]).replace(tzinfo=None)
            yield event
