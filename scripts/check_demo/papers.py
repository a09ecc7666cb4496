"""Comparing the papers with the day, figure by figure."""

import hashlib
import json
import re
from collections import defaultdict
from datetime import datetime, timedelta
from statistics import median_low

from .day import DUE, TIERS
from .reading import excel_time
from .words import FEWER, MONTHS

# How long a message may be on its way: the limits of the Bot API hold some back.
ON_ITS_WAY = timedelta(seconds=90)
A_MOMENT = timedelta(seconds=1)
FIGURES = ["expected", "reported", "missing", "excused", "unreachable", "late", "changed", "watch", "urgent"]


class Verdict:
    """What was compared, and what differs."""

    def __init__(self):
        self.compared = 0
        self.wrong = []

    def same(self, where, ours, theirs):
        self.compared += 1
        if ours != theirs:
            self.wrong.append(f"{where}: the chats give {ours!r}, the paper says {theirs!r}")

    def moment(self, where, ours, theirs, later=timedelta(0)):
        """A time of the papers: that of the act, or so long before it was seen."""
        self.compared += 1
        if ours is None or theirs is None:
            fits = ours is None and theirs is None
        else:
            fits = -A_MOMENT <= ours - theirs <= later + A_MOMENT
        if not fits:
            self.wrong.append(f"{where}: the chats give {ours}, the paper says {theirs}")


def in_order(school, unit=None):
    """Units from the top, each followed by those below it."""
    if unit is None:
        unit = next(code for code, row in school.units.items() if not row["parent"])
    below = sorted(code for code, row in school.units.items() if row["parent"] == unit)
    return [unit] + [inside for code in below for inside in in_order(school, code)]


def rows_of(verdict, where, ours, theirs):
    """Pairs of rows, when there are as many."""
    verdict.same(f"{where}: rows", len(ours), len(theirs))
    return list(zip(ours, theirs))


def check_summary(verdict, day, rows):
    school, words = day.school, day.words
    for code, row in rows_of(verdict, "summary", in_order(school), rows):
        where = f"summary, {code}"
        unit = school.units[code]
        verdict.same(f"{where}: code", code, row[0])
        verdict.same(f"{where}: unit", unit["name"], row[1])
        verdict.same(f"{where}: tier", tier_words(words, unit["kind"]), row[2].lower())
        figures = day.figures(code)
        for at, key in enumerate(FIGURES):
            verdict.same(f"{where}: {key}", figures[key], row[3 + at])
        verdict.same(f"{where}: adds up", row[3], row[4] + row[5] + row[6] + row[7])
        by, when = day.confirmed.get(code, (None, None))
        verdict.same(f"{where}: confirmed by", by, row[12])
        verdict.moment(f"{where}: confirmed at", when, excel_time(row[13]))


def tier_words(words, tier):
    return words["tiers"][TIERS.index(tier)].lower()


def check_missing(verdict, day, rows):
    school, words = day.school, day.words
    silent = [(unit, code) for unit in in_order(school) for code in sorted(school.expected(unit)) if day.people[code].state != "reported"]
    for (unit, code), row in rows_of(verdict, "missing", silent, rows):
        person, where = day.people[code], f"missing, {code}"
        ours = [unit, school.units[unit]["name"], code, day.name(code), words["states"][person.state], school.people[code]["phone"], person.reminders]
        heads = ["unit code", "unit", "code", "name", "state", "phone", "reminders"]
        for head, mine, theirs in zip(heads, ours, row):
            verdict.same(f"{where}: {head}", mine, theirs)
        verdict.same(f"{where}: escalated to", person.told, set((row[7] or "").split(words["join"])) - {""})


def check_answers(verdict, day, rows):
    school, words = day.school, day.words
    everybody = [(unit, code) for unit in in_order(school) for code in sorted(school.expected(unit))]
    for (unit, code), row in rows_of(verdict, "answers", everybody, rows):
        person, where = day.people[code], f"answers, {code}"
        reported = person.state == "reported"
        mark = lambda is_so: words["yes"][0] if is_so else None
        ours = [unit, code, day.name(code), words["states"][person.state], mark(reported and person.late)]
        for head, mine, theirs in zip(["unit", "code", "name", "state", "late"], ours, row):
            verdict.same(f"{where}: {head}", mine, theirs)
        verdict.moment(f"{where}: reported at", person.at if reported else None, excel_time(row[5]))
        verdict.same(f"{where}: by", person.by if reported else None, row[6])
        verdict.same(f"{where}: changed", mark(reported and person.changed), row[7])
        for at, question in enumerate(day.form.questions):
            mine = day.form.cell(question, person.answers, words["join"]) if reported else None
            verdict.same(f"{where}: {question['id']}", mine, row[8 + at])


