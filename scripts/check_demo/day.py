"""The day as the chats show it."""

import re
from datetime import datetime, timedelta

# The defaults of the manual; the demo gives guardians 12 hours.
DEADLINE = "09:00"
DUE = {"school": timedelta(minutes=30), "college": timedelta(hours=2), "class": timedelta(hours=6), "guardians": timedelta(hours=12)}
TIERS = ["school", "college", "class", "guardians"]


class Person:
    """Somebody who is expected to report."""

    def __init__(self):
        self.state = "missing"
        self.late = self.changed = False
        self.level = ""
        self.at = self.by = None
        self.answers = {}
        self.reminders = 0
        self.told = set()


class Leg:
    """A directive in one chat."""

    def __init__(self, directive, unit, tier, seen):
        self.directive, self.unit, self.tier, self.seen = directive, unit, tier, seen
        self.arrived = seen
        self.receipts = {}
        self.how, self.relayed_by = "", ""
        self.done_text, self.done_at, self.accepted = "", None, False


class Receipt:
    def __init__(self):
        self.at, self.way, self.by, self.noted_by = None, "", "", ""
        self.reminders = 0
        self.told_at, self.told = None, set()


class Day:
    """Replays the events, one after the other."""

    def __init__(self, school, form, words, events):
        self.school, self.form, self.words = school, form, words
        self.people = {code: Person() for unit in school.units for code in school.expected(unit)}
        self.last, self.shown, self.asking, self.filling, self.excusing = {}, {}, {}, {}, {}
        self.asks, self.handles, self.called = {}, {}, {}
        self.directives, self.legs = {}, {}
        self.confirmed, self.acts = {}, []
        self.signed_at = None
        self.relays, self.acknowledged = {}, {}
        self.sending = None
        events = list(events)
        self.answers = {event["press"]: event.get("text", "") for event in events if event["kind"] == "answer"}
        self.date = events[0]["when"].date()
        self.deadline = datetime.combine(self.date, datetime.strptime(DEADLINE, "%H:%M").time())
        for event in events:
            step = getattr(self, "see_" + event["kind"], None)
            if step:
                step(event)

    def name(self, code):
        return self.school.people[code]["name"]

    def person(self, reader, name, data="", units=None):
        """Whom a reader means by a name. Where several in the reader's units share it, the button's data tells which."""
        found = self.school.named(name, units or self.school.charge_of(reader))
        if len(found) == 1:
            return found[0]
        known = self.handles.get(data.rpartition(".")[2]) or self.called.get((reader, name))
        if known not in found:
            raise SystemExit(f"{len(found)} people are called {name}")
        return known

    def learn_handles(self, reader, event):
        """What the data of buttons calls a person: from people's own forms, and from lists where a name is one person's."""
        for row in event.get("buttons", []):
            for button in row:
                verb, _, rest = (button.get("data") or "").partition(":")
                label = re.search(self.words["label_report"], button["label"])
                handle = rest.rpartition(".")[2] if "." in rest else ""
                if handle and verb in ("same", "fill") and reader in self.people:
                    self.handles[handle] = reader
                elif handle and label:
                    found = self.school.named(label.group(1), self.school.charge_of(reader))
                    if len(found) == 1:
                        self.handles[handle] = found[0]

    def number(self, text):
        pattern, names = self.words["number"]
        found = re.search(pattern, text)
        return {name: int(part) for name, part in zip(names, found.groups())} if found else None

    # Messages

    def see_message(self, event):
        who = self.school.accounts.get(event.get("person"))
        if who:
            return self.typed(who, event)
        self.see_edit(event)
        text, chat = event.get("text", ""), event["chat_id"]
        verbs = {button["data"].split(":")[0] for row in event.get("buttons", []) for button in row if button.get("data")}
        if chat in self.school.chats:
            self.in_group(event, text, verbs, *self.school.chats[chat])
            return
        reader = self.school.accounts[chat]
        reminded = "ack" in verbs and self.number(text)
        if reminded:
            self.receipts_reminded(reader, text)
        if self.words["remind_checkin"] in text and re.search(self.words["remind_group"], text):
            if reader in self.people:
                self.people[reader].reminders += 1
        if re.search(self.words["missing_list"], text):
            self.missing_told(reader, text)
        elif re.search(self.words["escalation"], text) and self.number(text):
            self.receipts_told(reader, text, event["when"])
        unreached = re.search(self.words["unreached"], text, re.MULTILINE)
        if unreached:
            unit = [code for code, row in self.school.units.items() if row["name"] == unreached["unit"]]
            self.people[self.person(reader, unreached["name"], units=unit)].told.add(self.name(reader))
        if re.search(self.words["excuse"], text):
            self.excusing[reader] = re.search(self.words["excuse"], text).group(1)
        if re.search(self.words["ask_reason"], text):
            self.asks[reader] = "sign"

    def see_edit(self, event):
        self.shown[event["chat_id"], event["message_id"]] = event
        text = event.get("text", "")
        if not event["private"]:
            return
        reader = self.school.accounts[event["chat_id"]]
        self.learn_handles(reader, event)
        if self.words["last"] in text:
            self.last[self.subject(reader, text)] = self.form.listed(text, self.words["join"])
        elif self.form.asked(text):
            self.asking[reader] = text

    def subject(self, reader, text):
        """Whom a form is about."""
        found = re.search(self.words["for_phone"], text, re.MULTILINE)
        if not found:
            return reader
        return self.person(reader, next(filter(None, found.groups())))

    def in_group(self, event, text, verbs, unit, tier):
        number = self.number(text)
        if "ack" not in verbs or not number:
            return
        key = (number["year"], number["number"])
        leg = self.legs.get((key, unit, tier))
        if leg is None:
            leg = self.legs[key, unit, tier] = Leg(key, unit, tier, event["when"])
            self.directives.setdefault(key, self.sending)
            self.expect(leg)
            self.came_down(leg)
        elif re.search(self.words["remind_group"], text):
            for receipt in leg.receipts.values():
                receipt.reminders += receipt.at is None

    def expect(self, leg):
        school = self.school
        if leg.tier == "school":
            subjects = [code for code, row in school.units.items() if row["kind"] == "college"]
        elif leg.tier == "college":
            classes = [unit for unit in school.below(leg.unit) if school.units[unit]["kind"] == "class"]
            subjects = [code for unit in classes for code in school.holders(unit, "counselor")]
        elif leg.tier == "class":
            subjects = school.holders(leg.unit, "student")
        else:
            subjects = [code for code in school.holders(leg.unit, "student") if school.guardians(code)]
        leg.receipts = {subject: Receipt() for subject in subjects}

    def came_down(self, leg):
        """How it came to this chat: by whose press or receipt."""
        key = leg.directive
        if leg.tier == "school":
            leg.how, leg.relayed_by = "issued", self.directives[key]["by"]
            leg.arrived = self.directives[key]["at"]
        elif leg.tier == "guardians":
            leg.how = "with_class"
        elif (key, leg.unit) in self.relays:
            leg.how, (leg.relayed_by, leg.arrived) = "button", self.relays[key, leg.unit]
        elif (key, leg.unit) in self.acknowledged:
            leg.how, leg.relayed_by = "ack", self.acknowledged[key, leg.unit]
        else:
            leg.how = "anyway"

    def own_legs(self, who, key=None):
        """Legs on which somebody must acknowledge, with the subjects they acknowledge for."""
        for leg in self.legs.values():
            if key and leg.directive != key:
                continue
            if leg.tier == "school":
                own = [unit for unit in leg.receipts if who in self.school.in_charge(unit)]
            elif leg.tier == "guardians":
                own = [student for student in leg.receipts if who in self.school.guardians(student)]
            else:
                own = [who] if who in leg.receipts else []
            if own:
                yield leg, own

    def receipts_reminded(self, reader, text):
        for number in re.finditer(self.words["number"][0], text):
            found = self.number(number.group())
            for leg, own in self.own_legs(reader, (found["year"], found["number"])):
                for subject in own:
                    leg.receipts[subject].reminders += leg.receipts[subject].at is None

    def receipts_told(self, reader, text, when):
        found = self.number(text)
        key = (found["year"], found["number"])
        unit_name = text.splitlines()[1].split(" · ")[0]
        tier = self.tier_told(text)
        for leg in self.legs.values():
            if (leg.directive, leg.tier) != (key, tier) or self.school.units[leg.unit]["name"] != unit_name:
                continue
            for receipt in leg.receipts.values():
                if receipt.at is not None:
                    continue
                if receipt.told_at is None or when - receipt.told_at > timedelta(minutes=5):
                    receipt.told_at, receipt.told = when, set()
                receipt.told.add(self.name(reader))

    def tier_told(self, text):
        """Of which chat of a unit an escalation speaks: whose replies it counts."""
        counter = text.splitlines()[2]
        marks = {"school": ("个学院", "colleges"), "college": ("位辅导员", "counselors"), "class": ("位同学", "students"), "guardians": ("户", "households")}
        return next(tier for tier, words in marks.items() if any(word in counter for word in words))

    def missing_told(self, reader, text):
        """Those responsible are told of units where somebody is silent; where somebody is on it they are told later."""
        names = set()
        for line in text.splitlines():
            found = re.search(self.words["unit_missing"], line)
            if found and not found.group(2):
                names.add(found.group(1))
        for top in self.school.charge_of(reader):
            for unit in self.school.below(top):
                if self.school.units[unit]["name"] in names:
                    for inside in self.school.below(unit):
                        for code in self.school.expected(inside):
                            if self.people[code].state in ("missing", "unreachable"):
                                self.people[code].told.add(self.name(reader))

    # What people do

    def typed(self, who, event):
        text, when = event.get("text", ""), event["when"]
        if not event["private"] or text.startswith("/"):
            return
        if who in self.excusing:
            return self.excuse(who, when)
        ask = self.asks.pop(who, None)
        if ask == "sign":
            self.act("sign", who, when, reason=text)
            self.signed_at = when
        elif ask == "filed":
            self.act("filed", who, when, to=text)
        elif ask and ask[0] == "done":
            self.done(who, ask[1], text, when)
        elif who in self.asking:
            question = self.form.asked(self.asking[who])
            if question["kind"] in ("number", "text"):
                self.answers_of(who, self.asking[who])[question["id"]] = self.form.read(question, text)

    def see_press(self, event):
        who = self.school.accounts[event["person"]]
        verb = event["data"].split(":")[0]
        step = getattr(self, "press_" + verb, None)
        message = self.shown.get((event["chat_id"], event["message_id"]), {})
        if step:
            step(who, event, message.get("text", ""))

    def press_send(self, who, event, text):
        # The last press before the first card sent it; the card tells its number.
        self.sending = {"by": self.name(who), "at": event["when"]}

    def press_ack(self, who, event, text):
        for number in re.finditer(self.words["number"][0], event.get("label", "")) or ():
            return self.acknowledge(who, self.number(number.group()), event["when"])
        self.acknowledge(who, self.number(text), event["when"])

    def acknowledge(self, who, found, when):
        key = (found["year"], found["number"])
        for leg, own in self.own_legs(who, key):
            for subject in own:
                receipt = leg.receipts[subject]
                if receipt.at is None:
                    receipt.at, receipt.way, receipt.by = when, "button", self.name(who)
                    for unit in self.school.charge_of(who):
                        self.acknowledged.setdefault((key, unit), self.name(who))

    def press_relay(self, who, event, text):
        found = self.number(text)
        for unit in self.school.charge_of(who):
            self.relays.setdefault(((found["year"], found["number"]), unit), (self.name(who), event["when"]))

    def press_done(self, who, event, text):
        found = self.number(text)
        self.asks[who] = ("done", (found["year"], found["number"]))

    def done(self, who, key, text, when):
        for unit in self.school.charge_of(who):
            for leg in self.legs.values():
                if (leg.directive, leg.unit) == (key, unit) and leg.tier == self.school.units[unit]["kind"]:
                    leg.done_text, leg.done_at = text, when

    def press_accept(self, who, event, text):
        found = self.number(text)
        for leg in self.legs.values():
            reported = leg.done_text and leg.done_text in text and self.school.units[leg.unit]["name"] in text
            if leg.directive == (found["year"], found["number"]) and reported:
                leg.accepted = True

    def press_phone(self, who, event, text):
        found = re.search(self.words["label_reached"], event.get("label") or "")
        if not found or not re.search(self.words["escalation"], text):
            return self.row_of(who, event)
        number = self.number(text)
        unit_name, tier = text.splitlines()[1].split(" · ")[0], self.tier_told(text)
        for leg in self.legs.values():
            here = self.school.units[leg.unit]["name"] == unit_name and leg.tier == tier
            if not here or leg.directive != (number["year"], number["number"]):
                continue
            for subject, receipt in leg.receipts.items():
                person = self.school.people.get(subject)
                if person and person["name"] == found.group(1) and receipt.at is None:
                    by = "" if tier == "guardians" else person["name"]
                    receipt.at, receipt.way, receipt.by, receipt.noted_by = event["when"], "phone", by, self.name(who)

    def press_unreach(self, who, event, text):
        if re.search(self.words["escalation"], text):
            return
        person = self.people[self.row_of(who, event)]
        if person.state == "missing":
            person.state = "unreachable"

    def press_excuse(self, who, event, text):
        if who in self.excusing and re.search(self.words["excuse"], text):
            self.excuse(who, event["when"])
        else:
            self.row_of(who, event)

    def excuse(self, who, when):
        person = self.people[self.person(who, self.excusing.pop(who))]
        if person.state != "reported":
            person.state = "excused"

    def row_of(self, who, event):
        """Whose row of buttons a press is in: the first of them names the person."""
        for row in self.shown[event["chat_id"], event["message_id"]]["buttons"]:
            if any(button.get("data") == event["data"] for button in row):
                name = re.search(self.words["label_report"], row[0]["label"]).group(1)
                self.called[who, name] = self.person(who, name, event["data"])
                return self.called[who, name]
        raise SystemExit(f"{event['data']} is on no button")

    def press_same(self, who, event, text):
        subject = self.subject(who, text)
        self.report(subject, who, event["when"], self.last[subject])

    def answers_of(self, who, text):
        """What was answered so far in the form that a message shows. It may go on in another message."""
        return self.filling.setdefault((who, self.subject(who, text)), {})

    def press_ans(self, who, event, text):
        answers, question = self.answers_of(who, text), self.form.asked(text)
        answer = self.form.read(question, event["label"])
        if question["kind"] != "multi":
            answers[question["id"]] = answer
            return
        chosen = answers.setdefault(question["id"], set())
        if answer in chosen:
            chosen.discard(answer)
        elif answer == question.get("none"):
            answers[question["id"]] = {answer}
        else:
            chosen.discard(question.get("none"))
            chosen.add(answer)

    def press_submit(self, who, event, text):
        subject = self.subject(who, text)
        self.report(subject, who, event["when"], self.form.pruned(self.filling.pop((who, subject))))

    def report(self, subject, by, when, answers):
        if self.signed_at:
            return
        person = self.people[subject]
        if person.state != "reported":
            person.late = when > self.deadline
        person.state, person.at, person.by, person.answers = "reported", when, self.name(by), answers
        person.changed = self.form.changed(self.last.get(subject), answers)
        person.level = self.form.level(answers)

    def press_confirm(self, who, event, text):
        if not self.answers.get(event["press"], "").startswith("✅"):
            return
        for unit in self.school.charge_of(who):
            if self.school.units[unit]["kind"] in ("class", "college"):
                self.confirmed[unit] = (self.name(who), event["when"])

    def press_sign(self, who, event, text):
        answer = self.answers.get(event["press"], "")
        if answer.startswith(self.words["reviewed"]):
            self.act("review", who, event["when"])
        elif answer.startswith(self.words["signed"]):
            self.act("sign", who, event["when"])
            self.signed_at = event["when"]

    def press_filed(self, who, event, text):
        self.asks[who] = "filed"

    def act(self, kind, who, when, to="", reason=""):
        if not any(act["act"] == kind for act in self.acts):
            self.acts.append({"act": kind, "by": self.name(who), "at": when, "to": to, "reason": reason})

    def relayed_by(self, leg):
        """Guardians get it with the class."""
        above = self.legs.get((leg.directive, leg.unit, "class")) if leg.tier == "guardians" else leg
        return above.relayed_by if above else ""

    # Sums

    def figures(self, unit):
        people = [self.people[code] for inside in self.school.below(unit) for code in self.school.expected(inside)]
        states = ("reported", "missing", "excused", "unreachable")
        sums = {state: sum(person.state == state for person in people) for state in states}
        reported = [person for person in people if person.state == "reported"]
        sums["expected"] = len(people)
        sums["late"] = sum(person.late for person in reported)
        sums["changed"] = sum(person.changed for person in reported)
        sums["watch"] = sum(person.level == "watch" for person in reported)
        sums["urgent"] = sum(person.level == "urgent" for person in reported)
        return sums
