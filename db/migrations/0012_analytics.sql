-- What leaves the database for analytics: sums over workspaces, by day, provider and model. No workspace is named, and a
-- group that fewer than five workspaces make up is left out, as is one in which a single workspace makes up more than 80 %
-- of any of the sums: that sum would be its own.
CREATE SCHEMA halton_analytics;
GRANT USAGE ON SCHEMA halton_analytics TO halton_analytics;

GRANT SELECT (workspace_id, occurred_at, provider, model, input_tokens, output_tokens, cached_tokens, cost_usd, latency_ms)
  ON halton.requests TO halton_aggregator;
CREATE POLICY aggregate ON halton.requests FOR SELECT TO halton_aggregator USING (true);

CREATE FUNCTION halton.usage_by_day(first_day date, last_day date) RETURNS TABLE (
  day date, provider text, model text, workspaces bigint, requests bigint,
  input_tokens numeric, output_tokens numeric, cached_tokens numeric, cost_usd numeric, mean_latency_ms numeric
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH one_workspace AS (
    SELECT (occurred_at AT TIME ZONE 'UTC')::date AS day, r.provider, r.model, workspace_id, count(*) AS requests,
      sum(r.input_tokens) AS input_tokens, sum(r.output_tokens) AS output_tokens, sum(r.cached_tokens) AS cached_tokens,
      sum(r.cost_usd) AS cost_usd, sum(latency_ms) AS latency, count(latency_ms) AS timed
    FROM halton.requests r
    WHERE occurred_at >= first_day::timestamp AT TIME ZONE 'UTC' AND occurred_at < (last_day + 1)::timestamp AT TIME ZONE 'UTC'
    GROUP BY 1, 2, 3, 4
  )
  SELECT day, provider, model, count(*), sum(requests), sum(input_tokens), sum(output_tokens), sum(cached_tokens), sum(cost_usd),
    round(sum(latency) / nullif(sum(timed), 0))
  FROM one_workspace
  GROUP BY day, provider, model
  HAVING count(*) >= 5
    AND max(requests) <= 0.8 * sum(requests)
    AND max(input_tokens) <= 0.8 * sum(input_tokens)
    AND max(output_tokens) <= 0.8 * sum(output_tokens)
    AND max(cached_tokens) <= 0.8 * sum(cached_tokens)
    AND max(cost_usd) <= 0.8 * sum(cost_usd)
    AND coalesce(max(latency) <= 0.8 * sum(latency), true) -- where nobody told a latency there is none to show
  ORDER BY day, provider, model
$$;
GRANT EXECUTE ON FUNCTION halton.usage_by_day(date, date) TO halton_analytics;
CALL halton.hand_over('halton_aggregator', 'halton.usage_by_day(date, date)');

CREATE VIEW halton_analytics.last_30_days WITH (security_invoker = true) AS
  SELECT * FROM halton.usage_by_day((now() AT TIME ZONE 'UTC')::date - 30, (now() AT TIME ZONE 'UTC')::date - 1);
GRANT SELECT ON halton_analytics.last_30_days TO halton_analytics;

INSERT INTO halton.schema_versions (version, serves) VALUES (12, 1);
