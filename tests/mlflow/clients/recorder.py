"""What a script saw, as JSON that is the same on every run: ids become names."""

import json
import re

from mlflow.exceptions import MlflowException


class Recorder:
    """Collects results under names, and the names of ids."""

    def __init__(self):
        self.seen = {}
        self._names = {}

    def __getitem__(self, key):
        return self.seen[key]

    def __setitem__(self, key, value):
        self.seen[key] = value

    def name(self, name, an_id):
        """Shows an id under a name."""
        self._names[str(an_id)] = f"<{name}>"
        return an_id

    def print(self):
        """Prints everything as the last line of standard output."""
        text = json.dumps(self.seen, default=str)
        for an_id, name in self._names.items():
            text = text.replace(an_id, name)
        print(re.sub(r"mlflow-artifacts:/\d+/", "mlflow-artifacts:/<experiment>/", text))


def code_of(action):
    """The error code of what must fail."""
    try:
        action()
    except MlflowException as error:
        return error.error_code
    return "nothing was raised"


def message_of(action):
    """Code and message of what must fail, the message up to its first full stop."""
    try:
        action()
    except MlflowException as error:
        return [error.error_code, error.message.split(". ")[0]]
    return "nothing was raised"


def all_pages(search):
    """The pages of a search that is given the token of the one before."""
    pages, token = [], None
    while True:
        page = search(token)
        pages.append(list(page))
        token = page.token
        if not token:
            return pages
