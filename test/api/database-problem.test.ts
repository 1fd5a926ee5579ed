import { databaseProblem } from '../../api/src/database-problem.ts';

const failed = (code: string, message = 'inner words') => databaseProblem(Object.assign(new Error(message), { code }));

describe('an error of the database', () => {
  it.each([
    ['HM001', 'WORKSPACE_READ_ONLY'], ['40001', 'TOO_BUSY'], ['40P01', 'TOO_BUSY'], ['55P03', 'TOO_BUSY'], ['57014', 'TOO_BUSY'],
    ['57P01', 'DATABASE_UNAVAILABLE'], ['53300', 'DATABASE_UNAVAILABLE'], ['ECONNREFUSED', 'DATABASE_UNAVAILABLE'],
  ])('%s is told as %s', (code, problem) => {
    expect(failed(code)).toBe(problem);
  });

  it('of a policy is a workspace that is read-only, and of a missing privilege a defect', () => {
    expect(failed('42501', 'new row violates row-level security policy "writable_insert" for table "projects"')).toBe('WORKSPACE_READ_ONLY');
    expect(failed('42501', 'permission denied for table projects')).toBeUndefined();
  });

  it('that nobody foresaw is a defect', () => {
    expect(failed('22003')).toBeUndefined();
  });
});
