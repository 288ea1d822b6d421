#!/bin/sh
# First start of docker-compose's PostgreSQL: a database and two roles per service (service.sql, beside this file).
# The services are those whose passwords the environment holds: POSTGRES_<SERVICE>_PASSWORD and
# POSTGRES_<SERVICE>_OWNER_PASSWORD.
set -eu

here=$(dirname "$0")
sql=${COURTIER_SERVICE_SQL:-$here/service.sql}
names=$(env | sed -n 's/^POSTGRES_\([A-Z0-9_]*\)_PASSWORD=.*/\1/p' | sed 's/_OWNER$//' | sort -u)
if [ -z "$names" ]; then
    echo "Set POSTGRES_<SERVICE>_PASSWORD and POSTGRES_<SERVICE>_OWNER_PASSWORD of each service (see .env.example)." >&2
    exit 1
fi

for name in $names; do
    eval "runtime=\${POSTGRES_${name}_PASSWORD:-}" "owner=\${POSTGRES_${name}_OWNER_PASSWORD:-}"
    if [ -z "$runtime" ] || [ -z "$owner" ]; then
        echo "Set POSTGRES_${name}_PASSWORD and POSTGRES_${name}_OWNER_PASSWORD (see .env.example)." >&2
        exit 1
    fi
    SERVICE=$(printf '%s' "$name" | tr 'A-Z' 'a-z') RUNTIME_PASSWORD=$runtime OWNER_PASSWORD=$owner \
        psql -X --quiet --no-password --username "${POSTGRES_USER:-postgres}" --dbname postgres --file "$sql"
done
