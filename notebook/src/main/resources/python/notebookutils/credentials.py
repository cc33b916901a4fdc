"""Secrets; values come from where Tarn has them, and are never shown."""

import notebookutils


def getSecret(akvName, secret, linkedService=""):
    return notebookutils.call("secret", vault=akvName, name=secret)


def help(method=""):
    print("credentials: getSecret")


def __getattr__(name):
    raise AttributeError(f"notebookutils.credentials.{name} is not there yet in Tarn")
