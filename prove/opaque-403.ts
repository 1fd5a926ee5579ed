import { median } from '../bench/rounds.ts';
import { TestApi } from '../test/support/api.ts';
import { arrivingRow, newDevice } from '../test/support/usage.ts';
import { signedRank } from './opaque/signed-rank.ts';
import { interleave } from './opaque/timings.ts';
import type { Log, Proof, ProofResult } from './proof.ts';

const ROUNDS = 2_000;
/** Rounds before: compilers and caches take some. */
const WARM_UP = 300;
/** How often chance alone may fail this, over all of its comparisons together. */
const ALPHA = 0.001;
/** How much more often than a coin somebody is right who takes the slower of two answers for the one that has a body. */
const EDGE = 0.05;
/** Milliseconds that are added to see that they would be noticed. */
const ADDED = 1;
/** Seconds for which the token is good. */
const LIFETIME = 3_600;

/** What the member asks for, who may read none of it. */
const CASES = { 'a body': 'req_body', 'no body': 'req_bare', 'no request': 'req_none' } as const;

/** HC-BODY-2: nobody learns from a refusal what is there. */
export const opaque403: Proof = {
  name: 'opaque-403',
  proves: `A member who asks for a teammate's body gets the same 403 whether there is one or not, and ${ROUNDS} timings of each do not tell them apart.`,
  run: (log) => opaque(ROUNDS, WARM_UP, log),
};

/** Asks for each so often, in turn. */
export async function opaque(rounds: number, warmUp: number, log: Log): Promise<ProofResult> {
  const api = await TestApi.start();
  try {
    const ask = await newAsker(api);
    const same = await sameAnswers(ask);
    if (same.length > 0) return { outcome: 'failed', details: same.join('\n') };
    log(`${rounds} rounds`);
    const ids = Object.values(CASES);
    const taken = await interleave(ids.map((id) => async () => (await ask(id)).milliseconds), rounds, warmUp);
    log(`${rounds} rounds in which one of two waits ${ADDED} ms more`);
    const [control = [], delayed = []] = await interleave([async () => (await ask(CASES['no request'])).milliseconds, async () => (await ask(CASES['no request'], ADDED)).milliseconds], rounds, warmUp);
    return judge(taken, { control, delayed });
  } finally {
    await api.stop();
  }
}

/** Judges the timings of the cases, in their order, by a test that notices what was added. */
export function judge(taken: readonly (readonly number[])[], { control, delayed }: { readonly control: readonly number[]; readonly delayed: readonly number[] }): ProofResult {
  const noticed = signedRank(delayed, control);
  if (noticed.p >= ALPHA || noticed.share < 0.5 + EDGE) return { outcome: 'failed', details: `${ADDED} ms more was not noticed (p ${noticed.p.toExponential(1)}, slower in ${noticed.share.toFixed(3)} of the rounds), so that this shows nothing` };
  const names = Object.keys(CASES);
  const pairs = names.flatMap((first, index) => names.slice(index + 1).map((second, more) => ({ first, second, ...signedRank(taken[index] ?? [], taken[index + 1 + more] ?? []) })));
  // Bonferroni: of several comparisons one is by chance what a single one seldom is.
  const told = pairs.filter(({ p, share }) => p < ALPHA / pairs.length || Math.abs(share - 0.5) > EDGE);
  const lines = pairs.map(({ first, second, p, share }) => `${first} against ${second}: p ${p.toFixed(3)}, slower in ${share.toFixed(3)} of ${taken[0]?.length ?? 0} rounds`);
  const medians = taken.map((times, index) => `${names[index]} ${median(times).toFixed(3)} ms`).join(', ');
  const details = `${lines.join('; ')} (Wilcoxon's signed-rank test, alpha ${ALPHA} over all, and at most ${0.5 + EDGE} of the rounds); medians: ${medians}; ${ADDED} ms more is noticed with p ${noticed.p.toExponential(1)}, slower in ${noticed.share.toFixed(3)}`;
  return { outcome: told.length > 0 ? 'failed' : 'proved', details };
}

interface Asked { readonly milliseconds: number; readonly status: number; readonly headers: Headers; readonly text: string }
type Ask = (requestId: string, more?: number) => Promise<Asked>;

/** A workspace with a teammate's requests, and a member who asks for them. */
async function newAsker(api: TestApi): Promise<Ask> {
  const tenant = await api.tenant();
  await api.superuser.query('UPDATE halton.workspaces SET body_sync = true WHERE workspace_id = $1', [tenant.workspaceId]);
  const [maker, member] = [await api.member(tenant, 'member'), await api.member(tenant, 'member')];
  const device = await newDevice(api, tenant, maker.userId);
  const sent = [
    await api.call('POST', `/v1/${tenant.workspaceId}/requests`, { ...device.call, body: { requests: [arrivingRow(CASES['a body']), arrivingRow(CASES['no body'])] } }),
    await api.call('PUT', `/v1/${tenant.workspaceId}/requests/${CASES['a body']}/body`, { ...device.call, body: { request: 'What is in the vault?', response: 'x'.repeat(10_000) } }),
    await api.call('GET', `/v1/traces/${CASES['a body']}/body`, { as: maker.token }),
  ];
  if (sent.some(({ status }) => status >= 300)) throw new Error(`Got ${sent.map(({ status }) => status).join(', ')}, expected a body that its maker reads.`);
  const token = await api.issuer.token(member.userId, { exp: Math.floor(Date.now() / 1000) + LIFETIME });
  return async (requestId, more = 0) => {
    const begun = performance.now();
    const { status, headers, text } = await api.call('GET', `/v1/traces/${requestId}/body`, { as: token });
    const answered = performance.now();
    // Without a timer, which would wait for the next whole millisecond.
    while (performance.now() < answered + more);
    return { milliseconds: performance.now() - begun, status, headers, text };
  };
}

/** What differs between the answers besides the id of the request and the second of the day. */
async function sameAnswers(ask: Ask): Promise<readonly string[]> {
  const shown = [];
  for (const [name, id] of Object.entries(CASES)) {
    const { status, headers, text } = await ask(id);
    const requestId = headers.get('x-request-id') ?? '(none)';
    const lines = [...headers].filter(([header]) => header !== 'date').map(([header, value]) => `${header}: ${value}`);
    shown.push({ name, status, answer: `${status}\n${lines.join('\n')}\n\n${text}`.replaceAll(requestId, 'REQUEST') });
  }
  const [first] = shown;
  return shown.filter(({ status, answer }) => status !== 403 || answer !== first?.answer).map(({ name, answer }) => `${name}: got ${answer}, expected ${first?.answer} with 403`);
}
