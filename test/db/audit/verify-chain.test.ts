import { createHash } from 'node:crypto';
import { hashOfEntry, uuidBytes } from '../../../db/audit/hash.ts';
import type { ExportedEntry } from '../../../db/audit/hash.ts';
import { verifyChain } from '../../../db/audit/verify-chain.ts';

const WORKSPACE = '11111111-2222-4333-8444-555555555555';
const bytes = uuidBytes(WORKSPACE) as Buffer;

/** A chain of so many entries, without a database. */
function chainOf(length: number): readonly ExportedEntry[] {
  const entries: ExportedEntry[] = [];
  let previous = createHash('sha256').update('halton.audit.v1.genesis\0').update(bytes).digest('hex');
  for (let sequence = 1; sequence <= length; sequence += 1) {
    const fields = { sequence: String(sequence), recorded_at: `2026-07-01T12:00:00.${String(sequence).padStart(6, '0')}Z`, actor_kind: 'member', actor: 'user_1', action: 'project.renamed', target: 'p', details: '{"to":"Größe 😀"}', previous_hash: previous };
    const entry = { ...fields, hash: hashOfEntry(bytes, { ...fields, hash: '' }) ?? '' };
    entries.push(entry);
    previous = entry.hash;
  }
  return entries;
}

const ten = chainOf(10);
const [first, second] = ten as unknown as readonly [ExportedEntry, ExportedEntry];
const at = (sequence: number) => ten[sequence - 1] as ExportedEntry;
const edited = (sequence: number, change: Partial<ExportedEntry>) => ten.map((entry) => (Number(entry.sequence) === sequence ? { ...entry, ...change } : entry));
const verify = (entries: Iterable<unknown> | AsyncIterable<unknown>, anchor?: { readonly sequence: number; readonly hash: string }) => verifyChain(WORKSPACE, entries, anchor);

describe('the hash of an entry', () => {
  it('is what the format says, to the byte', () => {
    const text = (value: string) => {
      const utf8 = Buffer.from(value);
      const length = Buffer.alloc(4);
      length.writeInt32BE(utf8.length);
      return Buffer.concat([length, utf8]);
    };
    const input = Buffer.concat([
      Buffer.from('halton.audit.v1.entry\0'), Buffer.from('11111111222243338444555555555555', 'hex'), Buffer.from('0000000000000001', 'hex'), Buffer.from(first.previous_hash, 'hex'),
      Buffer.from((1_782_907_200_000_001n).toString(16).padStart(16, '0'), 'hex'), // date -u -d '2026-07-01 12:00:00' +%s
      text('member'), text('user_1'), text('project.renamed'), text('p'), text('{"to":"Größe 😀"}'),
    ]);
    expect(first.hash).toBe(createHash('sha256').update(input).digest('hex'));
  });

  it('is the one that Python computes, and never changes: exports that somebody holds have to verify with every release', () => {
    expect(first.previous_hash).toBe('d255294a64c529435be834cdff5f18579e3e301b6c7dd01bb7f7714fa9f9b990');
    expect(first.hash).toBe('10c1fa96397c7605ddd27da818e2c8e61c8636c575ffe9a2a61216e1a1010a33');
  });
});

describe('an export that is as it was written', () => {
  it('holds, whether it comes at once or piece by piece', async () => {
    expect(await verify(ten)).toEqual({ entries: 10 });
    expect(await verify((async function* pieces() { yield* ten; })())).toEqual({ entries: 10 });
    expect(await verify([])).toEqual({ entries: 0 });
  });

  it('holds with sequences that are numbers, as JSON has them, and a workspace in capitals', async () => {
    expect(await verifyChain(WORKSPACE.toUpperCase(), ten.map((entry) => ({ ...entry, sequence: Number(entry.sequence) })))).toEqual({ entries: 10 });
  });

  it('holds through JSON and back', async () => {
    expect(await verify(JSON.parse(JSON.stringify(ten)) as ExportedEntry[])).toEqual({ entries: 10 });
  });

  it('of another workspace does not hold', async () => {
    expect(await verifyChain('99999999-2222-4333-8444-555555555555', ten)).toEqual({ entries: 0, fault: { sequence: 1, code: 'changed' } });
  });

  it('is read no further once its fault is certain', async () => {
    let read = 0;
    function* counted() {
      for (const entry of ten) {
        read += 1;
        yield entry;
      }
    }
    expect(await verify(counted(), { sequence: 1, hash: second.hash })).toEqual({ entries: 0, fault: { sequence: 1, code: 'anchor' } });
    expect(read).toBe(2);
  });
});

describe('the first bad entry of an export is named where its lines were', () => {
  test.each<[string, readonly ExportedEntry[], string, number]>([
    ['exchanged', [...ten.slice(0, 4), at(6), at(5), ...ten.slice(6)], 'reordered', 5],
    ['turned round', ten.toReversed(), 'reordered', 1],
    ['put at the end', [...ten.slice(0, 4), ...ten.slice(5), at(5)], 'reordered', 5],
    ['left out', [...ten.slice(0, 4), ...ten.slice(5)], 'missing', 5],
    ['left out at the beginning', ten.slice(1), 'missing', 1],
    ['written twice', [...ten.slice(0, 5), at(5), ...ten.slice(5)], 'duplicate', 5],
    ['written again at the end', [...ten, at(5)], 'duplicate', 5],
    ['put beside others', [...ten.slice(0, 5), { ...at(5), target: 'x', hash: 'f'.repeat(64) }, ...ten.slice(5)], 'forked', 5],
    ['put before others', [...ten.slice(0, 4), { ...at(5), target: 'x', hash: 'f'.repeat(64) }, ...ten.slice(4)], 'forked', 5],
    ['changed and put at the end', [...ten, { ...at(5), target: 'x' }], 'changed', 5],
  ])('%s', async (_, entries, code, sequence) => {
    expect(await verify(entries)).toEqual({ entries: sequence - 1, fault: { sequence, code } });
  });
});