def legs_in_order(day):
    return sorted(day.legs.values(), key=lambda leg: (leg.directive, TIERS.index(leg.tier), leg.unit))


def late(leg, receipt):
    return receipt.at is not None and receipt.at > leg.arrived + DUE[leg.tier]


def check_directives(verdict, day, rows):
    for leg, row in rows_of(verdict, "directives", legs_in_order(day), rows):
        where = f"directives, {leg.tier} {leg.unit}"
        year, number = leg.directive
        receipts = leg.receipts.values()
        verdict.same(f"{where}: number", day.words["number_words"].format(year=year, number=number), row[0])
        verdict.moment(f"{where}: issued", day.directives[leg.directive]["at"], excel_time(row[2]))
        verdict.same(f"{where}: tier", tier_words(day.words, leg.tier), row[3].lower())
        verdict.same(f"{where}: unit", day.school.units[leg.unit]["name"], row[4])
        verdict.same(f"{where}: must", len(receipts), row[5])
        verdict.same(f"{where}: received", sum(receipt.at is not None for receipt in receipts), row[6])
        verdict.same(f"{where}: late", sum(late(leg, receipt) for receipt in receipts), row[7])
        verdict.moment(f"{where}: relayed", leg.seen, excel_time(row[8]), ON_ITS_WAY)
        verdict.moment(f"{where}: carried out", leg.done_at, excel_time(row[9]))


def check_signoff(verdict, day, rows):
    for act, row in rows_of(verdict, "sign-off", day.acts, rows):
        where = f"sign-off, {act['act']}"
        verdict.same(f"{where}: act", day.words["acts"][act["act"]], row[0])
        verdict.same(f"{where}: by", act["by"], row[1])
        verdict.moment(f"{where}: at", act["at"], excel_time(row[2]))
        verdict.same(f"{where}: to", act["to"], row[3] or "" if len(row) > 3 else "")
        verdict.same(f"{where}: reason", act["reason"], row[4] or "" if len(row) > 4 else "")


def learn_arrivals(verdict, day, key, rows):
    """When a directive arrived stands in its workbook to the second; the chat shows it soon after."""
    legs = [leg for leg in legs_in_order(day) if leg.directive == key]
    for leg, row in rows_of(verdict, "relays", legs, rows):
        arrived = excel_time(row[3])
        verdict.moment(f"relays, {leg.tier} {leg.unit}: arrived", leg.seen, arrived, ON_ITS_WAY)
        leg.arrived = arrived or leg.arrived


def check_relays(verdict, day, key, rows):
    words = day.words
    legs = [leg for leg in legs_in_order(day) if leg.directive == key]
    for leg, row in zip(legs, rows):
        where = f"relays, {leg.tier} {leg.unit}"
        receipts = leg.receipts.values()
        done = words["done"]["accepted" if leg.accepted else "reported"] + leg.done_text if leg.done_text else None
        ours = [tier_words(words, leg.tier), day.school.units[leg.unit]["name"], words["places"], None, words["relays"][leg.how], day.relayed_by(leg) or None,
                len(receipts), sum(receipt.at is not None for receipt in receipts), sum(late(leg, receipt) for receipt in receipts), done]
        theirs = [row[0].lower()] + row[1:] + [None] * (len(ours) - len(row))
        heads = ["tier", "unit", "where", None, "how", "by", "must", "received", "late", "carried out"]
        for head, mine, their in zip(heads, ours, theirs):
            if head:
                verdict.same(f"{where}: {head}", mine, their or None if isinstance(their, str) else their)


def check_receipts(verdict, day, key, rows):
    words, school = day.words, day.school
    legs = [leg for leg in legs_in_order(day) if leg.directive == key]
    all_of = [(leg, subject) for leg in legs for subject in sorted(leg.receipts)]
    for (leg, subject), row in rows_of(verdict, "receipts", all_of, rows):
        where, receipt = f"receipts, {leg.tier} {subject}", leg.receipts[subject]
        name = school.units[subject]["name"] if leg.tier == "school" else day.name(subject)
        texts = {0: tier_words(words, leg.tier), 1: school.units[leg.unit]["name"], 2: subject, 3: name, 7: receipt.by,
                 8: words["ways"][receipt.way], 9: words["yes"][0] if late(leg, receipt) else "", 13: receipt.noted_by}
        heads = {0: "tier", 1: "unit", 2: "code", 3: "name", 7: "by", 8: "way", 9: "late", 13: "noted by"}
        for column, mine in texts.items():
            theirs = (row[column] if column < len(row) else "") or ""
            verdict.same(f"{where}: {heads[column]}", mine, theirs.lower() if column == 0 else theirs)
        verdict.moment(f"{where}: arrived", leg.arrived, excel_time(row[4]))
        verdict.moment(f"{where}: due", leg.arrived + DUE[leg.tier], excel_time(row[5]))
        verdict.moment(f"{where}: received", receipt.at, excel_time(row[6]))
        verdict.same(f"{where}: reminders", receipt.reminders, row[10])
        verdict.moment(f"{where}: escalated at", receipt.told_at, excel_time(row[11]), ON_ITS_WAY)
        verdict.same(f"{where}: escalated to", receipt.told, set((row[12] or "").split(words["join"])) - {""})


