import type { BucketFact, BufferFact, Facts, LogGroupFact, Resource, TextFact } from '../facts/facts.ts';
import type { Check } from './control.ts';

type Store = BucketFact | BufferFact | LogGroupFact;

/** Where each type says which store it writes into. */
const DESTINATIONS: Readonly<Record<string, RegExp>> = {
  'AWS::EC2::FlowLog': /^Properties\.Log(?:GroupName|Destination)(?:\.|$)/,
  'AWS::ECS::Cluster': /^Properties\.Configuration\.ExecuteCommandConfiguration\.LogConfiguration\.(?:CloudWatchLogGroupName|S3BucketName)(?:\.|$)/,
  'AWS::ECS::Service': /^Properties\.ServiceConnectConfiguration\.LogConfiguration\.Options\.awslogs-group(?:\.|$)/,
  'AWS::ECS::TaskDefinition': /\.LogConfiguration\.Options\.awslogs-group(?:\.|$)/,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': /^Properties\.LoadBalancerAttributes\.\d+\.Value(?:\.|$)/,
  'AWS::KinesisFirehose::DeliveryStream': /^Properties\..*BucketARN(?:\.|$)/,
  'AWS::Logs::SubscriptionFilter': /^Properties\.DestinationArn(?:\.|$)/,
  'AWS::StepFunctions::StateMachine': /\.LogGroupArn(?:\.|$)/,
  'AWS::WAFv2::LoggingConfiguration': /^Properties\.LogDestinationConfigs(?:\.|$)/,
};

/** The writers of what workspaces send and what tasks say of it, so that a store which they fill holds workspace data, whatever its tag says. */
const HOLDS_WORKSPACE_DATA = /^AWS::(?:ECS::(?:Cluster|Service|TaskDefinition)|ElasticLoadBalancingV2::LoadBalancer|WAFv2::LoggingConfiguration)$/;

/** Whether a resource writes logs or hands them on. */
export const writesLogs = ({ type }: Resource): boolean => Object.hasOwn(DESTINATIONS, type);

/** Checks that a resource writes into stores of the assembly, which are judged in turn, and workspace data only into those tagged for it. */
export function destinationChecks(resource: Resource, facts: Facts): readonly Check[] {
  const own = facts.texts.filter(({ id }) => id === resource.id);
  const workspaceData = holdsWorkspaceData(resource, own, facts);
  const checks = [
    ...own.filter((text) => isDestination(text, own)).map((text) => destinationCheck(text, workspaceData, facts)),
    ...(workspaceData ? own.filter(({ path }) => ELSEWHERE.test(path)).slice(0, 1).map(elsewhereCheck) : []),
    ...own.filter(({ path, text }) => LOG_DRIVER.test(path) && text !== 'awslogs').map(elsewhereCheck),
  ];
  const outcome = resource.type === 'AWS::EC2::FlowLog' ? 'fail' : 'pass';
  return checks.length > 0 ? checks : [{ property: 'log destinations', expected: EXPECTED, observed: 'none', outcome }];
}

const EXPECTED = 'a store of the assembly';

/** A delivery stream's destinations that are no bucket; a container's other ways to be rid of its log. */
const ELSEWHERE = /^Properties\.(?!(?:Extended)?S3Destination)\w+DestinationConfiguration\./;
const LOG_DRIVER = /\.LogConfiguration\.LogDriver$/;

const elsewhereCheck = ({ path, text }: TextFact): Check => ({
  property: path,
  expected: EXPECTED,
  observed: LOG_DRIVER.test(path) ? text : 'a destination outside the assembly',
  outcome: 'fail',
});

function isDestination({ type, path }: TextFact, own: readonly TextFact[]): boolean {
  if (DESTINATIONS[type]?.test(path) !== true) return false;
  if (type !== 'AWS::ElasticLoadBalancingV2::LoadBalancer') return true;
  const key = path.replace(/\.Value(?:\..*)?$/, '.Key');
  return own.some((text) => text.path === key && text.text.endsWith('_logs.s3.bucket'));
}

/** What a store that is tagged for nothing less hands on is workspace data too. */
function holdsWorkspaceData(resource: Resource, own: readonly TextFact[], facts: Facts): boolean {
  if (resource.type === 'AWS::Logs::SubscriptionFilter') {
    const source = own.find(({ path }) => path === 'Properties.LogGroupName')?.text ?? '';
    const group = storeIn(source, facts.logGroups) ?? facts.logGroups.find(({ name }) => name.is === 'known' && name.value === source);
    return group === undefined || tagged(group) === 'yes';
  }
  const stream = facts.buffers.find(({ id }) => id === resource.id);
  return stream === undefined ? HOLDS_WORKSPACE_DATA.test(resource.type) : tagged(stream) === 'yes';
}

/** A tag that is missing or says something else is a finding of its own; until it is mended, the worst counts. */
const tagged = ({ workspaceData }: Store): 'yes' | 'less' =>
  workspaceData.is === 'known' && (workspaceData.value === 'no' || workspaceData.value === 'hashed') ? 'less' : 'yes';

function destinationCheck({ type, path, text }: TextFact, workspaceData: boolean, facts: Facts): Check {
  const store = storeIn(text, [...facts.buckets, ...facts.buffers, ...facts.logGroups]);
  // A log that holds no workspace data may be handed on to anybody; a function is no store.
  const handedOn = type === 'AWS::Logs::SubscriptionFilter' && (!workspaceData || facts.resources.some((one) => one.type === 'AWS::Lambda::Function' && text === `\${${one.id}.Arn}`));
  const isFit = store !== undefined && (!workspaceData || tagged(store) === 'yes');
  return {
    property: path,
    expected: workspaceData ? `${EXPECTED} tagged halton:workspace-data=yes` : EXPECTED,
    observed: text,
    outcome: handedOn || isFit ? 'pass' : 'fail',
  };
}

/** An ARN put together by hand, up to the resource that it ends in. */
const ARN_BEFORE = /^(?:arn:aws[\w-]*:(?:s3|logs|firehose|kinesis):[\w-]*:(?:\d{12}|\$\{AWS::AccountId\})?:(?:log-group:|deliverystream\/|stream\/)?)?$/;

/** The store that a text refers to, by itself, by its ARN, or by an ARN with a prefix inside the store. */
function storeIn<T extends Store>(text: string, stores: readonly T[]): T | undefined {
  const [whole = '', id] = /\$\{([^}.]+)(?:\.Arn)?\}(?::\*|\/[^$]*)?$/.exec(text) ?? [];
  return ARN_BEFORE.test(text.slice(0, text.length - whole.length)) ? stores.find((store) => store.id === id) : undefined;
}
