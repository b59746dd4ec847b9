"""Queue, schedulers, streams, outbox."""

from monitor.boards.panels import Board, Row, good_from, good_is_zero, lines, number

BOARD = Board(
    uid="rotina-engine",
    title="2 · Motor",
    description="Fila, schedulers, streams e outbox: onde uma execução pode ficar parada.",
    rows=[
        Row(
            "Agora",
            [
                number(
                    "Schedulers vivos",
                    "Processos vistos há menos de dez segundos.",
                    "max(schedulers_alive)",
                    steps=good_from(),
                ),
                number(
                    "Laços com falha",
                    "Laços de schedulers vivos cuja última volta falhou.",
                    "max(scheduler_loops_failing)",
                    steps=good_is_zero(),
                ),
                number(
                    "Laço mais atrasado",
                    "Há quanto tempo o laço mais atrasado deveria ter começado.",
                    "max(scheduler_loop_late_seconds)",
                    unit="s",
                    steps=good_is_zero(60),
                ),
                number(
                    "Sem worker para a fila",
                    "Execuções vencidas em filas que nenhum worker vivo atende.",
                    "max(queue_unserved_executions)",
                    steps=good_is_zero(),
                ),
                number(
                    "Leases vencidos",
                    "Execuções cujo worker sumiu e que ninguém retomou ainda.",
                    "max(leases_expired_executions)",
                    steps=good_is_zero(),
                ),
                number(
                    "Fora do plano de hoje",
                    "Rotinas que a carga de hoje não conseguiu planejar.",
                    "max(daily_load_unplanned_routines)",
                    steps=good_is_zero(),
                ),
            ],
        ),
        Row(
            "Fila",
            [
                lines(
                    "Vencidas e não entregues",
                    "Por faixa: 1 downloads, 2 cargas, 3 processamento. Inclui as que esperam outra rotina.",
                    ('max by (band) (queue_executions{status="due"})', "faixa {{band}}"),
                ),
                lines(
                    "Entregues e não aceitas",
                    "Estão no stream; nenhum worker as aceitou ainda.",
                    ('max by (band) (queue_executions{status="queued"})', "faixa {{band}}"),
                ),
                lines(
                    "Executando",
                    "Execuções em andamento por faixa.",
                    ('max by (band) (queue_executions{status="running"})', "faixa {{band}}"),
                    stacked=True,
                ),
                lines(
                    "Idade da mais antiga vencida",
                    "Há quanto tempo a mais antiga de cada faixa está vencida.",
                    ('max by (band) (queue_oldest_seconds{status="due"})', "faixa {{band}}"),
                    unit="s",
                ),
                lines(
                    "Idade da mais antiga entregue",
                    "Há quanto tempo a mais antiga entregue espera um worker.",
                    ('max by (band) (queue_oldest_seconds{status="queued"})', "faixa {{band}}"),
                    unit="s",
                ),
                lines(
                    "De vencida até iniciada",
                    "Tempo de espera das primeiras tentativas.",
                    (
                        "histogram_quantile(0.5, sum by (le) (rate(execution_start_delay_seconds_bucket[$__rate_interval])))",
                        "p50",
                    ),
                    (
                        "histogram_quantile(0.99, sum by (le) (rate(execution_start_delay_seconds_bucket[$__rate_interval])))",
                        "p99",
                    ),
                    unit="s",
                ),
            ],
        ),
        Row(
            "Resultados",
            [
                lines(
                    "Terminadas por segundo",
                    "Por situação e motivo.",
                    (
                        "sum by (status, reason) (rate(executions_finished_total[$__rate_interval]))",
                        "{{status}} {{reason}}",
                    ),
                    unit="ops",
                    width=12,
                ),
                lines(
                    "Repetidas e retomadas",
                    "Tentativas que falharam e serão repetidas; execuções retomadas porque o worker sumiu.",
                    ("sum(rate(executions_retried_total[$__rate_interval]))", "repetidas"),
                    ("sum(rate(executions_recovered_total[$__rate_interval]))", "retomadas"),
                    unit="ops",
                    width=12,
                ),
            ],
        ),
        Row(
            "Schedulers",
            [
                lines(
                    "Voltas por segundo",
                    "Voltas começadas por laço, somadas sobre as réplicas.",
                    ("sum by (loop) (rate(scheduler_loop_runs_total[$__rate_interval]))", "{{loop}}"),
                    unit="ops",
                ),
                lines(
                    "Falhas por laço",
                    "Voltas que terminaram em erro.",
                    ("sum by (loop) (rate(scheduler_loop_failures_total[$__rate_interval]))", "{{loop}}"),
                    unit="ops",
                ),
                lines(
                    "Duração da última volta",
                    "A maior entre as réplicas.",
                    ("max by (loop) (scheduler_loop_last_turn_seconds)", "{{loop}}"),
                    unit="s",
                ),
            ],
        ),
        Row(
            "Streams e outbox",
            [
                lines(
                    "Entradas de trabalho sem dono",
                    "Entradas de streams de trabalho que nenhum worker pegou.",
                    ("max by (band) (work_stream_lag_entries)", "faixa {{band}}"),
                ),
                lines(
                    "Entradas de trabalho pendentes",
                    "Com um worker e ainda não confirmadas.",
                    ("max by (band) (work_stream_pending_entries)", "faixa {{band}}"),
                ),
                lines(
                    "Outbox: espera",
                    "Idade da linha mais antiga que não chegou ao Redis, por serviço.",
                    ("max by (job) (outbox_oldest_seconds)", "{{job}}"),
                    unit="s",
                ),
                lines(
                    "Eventos por ler",
                    "Atraso de cada grupo em cada stream de eventos.",
                    ("max by (stream, group) (event_stream_lag_entries) > 0", "{{stream}} → {{group}}"),
                ),
                lines(
                    "Eventos abandonados",
                    "Entradas em <stream>.dead: cada uma é um erro a corrigir.",
                    ("max by (stream) (event_stream_dead_entries) > 0", "{{stream}}"),
                ),
                lines(
                    "Mensagens consumidas",
                    "Por grupo e resultado.",
                    (
                        "sum by (group, outcome) (rate(stream_messages_total[$__rate_interval]))",
                        "{{group}} {{outcome}}",
                    ),
                    unit="ops",
                ),
            ],
        ),
    ],
)
