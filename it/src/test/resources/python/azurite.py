"""Puts a blob by the connection string in a file, reads it back, and prints what it read."""

import sys

from azure.storage.blob import BlobServiceClient

with open(sys.argv[1]) as file:
    service = BlobServiceClient.from_connection_string(file.read().strip())
container = service.create_container("lake")
container.upload_blob("folder/name with space", "blob of " + sys.argv[2])
print(container.download_blob("folder/name with space").readall().decode())
