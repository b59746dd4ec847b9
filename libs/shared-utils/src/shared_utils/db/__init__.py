"""PostgreSQL: engine, sessions, bootstrap of roles, migrations, outbox and inbox, LISTEN/NOTIFY."""
