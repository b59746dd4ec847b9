"""The outside world of a simulation: a store that takes each effect once and refuses whoever holds an old token.

`open` is called when an attempt begins and registers its number as the token. `write` answers
`accepted`; `stale` when a newer attempt has opened meanwhile; `already there` when an earlier attempt, whose worker
died before it could report, had its effect; and `twice` when the very same attempt writes again, which must not happen.
"""

SCHEMA = """
CREATE SCHEMA chaos;
CREATE TABLE chaos.starts (
    execution_id uuid NOT NULL, attempt integer NOT NULL, nonce uuid NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT clock_timestamp(), closed_at timestamptz);
CREATE INDEX ON chaos.starts (execution_id, attempt);
CREATE TABLE chaos.fences (execution_id uuid PRIMARY KEY, token integer NOT NULL, written_by integer);
CREATE TABLE chaos.writes (
    execution_id uuid NOT NULL, attempt integer NOT NULL, verdict text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp());

CREATE FUNCTION chaos.open(the_execution uuid, the_attempt integer, the_nonce uuid) RETURNS void LANGUAGE sql AS $$
    INSERT INTO chaos.starts (execution_id, attempt, nonce) VALUES (the_execution, the_attempt, the_nonce);
    INSERT INTO chaos.fences AS fence (execution_id, token) VALUES (the_execution, the_attempt)
    ON CONFLICT (execution_id) DO UPDATE SET token = greatest(fence.token, excluded.token);
$$;

CREATE FUNCTION chaos.write(the_execution uuid, the_attempt integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    fence chaos.fences;
    verdict text;
BEGIN
    SELECT * INTO STRICT fence FROM chaos.fences WHERE execution_id = the_execution FOR UPDATE;
    verdict := CASE WHEN the_attempt < fence.token THEN 'stale'
                    WHEN fence.written_by IS NULL THEN 'accepted'
                    WHEN fence.written_by = the_attempt THEN 'twice'
                    ELSE 'already there' END;
    INSERT INTO chaos.writes (execution_id, attempt, verdict) VALUES (the_execution, the_attempt, verdict);
    IF verdict = 'accepted' THEN
        UPDATE chaos.fences SET written_by = the_attempt WHERE execution_id = the_execution;
    END IF;
    UPDATE chaos.starts SET closed_at = clock_timestamp()
    WHERE execution_id = the_execution AND attempt = the_attempt;
    RETURN verdict;
END $$;

GRANT USAGE ON SCHEMA chaos TO market;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA chaos TO market;
"""
