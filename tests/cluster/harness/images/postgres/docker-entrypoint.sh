#!/usr/bin/env bash
# Does what the official image's entrypoint does, for the variables POSTGRES_USER, POSTGRES_DB,
# POSTGRES_PASSWORD, POSTGRES_HOST_AUTH_METHOD, POSTGRES_INITDB_ARGS (each also with _FILE, but for
# the last two), PGDATA, and the scripts in /docker-entrypoint-initdb.d.
set -Eeo pipefail

fail() {
  printf 'error: %s\n' "$@" >&2
  exit 1
}

# A variable, or the content of the file that its name with _FILE gives.
from_file() {
  local name="$1" file_name="$1_FILE" value="${2:-}"
  if [ -n "${!name:-}" ] && [ -n "${!file_name:-}" ]; then
    fail "both $name and $file_name are set; only one may be"
  fi
  if [ -n "${!name:-}" ]; then value="${!name}"; fi
  if [ -n "${!file_name:-}" ]; then value="$(<"${!file_name}")"; fi
  export "$name"="$value"
  unset "$file_name"
}

prepare_folders() {
  mkdir -p "$PGDATA"
  chmod 00700 "$PGDATA" || true
  mkdir -p /var/run/postgresql || true
  chmod 03775 /var/run/postgresql || true
  if [ "$(id -u)" = 0 ]; then
    find "$PGDATA" /var/run/postgresql \! -user postgres -exec chown postgres '{}' +
  fi
}

# initdb wants a name for the user that it runs as; any other number is given one.
name_user() {
  getent passwd "$(id -u)" >/dev/null && return
  local library
  library="$(ls /usr/lib/*/libnss_wrapper.so)"
  NSS_WRAPPER_PASSWD="$(mktemp)" NSS_WRAPPER_GROUP="$(mktemp)"
  export LD_PRELOAD="$library" NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
  printf 'postgres:x:%s:%s:PostgreSQL:%s:/bin/false\n' "$(id -u)" "$(id -g)" "$PGDATA" >"$NSS_WRAPPER_PASSWD"
  printf 'postgres:x:%s:\n' "$(id -g)" >"$NSS_WRAPPER_GROUP"
}

unname_user() {
  if [ -z "${NSS_WRAPPER_PASSWD:-}" ]; then return; fi
  rm -f "$NSS_WRAPPER_PASSWD" "$NSS_WRAPPER_GROUP"
  unset LD_PRELOAD NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
}

initialise() {
  if [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ]; then
    fail "the database has no superuser password; set POSTGRES_PASSWORD to a non-empty value"
  fi
  name_user
  eval 'initdb --username="$POSTGRES_USER" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD") '"$POSTGRES_INITDB_ARGS"
  unname_user
  printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >>"$PGDATA/pg_hba.conf"
  # For its own scripts it listens on its socket alone, so that nobody takes it for ready.
  pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -p 5432" -w start
  if [ "$POSTGRES_DB" != postgres ]; then
    run_sql --dbname postgres --set name="$POSTGRES_DB" <<<'CREATE DATABASE :"name";'
  fi
  for script in /docker-entrypoint-initdb.d/*; do
    case "$script" in
    *.sh) . "$script" ;;
    *.sql) run_sql --dbname "$POSTGRES_DB" --file "$script" ;;
    esac
  done
  pg_ctl -D "$PGDATA" -m fast -w stop
}

run_sql() {
  PGPASSWORD="$POSTGRES_PASSWORD" PGHOST='' psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --no-password "$@"
}

if [ "${1:0:1}" = - ]; then set -- postgres "$@"; fi
if [ "$1" = postgres ]; then
  prepare_folders
  if [ "$(id -u)" = 0 ]; then
    exec setpriv --reuid=postgres --regid=postgres --init-groups "$BASH_SOURCE" "$@"
  fi
  from_file POSTGRES_PASSWORD
  from_file POSTGRES_USER postgres
  from_file POSTGRES_DB "$POSTGRES_USER"
  : "${POSTGRES_HOST_AUTH_METHOD:=}" "${POSTGRES_INITDB_ARGS:=}"
  if [ ! -s "$PGDATA/PG_VERSION" ]; then initialise; fi
fi
exec "$@"
