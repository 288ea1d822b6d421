-- One service's database and its two roles. Run by psql, as often as you like, with three variables in the environment:
--   SERVICE            orders
--   OWNER_PASSWORD     of the role orders_owner, which migrates: it owns the database and its schema
--   RUNTIME_PASSWORD   of the role orders, which runs: rows only, no DDL
-- docker-compose runs it for each service through init.sh, the devstack through devstack/postgres.py.

\set ON_ERROR_STOP on
\getenv service SERVICE
\getenv owner_password OWNER_PASSWORD
\getenv runtime_password RUNTIME_PASSWORD
\set owner :service _owner
SET client_min_messages = warning;
SET password_encryption = 'scram-sha-256';

SELECT format('CREATE ROLE %I', role)
FROM unnest(ARRAY [:'service', :'owner']) AS role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role)
\gexec

ALTER ROLE :"owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
ALTER ROLE :"service" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'runtime_password';

-- A request gives up before its caller does; a forgotten transaction does not hold back vacuum and the relay for long.
ALTER ROLE :"service" SET statement_timeout = '5s';
ALTER ROLE :"service" SET lock_timeout = '2s';
ALTER ROLE :"service" SET idle_in_transaction_session_timeout = '10s';
-- A migration that waits for a lock makes every query after it wait too: better that it fails and is run again.
ALTER ROLE :"owner" SET lock_timeout = '5s';

-- The builtin locale sorts the same on every machine, whatever its libc. template0, since template1 may have another.
SELECT format('CREATE DATABASE %I OWNER %I ENCODING ''UTF8'' LOCALE_PROVIDER builtin BUILTIN_LOCALE ''C.UTF-8'' '
              'LOCALE ''C'' TEMPLATE template0', :'service', :'owner')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'service')
\gexec

REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"service" TO :"service";
ALTER DATABASE :"service" SET timezone = 'UTC';

\connect :"service"
SET client_min_messages = warning;
ALTER SCHEMA public OWNER TO :"owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"service";
-- What the owner will create. A migration takes rights back where rows must not change (append-only tables).
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"service";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT USAGE ON SEQUENCES TO :"service";
