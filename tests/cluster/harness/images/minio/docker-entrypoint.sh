#!/bin/sh
# As in the official image: what is not minio itself is for it.
if [ "${1}" != "minio" ] && [ -n "${1}" ]; then
  set -- minio "$@"
fi
exec "$@"
