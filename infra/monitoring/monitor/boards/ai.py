"""Calls to models, what they cost, retrieval, documents and tasks."""

from monitor.boards.panels import Board, Row, good_is_zero, lines, number

BOARD = Board(
    uid="rotina-ai",
    title="5 · IA",
    description="Chamadas a modelos, custo e orçamento, busca em documentos, indexação e tarefas.",
    rows=[
        Row(
            "Agora",
            [
                number(
                    "Custo, 24 h",
                    "Em dólares, pelo livro do serviço.",
                    "sum(increase(ai_cost_usd_total[24h])) or vector(0)",
                    unit="currencyUSD",
                ),
                number(
                    "Recusadas por orçamento, 24 h",
                    "Chamadas que não foram feitas.",
                    'sum(increase(ai_budget_refusals_total{reason="exceeded"}[24h]))',
                    steps=good_is_zero(),
                ),
                number(
                    "Sem registro, 24 h",
                    "Chamadas cujo uso não pôde ser registrado.",
                    "sum(increase(ai_unsettled_calls_total[24h]))",
                    steps=good_is_zero(),
                ),
                number("Documentos prontos", "Documentos que a busca encontra.", 'max(ai_documents{status="READY"})'),
                number(
                    "Documentos com falha",
                    "Documentos que não puderam ser indexados.",
                    'max(ai_documents{status="FAILED"})',
                    steps=good_is_zero(),
                ),
                number("Tarefas esperando", "Tarefas de texto que ninguém começou.", 'max(ai_tasks{status="PENDING"})'),
            ],
        ),
        Row(
            "Chamadas",
            [
                lines(
                    "Por finalidade e resultado",
                    "Chamadas que estão no livro.",
                    ("sum by (purpose, outcome) (rate(ai_calls_total[$__rate_interval]))", "{{purpose}} {{outcome}}"),
                    unit="ops",
                ),
                lines(
                    "Tokens",
                    "Por modelo e direção.",
                    ("sum by (model, direction) (rate(ai_tokens_total[$__rate_interval]))", "{{model}} {{direction}}"),
                    unit="ops",
                ),
                lines(
                    "Custo por hora",
                    "Em dólares, por modelo.",
                    ("sum by (model) (increase(ai_cost_usd_total[1h]))", "{{model}}"),
                    unit="currencyUSD",
                ),
                lines(
                    "Duração p95 por provedor",
                    "Parte do provedor em uma chamada.",
                    (
                        "histogram_quantile(0.95, sum by (provider, le) (rate(gen_ai_client_operation_duration_seconds_bucket[$__rate_interval])))",
                        "{{provider}}",
                    ),
                    unit="s",
                ),
                lines(
                    "Primeiro token, p95",
                    "Até o primeiro pedaço de uma resposta em stream.",
                    (
                        "histogram_quantile(0.95, sum by (provider, le) (rate(gen_ai_client_time_to_first_chunk_seconds_bucket[$__rate_interval])))",
                        "{{provider}}",
                    ),
                    unit="s",
                ),
                lines(
                    "Falhas por provedor",
                    "Cada tentativa que terminou em erro.",
                    (
                        'sum by (provider, outcome) (rate(gen_ai_client_operation_duration_seconds_count{outcome!~"ok|cancelled"}[$__rate_interval]))',
                        "{{provider}} {{outcome}}",
                    ),
                    unit="ops",
                ),
            ],
        ),
        Row(
            "Documentos e tarefas",
            [
                lines(
                    "Busca",
                    "Duração das buscas em documentos.",
                    (
                        "histogram_quantile(0.5, sum by (le) (rate(rag_search_duration_seconds_bucket[$__rate_interval])))",
                        "p50",
                    ),
                    (
                        "histogram_quantile(0.95, sum by (le) (rate(rag_search_duration_seconds_bucket[$__rate_interval])))",
                        "p95",
                    ),
                    unit="s",
                ),
                lines(
                    "Buscas por resultado",
                    "not_answerable: nada que sustente uma resposta.",
                    ("sum by (outcome) (rate(rag_search_duration_seconds_count[$__rate_interval]))", "{{outcome}}"),
                    unit="ops",
                ),
                lines(
                    "Espera",
                    "Idade do documento e da tarefa que esperam há mais tempo.",
                    ("max(ai_indexing_oldest_seconds)", "documento"),
                    ("max(ai_tasks_oldest_seconds)", "tarefa"),
                    unit="s",
                ),
            ],
        ),
    ],
)
