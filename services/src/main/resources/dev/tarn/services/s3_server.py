"""Serves S3 by moto on 127.0.0.1: PORT BUCKET..."""

import sys
import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple
from werkzeug.test import Client


class OneAtATime:
    """moto looks whether a key is there and puts it in two steps: only one request at a time keeps its promise."""

    def __init__(self, application):
        self.application = application
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        with self.lock:
            return list(self.application(environ, start_response))


application = OneAtATime(DomainDispatcherApplication(create_backend_app))
for bucket in sys.argv[2:]:
    made = Client(application).put("/" + bucket, headers={"Host": "s3.amazonaws.com"})
    if made.status_code != 200:
        sys.exit("bucket '" + bucket + "' cannot be made: " + made.text)
run_simple("127.0.0.1", int(sys.argv[1]), application, threaded=True)
