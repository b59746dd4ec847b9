"""Rate, errors and duration of every API, the objective and its budget, sign-in."""

from monitor.boards.panels import Board, Row, good_is_zero, lines, logs, number

_OURS = 'route!~"/health.*|/metrics"'

BOARD = Board(
    uid="rotina-api",
    title="4 · API",
    description="Requisições, erros e duração por serviço e rota; meta de 99,9 %; login e limites.",
    rows=[
        Row(
            "Meta de 99,9 % em 30 dias",
            [
                lines(
                    "Velocidade de gasto, 1 h",
                    "1 gasta a margem do mês em um mês; 14,4 acorda alguém.",
                    ("job:api_errors:ratio_rate1h / 0.001", "{{job}}"),
                    width=12,
                ),
                lines(
                    "Velocidade de gasto, 6 h",
                    "6 acorda alguém.",
                    ("job:api_errors:ratio_rate6h / 0.001", "{{job}}"),
                    width=12,
                ),
            ],
        ),
        Row(
            "Requisições",
            [
                lines(
                    "Por segundo",
                    "Por serviço, sem sondas.",
                    (f"sum by (job) (rate(http_requests_total{{{_OURS}}}[$__rate_interval]))", "{{job}}"),
                    unit="reqps",
                ),
                lines(
                    "Erros 5xx",
                    "Por serviço e código.",
                    (
                        f'sum by (job, status) (rate(http_requests_total{{{_OURS},status=~"5.."}}[$__rate_interval]))',
                        "{{job}} {{status}}",
                    ),
                    unit="reqps",
                ),
                lines(
                    "Recusas 4xx",
                    "Por serviço e código. 499: quem pediu desligou.",
                    (
                        f'sum by (job, status) (rate(http_requests_total{{{_OURS},status=~"4.."}}[$__rate_interval]))',
                        "{{job}} {{status}}",
                    ),
                    unit="reqps",
                ),
                lines(
                    "Duração",
                    "Mediana e percentil 95, sem streams.",
                    (
                        'histogram_quantile(0.5, sum by (job, le) (rate(http_request_duration_seconds_bucket{route!~"/health.*|/metrics|.*/stream"}[$__rate_interval])))',
                        "{{job}} p50",
                    ),
                    (
                        'histogram_quantile(0.95, sum by (job, le) (rate(http_request_duration_seconds_bucket{route!~"/health.*|/metrics|.*/stream"}[$__rate_interval])))',
                        "{{job}} p95",
                    ),
                    unit="s",
                    width=12,
                ),
                lines(
                    "Em andamento",
                    "Requisições que ainda não terminaram, streams incluídos.",
                    ("sum by (job) (http_requests_in_flight)", "{{job}}"),
                    width=12,
                ),
                lines(
                    "As dez rotas mais lentas",
                    "Percentil 95 por rota.",
                    (
                        'topk(10, histogram_quantile(0.95, sum by (job, route, le) (rate(http_request_duration_seconds_bucket{route!~"/health.*|/metrics|.*/stream"}[$__rate_interval]))))',
                        "{{job}} {{route}}",
                    ),
                    unit="s",
                    width=12,
                ),
                lines(
                    "As dez rotas com mais erros",
                    "Respostas 5xx por rota.",
                    (
                        'topk(10, sum by (job, route) (rate(http_requests_total{status=~"5.."}[$__rate_interval])) > 0)',
                        "{{job}} {{route}}",
                    ),
                    unit="reqps",
                    width=12,
                ),
            ],
        ),
        Row(
            "Quem entra",
            [
                lines(
                    "Tokens recusados",
                    "Por motivo.",
                    ("sum by (reason) (rate(oidc_rejected_tokens_total[$__rate_interval]))", "{{reason}}"),
                    unit="ops",
                ),
                lines(
                    "Chaves do provedor",
                    "Buscas das chaves por resultado.",
                    (
                        "sum by (job, outcome) (increase(oidc_jwks_fetches_total[$__rate_interval]))",
                        "{{job}} {{outcome}}",
                    ),
                ),
                lines(
                    "Limites de uso",
                    "Recusas com 429, por limite.",
                    ("sum by (scope) (rate(rate_limit_refusals_total[$__rate_interval]))", "{{scope}}"),
                    unit="ops",
                ),
                number(
                    "Chamadas internas recusadas, 1 h",
                    "Sem chave ou com chave desconhecida.",
                    "sum(increase(internal_rejected_calls_total[1h]))",
                    steps=good_is_zero(),
                    width=6,
                ),
                number(
                    "Sem contagem, 1 h",
                    "Requisições que passaram sem contar porque o Redis de cache não respondeu.",
                    "sum(increase(rate_limit_unchecked_total[1h]))",
                    steps=good_is_zero(),
                    width=6,
                ),
            ],
        ),
        Row(
            "Logs",
            [
                logs(
                    "Requisições que falharam",
                    "Linhas de acesso com 5xx.",
                    '{service=~"core-api|ai-svc|worker-svc"} | json | status >= 500',
                )
            ],
        ),
    ],
)
