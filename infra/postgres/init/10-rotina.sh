#!/bin/sh
# Runs in the official image when the data folder is empty, before the server listens to anybody but this container.
# roles.sql lies in another folder, because the image would run every *.sql of this one by itself.
set -eu
export ROTINA_SECRETS_DIR="${ROTINA_SECRETS_DIR:-/run/secrets}"
roles_sql="${ROTINA_ROLES_SQL:-/etc/rotina/roles.sql}"
# psql would take a file that is not there for an empty password.
sed -n 's/.*ROTINA_SECRETS_DIR\/\(postgres_role_[a-z_]*\).*/\1/p' "$roles_sql" | while read -r name; do
  [ -s "$ROTINA_SECRETS_DIR/$name" ] || {
    echo "postgres: the secret $name is not there: run infra/scripts/make-secrets" >&2
    exit 2
  }
done
psql --username "${POSTGRES_USER:-postgres}" --no-password --dbname postgres --no-psqlrc --quiet --file "$roles_sql"
