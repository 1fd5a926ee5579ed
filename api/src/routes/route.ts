import type { Static, TObject, TSchema } from 'typebox';
import type { AuditEntry } from '../../../db/audit/append.ts';
import type { AuditAction } from '../../../db/audit/actions.ts';
import type { ProblemCode } from '../problem.ts';
import type { Permission } from '../scope/permissions.ts';
import type { Scope } from '../scope/scope.ts';
import type { Download } from './download.ts';

/** Parts of a request and of its answer; from these come the types, the validation and the OpenAPI document. */
export interface RouteSchemas {
  /** Of the path, but for `workspace`. */
  readonly params?: TObject;
  readonly query?: TObject;
  readonly body?: TSchema;
  /** @default no content */
  readonly answer?: TSchema;
}

type Part<Schema> = Schema extends TSchema ? Static<Schema> : undefined;

/** What of a request its schemas describe. */
export interface Input<Schemas extends RouteSchemas> {
  readonly params: Part<Schemas['params']>;
  readonly query: Part<Schemas['query']>;
  readonly body: Part<Schemas['body']>;
}

/** What happened, as it is written into the audit log; who did it is known. */
export type Recorded = Pick<AuditEntry, 'action' | 'target' | 'details'>;

/** What a handler makes of a request. */
export interface Outcome<Schemas extends RouteSchemas> {
  readonly answer: Part<Schemas['answer']>;
  /** Appended last and in this order, before the transaction ends; empty where nothing changed. */
  readonly recorded?: readonly Recorded[];
  /** Sent instead of the answer. */
  readonly download?: Download;
}

/** What every route says of itself that asks who it is. */
interface RouteBase<Schemas extends RouteSchemas> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: `/v1/${string}`;
  /** One sentence for the OpenAPI document. */
  readonly summary: string;
  /** Of what it may change, what the audit log says; none for a route that changes nothing. */
  readonly records: readonly AuditAction[];
  /** Of an answer that went well. @default 200, or 204 without content */
  readonly status?: 200 | 201 | 202;
  /** Media types of a download, which is sent instead of an answer, or of an answer where one is asked for. @default none */
  readonly produces?: readonly string[];
  /** What it answers with besides what every route does. @default nothing */
  readonly problems?: readonly ProblemCode[];
  /** Bytes of the body. @default 64 KiB */
  readonly bodyLimit?: number;
  readonly schemas: Schemas;
}

/**
 * A route of one workspace, for whose requests the scope is entered before its handler runs.
 *
 * `:workspace` in its path names the workspace; without it the workspace is chosen among the caller's.
 */
export interface WorkspaceRoute<Schemas extends RouteSchemas = RouteSchemas> extends RouteBase<Schemas> {
  readonly permission: Permission;
  /** Whether its answer holds a secret, which is told once and so not kept to be told again. @default false */
  readonly answersSecret?: boolean;
  /** Whether it may change something while a deletion is awaited. @default false */
  readonly inGrace?: boolean;
  handle(scope: Scope, input: Input<Schemas>): Promise<Outcome<Schemas>>;
}

/** Somebody of whom it is known who he is, and not yet where he belongs. */
export interface User {
  readonly userId: string;
  /** Address of the client, as the load balancer saw it. */
  readonly ip: string;
  /** At most 512 characters; empty where the client told none. */
  readonly userAgent: string;
}

/** A route of what belongs to a user, or makes him belong to a workspace; its handler binds what transaction it needs. */
export interface UserRoute<Schemas extends RouteSchemas = RouteSchemas> extends RouteBase<Schemas> {
  handle(user: User, input: Input<Schemas>): Promise<Pick<Outcome<Schemas>, 'answer'>>;
}

/** Lets the compiler tell the types of a handler's input and outcome from the route's schemas, by which a request is validated. */
export function workspaceRoute<const Schemas extends RouteSchemas>(route: WorkspaceRoute<Schemas>): WorkspaceRoute {
  return route;
}

/** As workspaceRoute, for a route of a user. */
export function userRoute<const Schemas extends RouteSchemas>(route: UserRoute<Schemas>): UserRoute {
  return route;
}