describe('a field that is written in another way than an export writes it', () => {
  test.each<[string, Partial<ExportedEntry>]>([
    ['a sequence with a zero before it', { sequence: '05' }],
    ['a sequence with a sign', { sequence: '+5' }],
    ['a sequence that is a fraction', { sequence: 5.5 }],
    ['a sequence that is none', { sequence: 'five' }],
    ['a time without microseconds', { recorded_at: '2026-07-01T12:00:00Z' }],
    ['a time in another zone', { recorded_at: '2026-07-01T14:00:00.000005+02:00' }],
    ['a time of a day that is not in the calendar', { recorded_at: '2026-06-31T12:00:00.000005Z' }],
    ['a time that is none', { recorded_at: '2026-13-01T12:00:00.000005Z' }],
    ['a previous hash in capitals', { previous_hash: at(5).previous_hash.toUpperCase() }],
    ['a previous hash that is too long', { previous_hash: `${at(5).previous_hash}00` }],
    ['a hash in capitals', { hash: at(5).hash.toUpperCase() }],
    ['half of a character', { target: '\ud800' }],
  ])('counts as changed: %s', async (_, change) => {
    expect(await verify(edited(5, change))).toEqual({ entries: 4, fault: { sequence: 5, code: 'changed' } });
  });

  it('counts as changed, also where both ways would have the same hash', async () => {
    const unpaired = { ...second, target: '\ufffd' };
    const fitting = { ...unpaired, hash: hashOfEntry(bytes, unpaired) ?? '' };
    expect(await verify([first, fitting])).toEqual({ entries: 2 });
    expect(await verify([first, { ...fitting, target: '\ud800' }])).toMatchObject({ fault: { sequence: 2, code: 'changed' } });
  });
});

describe('what is no entry', () => {
  const { hash: _hash, ...withoutHash } = at(5);
  const fields = ['recorded_at', 'actor_kind', 'actor', 'action', 'target', 'details', 'previous_hash', 'hash'] as const;
  const put = (value: unknown) => ten.map((entry) => (entry.sequence === '5' ? value : entry));

  test.each<[string, unknown]>([
    ['nothing', null],
    ['a number', 5],
    ['an empty object', {}],
    ['an entry without a hash, whose field makes that undefined too', { ...withoutHash, recorded_at: 'never' }],
    ['a list for a sequence', { ...at(5), sequence: ['5'] }],
    ...fields.flatMap((field): [string, unknown][] => [[`null for ${field}`, { ...at(5), [field]: null }], [`a number for ${field}`, { ...at(5), [field]: 5 }]]),
  ])('counts as changed: %s', async (_, value) => {
    expect(await verify(put(value))).toEqual({ entries: 4, fault: { sequence: 5, code: 'changed' } });
  });

  it('does not pass by the anchor with a zero before its sequence and no hash', async () => {
    const forged = ten.map(({ hash, ...entry }) => (Number(entry.sequence) < 4 ? { ...entry, hash } : { ...entry, sequence: `0${entry.sequence}`, actor: 'forged' }));
    expect(await verify(forged, { sequence: 6, hash: at(6).hash })).toEqual({ entries: 3, fault: { sequence: 4, code: 'changed' } });
  });
});

describe('against an anchor', () => {
  it('an export holds that has its entry', async () => {
    for (const { sequence, hash } of ten) expect(await verify(ten, { sequence: Number(sequence), hash })).toEqual({ entries: 10 });
  });

  it('an export does not hold that ends before it, or has another entry there', async () => {
    expect(await verify(ten.slice(0, 7), { sequence: 10, hash: at(10).hash })).toEqual({ entries: 7, fault: { sequence: 8, code: 'anchor' } });
    expect(await verify([], { sequence: 1, hash: first.hash })).toEqual({ entries: 0, fault: { sequence: 1, code: 'anchor' } });
    expect(await verify(ten, { sequence: 7, hash: at(8).hash })).toEqual({ entries: 6, fault: { sequence: 7, code: 'anchor' } });
  });

  test.each([
    [{ sequence: 0, hash: first.hash }, 'Got sequence 0'],
    [{ sequence: 1.5, hash: first.hash }, 'Got sequence 1.5'],
    [{ sequence: 1, hash: 'abc' }, 'Got sequence 1 and hash "abc" as the anchor, expected a whole number from 1 on and 64 hex digits in lower case.'],
  ])('nothing is verified where it is no entry: %j', async (anchor, message) => {
    await expect(verify(ten, anchor)).rejects.toMatchObject({ code: 'AUDIT_INPUT_UNREADABLE', message: expect.stringContaining(message) as string });
  });

  it('nothing is verified for a workspace that is no UUID', async () => {
    await expect(verifyChain('acme', ten)).rejects.toMatchObject({ code: 'AUDIT_INPUT_UNREADABLE', message: expect.stringContaining('Got "acme" as the workspace, expected its UUID.') as string });
  });
});