def totals(day, key, tier):
    """The line of a tier in the summary."""
    legs = [leg for leg in day.legs.values() if (leg.directive, leg.tier) == (key, tier)]
    pairs = [(leg, receipt) for leg in legs for receipt in leg.receipts.values()]
    return [len(legs), len(pairs), sum(receipt.at is not None for _, receipt in pairs), sum(late(*pair) for pair in pairs),
            sum(receipt.way == "phone" for _, receipt in pairs), sum(receipt.reminders for _, receipt in pairs),
            sum(receipt.told_at is not None for _, receipt in pairs)]


def check_totals(verdict, day, text, digest):
    verdict.same("summary.txt ends with the digest", True, text.rstrip("\n").endswith(digest))
    lines = [re.match(day.words["summary"], line) for line in text.splitlines()]
    lines = [line for line in lines if line]
    heads = ["units", "must", "received", "late", "by phone", "reminders", "escalated"]
    ours = [(key, tier) for key in sorted(day.directives) for tier in TIERS]
    for (key, tier), line in rows_of(verdict, "summary.txt", ours, lines):
        verdict.same(f"summary.txt, {tier}: tier", tier_words(day.words, tier), line.group(1).lower())
        for head, mine, theirs in zip(heads, totals(day, key, tier), line.groups()[1:]):
            verdict.same(f"summary.txt, {tier}: {head}", mine, int(theirs))


def share(figures):
    owing = figures["expected"] - figures["excused"]
    if not owing:
        return "—"
    tenths = round(figures["reported"] / owing * 1000)
    tenths = min(tenths, 999) if figures["reported"] < owing else tenths
    tenths = max(tenths, 1) if figures["reported"] else tenths
    return f"{tenths // 10}%" if tenths % 10 == 0 else f"{tenths / 10:.1f}%"


def digest_lines(verdict, words, text):
    """What each line says, by its kind."""
    found = defaultdict(list)
    for line in text.splitlines():
        fits = [(kind, match) for kind, pattern in words["digest"].items() if (match := re.match(pattern, line))]
        verdict.same(f"digest, kinds of the line {line!r}", 1, len(fits))
        for kind, match in fits[:1]:
            found[kind].append(match.groupdict())
    return found


def check_digest(verdict, day, text):
    school, words = day.school, day.words
    found = digest_lines(verdict, words, text)
    root = in_order(school)[0]
    figures = day.figures(root)
    head, counts = found["head"][0], found["figures"][0]
    month = head["month"] if head["month"].isdigit() else MONTHS.index(head["month"]) + 1
    verdict.same("digest: school", school.units[root]["name"], head["school"])
    verdict.same("digest: date", (day.date.month, day.date.day), (int(month), int(head["day"])))
    for key in ("expected", "reported", "missing", "late", "excused", "unreachable"):
        verdict.same(f"digest: {key}", figures[key], int(counts[key] or 0))
    verdict.same("digest: share", share(figures), counts["share"])
    check_lagging(verdict, day, found["lagging"])
    check_before(verdict, day, figures, found["before"])
    check_urgent(verdict, day, figures, found)
    check_confirmed(verdict, day, found["confirmed"])
    check_signed(verdict, day, found)
    check_overdue(verdict, day, found)
    check_medians(verdict, day, found["medians"])


def check_lagging(verdict, day, found):
    colleges = [code for code, row in day.school.units.items() if row["kind"] == "college"]
    open_in = {code: (lambda sums: sums["missing"] + sums["unreachable"])(day.figures(code)) for code in colleges}
    ours = sorted(((day.school.units[code]["name"], count) for code, count in open_in.items() if count), key=lambda row: (-row[1], row[0]))
    line = found[0] if found else {"lagging": "", "lagging_total": None}
    parts = [re.match(day.words["lagging_unit"], part) for part in line["lagging"].split(day.words["join"]) if part]
    verdict.same("digest: lagging", ours[:5], [(part.group(1), int(part.group(2))) for part in parts])
    verdict.same("digest: lagging in all", len(ours), int(line["lagging_total"] or len(parts)))


