import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { join } from 'node:path';
import type { Construct } from 'constructs';
import { ecrImageOf } from '../deployment/image.ts';
import { partitionOf } from '../deployment/regions.ts';
import type { Deployment } from '../deployment/schema.ts';

/** The image is built from the repository's root; .dockerignore says what of it. */
const ROOT = join(import.meta.dirname, '..', '..');

/**
 * The image that the tasks run: the deployment's own, or one that the CDK builds from api/Dockerfile when it
 * deploys. Synthesis only takes the sources' digest and needs no Docker.
 */
export function serviceImage(scope: Construct, deployment: Deployment): ContainerImage {
  const { image } = deployment.service;
  if (image === undefined) return ContainerImage.fromAsset(ROOT, { file: 'api/Dockerfile', platform: Platform.LINUX_ARM64 });
  const ecr = ecrImageOf(image);
  if (ecr === undefined) return ContainerImage.fromRegistry(image);
  const { account, region, repository, reference } = ecr;
  const from = Repository.fromRepositoryAttributes(scope, 'Repository', {
    repositoryName: repository,
    repositoryArn: `arn:${partitionOf(region)}:ecr:${region}:${account}:repository/${repository}`,
  });
  // As an ECR repository and not as a plain name, so that the execution role may pull from it.
  return ContainerImage.fromEcrRepository(from, reference);
}
