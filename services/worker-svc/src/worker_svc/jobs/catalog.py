"""The built-in jobs. Only names, params and addresses: what a job needs is imported where it runs."""

from rotina import JobRegistry, JobSpec
from worker_svc.jobs.ai.document_params import IndexParams, RefreshParams
from worker_svc.jobs.ai.params import (
    BatchParams,
    ProcessTextParams,
    QaParams,
    SummarizeParams,
    WarningsParams,
)
from worker_svc.jobs.params import (
    CleanLogsParams,
    CotahistParams,
    NoopParams,
    NoParams,
    RecentFilesParams,
    SummaryParams,
)

CATALOG = JobRegistry(
    [
        JobSpec(
            name="core.noop",
            title="Nada",
            description="Não faz nada (ou espera); corre no próprio worker. Para experimentar rotinas e medir a fila.",
            params=NoopParams,
            entrypoint="worker_svc.jobs.core:noop",
            light=True,
        ),
        JobSpec(
            name="core.noop_process",
            title="Nada, em processo próprio",
            description="Como core.noop, mas em um processo filho, como os trabalhos de verdade.",
            params=NoopParams,
            entrypoint="worker_svc.jobs.core:noop_process",
        ),
        JobSpec(
            name="system.check",
            title="Verificação do sistema",
            description="Verifica banco, Redis, core-api e armazenamento, e mede quanto demoram.",
            params=NoParams,
            entrypoint="worker_svc.jobs.system:check",
            timeout_seconds=60,
        ),
        JobSpec(
            name="system.clean_logs",
            title="Limpeza do histórico",
            description="Remove execuções, logs e registros que passaram do prazo; as estatísticas diárias ficam.",
            params=CleanLogsParams,
            entrypoint="worker_svc.jobs.system:clean_logs",
            timeout_seconds=1800,
        ),
        JobSpec(
            name="b3.cotahist.download",
            title="B3: baixar COTAHIST",
            description="Baixa o arquivo de cotações da B3, confere o trailer e guarda os bytes originais.",
            params=CotahistParams,
            entrypoint="worker_svc.jobs.b3.download:run",
            timeout_seconds=1800,
        ),
        JobSpec(
            name="b3.cotahist.load",
            title="B3: carregar COTAHIST",
            description="Carrega o arquivo baixado: insere, atualiza e apaga até o pregão ficar igual ao arquivo.",
            params=CotahistParams,
            entrypoint="worker_svc.jobs.b3.load:run",
            timeout_seconds=1800,
        ),
        JobSpec(
            name="job_baixar_arquivos_b3",
            title="B3: baixar os últimos arquivos",
            description="Baixa os COTAHIST dos últimos n pregões; segue em frente quando um falta, e avisa.",
            params=RecentFilesParams,
            entrypoint="worker_svc.jobs.b3.recent:run",
            timeout_seconds=3600,
        ),
        JobSpec(
            name="market.daily_summary",
            title="Resumo do pregão",
            description="Conta cotações por mercado e lista os maiores volumes do pregão carregado.",
            params=SummaryParams,
            entrypoint="worker_svc.jobs.market_summary:run",
            timeout_seconds=300,
        ),
        JobSpec(
            name="ai.process_text",
            title="IA: processar texto",
            description="Aplica a um texto uma instrução (com modelo) ou uma operação (sem modelo).",
            params=ProcessTextParams,
            entrypoint="worker_svc.jobs.ai.texts:process_text",
            timeout_seconds=3600,
        ),
        JobSpec(
            name="ai.summarize",
            title="IA: resumir texto",
            description="Resume um texto, por longo que seja; sem modelo, com as frases mais importantes dele.",
            params=SummarizeParams,
            entrypoint="worker_svc.jobs.ai.texts:summarize",
            timeout_seconds=3600,
        ),
        JobSpec(
            name="ai.qa",
            title="IA: perguntar a um texto",
            description="Responde a uma pergunta somente com o que está no texto, com citações conferidas.",
            params=QaParams,
            entrypoint="worker_svc.jobs.ai.texts:qa",
            timeout_seconds=3600,
        ),
        JobSpec(
            name="ai.batch",
            title="IA: lote de textos",
            description="Processa, resume ou pergunta a muitos textos; retoma de onde parou, sem repetir itens.",
            params=BatchParams,
            entrypoint="worker_svc.jobs.ai.texts:batch",
            timeout_seconds=6 * 3600,
        ),
        JobSpec(
            name="ai.summarize_warnings",
            title="IA: resumo das cargas do dia",
            description="Conta em um parágrafo o que as cargas da B3 e da CVM carregaram, o que faltou e os avisos.",
            params=WarningsParams,
            entrypoint="worker_svc.jobs.ai.warnings:run",
            timeout_seconds=600,
        ),
        JobSpec(
            name="rag.index",
            title="Documentos: indexar",
            description="Põe os documentos de uma pasta, um endereço, um texto ou uma API à disposição da busca.",
            params=IndexParams,
            entrypoint="worker_svc.jobs.ai.documents:index",
            timeout_seconds=1800,
        ),
        JobSpec(
            name="rag.refresh",
            title="Documentos: atualizar",
            description="Busca de novo o que mudou: runbooks, rotinas e erros da própria Rotina, e endereços.",
            params=RefreshParams,
            entrypoint="worker_svc.jobs.ai.documents:refresh",
            timeout_seconds=1800,
        ),
    ]
)
