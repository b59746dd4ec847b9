"""PostgreSQL and both Redis, and the machine below them."""

from monitor.boards.panels import Board, Row, good_from, good_is_zero, lines, number

BOARD = Board(
    uid="rotina-storage",
    title="7 · PostgreSQL e Redis",
    description="Conexões, transações, memória e disco do que guarda o estado.",
    rows=[
        Row(
            "Agora",
            [
                number(
                    "PostgreSQL responde",
                    "Se a última leitura do core-api chegou ao PostgreSQL.",
                    'max(database_up{job="core-api"})',
                    steps=good_from(),
                ),
                number(
                    "Conexões em uso",
                    "Parte de max_connections. Acima de 80 % é um alerta.",
                    "max(database_connections) / max(database_max_connections)",
                    unit="percentunit",
                    steps=good_is_zero(0.8),
                ),
                number("Tamanho do banco", "Todos os esquemas.", "max(database_size_bytes)", unit="bytes"),
                number("Redis das filas responde", "noeviction e AOF.", "max(streams_redis_up)", steps=good_from()),
                number(
                    "Memória do Redis das filas",
                    "Parte do limite. Acima de 75 % é um alerta.",
                    "max(streams_redis_memory_used_bytes) / (max(streams_redis_memory_max_bytes) > 0)",
                    unit="percentunit",
                    steps=good_is_zero(0.75),
                ),
                number(
                    "Redis de cache responde",
                    "Um cache fora do ar é lento, nunca errado.",
                    "max(cache_redis_up)",
                    steps=good_from(),
                ),
            ],
        ),
        Row(
            "PostgreSQL",
            [
                lines(
                    "Pools",
                    "Conexões usadas por pool.",
                    ('max by (job, pool) (database_pool_connections{state="used"})', "{{job}} {{pool}}"),
                    ("max by (job, pool) (database_pool_size)", "{{job}} {{pool}} limite"),
                ),
                lines(
                    "Conexões por estado",
                    "Como o servidor as vê.",
                    ('sum by (state) (pg_stat_activity_count{datname="rotina"})', "{{state}}"),
                ),
                lines(
                    "Transação mais antiga",
                    "Do papel do core-api.",
                    ("max(database_oldest_transaction_seconds)", "mais antiga"),
                    unit="s",
                ),
                lines(
                    "Transações por segundo",
                    "Confirmadas e desfeitas.",
                    ('sum(rate(pg_stat_database_xact_commit{datname="rotina"}[$__rate_interval]))', "confirmadas"),
                    ('sum(rate(pg_stat_database_xact_rollback{datname="rotina"}[$__rate_interval]))', "desfeitas"),
                    unit="ops",
                ),
                lines(
                    "Acertos do cache de blocos",
                    "Blocos lidos da memória, não do disco.",
                    (
                        'sum(rate(pg_stat_database_blks_hit{datname="rotina"}[$__rate_interval])) / (sum(rate(pg_stat_database_blks_hit{datname="rotina"}[$__rate_interval])) + sum(rate(pg_stat_database_blks_read{datname="rotina"}[$__rate_interval])))',
                        "acertos",
                    ),
                    unit="percentunit",
                    highest=1,
                ),
                lines("Locks", "Por modo.", ('sum by (mode) (pg_locks_count{datname="rotina"})', "{{mode}}")),
            ],
        ),
        Row(
            "Redis",
            [
                lines("Memória", "Usada por cada um.", ("redis_memory_used_bytes", "{{job}}"), unit="bytes"),
                lines(
                    "Comandos por segundo",
                    "De cada um.",
                    ("sum by (job) (rate(redis_commands_processed_total[$__rate_interval]))", "{{job}}"),
                    unit="ops",
                ),
                lines(
                    "Chaves descartadas",
                    "Normal no cache; no das filas tem de ser zero.",
                    ("sum by (job) (increase(redis_evicted_keys_total[$__rate_interval]))", "{{job}}"),
                ),
                lines("Clientes", "Conexões abertas.", ("redis_connected_clients", "{{job}}")),
                lines(
                    "Acertos do cache",
                    "Chaves encontradas.",
                    (
                        'sum(rate(redis_keyspace_hits_total{job="redis-cache"}[$__rate_interval])) / (sum(rate(redis_keyspace_hits_total{job="redis-cache"}[$__rate_interval])) + sum(rate(redis_keyspace_misses_total{job="redis-cache"}[$__rate_interval])))',
                        "acertos",
                    ),
                    unit="percentunit",
                    highest=1,
                ),
                lines(
                    "AOF",
                    "1: a última escrita deu certo.",
                    ('redis_aof_last_write_status{job="redis-streams"}', "escrita"),
                    ('redis_aof_last_bgrewrite_status{job="redis-streams"}', "reescrita"),
                ),
            ],
        ),
        Row(
            "Máquina",
            [
                lines(
                    "CPU",
                    "Parte ocupada.",
                    (
                        '1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval]))',
                        "{{instance}}",
                    ),
                    unit="percentunit",
                    highest=1,
                ),
                lines(
                    "Memória livre",
                    "O que ainda pode ser usado.",
                    ("node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes", "{{instance}}"),
                    unit="percentunit",
                    highest=1,
                ),
                lines(
                    "Disco livre",
                    "Por ponto de montagem.",
                    (
                        'node_filesystem_avail_bytes{fstype!~"tmpfs|ramfs|overlay|squashfs"} / node_filesystem_size_bytes',
                        "{{instance}} {{mountpoint}}",
                    ),
                    unit="percentunit",
                    highest=1,
                ),
            ],
        ),
    ],
)
