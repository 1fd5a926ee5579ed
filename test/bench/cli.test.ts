import { spawnSync } from 'node:child_process';

const bench = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bench/cli.ts', ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

describe('npm run bench', () => {
  it('says what it measures', () => {
    expect(bench('--help')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Usage: npm run bench -- \(api \| database\)[^]*Exit codes: 0 every target is met; 1 one is missed/) as string, stderr: '' });
  });

  it.each([
    [[], 'Got "", expected api or database.'],
    [['speed'], 'Got "speed", expected api or database.'],
    [['database', 'now'], 'Got "database now", expected api or database.'],
    [['database', '--slow'], "Unknown option '--slow'"],
  ])('refuses %j, and says what it takes', (args, message) => {
    const { status, stdout, stderr } = bench(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain('Usage: npm run bench');
  });
});