def check_before(verdict, day, figures, found):
    yesterday = str(day.date - timedelta(days=1))
    rows = [row for row in day.school.past if row["date"] == yesterday]
    before = sum(int(row["expected"]) - int(row["reported"]) for row in rows)
    line = found[0] if found else {}
    said = 0 if line.get("as_before") else FEWER[line["how"]] * int(line["difference"])
    verdict.same("digest: against the day before", figures["missing"] - before, said)
    verdict.same("digest: changed", figures["changed"], int(line.get("changed") or 0))


def check_urgent(verdict, day, figures, found):
    line = (found["urgent"] or found["watch"] or [{}])[0]
    verdict.same("digest: urgent", figures["urgent"], int(line.get("urgent") or 0))
    verdict.same("digest: still open", figures["urgent"], int(line.get("open") or 0))
    verdict.same("digest: watch", figures["watch"], int(line.get("watch") or 0))
    verdict.same("digest: calm", figures["urgent"] + figures["watch"] == 0, bool(found["calm"]))


def check_confirmed(verdict, day, found):
    for tier, line in rows_of(verdict, "digest: confirmed", ["college", "class"], found):
        units = [code for code in day.school.units if day.school.units[code]["kind"] == tier and day.figures(code)["expected"]]
        done = [unit for unit in units if unit in day.confirmed]
        waiting = {day.school.units[unit]["name"] for unit in units if unit not in day.confirmed}
        verdict.same(f"digest: confirmed, {tier}", (len(done), len(units)), (int(line["confirmed"]), int(line["of"])))
        said = set((line["waiting"] or "").split(day.words["join"])) - {""}
        verdict.same(f"digest: waiting, {tier}", waiting, said)


def check_signed(verdict, day, found):
    acts = {act["act"]: act for act in day.acts}
    verdict.same("digest: signed", "sign" in acts, bool(found["signed"]))
    if found["signed"] and "sign" in acts:
        line, sign = found["signed"][0], acts["sign"]
        verdict.same("digest: signed by", sign["by"], line["by"])
        verdict.same("digest: signed at", sign["at"].strftime("%H:%M"), line["at"])
        verdict.same("digest: filed with", acts["filed"]["to"] if "filed" in acts else None, line["filed"])


def check_overdue(verdict, day, found):
    ours = []
    for key in sorted(day.directives):
        open_in = [(leg.unit, sum(receipt.at is None for receipt in leg.receipts.values())) for leg in day.legs.values() if leg.directive == key]
        open_in = [(unit, count) for unit, count in open_in if count]
        if open_in:
            ours.append((key, len({unit for unit, _ in open_in}), sum(count for _, count in open_in)))
    verdict.same("digest: overdue", len(ours), int(found["overdue"][0]["overdue"]) if found["overdue"] else 0)
    said = [((int(line["year"]), int(line["number"])), int(line["units"]), int(line["unanswered"])) for line in found["overdue_line"]]
    verdict.same("digest: overdue directives", ours[:3], said)


def whole_minutes(said):
    return int(said) if said.isdigit() else 0  # less than one


def check_medians(verdict, day, found):
    ours = []
    for at, tier in enumerate(TIERS):
        minutes = [int((receipt.at - leg.arrived).total_seconds() // 60) for leg in day.legs.values() if leg.tier == tier
                   for receipt in leg.receipts.values() if receipt.at]
        if minutes:
            ours.append((day.words["counted"][at], median_low(minutes)))
    parts = [re.match(day.words["median"], part) for part in (found[0]["medians"].split(day.words["join"]) if found else [])]
    verdict.same("digest: medians", ours, [(part.group(1), whole_minutes(part.group(2))) for part in parts])


def check_audit(verdict, path):
    """Each entry's hash covers the one before it: docs/audit.md."""
    last, acts = "", 0
    for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        entry = json.loads(line)
        millis = round(datetime.fromisoformat(entry["at"].replace("Z", "+00:00")).timestamp() * 1000)
        covered = [last, at, millis, entry["actor"], entry["account"], entry["act"], entry["subject"], entry["detail"]]
        text = json.dumps(covered, ensure_ascii=False, separators=(",", ":"))
        verdict.same(f"audit, entry {at}: number, link and hash", (at, last, hashlib.sha256(text.encode()).hexdigest()), (entry["seq"], entry["prev"], entry["hash"]))
        last, acts = entry["hash"], acts + 1
    verdict.same("audit: it has entries", True, acts > 0)
