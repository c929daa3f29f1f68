"""Learns the keys of the scenario format and what each takes from the command's own complaints: an unknown key is told
which ones there are, a wrong value what was expected. So a key that is added is generated without being named here."""
import re

NONSENSE = "zzzzzz"


class Format:
    """sections: {section: {key: kind}}, kind being ("one", [...]), ("number", low, high), "flag", "duration", "text"."""

    def __init__(self, folder):
        self.folder = folder
        self.sections = {}
        self.backends = {}
        self.backend_types = self._names("backend: {type: zzzzzz}")
        self.commands = self._names("backend: {type: local}\nclient: {command: zzzzzz}")
        self.properties = self._names("backend: {type: local}\ncheck: [zzzzzz]")
        for section in ("client", "operator", "time", "faults"):
            self.sections[section] = self._keys(section, "backend: {type: local}\n%s: {%s}", section)
        self.sections["root"] = {key: None for key in self._names("backend: {type: local}\nzzzzzz: 1")}
        for backend in self.backend_types:
            dials = self._keys(backend, "backend: {type: " + backend + ", %s}")
            dials.pop("type", None)
            store = self._keys(backend, "backend: {type: " + backend + "}\nstore: {%s}")
            self.backends[backend] = {"backend": dials, "store": store}

    def _complaint(self, text):
        self.folder.write("probe.yaml", text + "\n")
        return self.folder.run("simulate", "probe.yaml").err.decode()

    def _names(self, text):
        found = re.search(r"expected: (?:type: )?one of (.*)", self._complaint(text))
        return [name.strip() for name in found.group(1).split(",")] if found else []

    def _keys(self, name, template, *before):
        keys = {}
        for key in self._names(template % (*before, NONSENSE + ": 1")):
            if key in ("type",) or key.startswith("no `store`"):
                continue
            keys[key] = self._kind(template % (*before, f"{key}: {NONSENSE}"))
        return keys

    def _kind(self, text):
        complaint = self._complaint(text)
        expected = re.search(r"expected: (.*)", complaint)
        expected = expected.group(1) if expected else ""
        if "true or false" == expected:
            return "flag"
        if number := re.match(r"a whole number from (-?\d+) to (-?\d+)", expected):
            return ("number", int(number.group(1)), int(number.group(2)))
        if one := re.match(r"one of (.*)", expected):
            return ("one", [name.strip() for name in one.group(1).split(",")])
        if "duration" in expected:
            return "duration"
        return "text"
