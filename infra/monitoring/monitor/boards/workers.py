"""Who runs the jobs, and how that goes."""

from monitor.boards.panels import Board, Row, good_from, good_is_zero, lines, logs, number

BOARD = Board(
    uid="rotina-workers",
    title="3 · Workers",
    description="Capacidade, execuções por job, perdas e memória dos workers.",
    rows=[
        Row(
            "Agora",
            [
                number(
                    "Vivos", "Workers que podem receber execuções.", 'max(workers{state="alive"})', steps=good_from()
                ),
                number(
                    "Perdidos",
                    "Workers que sumiram na última hora.",
                    'max(workers{state="lost"})',
                    steps=good_is_zero(),
                ),
                number(
                    "Esvaziando",
                    "Workers que terminam o que têm e não aceitam mais nada.",
                    'max(workers{state="draining"})',
                ),
                number("Vagas", "Execuções simultâneas possíveis.", "max(workers_slots)"),
                number("Vagas livres", "Vagas sem execução agora.", "max(workers_free_slots)"),
                number(
                    "Resultados tardios, 24 h",
                    "Resultados recusados porque a tentativa já era de outro.",
                    "sum(increase(worker_fenced_results_total[24h]))",
                ),
            ],
        ),
        Row(
            "Execuções",
            [
                lines(
                    "Tentativas por resultado",
                    "Tentativas terminadas por segundo.",
                    ("sum by (outcome) (rate(worker_runs_total[$__rate_interval]))", "{{outcome}}"),
                    unit="ops",
                    stacked=True,
                ),
                lines(
                    "Tentativas por job",
                    "Os dez jobs mais frequentes.",
                    ("topk(10, sum by (job) (rate(worker_runs_total[$__rate_interval])))", "{{job}}"),
                    unit="ops",
                ),
                lines(
                    "Falhas por job",
                    "Falhas e estouros de tempo.",
                    (
                        'sum by (job) (rate(worker_runs_total{outcome=~"FAILED|TIMED_OUT"}[$__rate_interval])) > 0',
                        "{{job}}",
                    ),
                    unit="ops",
                ),
                lines(
                    "Duração p95 por job",
                    "Do início da tentativa ao fim.",
                    (
                        "histogram_quantile(0.95, sum by (le, job) (rate(worker_run_duration_seconds_bucket[$__rate_interval])))",
                        "{{job}}",
                    ),
                    unit="s",
                    width=12,
                ),
                lines(
                    "Ocupação",
                    "Execuções em andamento sobre as vagas de cada worker.",
                    ("worker_active_runs / worker_slots", "{{instance}}"),
                    unit="percentunit",
                    width=12,
                    highest=1,
                ),
            ],
        ),
        Row(
            "Saúde",
            [
                lines(
                    "Batimentos sem resposta",
                    "Batimentos que o core-api não respondeu.",
                    ("sum by (instance) (rate(worker_heartbeat_failures_total[$__rate_interval]))", "{{instance}}"),
                    unit="ops",
                ),
                lines(
                    "Entradas aceitas e recusadas",
                    "Entradas pegas do stream; recusada: já era de outro.",
                    ("sum by (outcome) (rate(worker_claims_total[$__rate_interval]))", "{{outcome}}"),
                    unit="ops",
                ),
                lines(
                    "Memória",
                    "Do processo principal de cada worker, sem os filhos.",
                    ('process_resident_memory_bytes{job="worker-svc"}', "{{instance}}"),
                    unit="bytes",
                ),
            ],
        ),
        Row(
            "Logs",
            [
                logs(
                    "worker-svc",
                    "Avisos e erros dos workers.",
                    '{service="worker-svc", level=~"WARNING|ERROR|CRITICAL"}',
                )
            ],
        ),
    ],
)
