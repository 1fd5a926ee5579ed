import { apiCrash } from './api-crash.ts';
import { crash } from './crash.ts';
import { fuzz } from './fuzz.ts';
import { isolation } from './isolation.ts';
import { opaque403 } from './opaque-403.ts';
import { pgaudit } from './pgaudit.ts';
import type { Proof } from './proof.ts';
import { versions } from './versions.ts';
import { writers } from './writers.ts';

/** Every proof, in the order in which they run. */
export const PROOFS: readonly Proof[] = [isolation, writers, crash, fuzz, opaque403, apiCrash, pgaudit, versions];
