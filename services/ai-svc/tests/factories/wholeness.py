"""What must hold of documents at every moment, asked in one statement each, so that it is one moment."""

# Documents of which a reader would see a mixture: passages of two versions, too many or too few, elsewhere in the text.
BROKEN = """
SELECT d.id, d.version, d.chunk_count, seen.* FROM ai.documents AS d
LEFT JOIN ai.document_texts AS t ON t.document_id = d.id
CROSS JOIN LATERAL (
    SELECT count(*) AS chunks, count(DISTINCT c.ordinal) AS places, coalesce(max(c.ordinal), -1) AS last,
        coalesce(min(c.version), d.version) AS lowest, coalesce(max(c.version), d.version) AS highest,
        coalesce(bool_and(substring(t.text FROM c.start_offset + 1 FOR c.end_offset - c.start_offset) = c.text), true) AS placed,
        coalesce(bool_and(c.access_id = d.access_id), true) AS readers, count(DISTINCT (c.start_offset, c.end_offset)) AS spans
    FROM ai.chunks AS c WHERE c.document_id = d.id
) AS seen
WHERE seen.chunks <> d.chunk_count OR seen.places <> seen.chunks OR seen.last <> seen.chunks - 1 OR seen.spans <> seen.chunks
    OR seen.lowest <> d.version OR seen.highest <> d.version OR NOT seen.placed OR NOT seen.readers
    OR (d.version > 0) <> (t.document_id IS NOT NULL)
"""

# Words or vectors without their passage, passages without theirs, and ones with other readers.
ORPHANS = """
SELECT
    (SELECT count(*) FROM ai.postings AS p FULL JOIN ai.chunks AS c ON c.id = p.chunk_id
     WHERE c.id IS NULL OR p.chunk_id IS NULL OR c.access_id <> p.access_id OR c.document_id <> p.document_id),
    (SELECT count(*) FROM ai.chunk_vectors AS v FULL JOIN ai.chunks AS c ON c.id = v.chunk_id
     WHERE c.id IS NULL OR v.chunk_id IS NULL OR c.access_id <> v.access_id OR c.content_hash <> v.content_hash),
    (SELECT count(*) FROM ai.chunks AS c LEFT JOIN ai.documents AS d ON d.id = c.document_id WHERE d.id IS NULL),
    (SELECT count(*) FROM ai.document_originals AS o LEFT JOIN ai.documents AS d ON d.id = o.document_id
     WHERE d.id IS NULL OR o.revision > d.revision)
"""

# Terms whose count is not the number of passages that have them.
MISCOUNTED = """
WITH counted AS (
    SELECT term, sum(df) AS df FROM (
        SELECT id AS term, df FROM ai.terms
        UNION ALL SELECT one.term, one.delta FROM ai.term_changes, unnest(terms, deltas) AS one (term, delta)
    ) AS every GROUP BY term
), there AS (SELECT term, count(*) AS df FROM ai.postings, unnest(terms) AS term GROUP BY term)
SELECT term FROM counted FULL JOIN there USING (term) WHERE coalesce(counted.df, 0) <> coalesce(there.df, 0)
"""

SHOWN = """
SELECT d.id, d.source_key, d.status, d.error_code, d.version, t.text,
    (SELECT array_agg(ARRAY[c.heading, c.text] ORDER BY c.ordinal) FROM ai.chunks AS c WHERE c.document_id = d.id) AS chunks
FROM ai.documents AS d LEFT JOIN ai.document_texts AS t ON t.document_id = d.id
"""

# What the indexes have of each passage, beside the passage itself.
INDEXED = """
SELECT d.title, c.heading, c.text, p.terms, CAST(v.vector AS text) AS vector FROM ai.chunks AS c
JOIN ai.documents AS d ON d.id = c.document_id JOIN ai.postings AS p ON p.chunk_id = c.id
JOIN ai.chunk_vectors AS v ON v.chunk_id = c.id
"""
