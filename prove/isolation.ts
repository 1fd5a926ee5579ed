import { countEnded, drive } from '../test/support/isolation/drive.ts';
import { newWorld } from '../test/support/isolation/world.ts';
import { TestPostgres } from '../test/support/postgres.ts';
import type { Proof } from './proof.ts';

const TENANTS = 5;
const OPERATIONS = 10_000;
/** A search that finds no own rows, or is refused nothing, has looked at nothing. */
const AT_LEAST = OPERATIONS / 20;

/** HP-ISO-1 and HP-ISO-2, in full. */
export const isolation: Proof = {
  name: 'isolation',
  proves: `Of ${OPERATIONS} operations at random, by every login and on every table, none sees or touches a row of another tenant.`,
  async run(log) {
    const postgres = await TestPostgres.start();
    try {
      const world = await newWorld(postgres, TENANTS);
      try {
        const tally = await drive(world, OPERATIONS, (done) => log(`${done} operations`));
        const [own, refused] = [countEnded(tally, /own rows$/), countEnded(tally, /: [0-9A-Z]{5}$/)];
        const details = `${OPERATIONS} operations of ${TENANTS} tenants on ${world.tables.length} tables: ${own} found own rows, ${refused} were refused, the others found nothing`;
        return { outcome: Math.min(own, refused) < AT_LEAST ? 'failed' : 'proved', details };
      } finally {
        await world.end();
      }
    } finally {
      await postgres.stop();
    }
  },
};
