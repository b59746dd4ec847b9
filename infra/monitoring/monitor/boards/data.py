"""How fresh the market data is."""

from monitor.boards.panels import GREEN, RED, YELLOW, Board, Panel, Row, lines

_AGE = ((None, GREEN), (4 * 86400, YELLOW), (6 * 86400, RED))


def _ages(title: str, description: str, metric: str) -> Panel:
    query = (f"time() - max by (dataset) ({metric} > 0)", "{{dataset}}")
    return Panel("bargauge", title, description, [query], "s", 12, height=9, steps=_AGE)


BOARD = Board(
    uid="rotina-data",
    title="6 · Atualidade dos dados",
    description="Até que data cada conjunto de dados está carregado, e quando a fonte foi consultada.",
    since="now-7d",
    rows=[
        Row(
            "Agora",
            [
                _ages(
                    "Idade da data mais nova",
                    "Desde a data de negócio mais nova que está carregada. O maior intervalo do calendário da B3 é o carnaval: menos de seis dias.",
                    "dataset_newest_business_date_timestamp_seconds",
                ),
                _ages(
                    "Última consulta à fonte",
                    "Desde que a fonte foi consultada com sucesso.",
                    "dataset_checked_timestamp_seconds",
                ),
                _ages(
                    "Último arquivo novo", "Desde que um arquivo novo foi visto.", "dataset_released_timestamp_seconds"
                ),
                _ages("Última carga", "Desde que uma carga terminou.", "dataset_loaded_timestamp_seconds"),
            ],
        ),
        Row(
            "Na semana",
            [
                lines(
                    "Idade da data mais nova",
                    "Dentes de serra são normais: cada carga volta a linha para perto de zero.",
                    ("time() - max by (dataset) (dataset_newest_business_date_timestamp_seconds > 0)", "{{dataset}}"),
                    unit="s",
                    width=24,
                ),
                lines(
                    "Downloads e cargas",
                    "Tentativas por job e resultado.",
                    (
                        'sum by (job, outcome) (increase(worker_runs_total{job=~"b3.*|cvm.*|job_.*"}[1h]))',
                        "{{job}} {{outcome}}",
                    ),
                    width=24,
                ),
            ],
        ),
    ],
)
