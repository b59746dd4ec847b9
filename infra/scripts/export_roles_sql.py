"""Writes infra/postgres/init/roles.sql: what the local stack does through `shared_utils.db.bootstrap`, as a script for psql.

    python infra/scripts/export_roles_sql.py [--check]

With --check nothing is written; the end status is 1 when the file is not what it would be.
"""

import argparse
import sys
from pathlib import Path

from shared_utils.db.bootstrap import ROLES, SERVICES, create_database, database_rights, role_settings, schema_rights

TARGET = Path(__file__).resolve().parents[1] / "postgres" / "init" / "roles.sql"
DATABASE = "rotina"
# Roles beside the product's: the identity provider's, with a database of its own, and the one that metrics are read with.
EXTRA_ROLES = ("keycloak", "metrics")
HEAD = """\
-- Roles, databases, schemas and rights of a new PostgreSQL. Made by infra/scripts/export_roles_sql.py from
-- shared_utils.db.bootstrap, which does the same for the local stack: change it there, then write this file again.
-- The image runs it once, through 10-rotina.sh, when its volume is empty. Running it again changes nothing but passwords.
\\set ON_ERROR_STOP on
"""


def script() -> str:
    """The whole file."""
    lines = [HEAD, "-- Passwords are read by the shell that psql starts: they are in no command line."]
    for role in (*ROLES, *EXTRA_ROLES):
        lines.append(f'\\set {role}_password `cat "$ROTINA_SECRETS_DIR/postgres_role_{role}"`')
    lines.append("")
    for role in (*ROLES, *EXTRA_ROLES):
        lines.append(_unless(f"CREATE ROLE {role} LOGIN", f"SELECT 1 FROM pg_roles WHERE rolname = '{role}'"))  # noqa: S608  our own names
        lines.append(f"ALTER ROLE {role} WITH LOGIN PASSWORD :'{role}_password';")
    for service in SERVICES:
        lines += [f"{statement};" for statement in role_settings(service)]
    lines += ["", _database(create_database(DATABASE), DATABASE)]
    lines += [f"{statement};" for statement in database_rights(DATABASE)]
    lines += ["", "-- Statistics of the server, no rows of anybody's tables.", "GRANT pg_monitor TO metrics;"]
    lines += [f'GRANT CONNECT ON DATABASE "{DATABASE}" TO metrics;', ""]
    lines += ["-- The identity provider's, used when docker-compose.keycloak.yml is."]
    lines += [_database("CREATE DATABASE keycloak OWNER keycloak TEMPLATE template0 ENCODING 'UTF8'", "keycloak")]
    lines += ["REVOKE ALL ON DATABASE keycloak FROM PUBLIC;", "", f'\\connect "{DATABASE}"']
    lines += [f"{statement};" for statement in schema_rights()]
    return "\n".join(lines) + "\n"


def _database(statement: str, name: str) -> str:
    return _unless(statement, f"SELECT 1 FROM pg_database WHERE datname = '{name}'")  # noqa: S608  our own names


def _unless(statement: str, query: str) -> str:
    """What psql does with `gexec`: it runs the text that the query returns, if it returns any."""
    quoted = statement.replace("'", "''")
    return f"SELECT '{quoted}' WHERE NOT EXISTS ({query}) \\gexec"


def main() -> int:
    parser = argparse.ArgumentParser(description="Writes the roles and rights of the database as a script for psql.")
    parser.add_argument("--check", action="store_true", help="write nothing; end with 1 when the file is out of date")
    text = script()
    if parser.parse_args().check:
        if not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text:
            print(f"{TARGET.name} is out of date: python infra/scripts/export_roles_sql.py")
            return 1
        return 0
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
