import * as fc from 'fast-check';
import { TestApi } from '../test/support/api.ts';
import { aftermathOf } from './fuzz/aftermath.ts';
import { operationsOf } from './fuzz/document.ts';
import type { ApiDocument } from './fuzz/document.ts';
import { faultOf } from './fuzz/judge.ts';
import { fuzzRequests } from './fuzz/requests.ts';
import type { FuzzRequest } from './fuzz/requests.ts';
import { Sender } from './fuzz/send.ts';
import { newFuzzWorld } from './fuzz/world.ts';
import type { Log, Proof } from './proof.ts';

const REQUESTS = 10_000;
/** Requests to one world: members leave, keys are revoked, and after a while nobody would be let in any more. */
const BATCH = 300;
/** Requests at once: a few, so that they meet each other's locks, and not so many that one is rightly told to come later. */
const AT_ONCE = 4;
/** Share of the operations that answered a request with success at least: one that never did was not looked at. */
const SEEN = 0.9;

/** What came of so many requests. */
export interface Fuzzed {
  /** How many answers had which status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly operations: number;
  /** Operations that never answered with success. */
  readonly unseen: readonly string[];
  /** Each kind of fault once, by the smallest request that had it; and what was found in the database afterwards. */
  readonly faults: readonly string[];
  readonly workspaces: number;
  readonly rows: number;
}

/** The document is what the service does. */
export const fuzz: Proof = {
  name: 'fuzz',
  proves: `Of ${REQUESTS} requests at random, made from the API's own document, none gets an answer that it does not list or a 5xx, and none breaks a chain or leaves its workspace.`,
  async run(log) {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const begun = performance.now();
    const { statuses, operations, unseen, faults, workspaces, rows } = await fuzzApi(REQUESTS, seed, log);
    const seconds = Math.round((performance.now() - begun) / 1000);
    if (faults.length > 0) return { outcome: 'failed', details: [`seed ${seed}`, ...faults].join('\n') };
    const seen = operations - unseen.length;
    const counted = Object.entries(statuses).map(([status, count]) => `${count} x ${status}`).join(', ');
    const details = `${REQUESTS} requests to ${operations} operations in ${seconds} s (seed ${seed}): ${counted}; ${seen} operations answered with success${seen < operations ? `, and not ${unseen.join(', ')}` : ''}; ${workspaces} chains hold, and none of ${rows} rows carries another workspace's id`;
    return { outcome: seen < operations * SEEN ? 'failed' : 'proved', details };
  },
};

/** Sends so many requests to a service of its own, and looks at every answer and at what they left behind. */
export async function fuzzApi(count: number, seed: number, log: Log = () => undefined): Promise<Fuzzed> {
  const api = await TestApi.start({ proxyRange: '127.0.0.0/8' });
  const sender = new Sender(api.url);
  try {
    const operations = operationsOf((await api.call<ApiDocument>('GET', '/openapi.json')).body);
    const statuses: Record<string, number> = {};
    const succeeded = new Set<string>();
    const faults = new Map<string, { times: number; smallest: FuzzRequest; said: string }>();
    for (let sent = 0; sent < count; sent += BATCH) {
      const requests = fc.sample(fuzzRequests(operations, await newFuzzWorld(api), api.webhookSecret), { numRuns: Math.min(BATCH, count - sent), seed: seed + sent });
      await forEach(requests, async (request) => {
        const answer = await sender.send(request);
        const status = 'failed' in answer ? 'none' : String(answer.status);
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (status.startsWith('2')) succeeded.add(request.operation.name);
        const fault = faultOf(request, answer);
        if (fault === undefined) return;
        const key = `${request.operation.name}: ${fault}`;
        const { times, smallest, said } = faults.get(key) ?? { times: 0, smallest: request, said: logged(api, answer) };
        faults.set(key, size(request) < size(smallest) ? { times: times + 1, smallest: request, said: logged(api, answer) } : { times: times + 1, smallest, said });
      });
      log(`${Math.min(sent + BATCH, count)} requests, ${faults.size} kinds of faults`);
      api.lines.length = 0;
    }
    const { workspaces, rows, trouble } = await aftermathOf(api);
    return {
      statuses, workspaces, rows,
      operations: operations.length,
      unseen: operations.map(({ name }) => name).filter((name) => !succeeded.has(name)),
      faults: [...[...faults].map(([key, { times, smallest, said }]) => `${key} (${times} times): ${shown(smallest)}${said}`), ...trouble],
    };
  } finally {
    sender.end();
    await api.stop();
  }
}

async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (const item of left) await work(item);
  }));
}

const size = ({ path, body = '' }: FuzzRequest): number => path.length + body.length;

/** As somebody would send it again. */
function shown({ operation: { method }, caller, path, headers, body = '' }: FuzzRequest): string {
  const { authorization: _, 'x-forwarded-for': __, ...others } = headers;
  return `${caller}: ${method} ${cut(path)} ${cut(JSON.stringify(others))} ${cut(body)}`;
}

const cut = (text: string): string => (text.length > 600 ? `${text.slice(0, 600)}… (${text.length} characters)` : text);

/** What the service wrote about it, which the answer does not say. */
function logged({ lines }: TestApi, answer: { readonly text: string } | { readonly failed: string }): string {
  const id = 'text' in answer ? /"requestId":"([^"]+)"/.exec(answer.text)?.[1] : undefined;
  const line = id === undefined ? undefined : lines.find((one) => one.includes(id) && one.includes('"err"'));
  return line === undefined ? '' : `\n  ${cut(line.trim())}`;
}
