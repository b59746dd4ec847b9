-- Roles, databases, schemas and rights of a new PostgreSQL. Made by infra/scripts/export_roles_sql.py from
-- shared_utils.db.bootstrap, which does the same for the local stack: change it there, then write this file again.
-- The image runs it once, through 10-rotina.sh, when its volume is empty. Running it again changes nothing but passwords.
\set ON_ERROR_STOP on

-- Passwords are read by the shell that psql starts: they are in no command line.
\set core_owner_password `cat "$ROTINA_SECRETS_DIR/postgres_role_core_owner"`
\set core_password `cat "$ROTINA_SECRETS_DIR/postgres_role_core"`
\set ai_owner_password `cat "$ROTINA_SECRETS_DIR/postgres_role_ai_owner"`
\set ai_password `cat "$ROTINA_SECRETS_DIR/postgres_role_ai"`
\set market_owner_password `cat "$ROTINA_SECRETS_DIR/postgres_role_market_owner"`
\set market_password `cat "$ROTINA_SECRETS_DIR/postgres_role_market"`
\set keycloak_password `cat "$ROTINA_SECRETS_DIR/postgres_role_keycloak"`
\set metrics_password `cat "$ROTINA_SECRETS_DIR/postgres_role_metrics"`

SELECT 'CREATE ROLE core_owner LOGIN' WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'core_owner') \gexec
ALTER ROLE core_owner WITH LOGIN PASSWORD :'core_owner_password';
SELECT 'CREATE ROLE core LOGIN' WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'core') \gexec
ALTER ROLE core WITH LOGIN PASSWORD :'core_password';
SELECT 'CREATE ROLE ai_owner LOGIN' WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ai_owner') \gexec
ALTER ROLE ai_owner WITH LOGIN PASSWORD :'ai_owner_password';
SELECT 'CREATE ROLE ai LOGIN' WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ai') \gexec
ALTER ROLE ai WITH LOGIN PASSWORD :'ai_password';
SELECT 'CREATE ROLE market_owner LOGIN' WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'market_owner') \gexec
ALTER ROLE market_owner WITH LOGIN PASSWORD :'market_owner_password';
SELECT 'CREATE ROLE market LOGIN' WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'market') \gexec
ALTER ROLE market WITH LOGIN PASSWORD :'market_password';
SELECT 'CREATE ROLE keycloak LOGIN' WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'keycloak') \gexec
ALTER ROLE keycloak WITH LOGIN PASSWORD :'keycloak_password';
SELECT 'CREATE ROLE metrics LOGIN' WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'metrics') \gexec
ALTER ROLE metrics WITH LOGIN PASSWORD :'metrics_password';
ALTER ROLE core SET search_path = core;
ALTER ROLE core SET statement_timeout = '30s';
ALTER ROLE core SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE core SET lock_timeout = '10s';
ALTER ROLE core_owner SET search_path = core;
ALTER ROLE core_owner SET lock_timeout = '5s';
ALTER ROLE core_owner SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE ai SET search_path = ai, extensions;
ALTER ROLE ai SET statement_timeout = '30s';
ALTER ROLE ai SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE ai SET lock_timeout = '10s';
ALTER ROLE ai_owner SET search_path = ai, extensions;
ALTER ROLE ai_owner SET lock_timeout = '5s';
ALTER ROLE ai_owner SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE market SET search_path = market;
ALTER ROLE market SET statement_timeout = '30s';
ALTER ROLE market SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE market SET lock_timeout = '10s';
ALTER ROLE market_owner SET search_path = market;
ALTER ROLE market_owner SET lock_timeout = '5s';
ALTER ROLE market_owner SET idle_in_transaction_session_timeout = '60s';

SELECT 'CREATE DATABASE "rotina" TEMPLATE template0 ENCODING ''UTF8''' WHERE NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = 'rotina') \gexec
REVOKE ALL ON DATABASE "rotina" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE "rotina" TO core_owner, core, ai_owner, ai, market_owner, market;

-- Statistics of the server, no rows of anybody's tables.
GRANT pg_monitor TO metrics;
GRANT CONNECT ON DATABASE "rotina" TO metrics;

-- The identity provider's, used when docker-compose.keycloak.yml is.
SELECT 'CREATE DATABASE keycloak OWNER keycloak TEMPLATE template0 ENCODING ''UTF8''' WHERE NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = 'keycloak') \gexec
REVOKE ALL ON DATABASE keycloak FROM PUBLIC;

\connect "rotina"
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS extensions;
CREATE EXTENSION IF NOT EXISTS vector SCHEMA extensions;
GRANT USAGE ON SCHEMA extensions TO ai, ai_owner;
CREATE SCHEMA IF NOT EXISTS core AUTHORIZATION core_owner;
REVOKE ALL ON SCHEMA core FROM PUBLIC;
GRANT USAGE ON SCHEMA core TO core;
ALTER DEFAULT PRIVILEGES FOR ROLE core_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE core_owner IN SCHEMA core GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO core;
ALTER DEFAULT PRIVILEGES FOR ROLE core_owner IN SCHEMA core GRANT USAGE, SELECT ON SEQUENCES TO core;
ALTER DEFAULT PRIVILEGES FOR ROLE core_owner IN SCHEMA core GRANT EXECUTE ON FUNCTIONS TO core;
CREATE SCHEMA IF NOT EXISTS ai AUTHORIZATION ai_owner;
REVOKE ALL ON SCHEMA ai FROM PUBLIC;
GRANT USAGE ON SCHEMA ai TO ai;
ALTER DEFAULT PRIVILEGES FOR ROLE ai_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE ai_owner IN SCHEMA ai GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ai;
ALTER DEFAULT PRIVILEGES FOR ROLE ai_owner IN SCHEMA ai GRANT USAGE, SELECT ON SEQUENCES TO ai;
ALTER DEFAULT PRIVILEGES FOR ROLE ai_owner IN SCHEMA ai GRANT EXECUTE ON FUNCTIONS TO ai;
CREATE SCHEMA IF NOT EXISTS market AUTHORIZATION market_owner;
REVOKE ALL ON SCHEMA market FROM PUBLIC;
GRANT USAGE ON SCHEMA market TO market;
ALTER DEFAULT PRIVILEGES FOR ROLE market_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE market_owner IN SCHEMA market GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO market;
ALTER DEFAULT PRIVILEGES FOR ROLE market_owner IN SCHEMA market GRANT USAGE, SELECT ON SEQUENCES TO market;
ALTER DEFAULT PRIVILEGES FOR ROLE market_owner IN SCHEMA market GRANT EXECUTE ON FUNCTIONS TO market;
