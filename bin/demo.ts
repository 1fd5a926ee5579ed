import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { DemoIssuer } from './demo-issuer.ts';
import type { Demo } from './laptop.ts';

const created = z.object({ workspaceId: z.string() });
const keyed = z.object({ key: z.string() });

/** Makes a workspace with a key, as a customer would: over HTTP. */
export async function makeDemo(url: string, issuer: DemoIssuer): Promise<Demo> {
  const ownerId = `user_demo_${randomBytes(4).toString('hex')}`;
  const token = await issuer.token(ownerId);
  const post = async (path: string, body: object): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`Got ${response.status} from POST ${path}, expected a new one: ${await response.text()}`);
    return response.json();
  };
  const { workspaceId } = created.parse(await post('/v1/workspaces', { name: 'Demo', organisationName: 'Demo' }));
  const { key } = keyed.parse(await post(`/v1/workspaces/${workspaceId}/api-keys`, { name: 'Demo' }));
  return { ownerId, workspaceId, apiKey: key };
}

/** Something to try, and the line that does it. */
export interface Example {
  readonly does: string;
  readonly line: string;
}

/** Lines to paste into a shell, of which the first sets what the others use. */
export function examplesOf(url: string, { workspaceId, apiKey }: Demo, token: string, now: Date): readonly Example[] {
  const today = now.toISOString().slice(0, 10);
  const request = (id: string, model: string, cost: string) => ({ requestId: id, occurredAt: now.toISOString(), provider: 'anthropic', model, inputTokens: 1200, outputTokens: 340, costUsd: cost, userId: 'user_ada' });
  const batch = JSON.stringify({ requests: [request('demo-1', 'claude-sonnet', '0.0087'), request('demo-2', 'claude-haiku', '0.00231')] });
  const key = `-H "authorization: Bearer $KEY"`;
  return [
    { does: 'first of all, in the shell that the rest is pasted into', line: `API=${url} WS=${workspaceId} KEY=${apiKey} TOKEN=${token}` },
    { does: 'store two requests; once more changes nothing', line: `curl -s $API/v1/$WS/requests ${key} -H 'content-type: application/json' -d '${batch}'` },
    { does: 'what was spent, by day and model', line: `curl -s "$API/v1/$WS/spend?from=${today}&to=${today}&by=day&group=model" ${key}` },
    { does: 'all that is stored', line: `curl -s "$API/v1/$WS/requests?from=${today}&to=${today}" ${key}` },
    { does: 'that nobody has touched the audit log', line: `curl -s $API/v1/workspaces/$WS/audit/verify -H "authorization: Bearer $TOKEN"` },
  ];
}
