import { generateKeyPairSync } from 'node:crypto';
import pg from 'pg';
import { buildApp } from '../api/src/app.ts';
import { parseFernetKeys } from '../api/src/sealing/keys.ts';
import { permissions, ROLES } from '../api/src/scope/permissions.ts';

/** The OpenAPI document of the service: what it serves at /openapi.json. */
export async function renderOpenApi(): Promise<string> {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const app = await buildApp({
    readiness: { check: () => Promise.resolve({ ready: true }) },
    log: { level: 'silent' },
    // Nobody is asked: neither a database nor a secret is part of the document.
    pool: new pg.Pool(),
    support: new pg.Pool(),
    keys: parseFernetKeys(`${'A'.repeat(43)}=`),
    webhookSecret: `whsec_${'A'.repeat(43)}=`,
    identity: { authorizedParty: 'https://app.example.com', keys: { publicKey } },
  });
  await app.ready();
  const document = app.swagger();
  await app.close();
  return `${JSON.stringify(document, null, 2)}\n`;
}

const PLANS = { writes_prompt_views: 'Team', reads_prompt_views: 'Business+', streams_to_siem: 'Business+' } as const;
const OTHERS = ['organisation_admin', 'device', 'api_key'] as const;

/** The matrix of permissions, from the one table that the service decides by. */
export function renderPermissions(): string {
  const heads = ['Permission', 'What it allows', ...ROLES.map(capital), 'Organisation admin', 'Device', 'API key', 'Plan'];
  const rows = Object.entries(permissions).map(([name, rule]) => {
    const { roles, others, plan }: { readonly roles: readonly string[]; readonly others?: readonly string[]; readonly plan?: keyof typeof PLANS } = rule;
    const marks = [...ROLES.map((role) => roles.includes(role)), ...OTHERS.map((other) => others?.includes(other) === true)].map((may) => (may ? 'yes' : ''));
    return [`\`${name}\``, rule.allows, ...marks, plan === undefined ? 'every' : `${PLANS[plan]} and above`];
  });
  const table = [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return `# Who may do what\n\nGenerated from \`api/src/scope/permissions.ts\` by \`npm run docs\`. Whoever may not gets 403, also at a URL that was guessed; so does\nwhoever does not belong to the workspace. Nothing but this table decides.\n\n${table}\n`;
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
