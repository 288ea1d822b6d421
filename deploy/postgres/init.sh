#!/bin/sh
# First start of docker-compose's PostgreSQL: a database and two roles per service (service.sql, beside this file).
# Passwords come from the environment: POSTGRES_<SERVICE>_PASSWORD and POSTGRES_<SERVICE>_OWNER_PASSWORD.
set -eu

here=$(dirname "$0")
sql=${COURTIER_SERVICE_SQL:-$here/service.sql}
services=${COURTIER_SERVICES:-catalog customers orders agents identity notifications}

for service in $services; do
    name=$(printf '%s' "$service" | tr 'a-z-' 'A-Z_')
    eval "runtime=\${POSTGRES_${name}_PASSWORD:-}" "owner=\${POSTGRES_${name}_OWNER_PASSWORD:-}"
    if [ -z "$runtime" ] || [ -z "$owner" ]; then
        echo "Set POSTGRES_${name}_PASSWORD and POSTGRES_${name}_OWNER_PASSWORD (see .env.example)." >&2
        exit 1
    fi
    SERVICE=$service RUNTIME_PASSWORD=$runtime OWNER_PASSWORD=$owner \
        psql -X --quiet --no-password --username "${POSTGRES_USER:-postgres}" --dbname postgres --file "$sql"
done
