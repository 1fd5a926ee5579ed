import type { Refusal } from './problems.ts';

/** The form of an RDS instance class: db., the family, the size. */
export const INSTANCE_CLASS_FORM = /^db\.([a-z]+\d+[a-z]*)\.(?:micro|small|medium|large|(?:[1-9]\d?)?xlarge)$/;

/**
 * Families on which RDS offers no PostgreSQL 17: PostgreSQL 12 was the last on the older generations, and the others
 * never had it (RDS user guide, "Supported DB engines for DB instance classes"). They include every class without
 * encryption at rest. Performance Insights has no class restriction with PostgreSQL, only with MySQL and MariaDB.
 */
const WITHOUT_POSTGRES_17 = new Set(['m1', 'm2', 'm3', 'm4', 'r3', 'r4', 't1', 't2', 'x1', 'x1e', 'x2iezn', 'z1d']);

/** Refuses what is not an instance class on which RDS can run PostgreSQL 17. */
export function judgeInstanceClass(instanceClass: string): readonly Refusal[] {
  const family = INSTANCE_CLASS_FORM.exec(instanceClass)?.[1];
  if (family === undefined) {
    const prefixed = `db.${instanceClass}`;
    const mend = INSTANCE_CLASS_FORM.test(prefixed) ? `write ${prefixed}` : 'write one such as db.m7g.large';
    return [{ expected: 'an instance class of RDS: db., the family and the size', mend }];
  }
  if (WITHOUT_POSTGRES_17.has(family)) {
    return [
      {
        expected: `a class that runs PostgreSQL 17, which RDS does not offer on db.${family}`,
        mend: 'choose a newer family, such as db.m7g, db.r7g or db.t4g',
      },
    ];
  }
  return [];
}
