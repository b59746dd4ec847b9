"""The morning's first look: did the day run, what is missing, is anything wrong."""

from monitor.boards.panels import (
    BLUE,
    GREEN,
    RED,
    YELLOW,
    YES_NO,
    Board,
    Row,
    bars,
    good_from,
    good_is_zero,
    lines,
    logs,
    number,
)

BOARD = Board(
    uid="rotina-day",
    title="1 · Visão do dia",
    description="O que deveria ter rodado hoje, o que rodou, o que falta e o que está errado.",
    since="now-24h",
    rows=[
        Row(
            "Está tudo bem?",
            [
                number(
                    "Alertas que acordam alguém",
                    "Alertas com severity page que estão disparando agora. Zero é o normal.",
                    'count(ALERTS{alertstate="firing",severity="page"}) or vector(0)',
                    steps=good_is_zero(),
                ),
                number(
                    "Alertas para o expediente",
                    "Alertas com severity ticket que estão disparando agora.",
                    'count(ALERTS{alertstate="firing",severity="ticket"}) or vector(0)',
                    steps=((None, GREEN), (1, YELLOW)),
                ),
                number(
                    "Carga diária feita",
                    "Se a fila da data de hoje foi escrita. Ela é escrita às 00:01.",
                    "max(daily_load_finished_timestamp_seconds) > bool 0",
                    steps=good_from(),
                    mappings=YES_NO,
                ),
                number(
                    "Schedulers vivos",
                    "Processos do scheduler vistos nos últimos dez segundos.",
                    "max(schedulers_alive)",
                    steps=good_from(),
                ),
                number(
                    "Workers vivos",
                    "Workers que podem receber execuções.",
                    'max(workers{state="alive"})',
                    steps=good_from(),
                ),
                number(
                    "Prazos perdidos em aberto",
                    "Incidentes LATE que ainda não terminaram.",
                    'max(incidents_open{kind="LATE"})',
                    steps=good_is_zero(),
                ),
            ],
        ),
        Row(
            "O dia",
            [
                bars(
                    "Execuções de hoje",
                    "Execuções da data de negócio de hoje (São Paulo), por situação.",
                    ("max by (status) (queue_day_executions)", "{{status}}"),
                ),
                lines(
                    "Ao longo do dia",
                    "As mesmas execuções ao longo do tempo: a soma é o tamanho da carga do dia.",
                    ("max by (status) (queue_day_executions)", "{{status}}"),
                    stacked=True,
                    width=16,
                ),
                lines(
                    "Terminadas por hora",
                    "Execuções que terminaram, por resultado, em cada hora.",
                    ("sum by (status) (increase(executions_finished_total[1h]))", "{{status}}"),
                    width=12,
                ),
                lines(
                    "Incidentes em aberto",
                    "Incidentes por tipo, como na tela de alertas do produto.",
                    ("max by (kind) (incidents_open)", "{{kind}}"),
                    width=12,
                ),
            ],
        ),
        Row(
            "Promessas",
            [
                number(
                    "Início, p99",
                    "De vencida até aceita por um worker, uma em cada cem espera mais do que isto (última hora).",
                    "histogram_quantile(0.99, sum by (le) (rate(execution_start_delay_seconds_bucket[1h])))",
                    unit="s",
                    steps=((None, GREEN), (1, YELLOW), (15, RED)),
                ),
                number(
                    "Requisições sem erro, 24 h",
                    "Parte das requisições de pessoas e programas que não terminou em 5xx. A meta é 99,9 %.",
                    '1 - sum(increase(http_requests_total{route!~"/health.*|/metrics|/internal/.*",status=~"5.."}[24h]) or vector(0)) / sum(increase(http_requests_total{route!~"/health.*|/metrics|/internal/.*"}[24h]))',
                    unit="percentunit",
                    steps=((None, RED), (0.999, GREEN)),
                ),
                number(
                    "Custo de IA, 24 h",
                    "O que as chamadas a modelos custaram nas últimas 24 horas.",
                    "sum(increase(ai_cost_usd_total[24h])) or vector(0)",
                    unit="currencyUSD",
                    steps=((None, BLUE),),
                ),
                number(
                    "Avisos não entregues",
                    "Mensagens a pessoas que nenhum canal aceitou nos últimos sete dias.",
                    "max(notifications_dead_deliveries)",
                    steps=good_is_zero(),
                ),
                number(
                    "Idade do último backup",
                    "Desde o último backup completo. Mais de 26 horas é um alerta.",
                    "time() - max(rotina_backup_last_success_timestamp_seconds)",
                    unit="s",
                    steps=((None, GREEN), (93600, RED)),
                ),
                number(
                    "Idade do último teste de restauração",
                    "Desde a última restauração que deu certo. Mais de 8 dias é um alerta.",
                    "time() - max(rotina_restore_drill_last_success_timestamp_seconds)",
                    unit="s",
                    steps=((None, GREEN), (691200, RED)),
                ),
            ],
        ),
        Row(
            "Erros nos logs",
            [
                logs(
                    "Erros de todos os serviços",
                    "Linhas com nível ERROR; trace_id leva ao trace.",
                    '{service=~"core-api|core-scheduler|ai-svc|worker-svc", level="ERROR"}',
                ),
            ],
        ),
    ],
)
