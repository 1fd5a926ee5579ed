import { spawnSync } from 'node:child_process';
import { PROOFS } from '../../prove/proofs.ts';

const prove = (...args: readonly string[]) => spawnSync(process.execPath, ['bin/prove.ts', ...args], { encoding: 'utf8' });

describe('npm run prove', () => {
  it('lists every proof with what it proves and what it needs', () => {
    const { status, stdout } = prove('--help');
    expect(status).toBe(0);
    for (const { name, proves, needs = '' } of PROOFS) {
      expect(stdout).toMatch(new RegExp(`^  ${name}  `, 'm'));
      expect(stdout).toContain(proves);
      expect(stdout).toContain(needs);
    }
  });

  it('says of a name that is none which there are', () => {
    const { status, stderr } = prove('islation');
    expect(status).toBe(2);
    expect(stderr).toContain(`Got islation, expected one of ${PROOFS.map(({ name }) => name).join(', ')}.`);
  });

  it('takes no option that it does not know', () => {
    expect(prove('--quick')).toMatchObject({ status: 2, stderr: expect.stringContaining("'--quick'") as string });
  });
});
