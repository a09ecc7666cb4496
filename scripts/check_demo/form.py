"""The form as people read it, and its rules."""

import tomllib


class Form:
    """The questions as people read them, and the rules."""

    def __init__(self, path, locale, words):
        form = tomllib.loads(path.read_text(encoding="utf-8"))
        self.questions = form["question"]
        self.rules = form["rule"]
        self.locale = locale
        self.yes = words["yes"]

    def asked(self, text):
        """The question that a message asks."""
        fits = [question for question in self.questions if question["ask"][self.locale] in text]
        return fits[0] if fits else None

    def read(self, question, label):
        """The answer that a label or a typed text means."""
        label = label.removeprefix("✅ ")
        if question["kind"] == "yes_no":
            return label.lower() == self.yes[0]
        if question["kind"] == "number":
            return float(label)
        for choice in question.get("choices", []):
            if choice[self.locale] == label:
                return choice["id"]
        return label

    def listed(self, text, join):
        """The answers of `· question answer` lines."""
        answers = {}
        for line in text.splitlines():
            for question in self.questions:
                ask = "· " + question["ask"][self.locale]
                if line.startswith(ask):
                    said = line[len(ask):].strip()
                    many = question["kind"] == "multi"
                    answers[question["id"]] = {self.read(question, one) for one in said.split(join)} if many else self.read(question, said)
        return answers

    def holds(self, when, answers):
        """Whether a rule's expression holds; what was not answered makes it false."""
        known = {question["id"]: answers.get(question["id"]) for question in self.questions}
        expression = when.replace("||", " or ").replace("&&", " and ")
        try:
            return bool(eval(expression, {"__builtins__": {}}, known))  # an expression of the school's own form
        except TypeError:
            return False

    def level(self, answers):
        levels = {rule["level"] for rule in self.rules if self.holds(rule["when"], answers)}
        return "urgent" if "urgent" in levels else "watch" if "watch" in levels else ""

    def pruned(self, answers):
        """Without answers to questions that are not asked any more."""
        return {question["id"]: answers[question["id"]] for question in self.questions
                if question["id"] in answers and self.holds(question.get("when", "True"), answers)}

    def changed(self, last, new):
        """Whether it differs from the last report; a number never counts."""
        if last is None:
            return False
        kinds = {question["id"]: question["kind"] for question in self.questions}
        return any(last.get(key) != new.get(key) for key in kinds if kinds[key] not in ("number", "location", "photo"))

    def cell(self, question, answers, join):
        """What stands in the workbook."""
        answer = answers.get(question["id"])
        words = {choice["id"]: choice[self.locale] for choice in question.get("choices", [])}
        if isinstance(answer, set):
            return join.join(words[choice["id"]] for choice in question["choices"] if choice["id"] in answer)
        if isinstance(answer, bool):
            return self.yes[0] if answer else self.yes[1]
        return words.get(answer, answer)
