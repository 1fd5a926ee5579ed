import { familiesIn, sizesOf } from './instance-families.ts';
import type { Refusal } from './problems.ts';

/** The form of an RDS instance class: db., the family, the size. */
export const INSTANCE_CLASS_FORM = /^db\.([a-z]+\d+[a-z]*)\.(micro|small|medium|large|(?:[1-9]\d?)?xlarge)$/;

/** Refuses what is not an instance class on which RDS can run PostgreSQL 17; such classes can all be encrypted at rest. */
export function judgeInstanceClass(instanceClass: string): readonly Refusal[] {
  const [, family, size] = INSTANCE_CLASS_FORM.exec(instanceClass) ?? [];
  if (family === undefined || size === undefined) {
    const prefixed = `db.${instanceClass}`;
    const mend = INSTANCE_CLASS_FORM.test(prefixed) ? `write ${prefixed}` : 'write one such as db.m7g.large';
    return [{ expected: 'an instance class of RDS: db., the family and the size', mend }];
  }
  const sizes = sizesOf(family);
  if (sizes === undefined) {
    return [
      {
        expected: `a class that runs PostgreSQL 17, which RDS does not offer on db.${family} as far as this release knows`,
        mend: 'choose a newer family, such as db.m7g, db.r7g or db.t4g',
      },
    ];
  }
  return sizes.includes(size) ? [] : [{ expected: `a size of db.${family}: ${sizes.join(', ')}`, mend: `write db.${family}.${sizes.at(-1)} or a smaller one` }];
}

/** Refuses a class that is one, in a region that does not offer it. */
export function judgeClassInRegion(instanceClass: string, region: string): readonly Refusal[] {
  const [, family = '', size = ''] = INSTANCE_CLASS_FORM.exec(instanceClass) ?? [];
  const offered = familiesIn(region);
  if (offered.includes(family)) return [];
  const near = offered.findLast((other) => other.startsWith(family.slice(0, 1)) && sizesOf(other)?.includes(size));
  return [
    {
      got: instanceClass,
      expected: `a class that RDS offers with PostgreSQL in ${region}, as far as this release knows: of the families ${offered.join(', ')}`,
      mend: near === undefined ? 'choose one of them' : `write db.${near}.${size}, for example`,
    },
  ];
}
