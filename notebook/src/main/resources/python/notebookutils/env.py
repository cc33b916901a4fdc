"""Where the notebook runs, in the old way."""

import notebookutils


def getUserName():
    return notebookutils.current().context["userName"]


def getUserId():
    return notebookutils.current().context["userId"]


def getWorkspaceName():
    return notebookutils.current().context["currentWorkspaceName"]


def getJobId():
    return notebookutils.current().context["currentRunId"]
