import { fileWith, problemsOf } from './refused.ts';

/** Nine levels, each of which names the one before it twice. */
const bomb = ['a0: &a0 [x, x]', ...Array.from({ length: 9 }, (_, level) => `a${level + 1}: &a${level + 1} [*a${level}, *a${level}]`)].join('\n');

describe('YAML that is not one mapping is refused', () => {
  test.each([
    { what: 'an empty file', text: '', got: /^nothing$/, expected: /^a mapping with the keys name, kind, region,/ },
    { what: 'a file of comments', text: '# name: acme\n', got: /^nothing$/, expected: /^a mapping/ },
    { what: 'a list', text: '- name: acme\n', got: /^a list of 1$/, expected: /^a mapping/ },
    { what: 'a single value', text: 'acme\n', got: /^acme$/, expected: /^a mapping/ },
    { what: 'a second document', text: 'name: acme\n---\nname: bcme\n', line: 2, got: /^a second YAML document$/, expected: /^one$/ },
    { what: 'a tab', text: 'name: acme\nnetwork:\n\tcidr: 10.40.0.0/16\n', line: 3, got: /^a tab$/, expected: /^spaces/ },
    { what: 'an open bracket', text: 'name: acme\nnetwork: {availabilityZones: [\n', line: 3, got: /^YAML that cannot be read/, expected: /^well-formed YAML/ },
    { what: 'a tag', text: 'name: !secret acme\n', line: 1, got: /!secret/, expected: /^well-formed YAML/ },
    { what: 'a key that is no text', text: '? [a, b]\n: acme\n', line: 1, got: /keys must be strings/, expected: /^well-formed YAML/ },
    { what: 'nesting without end', text: '['.repeat(20_000), line: 1, got: /^YAML that cannot be read/, expected: /^well-formed YAML/ },
  ])('$what', ({ text, line, got, expected }) => {
    expect(problemsOf(text)).toEqual([
      {
        field: '(file)',
        ...(line === undefined ? {} : { line }),
        got: expect.stringMatching(got),
        expected: expect.stringMatching(expected),
        mend: expect.stringMatching(/\w/),
      },
    ]);
  });
});

describe('aliases are refused', () => {
  test('one by one, with the line', () => {
    expect(problemsOf('name: &name acme\nkind: *name\n')).toEqual([
      { field: '(file)', line: 2, got: 'the alias *name', expected: 'values that stand where they are used', mend: 'write the value out' },
    ]);
  });

  test('as a bomb, without being expanded', () => {
    const problems = problemsOf(bomb);
    expect(problems).toHaveLength(18);
    expect(problems.every(({ got }) => got.startsWith('the alias *'))).toBe(true);
  });

  test('that hold themselves', () => {
    expect(problemsOf('name: &name [*name]\n')).toMatchObject([{ got: 'the alias *name' }]);
  });
});

describe('keys', () => {
  test('that stand twice are refused beside the other problems of the file', () => {
    const before = fileWith({});
    const line = before.split('\n').length + 2;
    const text = `${before}database:\n  backupRetentionDays: 7\n  backupRetentionDays: 30\n`;
    expect(problemsOf(text)).toEqual([
      { field: 'database.backupRetentionDays', line, got: 'a key that stands there already', expected: 'each key once', mend: 'keep one of the two' },
      expect.objectContaining({ field: 'database.backupRetentionDays', line, got: '30', mend: 'write 7' }),
    ]);
  });

  test.each([
    { section: 'the file', text: `${fileWith({})}__proto__: {danger: {}}\n`, field: '__proto__' },
    { section: 'a mapping', text: `${fileWith({})}danger:\n  __proto__: true\n`, field: 'danger.__proto__' },
  ])('called __proto__ are unknown keys of $section', ({ text, field }) => {
    expect(problemsOf(text)).toMatchObject([{ field, got: 'an unknown key' }]);
  });
});

test('a long value is quoted in part', () => {
  const [problem] = problemsOf(fileWith({ name: 'a'.repeat(5000) }));
  expect(problem?.got).toBe(`${'a'.repeat(60)}…`);
});
