import type { Facts, TextFact } from '../facts/facts.ts';
import { homeRegionOf } from './deployment.ts';

/** What pulling an image asks of its repository. */
const PULLING = new Set(['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']);

const DECLARATION = 'Metadata.Halton.imageAccount';
const IMAGE = /^Properties\.ContainerDefinitions\.\d+\.Image$/;

/** The other account from whose registry a stack says that it pulls its image; undefined where it names none. */
export function imageAccountOf(stack: string, { stacks }: Facts): string | undefined {
  const account = stacks.find((candidate) => candidate.stack === stack)?.imageAccount;
  return account?.is === 'known' ? account.value : undefined;
}

/**
 * Whether a text names another account for nothing but pulling the image: as the declaration, as the registry of a
 * container's image, or as the repository from which a role may pull and do nothing else.
 */
export function namesImageAccount(found: TextFact, account: string, facts: Facts): boolean {
  if (account !== imageAccountOf(found.stack, facts)) return false;
  const { id, stack, type, path, text } = found;
  if (path === DECLARATION) return id === stack;
  const home = homeRegionOf(found, facts);
  if (type === 'AWS::ECS::TaskDefinition' && IMAGE.test(path)) return text.startsWith(`${account}.dkr.ecr.${home}.`);
  return isRepository(text, home, account) && allowsPullingAlone(found, facts);
}

function isRepository(text: string, region: string | undefined, account: string): boolean {
  const [, service, where, owner, ...name] = text.split(':').slice(1);
  return service === 'ecr' && where === region && owner === account && name.join(':').startsWith('repository/');
}

/** Whether it is the resource of statements that allow pulling from it and no more. */
function allowsPullingAlone({ id, path }: TextFact, { roles }: Facts): boolean {
  const statements = roles.flatMap((role) => role.statements).filter((statement) => {
    const place = `Properties.${statement.path}.Resource`;
    return statement.id === id && (path === place || path.startsWith(`${place}.`));
  });
  return statements.length > 0 && statements.every(({ actions }) => actions.is === 'known' && actions.value.every((action) => PULLING.has(action)));
}
